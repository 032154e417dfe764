// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/explaining.h"

#include <bit>
#include <map>
#include <set>

#include "harness/base/error.h"

namespace reprise {
namespace {

bool decides(const std::vector<std::string>& names, const std::vector<const Configuration*>& configurations,
             const std::vector<std::size_t>& classes) {
  std::map<std::vector<std::string>, std::size_t> class_of;
  for (std::size_t i = 0; i < configurations.size(); ++i) {
    std::vector<std::string> key;
    for (const auto& name : names) key.push_back(configurations[i]->values.at(name));
    if (!class_of.emplace(key, classes[i]).second && class_of.at(key) != classes[i]) return false;
  }
  return true;
}

std::vector<std::vector<std::string>> smallest_sets(const std::vector<std::string>& names,
                                                    const std::vector<const Configuration*>& configurations,
                                                    const std::vector<std::size_t>& classes) {
  check(names.size() <= 20, "a matrix has at most 20 factors");
  std::vector<std::vector<std::string>> sets;
  for (int size = 1; size <= static_cast<int>(names.size()) && sets.empty(); ++size)
    for (std::uint32_t mask = 1; mask < std::uint32_t{1} << names.size(); ++mask) {
      if (std::popcount(mask) != size) continue;
      std::vector<std::string> chosen;
      for (std::size_t i = 0; i < names.size(); ++i)
        if ((mask >> i & 1) != 0) chosen.push_back(names[i]);
      if (decides(chosen, configurations, classes)) sets.push_back(chosen);
    }
  return sets;
}

}  // namespace

Explanation explain(const std::vector<Factor>& factors,
                    const std::vector<const Configuration*>& configurations,
                    const std::vector<std::size_t>& classes) {
  if (std::set(classes.begin(), classes.end()).size() < 2) return {};
  std::vector<std::string> names, with_repeat;
  for (const auto& factor : factors) {
    if (factor.name != "repeat") names.push_back(factor.name);
    with_repeat.push_back(factor.name);
  }
  Explanation explanation{smallest_sets(names, configurations, classes), true};
  // A set that needs the repeat explains nothing: it says that runs of one plan differ.
  explanation.explained = !explanation.sets.empty();
  return explanation;
}

}  // namespace reprise
