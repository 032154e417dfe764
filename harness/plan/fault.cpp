// SPDX-License-Identifier: Apache-2.0
#include "harness/plan/fault.h"

namespace reprise {

std::vector<std::string> faults_of_steps() {
  std::vector<std::string> names;
  for (const auto& [name, fault] : faults_shelf())
    if (fault->plan == nullptr) names.emplace_back(name);
  return names;
}

}  // namespace reprise
