// SPDX-License-Identifier: Apache-2.0
#include "reports/lookup.h"

namespace reprise {

const FactorVerdict* factor_named(const Verdict& verdict, std::string_view name) {
  for (const auto& factor : verdict.factors)
    if (factor.factor.name == name) return &factor;
  return nullptr;
}

const Configuration* configuration_named(const Matrix& matrix, const std::string& name) {
  for (const auto& configuration : matrix.configurations)
    if (configuration.name == name) return &configuration;
  return nullptr;
}

const ClassDivergence* from_first(const Diff& diff, std::size_t index) {
  return divergence_between(diff, 0, index);
}

bool holds_one_plan_twice(const Diff& diff, const ClassDivergence& divergence) {
  for (const auto i : diff.classes[divergence.a].members)
    for (const auto j : diff.classes[divergence.b].members)
      if (diff.traces[i].plan_id == diff.traces[j].plan_id) return true;
  return false;
}

}  // namespace reprise
