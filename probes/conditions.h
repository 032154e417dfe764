// SPDX-License-Identifier: Apache-2.0
#pragma once
// Under what a probe is called, beside the pins: parameters of its plan, each with a value that leaves things
// as they are.
#include <cstdint>
#include <span>

#include "harness/base/words.h"
#include "harness/plan/plan.h"

namespace reprise {

// What lies in the memory that results are then made in: whatever it was, zeros, or bytes that read as NaN.
enum class Fill { none, zero, nan };
std::span<const Word<Fill>> words_of(Fill fill);

// The whole batch and all results; some rows of a whole batch's results; or the same rows, each of which was
// computed from its own row of the inputs alone.
enum class Rows { whole, all, one };
std::span<const Word<Rows>> words_of(Rows rows);

struct Conditions {
  std::int64_t offset = 0;   // elements by which each input lies behind where LibTorch would have put it
  Fill fill = Fill::none;    // before each call
  Rows rows = Rows::whole;   // what is called and kept
  std::int64_t load = 0;     // threads beside, that keep cores busy with nothing
  std::int64_t callers = 1;  // threads that make each call, the process's first one too, at once
};

// From the parameters offset, fill, rows, load and callers, those that the plan has. An Error for another
// type or value.
Conditions conditions_of(const Plan& plan);

}  // namespace reprise
