// SPDX-License-Identifier: Apache-2.0
// reprise diff: where N traces agree and where they part.
#include <iostream>
#include <memory>

#include "harness/commands/command.h"
#include "harness/commands/reporting.h"

namespace reprise::verbs {
namespace {

struct Options {
  std::vector<std::string> traces;
  std::string format = "console";
  bool json = false;
};

int diff_traces(const Options& options) {
  const auto [matrix, traces] = traces_of(options.traces);
  const Report report = report_of_traces(matrix, traces);
  std::cout << rendered(report, options.json ? "json" : options.format);
  return report.exit_code;
}

}  // namespace

extern const Command diff{
    .summary = "Say where two or more traces agree and where they part",
    .attach = [](CLI::App& app) -> std::function<int()> {
      auto options = std::make_shared<Options>();
      app.add_option("traces", options->traces,
                     "Two or more traces or run folders; NAME=PATH gives one a name")
          ->required()
          ->expected(2, 1 << 20);
      app.add_option("--format", options->format, "How to write it (`reprise list formats`)")
          ->capture_default_str();
      app.add_flag("--json", options->json, "The same as --format json: one document on standard output");
      app.footer(
          "Reads only what it needs: the chain of roots first, then the step, stage, tensor and leaf where "
          "the\n"
          "bits part. Exit code 0: identical; 1: they differ; 2: they cannot be compared, and why.\n"
          "Example:  reprise diff runs/1f0a.../1 runs/77c2.../1");
      return [options] { return diff_traces(*options); };
    },
};

}  // namespace reprise::verbs
