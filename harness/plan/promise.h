// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a factor promises against the baseline.
#include <span>

#include "harness/base/words.h"

namespace reprise {

enum class Promise {
  bitwise,      // it must not move the bits
  numeric,      // it may, within the metric's margin
  statistical,  // it is meant to
  none          // nothing is promised: what it does is a finding, whatever it is
};
std::span<const Word<Promise>> words_of(Promise promise);

}  // namespace reprise
