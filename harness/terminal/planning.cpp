// SPDX-License-Identifier: Apache-2.0
#include "harness/terminal/planning.h"

#include "harness/base/text.h"

namespace reprise {

Planned planned_matrix(const LaunchChoices& choices, const Recipe& recipe,
                       const std::vector<std::string>& axes, Design design) {
  std::vector<AxisChoice> typed;
  for (const auto& text : axes) typed.push_back(parse_axis(text));
  Planned result =
      expand(plan_of(recipe, typed_choices(choices)), typed, design, chosen_site(choices).devices());
  for (const auto& plan : result.plans) check_choices(recipe, plan);
  return result;
}

std::vector<Run> runs_of(const Planned& plan) {
  std::vector<Run> runs;
  for (std::size_t i = 0; i < plan.plans.size(); ++i) {
    const auto& configuration = plan.matrix.configurations[i];
    const auto repeat = configuration.values.find("repeat");
    const auto count = repeat == configuration.values.end() ? std::nullopt : to_integer(repeat->second);
    runs.push_back({configuration.name, plan.plans[i], static_cast<int>(count.value_or(1))});
  }
  return runs;
}

}  // namespace reprise
