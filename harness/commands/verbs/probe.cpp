// SPDX-License-Identifier: Apache-2.0
// reprise probe: which operators repeat on this machine, and what moves their bits.
#include <algorithm>
#include <memory>
#include <optional>

#include "harness/base/error.h"
#include "harness/base/files.h"
#include "harness/base/sha256.h"
#include "harness/base/text.h"
#include "harness/commands/command.h"
#include "harness/judge/compare/divergence_words.h"
#include "harness/judge/probe/probe_json.h"
#include "harness/launch/worker_probes.h"
#include "harness/terminal/interrupt.h"
#include "harness/terminal/launching.h"
#include "harness/terminal/reporting.h"
#include "reports/probes/probe_report.h"

namespace reprise::verbs {
namespace {

struct Options {
  LaunchChoices launch;
  std::vector<std::string> names;
  std::string causes, against, formats = "html,json", output;
  ProbeOrder order;
  bool json = false;
};

std::vector<Cause> chosen_causes(const std::string& list) {
  std::vector<Cause> causes;
  if (list.empty())
    for (const auto& word : words_of(Cause{})) causes.push_back(word.value);
  else
    for (const auto& name : split(list, ',')) causes.push_back(word_from<Cause>(name, "a cause"));
  return causes;
}

// The named ones, or all that the worker has.
std::vector<std::string> chosen_probes(const std::vector<std::string>& names,
                                       const std::vector<ProbeListed>& listed) {
  std::vector<std::string> known;
  for (const auto& one : listed) known.push_back(one.name);
  for (const auto& name : names)
    if (std::ranges::find(known, name) == known.end()) fail("{}", unknown_name("probe", name, known));
  return names.empty() ? known : names;
}

Pins chosen_pins(const LaunchChoices& launch) {
  Pins pins = default_pins();
  for (const auto& [name, value] : typed_choices(launch).pin) {
    check_pin(pick_pin(name), value);
    pins[name] = value;
  }
  return pins;
}

// Of all operators, so that the launcher fills the cores.
std::vector<ProbeVerdict> judged(const std::vector<std::string>& probes, const Options& options,
                                 const LaunchOptions& how) {
  const auto causes = chosen_causes(options.causes);
  std::vector<std::vector<ProbeRun>> asked;
  std::vector<Run> runs;
  for (const auto& probe : probes) {
    asked.push_back(runs_of(probe, options.order, causes));
    for (const auto& run : asked.back()) {
      check_plan(run.plan);
      runs.push_back({probe + (run.side.empty() ? "" : " " + run.side), run.plan, run.repeat});
    }
  }
  const auto results = launch(runs, how);
  std::vector<ProbeVerdict> verdicts;
  for (std::size_t i = 0, next = 0; i < probes.size(); ++i) {
    std::vector<SeenCalls> seen;
    for (std::size_t k = 0; k < asked[i].size(); ++k, ++next)
      seen.push_back(seen_calls(results[next].outcome, results[next].folder));
    verdicts.push_back(judge_probe(probes[i], asked[i], seen));
  }
  return verdicts;
}

std::optional<ProbeTable> other_table(const std::string& file) {
  if (file.empty()) return std::nullopt;
  return probe_table(read_file(file, "table of operators"), file);
}

std::vector<std::string> typed(const Options& options) {
  std::vector<std::string> words = {"reprise", "probe"};
  words.insert(words.end(), options.names.begin(), options.names.end());
  if (!options.causes.empty()) words.insert(words.end(), {"--causes", options.causes});
  const ProbeOrder usual;
  if (options.order.repeats != usual.repeats)
    words.insert(words.end(), {"--calls", std::to_string(options.order.repeats)});
  if (options.order.processes != usual.processes)
    words.insert(words.end(), {"--processes", std::to_string(options.order.processes)});
  for (const auto& pin : options.launch.pin) words.insert(words.end(), {"--pin", pin});
  if (!options.against.empty()) words.insert(words.end(), {"--against", options.against});
  return words;
}

// One folder for each question, so that no answer takes the place of another.
std::filesystem::path folder_of(const Options& options) {
  if (!options.output.empty()) return options.output;
  return std::filesystem::path(options.launch.runs) /
         ("probe-" + sha256_text(shell_text(typed(options))).substr(0, 12));
}

int probe_operators(Options& options) {
  options.order.pins = chosen_pins(options.launch);
  const auto causes = chosen_causes(options.causes);
  const auto there = other_table(options.against);
  const auto formats = format_names(options.formats);
  const LaunchOptions how = launch_options(options.launch);
  const auto probes = chosen_probes(options.names, probes_of_worker(how));
  const auto verdicts = judged(probes, options, how);
  end_progress();
  if (was_interrupted()) return tell_interrupted();
  ProbeAnswer answer{verdicts, options.order, causes, std::nullopt, options.against};
  if (there) answer.compared = compare_probes(*there, {options.order.pins, verdicts}, causes);
  const Report report = probe_report(answer, typed(options));
  const auto files = write_reports(report, formats, folder_of(options), "probe");
  print_report(report, files, options.json);
  tell_verdict(options.launch.progress, report.exit_code, report.headline, files);
  return report.exit_code;
}

void add_options(CLI::App& app, Options& options) {
  app.add_option("operators", options.names, "Operators; by default all that the worker has");
  app.add_option("--causes", options.causes,
                 "Only these, separated by commas: " + join(all_words<Cause>(), ", "))
      ->type_name("LIST");
  app.add_option("--calls", options.order.repeats, "Calls in one process")
      ->check(CLI::Range(2, 100000))
      ->capture_default_str();
  app.add_option("--processes", options.order.processes, "Fresh processes of the same plan")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  app.add_option("--pin", options.launch.pin, "A pin of every run, as in `reprise run`")
      ->type_name("NAME=VALUE")
      ->allow_extra_args(false);
  app.add_option("--against", options.against,
                 "Compare with what `reprise probe --json` printed on another machine, of another "
                 "LibTorch or another night")
      ->type_name("FILE");
  app.add_option("--format", options.formats,
                 "Reports to write, separated by commas (`reprise list formats`)")
      ->type_name("LIST")
      ->capture_default_str();
  app.add_option("--output", options.output, "Folder of the reports; by default one below RUNS")
      ->type_name("FOLDER");
  add_place_options(app, options.launch);
  app.add_flag("--again", options.launch.again, "Run even what has been run before");
  add_progress_options(app, options.launch.progress);
  app.add_flag("--json", options.json, "Print one JSON document on standard output");
}

}  // namespace

extern const Command probe{
    .summary = "Say which operators repeat on this machine, and what moves their bits",
    .attach = [](CLI::App& app) -> std::function<int()> {
      auto options = std::make_shared<Options>();
      add_options(app, *options);
      app.footer(
          "Each cell says what was seen: that all calls gave the same bits, with the bound that their "
          "number\n"
          "supports; a result that differs; or why it is untested. --against tells which verdicts changed, "
          "and\n"
          "which operators give other bits for the same inputs; what is untested in either table is not\n"
          "compared. Exit code 0, 1 where --against found a change, 2 where it found nothing to compare, or\n"
          "trouble.\n"
          "Example:  reprise probe linear sum index-put-accumulate --causes calls,threads,batch\n"
          "          reprise probe --json > here.json\n"
          "          reprise probe --against there.json");
      return [options] { return probe_operators(*options); };
    },
};

}  // namespace reprise::verbs
