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

}  // namespace reprise
