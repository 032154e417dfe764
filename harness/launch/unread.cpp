// SPDX-License-Identifier: Apache-2.0
#include "harness/launch/unread.h"

#include <algorithm>

#include "harness/machine/cpu.h"
#include "harness/plan/devices.h"

namespace reprise {
namespace {

// Whether `other` is `one` with that factor at its first value.
bool is_first_of(const Configuration& other, const Configuration& one, const Factor& factor) {
  return std::ranges::all_of(one.values, [&](const auto& entry) {
    const auto& [name, value] = entry;
    const auto found = other.values.find(name);
    return found != other.values.end() &&
           found->second == (name == factor.name ? factor.values.front() : value);
  });
}

}  // namespace

Host this_host(const Plan& plan) {
  static const Cpu cpu = this_cpu();
  // Of an emulated processor nothing is known before it ran.
  if (plan.placement.cpu != Placement{}.cpu) return {};
  return host_of(cpu, plan.command && gpus_for_runs().trouble.empty());
}

std::string no_evidence_here(const Plan& a, const Plan& b) {
  return no_evidence(a, this_host(a), b, this_host(b));
}

std::vector<std::string> unread_here(const Planned& planned) {
  const auto& configurations = planned.matrix.configurations;
  std::vector<std::string> reasons(configurations.size());
  for (std::size_t i = 0; i < configurations.size(); ++i)
    for (const auto& factor : planned.matrix.factors) {
      if (factor.name == "repeat" || configurations[i].values.at(factor.name) == factor.values.front())
        continue;
      for (std::size_t j = 0; j < configurations.size() && reasons[i].empty(); ++j)
        if (is_first_of(configurations[j], configurations[i], factor))
          reasons[i] = no_evidence_here(planned.plans[j], planned.plans[i]);
    }
  return reasons;
}

}  // namespace reprise
