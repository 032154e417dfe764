// SPDX-License-Identifier: Apache-2.0
#include "harness/search/resuming.h"

#include <algorithm>

#include "harness/base/error.h"
#include "harness/base/files.h"
#include "harness/base/text.h"
#include "harness/judge/compare/divergence_words.h"
#include "harness/judge/compare/process_match.h"
#include "harness/judge/compare/run_divergence.h"
#include "harness/judge/compare/starts.h"
#include "harness/judge/compare/state_step.h"
#include "harness/launch/run_folder.h"
#include "harness/plan/arguments.h"
#include "harness/plan/command_table.h"
#include "harness/plan/recipe.h"
#include "harness/trace/files_seen.h"
#include "harness/watch/command_run.h"
#include "harness/watch/command_setting.h"
#include "harness/watch/written_files.h"

namespace reprise {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view placeholder = "{checkpoint}";

// The plan with these arguments, `checkpoint` in place of its mark.
Plan told(Plan plan, const std::string& arguments, const std::string& checkpoint) {
  constexpr std::string_view mark = "arg:";
  for (const auto& typed : shell_words(arguments)) {
    const std::string word = replace_all(typed, placeholder, checkpoint);
    if (!word.starts_with(mark)) {
      plan.command->words.push_back(word);
      continue;
    }
    const auto [name, value] = cut_assignment(std::string_view(word).substr(mark.size()), "arg:");
    set_argument(plan, name, value);
  }
  check_plan(plan);
  return plan;
}

Plan stopping(const Plan& plan, const ResumeOrder& order) {
  Plan stopped = told(plan, order.stop_arguments, "");
  if (order.stop_after > 0) stop_after(stopped, order.stop_after);
  return stopped;
}

// Where the stopped run left its checkpoint: in its own folder, in its view of the working folder, or there.
fs::path place_of_checkpoint(const Plan& plan, const std::string& named, const fs::path& run) {
  const fs::path path = filled_word(plan, named, (run / "out").string());
  if (path.is_absolute()) return path.lexically_normal();
  const fs::path folder = plan.watch.fresh == Fresh::no ? folder_of_command(plan) : run / "fresh";
  return (folder / path).lexically_normal();
}

bool lies_in(const fs::path& file, const fs::path& place) {
  const auto [end, unused] = std::mismatch(place.begin(), place.end(), file.begin(), file.end());
  return end == place.end();
}

// Why there is no checkpoint of this very run, or "".
std::string no_checkpoint(const fs::path& place, const std::string& named, const fs::path& run) {
  if (!fs::exists(place))
    return fmt::format("the stopped run left no checkpoint {} (looked for at {})", named, place.string());
  const fs::path path = place.filename().empty() ? place.parent_path() : place;
  // What lies below the run's own folder, which was empty before, is its own.
  if (lies_in(path, fs::absolute(run).lexically_normal())) return "";
  const auto files = files_written_by(fs::absolute(run));
  if (std::ranges::any_of(files, [&path](const WrittenFile& file) {
        return lies_in(fs::absolute(file.place).lexically_normal(), path);
      }))
    return "";
  return fmt::format("{} was there before, and the stopped run did not write it", named);
}

// The folder in which the checkpoint of a stopped run is kept, and the copy that may be written to.
struct Kept {
  fs::path pristine, given;
};

Kept kept_of(const fs::path& run, const fs::path& place) {
  const fs::path name = place.filename().empty() ? place.parent_path().filename() : place.filename();
  const fs::path folder = fs::absolute(run).parent_path();
  return {folder / "checkpoint-kept" / name, folder / "checkpoint" / name};
}

void copy_anew(const fs::path& from, const fs::path& to) {
  fs::remove_all(to);
  make_folder(to.parent_path());
  const fs::path partial = to.string() + ".partial";
  fs::remove_all(partial);
  fs::copy(from, partial, fs::copy_options::recursive);
  fs::rename(partial, to);
}

RunResult made(const Run& run, LaunchOptions options, bool again) {
  options.again = options.again || again;
  return launch({run}, options).front();
}

std::string not_done(std::string_view which, const RunResult& result) {
  return fmt::format("{} did not end well: {}", which, result.outcome.reason);
}

std::string unlike(const ResumeRuns& runs) {
  Starts starts;
  const auto found = starts.difference(runs.whole.folder, runs.stopped->folder);
  return found
             ? fmt::format(" ({}). {}", to_words(*found, "the whole run", "the stopped one"), way_out(*found))
             : "";
}

// Why the stopped run is none of the whole one's training, stopped.
std::string no_part_of_it(const ResumeRuns& runs, const ResumeOrder& order, const RunTraces& whole,
                          const RunTraces& stopped) {
  if (runs.stopped_after >= runs.steps)
    return order.stop_after > 0
               ? fmt::format(
                     "the script went on to its end (step {}) after it was sent SIGTERM after step {}: "
                     "it ignores the signal, or looks at it only when it is done",
                     runs.steps, order.stop_after)
               : fmt::format("with {} the script made {} steps, the whole run {}: it was not stopped",
                             order.stop_arguments, runs.stopped_after, runs.steps);
  const ProcessMatch match = match_processes({whole, stopped});
  const auto parted = divergence_of(
      paired(whole.processes, match.labels[0], stopped.processes, match.labels[1], match.by_content),
      runs.stopped_after);
  if (!parted) return "";
  const std::string start = unlike(runs);
  return fmt::format(
      "the stopped run parts from the whole one before it stops, {} ({}), so that what a resumed run does "
      "shows "
      "nothing; {}",
      when(*parted), place_of(*parted),
      !start.empty() ? "they did not start alike" + start
      : order.stop_after > 0
          ? std::string("the script does not repeat (`reprise bisect -- COMMAND` says why)")
          : std::string(
                "what it is told to stop changes its training (a schedule of the learning rate, say), or "
                "the script does not repeat"));
}

// The step after which the resumed run goes on: where it began with the weights that the whole one had after
// an earlier step than the last of the stopped one, that (its checkpoint is older). Weights may be what it
// did not restore; then the optimizer's state tells.
std::int64_t went_on_after(const Aligned& aligned, const Trace& whole, const Trace& resumed,
                           std::int64_t stopped_after) {
  const auto& process = aligned.processes.front();
  const bool as_asked = process.restored.empty() || process.restored.front().differing.empty();
  const auto began = as_asked || process.better ? process.better : step_with_state(whole, resumed);
  const bool older = began && *began > 0 && *began < stopped_after;
  return older ? *began : stopped_after;
}

NamedTrace named(const std::string& name, const RunTraces& run) {
  return {name, run.processes.front().trace, run};
}

void compare_resumed(ResumeRuns& runs, const RunTraces& whole) {
  const RunTraces resumed = read_run(runs.resumed->folder);
  const NamedTrace a = named("whole", whole), b = named("resumed", resumed);
  Aligned aligned = compare_aligned(a, b, runs.stopped_after);
  const std::int64_t after = went_on_after(aligned, a.trace, b.trace, runs.stopped_after);
  if (after != runs.stopped_after) aligned = compare_aligned(a, b, after);
  runs.aligned = std::move(aligned);
}

// The stopped run, and its checkpoint kept; an untested reason where there is none.
fs::path keep_checkpoint(ResumeRuns& runs, const Run& run, const ResumeOrder& order,
                         const LaunchOptions& options) {
  runs.stopped = made(run, options, false);
  const auto place = [&] {
    return place_of_checkpoint(run.plan, order.checkpoint, fs::absolute(runs.stopped->folder));
  };
  Kept kept = kept_of(runs.stopped->folder, place());
  // What a run left in the working folder is another run's by now.
  if (runs.stopped->reused && !fs::exists(kept.pristine)) runs.stopped = made(run, options, true);
  if (!runs.stopped->outcome.done()) {
    runs.untested = not_done("the stopped run", *runs.stopped);
    return {};
  }
  if (!runs.stopped->reused) {
    fs::remove_all(kept.pristine.parent_path());
    runs.untested = no_checkpoint(place(), order.checkpoint, runs.stopped->folder);
    if (!runs.untested.empty()) return {};
    copy_anew(place(), kept.pristine);
  }
  copy_anew(kept.pristine, kept.given);
  return fs::canonical(kept.given);
}

}  // namespace

void check_resume(const ResumeOrder& order, const Plan& plan) {
  if (!plan.command)
    fail(
        "wanted a command behind -- for --resume-from-checkpoint, found the native recipe {}; of a native "
        "recipe `reprise matrix {} --axis resume=never,STEP` tells it",
        plan.recipe, plan.recipe);
  if (order.resume.find(placeholder) == std::string::npos)
    fail(
        "wanted {0} in --resume-from-checkpoint, where the script is told of its checkpoint, found '{1}'; "
        "write it as in '--resume {0}'",
        placeholder, order.resume);
  if (order.checkpoint.empty())
    fail(
        "wanted --checkpoint, the file or folder that the stopped run leaves, found none; name it as in "
        "--checkpoint '{{out}}/last.pt'");
  if (order.stop_arguments.empty() == (order.stop_after == 0))
    fail(
        "wanted either --stop-arguments, with which the script stops by itself, or --stop-after, the step "
        "after "
        "which it is sent SIGTERM, found {}",
        order.stop_after == 0 ? "neither" : "both");
  stopping(plan, order);
  told(plan, order.resume, "checkpoint");
}

ResumeRuns run_resume(const Plan& plan, const ResumeOrder& order, const LaunchOptions& options) {
  check_resume(order, plan);
  ResumeRuns runs;
  runs.whole = made({"whole", plan}, options, false);
  if (!runs.whole.outcome.done()) {
    runs.untested = not_done("the whole run", runs.whole);
    return runs;
  }
  const RunTraces whole = read_run(runs.whole.folder);
  runs.steps = whole.processes.front().trace.last_step();
  if (order.stop_after >= runs.steps)
    fail(
        "wanted --stop-after to be a step before the last, found {}: the run has {} steps, so 1 to {} can be",
        order.stop_after, runs.steps, runs.steps - 1);
  const fs::path checkpoint = keep_checkpoint(runs, {"stopped", stopping(plan, order)}, order, options);
  if (!runs.stopped->outcome.done()) return runs;
  const RunTraces stopped = read_run(runs.stopped->folder);
  runs.stopped_after = stopped.processes.front().trace.last_step();
  if (std::string why = no_part_of_it(runs, order, whole, stopped); !why.empty()) runs.untested = why;
  if (!runs.untested.empty()) return runs;
  runs.checkpoint = checkpoint;
  runs.resumed = made({"resumed", told(plan, order.resume, checkpoint.string())}, options, false);
  if (runs.resumed->outcome.done())
    compare_resumed(runs, whole);
  else
    runs.untested = not_done("the resumed run", *runs.resumed);
  return runs;
}

std::string sentence_of(const ResumeRuns& runs) {
  if (!runs.aligned) return fmt::format("resume: untested ({})", runs.untested);
  const Aligned& aligned = *runs.aligned;
  if (aligned.same())
    return fmt::format("resume: identical, bit for bit, from step {} to step {}", aligned.align + 1,
                       runs.steps);
  for (const auto& process : aligned.processes) {
    if (process.same()) continue;
    const std::string who = process.label.empty() ? "" : " in " + process.label;
    if (process.lone) return fmt::format("resume: not identical{}, which only one of the runs has", who);
    const auto lost = not_restored(process);
    if (process.first->stage == "length")
      return fmt::format(
          "resume: not identical{}: equal as far as both go, but the whole run ends after step "
          "{}, the resumed one after its step {}",
          who, process.first->last_steps[0], process.first->last_steps[1]);
    return fmt::format("resume: not identical{} from step {} on; not restored: {}", who,
                       process.first->step + aligned.align,
                       lost.empty() ? "something that no stage shows" : listed(lost));
  }
  return "resume: not identical";
}

}  // namespace reprise
