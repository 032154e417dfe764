// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/baseline/checked_runs.h"

#include <algorithm>
#include <filesystem>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/judge/baseline/environment.h"
#include "harness/judge/compare/divergence_words.h"
#include "harness/judge/compare/run_divergence.h"
#include "harness/judge/compare/starts.h"

namespace reprise {

namespace fs = std::filesystem;

std::string called(const Baseline& baseline) {
  std::string pins;
  for (const auto& [name, value] : baseline.pins) pins += fmt::format(" {}={}", name, value);
  return baseline.recipe + pins;
}

std::string reprise_of(const Baseline& baseline) {
  const auto found = baseline.software.find("reprise.version");
  return found == baseline.software.end() ? "" : found->second;
}

namespace {

// A rerun of the baseline's side would take what is here now.
std::string why_no_rerun(const Baseline& before, const Baseline& now,
                         const std::optional<std::string>& unlike_start) {
  constexpr const char* hint = "runs with ops=1-2 keep the operators of their first steps";
  for (const auto part : {&Baseline::software, &Baseline::hardware})
    if (const auto names = differing(before.*part, now.*part); !names.empty())
      return fmt::format("the baseline's {} is not here any more, so its side cannot be run again; {} ({})",
                         part == &Baseline::software ? "software" : "machine", hint,
                         change_words(names.front(), before.*part, now.*part));
  if (unlike_start)
    return fmt::format(
        "what the baseline's run read is not here any more, so its side cannot be run again; {} ({})", hint,
        *unlike_start);
  return "";
}

void compare_runs(CheckedRun& checked, const Baseline& before, const Baseline& now) {
  const RunTraces old_run = read_run(before.run), new_run = read_run(now.run);
  if (run_digest(baseline_of(old_run, before.run)) != run_digest(before)) {
    checked.pair.why_not = "another run lies now where the one lay that the baseline is of, " + before.run;
    return;
  }
  checked.pair.before = before.run;
  checked.pair.now = now.run;
  Starts starts;
  std::optional<std::string> unlike_start;
  if (const auto unlike = starts.difference(before.run, now.run)) {
    unlike_start = to_words(*unlike, "the baseline's run", "this one");
    checked.check.changed.push_back(*unlike_start);
  }
  if (const auto first = divergence_of(old_run, new_run)) {
    checked.check.sentence += fmt::format(
        "; the run that it was made of is still here, and they part {} ({})", when(*first), place_of(*first));
    const auto holds = [&](const RunTraces& run) {
      return run.processes.front().trace.plan().watch.ops.holds(first->step);
    };
    checked.pair.hold_operators = holds(old_run) && holds(new_run);
  }
  if (!checked.pair.hold_operators) checked.pair.why_not = why_no_rerun(before, now, unlike_start);
  if (checked.pair.why_not.empty())
    checked.next = "reprise bisect " + shell_text(std::vector<std::string>{before.run, now.run});
}

// Where the run that the baseline is of still lies there, the two runs themselves say more.
void look_closer(CheckedRun& checked, const Baseline& now) {
  const auto& before = *checked.check.against;
  if (before.run.empty() || !fs::is_directory(before.run)) {
    checked.pair.why_not = "the run that the baseline is of does not lie here any more" +
                           (before.run.empty() ? "" : ", " + before.run);
    return;
  }
  if (fs::equivalent(before.run, now.run)) return;
  try {
    compare_runs(checked, before, now);
  } catch (const Error& error) {
    // What lies there is no evidence; the file's own digests have been told.
    checked.pair.why_not = fmt::format("the run that the baseline is of cannot be read ({})", error.what());
  }
}

template <class Check>
CheckedRun checked_by(const GivenRun& run, const Check& check) {
  CheckedRun checked{run.recipe.empty() ? run.folder.string() : run.recipe, run.folder.string(), {}, ""};
  if (!run.gave) {
    checked.check.sentence = run.trouble;
    return checked;
  }
  checked.name = called(*run.gave);
  checked.check = check(*run.gave);
  if (checked.check.held == Held::mismatch) look_closer(checked, *run.gave);
  return checked;
}

}  // namespace

CheckedRun checked_run(const GivenRun& run, const std::vector<Baseline>& kept) {
  return checked_by(run, [&](const Baseline& gave) { return check_baseline(gave, kept); });
}

CheckedRun checked_against(const GivenRun& run, const Baseline& baseline) {
  return checked_by(run, [&](const Baseline& gave) { return check_against(gave, baseline); });
}

std::vector<CheckedRun> unchecked(const std::vector<GivenRun>& runs, const std::vector<Baseline>& kept) {
  std::vector<CheckedRun> all;
  for (const auto& baseline : kept) {
    bool here = false, run_was_given = false;
    for (const auto& run : runs) {
      here = here || (run.gave && run.gave->hardware == baseline.hardware);
      run_was_given = run_was_given || (run.gave && find_baseline(*run.gave, {baseline}) != nullptr);
    }
    if (!here || run_was_given) continue;
    CheckedRun missing{called(baseline), "", {}, ""};
    missing.check.sentence = "no finished run of this plan is among those given";
    missing.check.against = baseline;
    all.push_back(std::move(missing));
  }
  return all;
}

std::size_t count_of(const std::vector<CheckedRun>& all, Held held) {
  return static_cast<std::size_t>(
      std::ranges::count_if(all, [&](const CheckedRun& one) { return one.check.held == held; }));
}

}  // namespace reprise
