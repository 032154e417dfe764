// SPDX-License-Identifier: Apache-2.0
#include "harness/search/cure/candidates.h"

#include <algorithm>
#include <set>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/judge/explain/causes.h"
#include "harness/launch/unread.h"
#include "harness/plan/environment.h"

namespace reprise {
namespace {

// Beside the table of causes, which names what helps against operators that were met.
constexpr std::string_view more_candidates =
    "onednn=sse41;isa=avx2;isa=default;nnpack=off;vector-math-warmup=on;"
    "cublas-workspace=:16:8;blas-backend=cublaslt;addmm-lt=off;sdp-math-reduction=off;precision=float64";

void add_settings(std::string_view remedies, std::vector<PinSetting>& settings) {
  for (const auto& remedy : split(remedies, ';'))
    for (const auto& word : split(remedy, ' ')) {
      const auto equals = word.find('=');
      if (equals == std::string::npos) continue;
      PinSetting setting{word.substr(0, equals), word.substr(equals + 1)};
      if (std::ranges::find(settings, setting) == settings.end()) settings.push_back(std::move(setting));
    }
}

bool fits(const Cause& cause, const std::vector<std::string>& varied) {
  const auto words = split(cause.differs, ' ');
  return std::ranges::any_of(varied,
                             [&](const auto& pin) { return std::ranges::find(words, pin) != words.end(); });
}

std::vector<PinSetting> settings_in_order(const std::vector<std::string>& varied) {
  std::vector<PinSetting> settings;
  for (const bool special : {true, false})
    for (const auto& cause : cause_table())
      if (fits(cause, varied) == special) add_settings(cause.remedies, settings);
  add_settings(more_candidates, settings);
  return settings;
}

// Whether it would change anything that is read on this machine.
bool is_worth_trying(const PinSetting& setting, const std::vector<Plan>& sides) {
  return std::ranges::any_of(sides, [&](const Plan& side) {
    const Plan cured = with_pins(side, {setting});
    return plan_id(cured) != plan_id(side) && no_evidence_here(side, cured).empty();
  });
}

bool can_run(const PinSet& set, const std::vector<Plan>& sides) {
  return std::ranges::all_of(sides, [&](const Plan& side) {
    const Plan cured = with_pins(side, set);
    try {
      check_plan(cured);
    } catch (const Error&) {
      return false;
    }
    return cannot_run(cured).empty();
  });
}

}  // namespace

std::vector<std::string> varied_pins(const std::vector<Plan>& sides) {
  std::set<std::string> varied;
  for (const auto& side : sides)
    for (const auto& [pin, value] : side.pins)
      if (pin_value(sides.front().pins, pin) != value) varied.insert(pin);
  return {varied.begin(), varied.end()};
}

std::vector<PinSetting> cure_candidates(const std::vector<Plan>& sides) {
  const auto varied = varied_pins(sides);
  std::vector<PinSetting> candidates;
  for (const auto& setting : settings_in_order(varied))
    if (std::ranges::find(varied, setting.pin) == varied.end() && can_run({setting}, sides) &&
        is_worth_trying(setting, sides))
      candidates.push_back(setting);
  return candidates;
}

std::vector<PinSet> own_axis_sets(const std::vector<Plan>& sides) {
  const auto varied = varied_pins(sides);
  std::vector<PinSet> sets;
  for (const auto& side : sides) {
    std::vector<PinSetting> settings;
    for (const auto& pin : varied) settings.push_back({pin, side.pins.at(pin)});
    const PinSet set = pin_set(std::move(settings));
    if (!set.empty() && can_run(set, sides) && std::ranges::find(sets, set) == sets.end())
      sets.push_back(set);
  }
  return sets;
}

}  // namespace reprise
