// SPDX-License-Identifier: Apache-2.0
// reprise diff: where N traces agree and where they part; or two checkpoints.
#include <algorithm>
#include <iostream>
#include <memory>
#include <tuple>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/commands/command.h"
#include "harness/evidence/told_apart.h"
#include "harness/judge/compare/aligned.h"
#include "harness/search/two_recipes.h"
#include "harness/terminal/checkpoint_diff.h"
#include "harness/terminal/given_traces.h"
#include "harness/terminal/idle_options.h"
#include "harness/terminal/progress_options.h"
#include "harness/terminal/reporting.h"

namespace reprise::verbs {
namespace {

struct Options {
  std::vector<std::string> traces, renames;
  std::string format = "console";
  std::int64_t align = 0;
  bool across = false, json = false;
  ProgressChoices progress;
};

// Two recipes that are meant to be one training.
int diff_across(const Options& options, const CommandOptions& app) {
  refuse_idle(app, {"--format", "--quiet", "--events"}, "with --across, which prints its finding or --json");
  if (options.traces.size() != 2)
    fail("wanted two traces for --across, found {}; compare them two by two", options.traces.size());
  const auto& [a, b] = std::tie(options.traces[0], options.traces[1]);
  const auto divergence = weights_divergence(Trace(a), Trace(b), renames_of(options.renames), options.align);
  std::cout << (options.json ? weights_json(divergence, a, b) : weights_text(divergence, a, b));
  return divergence.same() ? 0 : 1;
}

// Two runs of one training of which the second goes on from a step of the first.
int diff_aligned(const Options& options, const CommandOptions& app) {
  refuse_idle(app, {"--format", "--quiet", "--events"}, "with --align, which prints its finding or --json");
  if (!options.renames.empty())
    fail("--rename is for checkpoints and --across; leave it out or add --across");
  const auto given = given_traces(options.traces);
  if (given.size() != 2) fail("wanted two runs for --align, found {}; compare them two by two", given.size());
  const auto aligned = compare_aligned({given[0].name, given[0].trace(), given[0].run},
                                       {given[1].name, given[1].trace(), given[1].run}, options.align);
  std::cout << (options.json ? to_json(aligned, given[0].name, given[1].name)
                             : to_text(aligned, given[0].name, given[1].name));
  for (const auto& one : given)
    for (const auto& note : notes_beside(one.trace().path(), one.name))
      (options.json ? std::cerr : std::cout) << "note on " << one.name << ": " << note << '\n';
  return aligned.same() ? 0 : 1;
}

std::string only_one(const Options& options, const Matrix& matrix) {
  std::string text = "wanted two or more runs to compare, found one: " + options.traces.front();
  const auto& notes = matrix.configurations.front().outcome.notes;
  const auto copy =
      std::ranges::find_if(notes, [](const auto& note) { return note.find(" is a copy of ") != note.npos; });
  if (copy != notes.end()) text += fmt::format(" ({})", *copy);
  return text + "; name another, or a folder that holds several";
}

// Runs of other sources: what is there for them instead.
void offer_across(const std::vector<NamedTrace>& traces) {
  const auto folder = [](const NamedTrace& named) {
    const auto path = named.trace.path();
    return shell_word((path.filename() == "trace.h5" ? path.parent_path() : path).string());
  };
  for (const auto& other : traces) {
    const std::string why = sources_difference(traces.front().trace.plan(), other.trace.plan());
    if (why.empty()) continue;
    const std::string a = folder(traces.front()), b = folder(other);
    fail(
        "cannot compare {0} and {1}: they train different things ({2}); if they are meant to be one "
        "training, "
        "`reprise diff {0} {1} --across` compares their weights, and `reprise bisect {0} {1} --across` names "
        "the call that parts them",
        a, b, why);
  }
}

int diff_traces(const Options& options, const CommandOptions& app) {
  if (app.count("--align") > 0 && options.align < 1)
    fail("wanted a step of at least 1 for --align, found {}; without it step 1 is step 1", options.align);
  if (options.across) return diff_across(options, app);
  if (options.align > 0) return diff_aligned(options, app);
  if (!options.renames.empty())
    fail("--rename is for checkpoints and --across; the tensors of traces keep their names");
  Progress& progress = progress_of(options.progress);
  const auto [matrix, traces] = traces_of(options.traces, [&progress](std::size_t read, std::size_t all) {
    if (all > 2) progress.count(read, all, "traces read");
  });
  if (!options.progress.quiet) end_progress();
  if (traces.size() < 2) fail("{}", only_one(options, matrix));
  offer_across(traces);
  const Report report = report_of_traces(matrix, traces);
  std::cout << rendered(report, options.json ? "json" : options.format);
  tell_verdict(options.progress, report.exit_code, report.headline);
  return report.exit_code;
}

int diff_checkpoints(const Options& options, const CommandOptions& app) {
  refuse_idle(app, {"--across", "--align", "--quiet", "--events"},
              "on checkpoints, which are compared at once and by their tensors' names");
  if (options.traces.size() != 2)
    fail("wanted two checkpoints, found {}; compare them two by two, or see `reprise digest --brief`",
         options.traces.size());
  if (options.format != "console")
    fail("checkpoints are compared on the console or as --json, not as {}", options.format);
  const auto found = compare_checkpoints(options.traces[0], options.traces[1], renames_of(options.renames));
  std::cout << (options.json ? to_json(found) : to_text(found));
  return !found.same() ? 1 : found.whole() ? 0 : 2;
}

int diff_paths(const Options& options, const CommandOptions& app) {
  if (options.json && options.format != "json")
    refuse_idle(app, {"--format"}, "with --json, which is --format json");
  const auto checkpoints =
      std::ranges::count_if(options.traces, [](const auto& path) { return is_checkpoint(path); });
  if (checkpoints == 0) return diff_traces(options, app);
  const auto all = static_cast<std::ptrdiff_t>(options.traces.size());
  if (checkpoints != all)
    fail(
        "wanted traces alone or checkpoints alone, found {} checkpoints among {} paths; compare like with "
        "like",
        checkpoints, all);
  return diff_checkpoints(options, app);
}

}  // namespace

extern const Command diff{
    .summary = "Say where two or more traces, or two checkpoints, agree and where they part",
    .attach = [](CommandOptions& app) -> std::function<int()> {
      auto options = std::make_shared<Options>();
      app.add_option(
             "traces", options->traces,
             "Two or more traces or run folders, or folders that hold runs, as gathered from other machines; "
             "NAME=PATH gives a trace a name. Or two checkpoints")
          ->required()
          ->expected(1, 1 << 20);
      app.add_option("--format", options->format, "How to write it (`reprise list formats`)")
          ->capture_default_str();
      app.add_option("--rename", options->renames,
                     "Checkpoints and --across: a prefix of names of the first, as the second has it")
          ->type_name("OLD=NEW")
          ->allow_extra_args(false);
      app.add_flag(
          "--across", options->across,
          "Two traces of different recipes that are meant to be one training: compare their weights");
      app.add_option(
             "--align", options->align,
             "The second run goes on from this step of the first, as a resumed one does: its step 1 is "
             "compared with the step after it, and what it began with")
          ->type_name("STEP");
      app.add_flag("--json", options->json, "The same as --format json: one document on standard output");
      add_progress_options(app, options->progress);
      app.footer(
          "Proves each trace whole, then reads the chain of roots, and the step, stage, tensor and leaf "
          "where the\n"
          "bits part. Checkpoints of any formats are compared by the names and values of their tensors\n"
          "and of the plain values (numbers, texts) beside them.\n"
          "Exit code 0: identical (of plans with --set until, up to there); 1: they differ, in length too; "
          "2: they\n"
          "cannot be compared, and why.\n"
          "Example:  reprise diff runs/1f0a.../1 runs/77c2.../1\n"
          "          reprise diff runs/whole/1 runs/resumed/1 --align 5\n"
          "          reprise diff a.pt b.safetensors --rename module.=");
      return [options, &app] { return diff_paths(*options, app); };
    },
};

}  // namespace reprise::verbs
