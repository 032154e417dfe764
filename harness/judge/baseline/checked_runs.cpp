// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/baseline/checked_runs.h"

#include <algorithm>
#include <filesystem>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/judge/compare/divergence_words.h"
#include "harness/judge/compare/run_divergence.h"

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

// Where the run that the baseline is of still lies there, the two runs themselves say more.
void look_closer(CheckedRun& checked, const Baseline& now) {
  const auto& before = *checked.check.against;
  if (before.run.empty() || !fs::is_directory(before.run) || fs::equivalent(before.run, now.run)) return;
  try {
    const RunTraces old_run = read_run(before.run);
    if (run_digest(baseline_of(old_run, before.run)) != run_digest(before))
      return;  // another run lies there now
    if (const auto first = divergence_of(old_run, read_run(now.run)))
      checked.check.sentence +=
          fmt::format("; the run that it was made of is still here, and they part {} ({})", when(*first),
                      place_of(*first));
    checked.next = "reprise bisect " + shell_text(std::vector<std::string>{before.run, now.run});
  } catch (const Error&) {
    return;  // what lies there is no evidence; the file's own digests have been told
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
