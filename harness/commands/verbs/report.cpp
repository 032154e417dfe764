// SPDX-License-Identifier: Apache-2.0
// reprise report: a document from evidence that is already there.
#include <filesystem>
#include <iostream>
#include <memory>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/commands/command.h"
#include "harness/terminal/idle_options.h"
#include "harness/terminal/reporting.h"

namespace reprise::verbs {
namespace {

namespace fs = std::filesystem;

struct Options {
  std::vector<std::string> evidence;
  std::string formats = "html,json", output;
  bool json = false;
};

bool is_matrix(const fs::path& path) {
  return path.filename() == "matrix.toml" || fs::exists(path / "matrix.toml");
}

int write_report(const Options& options, const CommandOptions& app) {
  if (options.json) refuse_idle(app, {"--format", "--output"}, "with --json, which writes no file");
  const auto formats = format_names(options.formats);
  const fs::path first = options.evidence.front();
  fs::path folder = options.output;
  Report report;
  if (is_matrix(first)) {
    if (options.evidence.size() > 1)
      fail("wanted one matrix, found {} arguments; name one matrix, or traces only", options.evidence.size());
    const fs::path file = first.filename() == "matrix.toml" ? first : first / "matrix.toml";
    if (folder.empty()) folder = file.has_parent_path() ? file.parent_path() : fs::path(".");
    report = report_of(read_matrix(file));
  } else {
    if (folder.empty()) folder = ".";
    const auto [matrix, traces] = traces_of(options.evidence);
    report = report_of_traces(matrix, traces);
  }
  if (options.json) {
    std::cout << rendered(report, "json");
    return 0;
  }
  for (const auto& path : write_reports(report, formats, folder)) std::cout << path.string() << '\n';
  return 0;
}

}  // namespace

extern const Command report{
    .summary = "Write a report of a matrix or of some traces",
    .attach = [](CommandOptions& app) -> std::function<int()> {
      auto options = std::make_shared<Options>();
      app.add_option(
             "evidence", options->evidence,
             "The folder or matrix.toml that `reprise matrix` wrote, or traces, run folders, and folders "
             "that hold runs, as gathered from other machines")
          ->required();
      app.add_option("--format", options->formats, "Formats, separated by commas (`reprise list formats`)")
          ->type_name("LIST")
          ->capture_default_str();
      app.add_option("--output", options->output,
                     "Folder for the files; by default the matrix's, else this one")
          ->type_name("FOLDER");
      app.add_flag("--json", options->json, "Write no file; print the JSON report on standard output");
      app.footer(
          "Prints the path of each file written. Equal evidence gives equal bytes. Exit code 0: written, "
          "whatever\n"
          "the report says (its own code stands in it); 2: trouble.\n"
          "Example:  reprise report runs/matrix-1a2b3c4d5e6f --format html,md,junit");
      return [options, &app] { return write_report(*options, app); };
    },
};

}  // namespace reprise::verbs
