// SPDX-License-Identifier: Apache-2.0
#pragma once
// A native run fails when a pin does not hold. A script that knows nothing of pins may well change one; then
// it is said which, where, and from what to what.
#include <cstdint>
#include <string>
#include <vector>

#include "harness/trace/trace.h"

namespace reprise {

struct PinChange {
  std::int64_t step = 0;  // after which it was first read so; 0: before the first step
  std::string pin, before, after;
  bool operator==(const PinChange&) const = default;
};

// In the order of the readings, then of the pins' names. A seed that the plan leaves to the script is no
// change.
std::vector<PinChange> pin_changes(const Plan& plan, const std::vector<PinCheck>& readings);
// How many readings found every pin as planned.
std::size_t readings_as_planned(const Plan& plan, const std::vector<PinCheck>& readings);

// "the script set cudnn-benchmark to on at step 5; it was off".
std::string to_sentence(const PinChange& change);

}  // namespace reprise
