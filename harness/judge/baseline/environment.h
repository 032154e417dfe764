// SPDX-License-Identifier: Apache-2.0
#pragma once
// What of a run's facts names the environment that a baseline is of, and what may move bits within it. The
// hardware names it: a kind of processor, a kind of card. What changes over time on the same hardware
// (libraries, drivers, LibTorch, Python's packages, reprise itself) is what a baseline is there to notice.
#include <string>
#include <vector>

#include "harness/machine/facts.h"

namespace reprise {

// The processor's architecture, model and instruction sets; the GPU's model and size. No single card: two of
// one kind are one environment.
Facts hardware_of(const Facts& facts);
Facts software_of(const Facts& facts);

// "Intel Xeon, NVIDIA H100", for people.
std::string environment_words(const Facts& hardware);

// The names in which two differ, sorted; of long values and digests the names say enough.
std::vector<std::string> differing(const Facts& a, const Facts& b);
// "libtorch.version: 2.10.0, now 2.11.0", for people.
std::string change_words(const std::string& name, const Facts& before, const Facts& now);

}  // namespace reprise
