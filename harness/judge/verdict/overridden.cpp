// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/verdict/overridden.h"

#include <algorithm>
#include <optional>

#include "harness/base/error.h"

namespace reprise {
namespace {

struct TwoValues {
  std::string pin, a, b;
};

// Pins that a reading holds, and that the plans set apart.
std::vector<TwoValues> set_apart(const Trace& a, const Trace& b, const Pins& read) {
  std::vector<TwoValues> pins;
  for (const auto& [pin, value] : b.plan().pins) {
    const auto other = a.plan().pins.find(pin);
    if (other != a.plan().pins.end() && other->second != value && read.contains(pin))
      pins.push_back({pin, other->second, value});
  }
  return pins;
}

// The reading of the other run at the same step.
const PinCheck* reading_at(const std::vector<PinCheck>& readings, std::int64_t step) {
  const auto found = std::ranges::find(readings, step, &PinCheck::step);
  return found == readings.end() ? nullptr : &*found;
}

std::string words_of(const TwoValues& pin, const std::string& value, std::int64_t step) {
  const std::string when = step == 0 ? "before the first step" : fmt::format("by step {}", step);
  return fmt::format("the script itself set {} to {} {}, so {}={} and {}={} were not both tried", pin.pin,
                     value, when, pin.pin, pin.a, pin.pin, pin.b);
}

}  // namespace

std::string overridden_reason(const Trace& a, const Trace& b) {
  if (!a.plan().command || !b.plan().command || a.plan().pins == b.plan().pins) return "";
  const auto other_readings = b.pin_checks();
  for (const auto& reading : a.pin_checks()) {
    const PinCheck* other = reading_at(other_readings, reading.step);
    if (other == nullptr) continue;
    const auto apart = set_apart(a, b, reading.values);
    const auto one_value = [&](const TwoValues& pin) {
      const auto found = other->values.find(pin.pin);
      return found != other->values.end() && found->second == reading.values.at(pin.pin);
    };
    if (!apart.empty() && std::ranges::all_of(apart, one_value))
      return words_of(apart.front(), reading.values.at(apart.front().pin), reading.step);
  }
  return "";
}

}  // namespace reprise
