// SPDX-License-Identifier: Apache-2.0
#pragma once
// Which factors decide the class of a configuration.
#include <string>
#include <vector>

#include "harness/matrix/matrix.h"

namespace reprise {

struct Explanation {
  std::vector<std::vector<std::string>> sets;  // all smallest ones, in the factors' order
  bool explained = true;
};

// `configurations[i]` is of class `classes[i]`. The repeat factor explains nothing: a set that needs it says
// that runs of one plan differ.
Explanation explain(const std::vector<Factor>& factors,
                    const std::vector<const Configuration*>& configurations,
                    const std::vector<std::size_t>& classes);

}  // namespace reprise
