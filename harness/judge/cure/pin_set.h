// SPDX-License-Identifier: Apache-2.0
#pragma once
// Some pins with their values: what a cure sets on every run beside what the runs have already.
#include <compare>
#include <string>
#include <string_view>
#include <vector>

#include "harness/plan/plan.h"

namespace reprise {

struct PinSetting {
  std::string pin, value;
  auto operator<=>(const PinSetting&) const = default;
};
using PinSet = std::vector<PinSetting>;  // sorted by pin, each pin once

PinSet pin_set(std::vector<PinSetting> settings);
// "mkl=strict onednn=off"; "no pin" for none.
std::string to_text(const PinSet& set);
// Whether every setting of `part` stands in `whole`, too.
bool is_part_of(const PinSet& part, const PinSet& whole);
PinSet without(const PinSet& set, const PinSetting& setting);
// In place of another value of that pin, if there is one.
PinSet with(const PinSet& set, const PinSetting& setting);
// The plan with these pins set. An Error for an unknown pin, or a value that a pin does not take.
Plan with_pins(Plan plan, const PinSet& set);

}  // namespace reprise
