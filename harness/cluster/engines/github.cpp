// SPDX-License-Identifier: Apache-2.0
// A workflow of GitHub Actions: a matrix of legs, an artifact of each, and a job that joins them.
#include "harness/base/error.h"
#include "harness/cluster/engine.h"

namespace reprise::engines {
namespace {

constexpr std::size_t most_jobs = 256;  // of one matrix, by GitHub's limits

constexpr const char* workflow =
    R"(# Written by `reprise plan --emit github`; it belongs to .github/workflows of the repository that holds the batch.
# Every runner has `reprise` on its PATH.
name: {}
on:
  workflow_dispatch:
permissions:
  contents: read
env:
  BATCH: {}
jobs:
  leg:
    name: ${{{{ matrix.name }}}}
    runs-on: ${{{{ matrix.runner }}}}
    strategy:
      fail-fast: false
      matrix:
        include:
{}    steps:
      - uses: actions/checkout@v4
      - name: Make the run
        run: reprise leg "$BATCH" ${{{{ matrix.leg }}}} --folder . --runs runs --result runs/results/${{{{ matrix.leg }}}}.toml
      - name: Keep it
        if: always()
        uses: actions/upload-artifact@v4
        with:
          name: leg-${{{{ matrix.leg }}}}
          path: runs
  join:
    needs: leg
    if: always()
    runs-on: self-hosted
    steps:
      - name: Gather the runs
        uses: actions/download-artifact@v4
        with:
          path: gathered
          pattern: leg-*
      - name: Compare them
        run: reprise report gathered --output report --format html,json,md,junit
      - name: Show the report
        if: always()
        run: test ! -f report/report.md || cat report/report.md >> "$GITHUB_STEP_SUMMARY"
      - name: Keep the report
        if: always()
        uses: actions/upload-artifact@v4
        with:
          name: report
          path: report
)";

std::string matrix_of(const Emission& emission) {
  std::string text;
  for (std::size_t i = 0; i < emission.legs.size(); ++i) {
    const EmittedLeg& leg = emission.legs[i];
    auto runner = pick_kind(emission.site, leg.kind).github;
    if (runner.empty())
      runner = leg.kind.empty() ? std::vector<std::string>{"self-hosted"}
                                : std::vector<std::string>{"self-hosted", leg.kind};
    text += fmt::format("          - {{leg: {}, name: {}, runner: {}}}\n", i, yaml_text(leg.name),
                        yaml_texts(runner));
  }
  return text;
}

std::vector<EmittedFile> emit(const Emission& emission) {
  if (emission.legs.size() > most_jobs)
    fail(
        "wanted at most {} runs, as a matrix of GitHub Actions has no more jobs, found {}; take fewer values",
        most_jobs, emission.legs.size());
  const std::string folder = yaml_text(emission.folder);
  std::string text = fmt::format(fmt::runtime(workflow), yaml_text("reprise " + emission.recipe), folder,
                                 matrix_of(emission));
  return {{"reprise.yml", std::move(text)}};
}

}  // namespace

extern const Engine github{
    .summary = "a workflow of GitHub Actions over self-hosted runners",
    .next = "commit the folder, and reprise.yml as .github/workflows/reprise.yml",
    .emit = emit,
};

}  // namespace reprise::engines
