// SPDX-License-Identifier: Apache-2.0
// What the two devices let expect stands in every format of a report, with what came of it.
#include <catch2/catch.hpp>

#include "reports/sample.h"

using namespace reprise;

namespace {

Evidence on_two_cards(const char* processors, std::size_t in_class) {
  Evidence evidence = two_equal();
  for (auto& trace : evidence.diff.traces) {
    trace.pins["rng"] = "device";
    trace.largest_weight = 1000000;
    trace.facts["gpu.name"] = "card";
    trace.facts["gpu.uuid"] = "GPU-1";
    trace.facts["gpu.capability"] = "8.6";
    trace.facts["gpu.processors"] = "80";
    trace.facts["gpu.threads_per_processor"] = "1536";
  }
  evidence.diff.traces[1].facts["gpu.uuid"] = "GPU-2";
  evidence.diff.traces[1].facts["gpu.processors"] = processors;
  if (in_class == 0) return evidence;
  evidence.diff.traces[1].in_class = 1;
  evidence.diff.classes[0].members = {0};
  evidence.diff.classes.push_back({"B", {1}, evidence.diff.classes[0].losses});
  ClassDivergence divergence;
  divergence.b = 1;
  divergence.first.stage = "weights";
  divergence.first.tensor = "fc1.weight";
  divergence.first.stage_first[static_cast<std::size_t>(Stage::weights)] = 0;
  evidence.diff.divergences = {divergence};
  return evidence;
}

std::optional<Mark> prediction(const Report& report) {
  for (const auto& block : all_of<blocks::Marks>(report))
    for (const auto& mark : block.marks)
      if (mark.text.find("predicted from the two devices") != std::string::npos) return mark;
  return std::nullopt;
}

}  // namespace

TEST_CASE("a report says what two cards let expect and whether it came true") {
  const struct {
    const char* processors;
    std::size_t in_class;
    Mood mood;
    const char *expected, *found;
  } rows[] = {
      {"80", 0, Mood::good, "expect zero differences", "It came true: no bit differs"},
      {"80", 1, Mood::bad, "expect zero differences", "It did not come true: they part before training"},
      {"58", 1, Mood::good, "random numbers differ, before training",
       "It came true: the initial weights differ"},
      {"58", 0, Mood::bad, "random numbers differ, before training", "It did not come true"}};
  for (const auto& row : rows) {
    INFO(row.processors << " processors, class " << row.in_class);
    const Report report = on_two_cards(row.processors, row.in_class).report();
    const auto mark = prediction(report);
    REQUIRE(mark);
    CHECK(mark->mood == row.mood);
    CHECK(mark->text.find(row.expected) != std::string::npos);
    CHECK(mark->text.find(row.found) != std::string::npos);
    for (const auto& format : formats_for_people())
      CHECK(unwrapped(rendered(report, format)).find(row.found) != std::string::npos);
  }
}

TEST_CASE("a report of runs on the CPU predicts nothing") {
  CHECK_FALSE(prediction(sample().report()));
  CHECK_FALSE(prediction(two_equal().report()));
}
