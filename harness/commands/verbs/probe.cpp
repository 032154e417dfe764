// SPDX-License-Identifier: Apache-2.0
// reprise probe: which operators repeat on this machine, and what moves their bits.
#include <memory>
#include <optional>

#include "harness/base/error.h"
#include "harness/base/files.h"
#include "harness/base/sha256.h"
#include "harness/base/text.h"
#include "harness/commands/command.h"
#include "harness/judge/compare/divergence_words.h"
#include "harness/judge/probe/probe_json.h"
#include "harness/options/word_checks.h"
#include "harness/terminal/idle_options.h"
#include "harness/terminal/interrupt.h"
#include "harness/terminal/probe/stream_making.h"
#include "harness/terminal/reporting.h"
#include "reports/probes/probe_report.h"

namespace reprise::verbs {
namespace {

struct Options {
  ProbeChoices choices;
  std::string causes, against, formats = "html,json", output;
  std::vector<std::string> device_like;
  bool json = false;
  LaunchChoices& launch() { return choices.launch; }
  const LaunchChoices& launch() const { return choices.launch; }
};

// The word in the place of operators that asks for random streams.
constexpr const char* streams = "streams";

std::vector<Cause> chosen_causes(const std::string& list) {
  std::vector<Cause> causes;
  if (list.empty())
    for (const auto& word : words_of(Cause{})) causes.push_back(word.value);
  else
    for (const auto& name : split(list, ',')) causes.push_back(word_from<Cause>(name, "a cause"));
  return causes;
}

Pins chosen_pins(const LaunchChoices& launch) {
  Pins pins = default_pins();
  for (const auto& [name, value] : typed_choices(launch).pin) {
    check_pin(pick_pin(name), value);
    pins[name] = value;
  }
  return pins;
}

std::optional<ProbeTable> other_table(const std::string& file) {
  if (file.empty()) return std::nullopt;
  return probe_table(read_file(file, "table of operators"), file);
}

std::vector<std::string> typed(const Options& options) {
  const ProbeChoices& choices = options.choices;
  const ProbeOrder usual;
  std::vector<std::string> words = {"reprise", "probe"};
  words.insert(words.end(), choices.names.begin(), choices.names.end());
  if (!options.device_like.empty()) words.emplace_back("--device-like");
  words.insert(words.end(), options.device_like.begin(), options.device_like.end());
  if (!options.causes.empty()) words.insert(words.end(), {"--causes", options.causes});
  if (choices.order.repeats != usual.repeats)
    words.insert(words.end(), {"--calls", std::to_string(choices.order.repeats)});
  if (choices.order.processes != usual.processes)
    words.insert(words.end(), {"--processes", std::to_string(choices.order.processes)});
  if (choices.costs) words.emplace_back("--cost");
  if (choices.python != ProbeChoices().python) words.insert(words.end(), {"--python", choices.python});
  for (const auto& pin : options.launch().pin) words.insert(words.end(), {"--pin", pin});
  if (!options.against.empty()) words.insert(words.end(), {"--against", options.against});
  return words;
}

// One folder for each question, so that no answer takes the place of another.
std::filesystem::path folder_of(const Options& options) {
  if (!options.output.empty()) return options.output;
  return std::filesystem::path(options.launch().runs) /
         ("probe-" + sha256_text(shell_text(typed(options))).substr(0, 12));
}

int told(const Report& report, const Options& options, const std::vector<std::string>& formats,
         const std::string& name) {
  const auto files = write_reports(report, formats, folder_of(options), name);
  print_report(report, files, options.json);
  tell_verdict(options.launch().progress, report.exit_code, report.headline, files);
  return report.exit_code;
}

int probe_streams(const CommandOptions& app, const Options& options) {
  refuse_idle(app, {"--against", "--causes", "--processes", "--python", "--cost"}, "with streams");
  const auto formats = format_names(options.formats);
  chosen_cards(options.device_like, {});
  const auto answer = stream_answer(options.device_like, options.choices, launch_options(options.launch()));
  end_progress();
  if (was_interrupted()) return tell_interrupted();
  return told(stream_report(answer, typed(options)), options, formats, streams);
}

int probe_operators(const CommandOptions& app, Options& options) {
  ProbeChoices& choices = options.choices;
  choices.order.pins = chosen_pins(options.launch());
  if (choices.names == std::vector<std::string>{streams}) return probe_streams(app, options);
  refuse_idle(app, {"--device-like"}, "without streams: reprise probe streams --device-like A100 H100");
  choices.causes = chosen_causes(options.causes);
  const auto there = other_table(options.against);
  const auto formats = format_names(options.formats);
  const LaunchOptions how = launch_options(options.launch());
  const auto verdicts = judged_probes(chosen_subjects(choices, how), choices, how);
  end_progress();
  if (was_interrupted()) return tell_interrupted();
  ProbeAnswer answer{verdicts, choices.order, choices.causes, std::nullopt, options.against};
  if (there) answer.compared = compare_probes(*there, {choices.order.pins, verdicts}, choices.causes);
  return told(probe_report(answer, typed(options)), options, formats, "probe");
}

void add_answer_options(CommandOptions& app, Options& options) {
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
  add_place_options(app, options.launch());
  app.add_flag("--again", options.launch().again, "Run even what has been run before");
  add_progress_options(app, options.launch().progress);
  app.add_flag("--json", options.json, "Print one JSON document on standard output");
}

void add_options(CommandOptions& app, Options& options) {
  app.add_option(
      "operators", options.choices.names,
      "Operators, by default all that the worker has; files that end in .py, of each the function probe; "
      "or the word streams: which random draws are portable");
  app.add_option("--causes", options.causes,
                 "Only these, separated by commas: " + join(all_words<Cause>(), ", "))
      ->type_name("LIST");
  app.add_option("--calls", options.choices.order.repeats, "Calls in one process, 2 to 100,000")
      ->check(number_between(2, 100000))
      ->capture_default_str();
  app.add_option("--processes", options.choices.order.processes,
                 "Fresh processes of the same plan, 1 to 1,000")
      ->check(number_between(1, 1000))
      ->capture_default_str();
  app.add_option("--pin", options.launch().pin, "A pin of every run, as in `reprise run`")
      ->type_name("NAME=VALUE")
      ->allow_extra_args(false);
  app.add_flag("--cost", options.choices.costs,
               "Also what deterministic mode costs: six runs more for each operator, one at a time");
  app.add_option("--python", options.choices.python, "The Python, with torch, that calls functions of files")
      ->type_name("FILE")
      ->capture_default_str();
  app.add_option(
         "--device-like", options.device_like,
         "With streams: cards by their names, or PROCESSORSxTHREADS; by default those of this machine")
      ->type_name("CARD");
  add_answer_options(app, options);
}

}  // namespace

extern const Command probe{
    .summary = "Say which operators repeat on this machine, and what moves their bits",
    .attach = [](CommandOptions& app) -> std::function<int()> {
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
          "A function in Python takes nothing, or the device, and returns a tensor, or a list or dict of "
          "them.\n"
          "Example:  reprise probe linear sum index-put-accumulate --causes calls,threads,batch\n"
          "          reprise probe --json > here.json\n"
          "          reprise probe --against there.json\n"
          "          reprise probe my_op.py --python venv/bin/python\n"
          "          reprise probe streams --device-like A100 H100");
      return [options, &app] { return probe_operators(app, *options); };
    },
};

}  // namespace reprise::verbs
