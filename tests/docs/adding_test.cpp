// SPDX-License-Identifier: Apache-2.0
// What docs/adding.md shows is compiled into this test, and does what the page says.
#include <catch2/catch.hpp>
#include <sstream>

#include "harness/launch/axis.h"
#include "harness/launch/recipe.h"
#include "reports/format.h"

namespace reprise {
namespace axes {
extern const Axis interop_threads;
}
namespace formats {
extern const Format line;
}
}  // namespace reprise

using namespace reprise;

TEST_CASE("the page's axis sets its pin and refuses what is no count") {
  Plan plan;
  plan.pins = default_pins();
  axes::interop_threads.apply(plan, "4");
  CHECK(plan.pins.at("interop-threads") == "4");
  CHECK_THROWS(axes::interop_threads.apply(plan, "many"));
}

TEST_CASE("the page's format writes its line") {
  Report report;
  report.recipe = "waves";
  report.headline = "All runs are identical.";
  std::ostringstream out;
  formats::line.render(report, out);
  CHECK(out.str() == "waves: All runs are identical.\n");
}

TEST_CASE("the page's recipe is a recipe") {
  const Recipe recipe = read_recipe(REPRISE_PAGE "/recipes/line-fit.toml");
  CHECK(recipe.defaults.program == "line-fit");
  CHECK(recipe.defaults.steps == 20);
}
