// SPDX-License-Identifier: Apache-2.0
#pragma once
// What `matrix`, `diff` and `report` have in common: from runs to a Report, and from a Report to files and
// text.
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "harness/judge/compare/diff.h"
#include "harness/judge/explain/bisection.h"
#include "harness/judge/verdict/self_test.h"
#include "harness/judge/verdict/verdict.h"
#include "harness/matrix/matrix.h"
#include "harness/terminal/class_bisecting.h"
#include "harness/terminal/given_traces.h"
#include "reports/layout/report.h"

namespace reprise {

// What the runs of a matrix tell, before it becomes a document.
struct JudgedRuns {
  Matrix matrix;  // with what became of each run
  std::vector<NamedTrace> traces;
  Diff diff;
  std::optional<Metric> metric;
  std::optional<SelfTest> self_test;
  Verdict verdict;
};
JudgedRuns judged_runs(const Matrix& matrix);

// Compares the matrix's finished runs and judges them, its self-test too. `bisections` are of pairs of its
// configurations.
Report report_of(const Matrix& matrix, const ClassBisections& bisections = {});

// Whether what differs between traces named by hand is told as the factors of a matrix, each with what it
// promises: where they were gathered from folders or machines, or always.
enum class TraceFactors { where_gathered, always };

// A matrix of traces named by hand. Each argument is a trace, a run's folder, a folder with runs in it, or
// NAME=PATH. Where they were not gathered, all are single traces of one machine, and there are no factors.
std::pair<Matrix, std::vector<NamedTrace>> traces_of(const std::vector<std::string>& arguments,
                                                     const TellRead& progress = {},
                                                     TraceFactors factors = TraceFactors::where_gathered);
// What could not be seen of a run, where its outcome still lies beside the trace, and whether it ended well.
std::vector<std::string> notes_beside(const std::filesystem::path& trace, const std::string& name);
// `names_from`: the folder from which the report names runs in the commands that it proposes, so that it says
// the same wherever that folder lies; empty: as the matrix names them.
Report report_of_traces(const Matrix& matrix, const std::vector<NamedTrace>& traces,
                        const std::filesystem::path& names_from = {});

// The names in "html,json". An Error for one that is no format: to be asked before anything runs.
std::vector<std::string> format_names(const std::string& list);
// The report in one format, as text.
std::string rendered(const Report& report, const std::string& format);
// Writes NAME.EXTENSION for each format into the folder and returns the paths.
std::vector<std::filesystem::path> write_reports(const Report& report,
                                                 const std::vector<std::string>& formats,
                                                 const std::filesystem::path& folder,
                                                 const std::string& name = "report");
// On standard output: the JSON document alone, or what a console shows and where the files are.
void print_report(const Report& report, const std::vector<std::filesystem::path>& files, bool json);

}  // namespace reprise
