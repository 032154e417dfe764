// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/cure/pin_set.h"

#include <algorithm>

#include "harness/base/error.h"
#include "harness/base/text.h"

namespace reprise {

PinSet pin_set(std::vector<PinSetting> settings) {
  std::ranges::sort(settings);
  const auto twice = std::ranges::adjacent_find(settings, {}, &PinSetting::pin);
  check(twice == settings.end(), "a set of pins has each pin once");
  return settings;
}

std::string to_text(const PinSet& set) {
  std::vector<std::string> words;
  for (const auto& [pin, value] : set) words.push_back(pin + "=" + value);
  return words.empty() ? "no pin" : join(words, " ");
}

bool is_part_of(const PinSet& part, const PinSet& whole) { return std::ranges::includes(whole, part); }

PinSet without(const PinSet& set, const PinSetting& setting) {
  PinSet rest;
  std::ranges::copy_if(set, std::back_inserter(rest), [&](const auto& one) { return one != setting; });
  return rest;
}

PinSet with(const PinSet& set, const PinSetting& setting) {
  PinSet more;
  std::ranges::copy_if(set, std::back_inserter(more),
                       [&](const auto& one) { return one.pin != setting.pin; });
  more.push_back(setting);
  return pin_set(std::move(more));
}

Plan with_pins(Plan plan, const PinSet& set) {
  for (const auto& [pin, value] : set) {
    check_pin(pick_pin(pin), value);
    plan.pins[pin] = value;
  }
  return plan;
}

}  // namespace reprise
