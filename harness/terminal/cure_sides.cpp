// SPDX-License-Identifier: Apache-2.0
#include "harness/terminal/cure_sides.h"

#include <algorithm>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/evidence/told_apart.h"
#include "harness/terminal/bisect_sides.h"
#include "harness/terminal/planning.h"

namespace reprise {
namespace {

CureOrder order_of_runs(const std::vector<std::string>& what) {
  const BisectSides both = sides_of_traces(what);
  const Plan &a = both.sides[0].run.plan, &b = both.sides[1].run.plan;
  if (const auto difference = sources_difference(a, b); !difference.empty())
    fail("{} and {} train different recipes ({}); a cure is for two runs of one recipe", both.sides[0].name,
         both.sides[1].name, difference);
  if (plan_id(a) == plan_id(b))
    fail(
        "{} and {} are two runs of one plan; whether that repeats is what `reprise cure RECIPE --axis "
        "repeat=2` asks",
        both.sides[0].name, both.sides[1].name);
  CureOrder order;
  order.axis = "what differs between the two runs";
  for (const auto& side : both.sides) {
    order.sides.push_back(side.run);
    order.sides.back().repeat = 1;
  }
  return order;
}

std::string axes_words(const Matrix& matrix) {
  std::vector<std::string> names;
  for (const auto& factor : matrix.factors) names.push_back(factor.name);
  return join(names, " and ");
}

// "threads=1" of each side; of the baseline too, whose configuration has no name of its own.
std::string side_name(const Matrix& matrix, const Configuration& configuration) {
  std::vector<std::string> words;
  for (const auto& factor : matrix.factors)
    words.push_back(factor.name + "=" + configuration.values.at(factor.name));
  return join(words, " ");
}

}  // namespace

CureOrder cure_order(const LaunchChoices& choices, const std::vector<std::string>& what,
                     const std::vector<std::string>& axes) {
  if (what.size() == 2) return order_of_runs(what);
  if (axes.empty())
    fail(
        "wanted --axis NAME=V1,V2, which moves the bits and should not (`reprise list axes`), or two run "
        "folders; "
        "found neither");
  const Planned planned = planned_matrix(choices, chosen_recipe(choices), axes, Design::one);
  for (const auto& factor : planned.matrix.factors)
    if (factor.promise == Promise::statistical)
      fail("axis {} is meant to move the bits: it is another training, and there is nothing to cure",
           factor.name);
  if (planned.plans.size() < 2)
    fail("wanted at least two values of an axis, found one; try --axis threads=1,2");
  CureOrder order;
  order.axis = axes_words(planned.matrix);
  order.sides = runs_of(planned);
  for (std::size_t i = 0; i < order.sides.size(); ++i)
    order.sides[i].name = side_name(planned.matrix, planned.matrix.configurations[i]);
  return order;
}

}  // namespace reprise
