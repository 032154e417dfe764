// SPDX-License-Identifier: Apache-2.0
#pragma once
// Fault injection: a fault that the harness makes itself in a short run, to show that it would be found. One
// file in harness/plan/faults is one fault: what it changes, and where a diff must find it.
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "harness/base/shelf.h"
#include "harness/plan/plan.h"

namespace reprise {

struct Fault {
  const char* summary;     // for people, as something that was done: "one bit of one weight flipped"
  std::string_view stage;  // where a diff must find it: "weights"
  // Exactly one of these three.
  // Changes the bytes of one element: the first of the first weight, after the step. A command's too.
  void (*weight)(std::span<std::byte> element) = nullptr;
  // Changes the samples of the step's batch; `next` are those of the next step. An Error where it cannot.
  void (*batch)(std::vector<std::uint64_t>& batch, const std::vector<std::uint64_t>& next) = nullptr;
  // Changes the plan: found before the first step.
  void (*plan)(Plan& plan) = nullptr;
};

Shelf<Fault> faults_shelf();
// Those that are injected at a step, so that a plan can ask for them (Watch::injected).
std::vector<std::string> faults_of_steps();

}  // namespace reprise
