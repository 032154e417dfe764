// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/compare/pin_changes.h"

#include <algorithm>

#include "harness/base/error.h"
#include "harness/trace/pin_reading.h"

namespace reprise {
namespace {

bool is_left_open(const Plan& plan, const std::string& pin) {
  return pin == "seed" && plan.command && plan.command->seeding == Seeding::script;
}

}  // namespace

std::vector<PinChange> pin_changes(const Plan& plan, const std::vector<PinCheck>& readings) {
  std::vector<PinChange> changes;
  Pins before;
  for (const auto& [pin, value] : plan.pins) before[pin] = reading_text(value);
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
      as_planned = as_planned && (value == reading_text(plan.pins.at(pin)) || is_left_open(plan, pin));
    held += as_planned ? 1 : 0;
  }
  return held;
}

namespace {

// The variable that a reading tells of, "CUBLAS_WORKSPACE_CONFIG=:16:8" of its pin; "" where it tells the
// value.
std::string variable_in(const PinChange& change, std::string_view reading) {
  const Pin* pin = find_pin(change.pin);
  const auto end = std::min(reading.find('='), reading.find(" unset"));
  const std::string_view name = reading.substr(0, end);
  return pin != nullptr && end != std::string_view::npos && sets_variable(*pin, name) ? std::string(name)
                                                                                      : "";
}

// What the variable was: as the value before says, or as that value imposes it.
std::string variable_before(const PinChange& change, const std::string& variable) {
  if (change.before.starts_with(variable + "=")) return change.before.substr(variable.size() + 1);
  const auto imposed = pin_environment({{change.pin, change.before}});
  const auto found = imposed.find(variable);
  return found == imposed.end() ? "unset" : found->second;
}

}  // namespace

std::string to_sentence(const PinChange& change) {
  const std::string when =
      change.step == 0 ? "before the first step" : fmt::format("at step {}", change.step);
  const std::string variable = variable_in(change, change.after);
  if (variable.empty())
    return fmt::format("the script set {} to {} {}; it was {}", change.pin, change.after, when,
                       change.before);
  const std::string before = variable_before(change, variable);
  if (change.after.ends_with(" unset"))
    return fmt::format("the script unset {} {}; it was {}", variable, when, before);
  return fmt::format("the script set {} to {} {}; it was {}", variable,
                     change.after.substr(variable.size() + 1), when, before);
}

}  // namespace reprise
