// SPDX-License-Identifier: Apache-2.0
// What docs/adding.md shows is compiled into this test, and does what the page says.
#include <catch2/catch.hpp>
#include <sstream>

#include "harness/checkpoint/format.h"
#include "harness/plan/axis.h"
#include "harness/plan/recipe.h"
#include "reports/format.h"
#include "reports/section.h"

namespace reprise {
namespace axes {
extern const Axis interop_threads;
}
namespace formats {
extern const Format line;
}
namespace sections {
extern const SectionComposer learned;
}
namespace checkpoint_formats {
extern const CheckpointFormat raw_floats;
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

TEST_CASE("the page's section stands in every format that shows blocks or members") {
  Diff diff;
  diff.classes = {{"A", {0}, {2.5, 0.25}}, {"B", {1}, {}}};
  const Verdict verdict;
  const Matrix matrix;
  const std::optional<Metric> metric;
  const CloserLook closer;
  Report report;
  report.sections = {sections::learned.compose({diff, verdict, matrix, metric, closer, Report()})};
  report.sections[0].key = "learned";
  CHECK(member_of(report, "learned").dump() == R"([{"class":"A","first":2.5,"last":0.25}])");
  for (const auto& [name, format] : formats_shelf()) {
    INFO(name);
    std::ostringstream out;
    format->render(report, out);
    const bool counts_checks = std::string_view(format->extension) == "xml";
    CHECK((out.str().find("0.25") != std::string::npos) != counts_checks);
  }
}

TEST_CASE("the page's format of checkpoints reads its floats and refuses half a one") {
  const auto candidate = [](std::string_view text) {
    return Candidate{"file", false, {std::as_bytes(std::span(text)), nullptr}};
  };
  const auto& format = checkpoint_formats::raw_floats;
  CHECK(format.fit(candidate("FLOATS\n12345678")) == Fit::yes);
  CHECK(format.fit(candidate("floats")) == Fit::no);
  const CheckpointFile found = format.read(candidate("FLOATS\n12345678"));
  CHECK(found.tensors.at(0).shape == std::vector<std::int64_t>{2});
  CHECK(row_major(found.tensors[0]).bytes.size() == 8);
  CHECK_THROWS(format.read(candidate("FLOATS\n123")));
}

TEST_CASE("the page's recipe is a recipe") {
  const Recipe recipe = read_recipe(REPRISE_PAGE "/recipes/line-fit.toml");
  CHECK(recipe.defaults.program == "line-fit");
  CHECK(recipe.defaults.steps == 20);
}
