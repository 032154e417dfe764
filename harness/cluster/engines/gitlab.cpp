// SPDX-License-Identifier: Apache-2.0
// A pipeline of GitLab: a job for each kind of machine, parallel over its legs, and a job that joins them.
#include "harness/base/error.h"
#include "harness/cluster/engine.h"

namespace reprise::engines {
namespace {

constexpr std::size_t most_jobs = 200;  // of parallel:matrix, by GitLab's limits

std::string job_of(const Emission& emission, const std::string& kind, const std::vector<std::size_t>& legs) {
  if (legs.size() > most_jobs)
    fail(
        "wanted at most {} runs of one kind of machine, as parallel:matrix of GitLab has no more, found {}; "
        "take fewer values",
        most_jobs, legs.size());
  std::vector<std::string> numbers;
  for (const auto leg : legs) numbers.push_back(std::to_string(leg));
  auto tags = pick_kind(emission.site, kind).gitlab;
  if (tags.empty() && !kind.empty()) tags = {kind};
  return fmt::format(R"(
leg-{}:
  stage: legs
{}  parallel:
    matrix:
      - LEG: {}
  script:
    - reprise leg "$BATCH" "$LEG" --folder . --runs runs --result "runs/results/$LEG.toml"
  artifacts:
    when: always
    paths: [runs/]
)",
                     job_word(kind), tags.empty() ? "" : fmt::format("  tags: {}\n", yaml_texts(tags)),
                     yaml_texts(numbers));
}

std::vector<EmittedFile> emit(const Emission& emission) {
  std::string text = fmt::format(
      R"(# Written by `reprise plan --emit gitlab`; include it from .gitlab-ci.yml of the repository that holds the batch:
#   include: {{local: PATH/reprise.gitlab-ci.yml}}
# Every runner has `reprise` on its PATH.
stages: [legs, join]
variables:
  BATCH: {}
)",
      yaml_text(emission.folder));
  std::vector<std::string> needed;
  for (const auto& [kind, legs] : legs_by_kind(emission)) {
    text += job_of(emission, kind, legs);
    needed.push_back("leg-" + job_word(kind));
  }
  text += fmt::format(R"(
join:
  stage: join
  needs: {}
  when: always
  script:
    - reprise report runs --output report --format html,json,md,junit
  artifacts:
    when: always
    paths: [report/]
    reports:
      junit: report/report.xml
)",
                      yaml_texts(needed));
  return {{"reprise.gitlab-ci.yml", std::move(text)}};
}

}  // namespace

extern const Engine gitlab{
    .summary = "a pipeline of GitLab, parallel over the runs of each kind of machine",
    .next = "commit the folder, and include reprise.gitlab-ci.yml from .gitlab-ci.yml",
    .emit = emit,
};

}  // namespace reprise::engines
