// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a fact of a machine does to bits: one table, kept as data. A row says which facts it is about, how
// likely a difference in one of them moves the bits of a training, which pins hold it, why, and where that is
// known from.
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/words.h"
#include "harness/plan/plan.h"

namespace reprise {

// How likely two machines that differ in it give other bits, everything else alike; the likeliest first.
enum class MovesBits { usually, often, sometimes, rarely, never };
std::span<const Word<MovesBits>> words_of(MovesBits moves);

struct MovingFact {
  std::string_view names;  // patterns, separated by spaces: "library.libcublas* cuda.cublas"
  MovesBits moves;
  // That hold it, separated by spaces, "mkl=compatible,avx2" by these values alone; "": none does.
  std::string_view pins;
  std::string_view reason;  // one clause for people
  std::string_view source;
};

std::span<const MovingFact> moving_facts();  // the first row that fits decides

// Nothing for a fact that tells of one run and not of the machine.
const MovingFact* moving_fact(std::string_view name);

// Which of these pins the plan sets to a value that imposes something: "isa=default, onednn=off".
std::string held_by(std::string_view pins, const Plan& plan);
// And which of them it leaves to the machine: "mkl, glibc-tunables".
std::string left_open(std::string_view pins, const Plan& plan);
// The names alone.
std::vector<std::string> pins_named(std::string_view pins);

}  // namespace reprise
