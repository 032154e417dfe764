// SPDX-License-Identifier: Apache-2.0
#include "bench/spread.h"

#include <algorithm>

#include "harness/base/error.h"

namespace reprise {

Json spread(std::vector<double> values) {
  check(!values.empty(), "there is a round");
  std::ranges::sort(values);
  return {{"median", values[values.size() / 2]},
          {"least", values.front()},
          {"most", values.back()},
          {"rounds", values.size()}};
}

}  // namespace reprise
