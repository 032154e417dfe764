// SPDX-License-Identifier: Apache-2.0
#include "harness/terminal/reporting.h"

#include <algorithm>
#include <iostream>
#include <set>
#include <sstream>

#include "harness/base/error.h"
#include "harness/base/files.h"
#include "harness/base/text.h"
#include "harness/judge/claim/typed_claim.h"
#include "harness/judge/compare/run_divergence.h"
#include "harness/judge/gathered/gathering.h"
#include "harness/judge/verdict/verdict.h"
#include "harness/matrix/axis.h"
#include "harness/search/bisecting.h"
#include "harness/search/claim/claim_numbers.h"
#include "harness/search/own_pair_runs.h"
#include "harness/search/self_testing.h"
#include "harness/trace/proof_together.h"
#include "reports/compose.h"
#include "reports/layout/format.h"

namespace reprise {

namespace fs = std::filesystem;

namespace {

// A run that was done may have lost its trace since: that makes it untested, not the end of the report.
std::vector<NamedTrace> open_finished(Matrix& matrix) {
  std::vector<NamedTrace> traces;
  for (auto& configuration : matrix.configurations) {
    if (!configuration.outcome.done()) continue;
    try {
      const RunTraces run = read_run(configuration.folder);
      traces.push_back({configuration.name, run.processes.front().trace, run});
    } catch (const Error& error) {
      configuration.outcome = Outcome{Ending::failed, error.what(), {}, 0, 0};
    }
  }
  return traces;
}

// How far a run that did not end well agrees with one of its plan that did.
void add_agreement(const std::vector<NamedTrace>& traces, const Matrix& matrix, Configuration& failed) {
  if (failed.folder.empty() || process_folders(failed.folder).empty()) return;
  const auto sister = std::ranges::find_if(traces, [&](const NamedTrace& one) {
    return std::ranges::any_of(matrix.configurations, [&](const Configuration& other) {
      return other.name == one.name && other.plan_id == failed.plan_id;
    });
  });
  try {
    const RunTraces run = read_run(failed.folder);
    std::string words = how_it_ended(run);
    words += sister != traces.end() ? agreement(run, run_of(*sister), sister->name) : ".";
    failed.outcome.reason =
        failed.outcome.reason + (failed.outcome.reason.ends_with('.') ? " " : ". ") + words;
  } catch (const Error& error) {
    failed.outcome.reason += fmt::format(" (its trace cannot be read: {})", error.what());
  }
}

std::optional<Metric> metric_of(const std::vector<NamedTrace>& traces) {
  return traces.empty() ? std::nullopt : traces.front().trace.plan().metric;
}

// The metric of a command, as the matrix was told: its numbers join those that traces hold.
std::optional<Metric> told_metric(Matrix& matrix, const std::vector<NamedTrace>& traces, Diff& diff) {
  const auto typed = typed_metric_in(matrix.command);
  if (!typed || traces.empty() || !traces.front().trace.plan().command) return metric_of(traces);
  const Claim told = metric_claim_of(*typed);
  for (std::size_t i = 0; i < traces.size(); ++i) {
    const auto configuration = std::ranges::find(matrix.configurations, traces[i].name, &Configuration::name);
    try {
      const auto values = placed_numbers(*told.place, traces[i].trace.plan(), configuration->folder);
      diff.traces[i].final_metrics[told.metric] = taken(values, told.take);
    } catch (const Error& error) {
      configuration->outcome.notes.push_back(
          fmt::format("{} has no {}: {}", configuration->name, told.metric, error.what()));
    }
  }
  return Metric{told.metric, told.unit, told.higher_is_better, told.margin};
}

std::optional<OwnSeeds> seeds_among(const std::vector<NamedTrace>& traces, const Matrix& matrix,
                                    const std::string& why_no_pair) {
  std::vector<PlanRuns> plans;
  for (const auto& one : traces) add_run(plans, one.name, one.trace.plan(), run_of(one));
  return own_seeds_of(plans, matrix.own_pair, why_no_pair);
}

}  // namespace

std::vector<std::string> notes_beside(const fs::path& trace, const std::string& name) {
  const fs::path file = trace.parent_path() / "outcome.toml";
  if (!fs::is_regular_file(file)) return {};
  try {
    const Outcome outcome = outcome_from_toml(read_file(file, "outcome"), file.string());
    if (outcome.done()) return outcome.notes;
    return {fmt::format("{} did not end well ({}): {}", name, to_text(outcome.ending), outcome.reason)};
  } catch (const Error&) {
    return {};  // a file that somebody damaged; the trace is the evidence
  }
}

JudgedRuns judged_runs(const Matrix& matrix) {
  JudgedRuns found;
  found.matrix = matrix;
  found.traces = open_finished(found.matrix);
  for (auto& configuration : found.matrix.configurations)
    if (!configuration.outcome.done()) add_agreement(found.traces, found.matrix, configuration);
  found.diff.recipe = matrix.recipe;
  if (!found.traces.empty()) found.diff = compare(found.traces);
  found.metric = told_metric(found.matrix, found.traces, found.diff);
  found.self_test = self_test_of(matrix.self_test, unrepeated_in(found.diff, found.matrix));
  found.verdict = judge(found.diff, found.matrix, found.metric, found.traces,
                        found.self_test ? found.self_test->repeats : RepeatEvidence());
  return found;
}

Report report_of(const Matrix& matrix, const ClassBisections& bisections) {
  const JudgedRuns found = judged_runs(matrix);
  const auto& traces = found.traces;
  const bool wanted = std::ranges::find(matrix.command, "--no-own-seeds") == matrix.command.end();
  const auto seeds = seeds_among(
      traces, matrix,
      wanted ? "no pair of runs with seeding=script was made" : "it was switched off (--no-own-seeds)");
  const auto beside = traces.empty() ? std::nullopt : compare_beside(found.diff, traces);
  return compose(found.diff, found.verdict, found.matrix, found.metric,
                 {found.self_test, bisections.made, seeds, beside, bisections.left_out});
}

namespace {

// Traces of one machine keep the names they were given; what came from several machines, out of a folder of
// runs, or from commands that were told different things, becomes a matrix of what differs
// (judge/gathering.h).
Gathering gathering_of(const std::vector<GivenTrace>& given) {
  std::vector<GatheredRun> runs;
  for (const auto& one : given) runs.push_back({one.trace().plan(), one.trace().facts()});
  return gather(runs, [](std::string_view pin) { return pick_axis("pin:" + std::string(pin)).promise; });
}

std::string only_what_was_read() {
  return fmt::format(
      "what was read of its trace to compare it was proven, and the rest was not: the traces hold more than "
      "{} GiB "
      "together; compare fewer at once to have each proven whole",
      bytes_proven_whole >> 30);
}

bool is_gathered(const std::vector<GivenTrace>& given, const Gathering& gathering) {
  return std::ranges::any_of(given, &GivenTrace::found) || gathering.values.front().contains("machine") ||
         std::ranges::any_of(gathering.factors,
                             [](const Factor& factor) { return factor.promise == Promise::none; });
}

}  // namespace

std::pair<Matrix, std::vector<NamedTrace>> traces_of(const std::vector<std::string>& arguments,
                                                     const TellRead& progress, TraceFactors factors) {
  Matrix matrix;
  matrix.design = Design::one;
  matrix.command = {"reprise", "diff"};
  matrix.command.insert(matrix.command.end(), arguments.begin(), arguments.end());
  const auto given = given_traces(arguments, progress);
  const Gathering gathering = gathering_of(given);
  const bool gathered = factors == TraceFactors::always || is_gathered(given, gathering);
  if (gathered) matrix.factors = gathering.factors;
  std::vector<NamedTrace> traces;
  std::set<std::string> names;
  for (std::size_t i = 0; i < given.size(); ++i) {
    std::string name = gathered && !given[i].named ? gathering.names[i] : given[i].name;
    while (!names.insert(name).second) name += " (again)";
    traces.push_back({name, given[i].trace(), given[i].run});
    Configuration configuration;
    configuration.name = name;
    configuration.plan_id = plan_id(given[i].trace().plan());
    configuration.folder = given[i].path;
    configuration.outcome.ending = Ending::done;
    configuration.outcome.notes = notes_beside(traces.back().trace.path(), name);
    if (traces.back().trace.proven_as_read()) configuration.outcome.notes.push_back(only_what_was_read());
    for (const auto& copy : given[i].copies)
      configuration.outcome.notes.push_back(
          fmt::format("{} is a copy of {}: the same execution, counted once", copy, name));
    if (gathered) configuration.values = gathering.values[i];
    matrix.configurations.push_back(configuration);
  }
  matrix.recipe = traces.front().trace.plan().recipe;
  return {matrix, traces};
}

namespace {

// As a bisection takes it; nothing if its trace lies in no folder of a run, or without the operators of the
// step.
std::optional<Side> side_of(const Configuration& configuration, const NamedTrace& named, std::int64_t step) {
  fs::path folder = configuration.folder;
  if (fs::is_regular_file(folder)) folder = folder.parent_path();
  if (!named.trace.plan().watch.ops.holds(step) || !fs::exists(folder / "trace.h5")) return std::nullopt;
  Run run;
  run.name = named.name;
  run.plan = named.trace.plan();
  return Side{named.name, run, folder};
}

// What made other classes part from the first, as far as the traces tell it by themselves.
std::vector<Bisection> told_on_disk(const Matrix& matrix, const Diff& diff,
                                    const std::vector<NamedTrace>& traces) {
  std::vector<Bisection> told;
  const auto first_of = [&](std::size_t in_class, std::int64_t step) {
    const std::size_t trace = diff.classes[in_class].members.front();
    return side_of(matrix.configurations[trace], traces[trace], step);
  };
  for (const auto& divergence : diff.divergences) {
    if (divergence.a != 0) continue;
    const auto a = first_of(0, divergence.first.step), b = first_of(divergence.b, divergence.first.step);
    auto found = a && b ? bisect_on_disk(*a, *b) : std::nullopt;
    if (found) told.push_back(std::move(*found));
  }
  return told;
}

}  // namespace

Report report_of_traces(const Matrix& matrix, const std::vector<NamedTrace>& traces,
                        const fs::path& names_from) {
  const Diff diff = compare(traces);
  const auto metric = metric_of(traces);
  Verdict verdict = judge(diff, matrix, metric, traces);
  // Without factors nothing was promised: the only question is whether the bits are the same.
  if (verdict.exit_code == 0 && !diff.all_equal()) verdict.exit_code = 1;
  const auto seeds = seeds_among(
      traces, matrix, "only `reprise matrix` and `reprise run --repeat` make a pair of runs for that");
  Matrix named = matrix;
  if (!names_from.empty())
    for (auto& one : named.configurations)
      one.folder = fs::absolute(one.folder).lexically_normal().lexically_relative(names_from);
  return compose(diff, verdict, named, metric,
                 {{}, told_on_disk(matrix, diff, traces), seeds, compare_beside(diff, traces)});
}

std::string rendered(const Report& report, const std::string& format) {
  std::ostringstream text;
  pick(formats_shelf(), format, "format").render(report, text);
  return std::move(text).str();
}

std::vector<std::string> format_names(const std::string& list) {
  auto names = split(list, ',');
  for (const auto& name : names) pick(formats_shelf(), name, "format");
  return names;
}

std::vector<fs::path> write_reports(const Report& report, const std::vector<std::string>& formats,
                                    const fs::path& folder, const std::string& name) {
  std::vector<std::pair<fs::path, std::string>> files;
  for (const auto& format : formats)
    files.emplace_back(folder / (name + "." + pick(formats_shelf(), format, "format").extension),
                       rendered(report, format));
  make_folder(folder);
  std::vector<fs::path> paths;
  for (const auto& [path, text] : files) {
    write_atomically(path, text);
    paths.push_back(path);
  }
  return paths;
}

void print_report(const Report& report, const std::vector<fs::path>& files, bool json) {
  std::cout << rendered(report, json ? "json" : "console");
  if (json) return;
  for (const auto& file : files) std::cout << "  report: " << file.string() << '\n';
}

}  // namespace reprise
