// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/compare/pin_changes.h"

#include "harness/base/error.h"

namespace reprise {
namespace {

bool is_left_open(const Plan& plan, const std::string& pin) {
  return pin == "seed" && plan.command && plan.command->seeding == Seeding::script;
}

}  // namespace

std::vector<PinChange> pin_changes(const Plan& plan, const std::vector<PinCheck>& readings) {
  std::vector<PinChange> changes;
  Pins before = plan.pins;
  for (const auto& [step, values] : readings)
    for (const auto& [pin, value] : values) {
      if (value != before[pin] && !is_left_open(plan, pin))
        changes.push_back({step, pin, before[pin], value});
      before[pin] = value;
    }
  return changes;
}

std::size_t readings_as_planned(const Plan& plan, const std::vector<PinCheck>& readings) {
  std::size_t held = 0;
  for (const auto& reading : readings) {
    bool as_planned = true;
    for (const auto& [pin, value] : reading.values)
      as_planned = as_planned && (value == plan.pins.at(pin) || is_left_open(plan, pin));
    held += as_planned ? 1 : 0;
  }
  return held;
}

std::string to_sentence(const PinChange& change) {
  const std::string when =
      change.step == 0 ? "before the first step" : fmt::format("at step {}", change.step);
  return fmt::format("the script set {} to {} {}; it was {}", change.pin, change.after, when, change.before);
}

}  // namespace reprise
