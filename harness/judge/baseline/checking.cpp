// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/baseline/checking.h"

#include <algorithm>
#include <array>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/judge/baseline/environment.h"
#include "harness/trace/trace.h"

namespace reprise {
namespace {

// The first stage that differs at a step; the root alone where all that is shown of the stages is equal.
std::string first_stage(const BaselineStep& a, const BaselineStep& b) {
  for (std::size_t i = 0; i < stage_count; ++i)
    if (a.digests.at(i + 1) != b.digests.at(i + 1)) return std::string(stage_names.at(i));
  return "state";
}

// The rows of two processes at the steps that both have.
std::optional<LeftBaseline> first_row_apart(const BaselineProcess& before, const BaselineProcess& now) {
  LeftBaseline left{now.name};
  for (const auto& row : before.steps) {
    const auto other = std::ranges::find(now.steps, row.step, &BaselineStep::step);
    if (other == now.steps.end()) continue;
    if (other->digests != row.digests) {
      left.differs_at = row.step;
      left.stage = first_stage(row, *other);
      return left;
    }
    left.equal_to = row.step;
  }
  return std::nullopt;
}

std::optional<LeftBaseline> parted(const BaselineProcess& before, const BaselineProcess& now) {
  if (before.data != now.data) return LeftBaseline{now.name, -1, 0, "data"};
  if (before.chain == now.chain && before.last_step == now.last_step) return std::nullopt;
  if (auto left = first_row_apart(before, now)) return left;
  const std::int64_t shorter = std::min(before.last_step, now.last_step);
  if (before.last_step != now.last_step) return LeftBaseline{now.name, -1, shorter, "length"};
  // The steps that the file shows are equal; the chain says that one of the others is not.
  return LeftBaseline{now.name, -1, now.last_step, "state"};
}

// Processes that only their content tells apart are matched by it: what is equal goes first.
void drop_equal(Baseline& before, Baseline& now) {
  std::erase_if(before.processes, [&](const auto& process) {
    const auto equal = std::ranges::find_if(now.processes, [&](const auto& other) {
      return other.chain == process.chain && other.data == process.data &&
             other.last_step == process.last_step;
    });
    if (equal == now.processes.end()) return false;
    now.processes.erase(equal);
    return true;
  });
}

bool is_told_by_content(const Baseline& baseline) { return baseline.processes.front().name == "process 1"; }

std::optional<LeftBaseline> parted_by_content(Baseline before, Baseline now) {
  drop_equal(before, now);
  const std::size_t both = std::min(before.processes.size(), now.processes.size());
  if (std::max(before.processes.size(), now.processes.size()) > both)
    return LeftBaseline{(before.processes.size() > both ? before : now).processes.back().name, -1, 0,
                        "process"};
  std::optional<LeftBaseline> earliest;
  for (std::size_t i = 0; i < both; ++i)
    if (auto left = parted(before.processes[i], now.processes[i]);
        left && (!earliest || left->differs_at < earliest->differs_at))
      earliest = std::move(left);
  return earliest;
}

std::optional<LeftBaseline> parted_by_name(const Baseline& before, const Baseline& now) {
  std::optional<LeftBaseline> earliest;
  for (const auto& process : before.processes)
    if (std::ranges::find(now.processes, process.name, &BaselineProcess::name) == now.processes.end())
      return LeftBaseline{process.name, -1, 0, "process"};
  for (const auto& process : now.processes) {
    const auto other = std::ranges::find(before.processes, process.name, &BaselineProcess::name);
    if (other == before.processes.end()) return LeftBaseline{process.name, -1, 0, "process"};
    auto left = parted(*other, process);
    if (left && (!earliest || left->differs_at < earliest->differs_at)) earliest = std::move(left);
  }
  return earliest;
}

std::optional<LeftBaseline> parted(const Baseline& before, const Baseline& now) {
  const bool by_content = is_told_by_content(before) || is_told_by_content(now);
  auto left = by_content ? parted_by_content(before, now) : parted_by_name(before, now);
  if (!left && before.artifacts != now.artifacts)
    return LeftBaseline{"", -1, now.processes.front().last_step, "artifacts"};
  return left;
}

std::int64_t length_of(const Baseline& baseline, const std::string& process) {
  const auto found = std::ranges::find(baseline.processes, process, &BaselineProcess::name);
  return found == baseline.processes.end() ? -1 : found->last_step;
}

std::string place_words(const LeftBaseline& left, const Baseline& before, const Baseline& now) {
  const std::string who = left.process.empty() ? "" : left.process + ": ";
  if (left.stage == "process") return left.process + " trains on one side alone";
  if (left.stage == "data") return who + "the training data differs";
  if (left.stage == "artifacts") return "every step is equal, but not what the run left";
  if (left.stage == "length")
    return fmt::format("{}the baseline has {} steps, the run {}", who, length_of(before, left.process),
                       length_of(now, left.process));
  if (left.equal_to < 0) return fmt::format("{}step {} differs ({})", who, left.differs_at, left.stage);
  const bool exact = left.equal_to + 1 == left.differs_at;
  return exact
             ? fmt::format("{}equal up to step {}; step {} differs first in {}", who, left.equal_to,
                           left.differs_at, left.stage)
             : fmt::format("{}equal at step {}, apart at step {} ({}); the steps between are not in the file",
                           who, left.equal_to, left.differs_at, left.stage);
}

std::vector<std::string> changes(const Facts& before, const Facts& now) {
  std::vector<std::string> lines;
  for (const auto& name : differing(before, now)) lines.push_back(change_words(name, before, now));
  return lines;
}

// A baseline holds the pins that are not at their defaults.
std::vector<std::string> pin_changes(const Baseline& before, const Baseline& now) {
  std::vector<std::string> lines;
  const Pins usual = default_pins();
  Facts old_pins = before.pins, new_pins = now.pins;
  for (const auto& name : differing(before.pins, now.pins))
    for (auto* pins : {&old_pins, &new_pins})
      if (const auto known = usual.find(name); known != usual.end()) pins->emplace(name, known->second);
  for (const auto& line : changes(old_pins, new_pins)) lines.push_back("pin " + line);
  return lines;
}

std::size_t distance(const Baseline& a, const Baseline& b) {
  constexpr std::size_t other_recipe = 1000, other_plan = 100;
  return (a.recipe_id == b.recipe_id ? 0 : other_recipe) + (a.plan_id == b.plan_id ? 0 : other_plan) +
         10 * differing(a.hardware, b.hardware).size() + differing(a.pins, b.pins).size();
}

BaselineCheck without_baseline(const Baseline& now, const std::vector<Baseline>& baselines) {
  BaselineCheck check{Held::no_baseline};
  const std::string here = environment_words(now.hardware);
  const auto nearest =
      std::ranges::min_element(baselines, {}, [&](const auto& one) { return distance(now, one); });
  if (nearest == baselines.end() || nearest->recipe_id != now.recipe_id) {
    const bool same_name = std::ranges::find(baselines, now.recipe, &Baseline::recipe) != baselines.end();
    check.sentence = same_name ? fmt::format(
                                     "no baseline of {} as it is now is there: its sources, words or "
                                     "parameters changed since the one that is",
                                     now.recipe)
                               : fmt::format("no baseline of {} is there", now.recipe);
    return check;
  }
  check.against = *nearest;
  check.nearest = changes(nearest->hardware, now.hardware);
  for (auto& line : pin_changes(*nearest, now)) check.nearest.push_back(std::move(line));
  const std::string bits = run_digest(*nearest) == run_digest(now) ? "the same" : "others";
  check.sentence =
      nearest->plan_id == now.plan_id
          ? fmt::format("no baseline of this plan for {}; the nearest is of {}, and its bits are {}", here,
                        environment_words(nearest->hardware), bits)
          : fmt::format(
                "no baseline of this plan for {}; the nearest is of another plan of {}, and its bits are {}",
                here, now.recipe, bits);
  return check;
}

}  // namespace

std::span<const Word<Held>> words_of(Held /*held*/) {
  static constexpr std::array<Word<Held>, 4> words = {{{Held::match, "match"},
                                                       {Held::mismatch, "mismatch"},
                                                       {Held::no_baseline, "no baseline"},
                                                       {Held::untested, "untested"}}};
  return words;
}

const Baseline* find_baseline(const Baseline& now, const std::vector<Baseline>& baselines) {
  const auto found = std::ranges::find_if(
      baselines, [&](const auto& one) { return one.plan_id == now.plan_id && one.hardware == now.hardware; });
  return found == baselines.end() ? nullptr : &*found;
}

BaselineCheck check_against(const Baseline& now, const Baseline& baseline) {
  BaselineCheck check{Held::match};
  check.against = baseline;
  check.left = parted(baseline, now);
  if (!check.left) {
    // No place was found, so the digest of the whole must agree, where both name their processes alike.
    if (is_told_by_content(baseline) == is_told_by_content(now) && run_digest(baseline) != run_digest(now))
      fail("a run and its baseline differ nowhere, yet not in their digests");
    check.sentence = fmt::format("every step is equal, of {} {}{}", now.processes.size(),
                                 now.processes.size() == 1 ? "process" : "processes",
                                 baseline.plan_id == now.plan_id ? "" : ", of another plan");
    return check;
  }
  check.held = Held::mismatch;
  check.sentence = place_words(*check.left, baseline, now);
  if (baseline.plan_id != now.plan_id)
    check.changed.push_back(
        fmt::format("the plan, which is another: {}, now {}", baseline.plan_id, now.plan_id));
  for (const auto& line : changes(baseline.software, now.software)) check.changed.push_back(line);
  for (const auto& line : changes(baseline.hardware, now.hardware)) check.changed.push_back(line);
  for (auto& line : pin_changes(baseline, now)) check.changed.push_back(std::move(line));
  return check;
}

BaselineCheck check_baseline(const Baseline& now, const std::vector<Baseline>& baselines) {
  if (const auto* baseline = find_baseline(now, baselines)) return check_against(now, *baseline);
  return without_baseline(now, baselines);
}

std::vector<std::pair<std::size_t, std::size_t>> pairs_of_one_plan(const std::vector<Baseline>& baselines) {
  std::vector<std::pair<std::size_t, std::size_t>> pairs;
  for (std::size_t i = 0; i < baselines.size(); ++i)
    for (std::size_t j = i + 1; j < baselines.size(); ++j)
      if (baselines[i].plan_id == baselines[j].plan_id) pairs.emplace_back(i, j);
  return pairs;
}

std::vector<std::vector<std::size_t>> equal_environments(const std::vector<Baseline>& baselines) {
  std::map<std::pair<std::string, std::string>, std::vector<std::size_t>> groups;
  for (std::size_t i = 0; i < baselines.size(); ++i)
    groups[{baselines[i].plan_id, run_digest(baselines[i])}].push_back(i);
  std::vector<std::vector<std::size_t>> several;
  for (auto& [key, members] : groups)
    if (members.size() > 1) several.push_back(std::move(members));
  return several;
}

}  // namespace reprise
