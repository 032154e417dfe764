// SPDX-License-Identifier: Apache-2.0
#pragma once
// A window of operators over the first steps.
#include "harness/plan/plan.h"

namespace reprise {

inline Watch watching() {
  Watch watch;
  watch.ops.first = 1;
  watch.ops.last = 3;
  return watch;
}

}  // namespace reprise
