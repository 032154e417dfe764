// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/explain/explaining.h"

#include <bit>
#include <map>
#include <set>

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
  std::vector<std::string> names;
  for (const auto& factor : factors) {
    std::set<std::string> taken;
    for (const auto* configuration : configurations) taken.insert(configuration->values.at(factor.name));
    if (factor.name != "repeat" && taken.size() > 1) names.push_back(factor.name);
  }
  Explanation explanation;
  explanation.explained = decides(names, configurations, classes);
  // Every subset is tried; beyond 20 factors that would take too long, and all of them are named together.
  if (explanation.explained)
    explanation.sets = names.size() > 20 ? std::vector<std::vector<std::string>>{names}
                                         : smallest_sets(names, configurations, classes);
  return explanation;
}

}  // namespace reprise
