// SPDX-License-Identifier: Apache-2.0
// The tables were simulated with 6,000 repetitions (standard error of an entry at most 0.006) and printed
// with two digits: an entry may be off by three of the one and half of the other.
#include "harness/judge/claim/power.h"

#include <catch2/catch.hpp>
#include <vector>

#include "harness/judge/verdict/statistics.h"

using namespace reprise;

namespace {

struct Row {
  double by;  // standard deviations
  std::vector<double> power;
};

PlannedSide side(std::size_t n) { return {1, n, false}; }
constexpr double off = 3 * 0.006 + 0.005;

}  // namespace

TEST_CASE("the power of Welch's test agrees with the simulated table") {
  const std::vector<std::size_t> counts = {3, 5, 8, 10, 17, 20, 30, 64};
  const std::vector<Row> rows = {
      {0.5, {.05, .10, .16, .19, .28, .34, .47, .81}}, {0.8, {.09, .19, .32, .39, .62, .69, .85, 1}},
      {1.0, {.12, .27, .46, .56, .80, .86, .96, 1}},   {1.5, {.23, .53, .79, .88, .99, 1, 1, 1}},
      {2.0, {.37, .77, .96, .99, 1, 1, 1, 1}},         {3.0, {.68, .98, 1, 1, 1, 1, 1, 1}}};
  for (const auto& row : rows)
    for (std::size_t i = 0; i < counts.size(); ++i) {
      INFO("shift " << row.by << ", n " << counts[i]);
      CHECK(welch_power(side(counts[i]), side(counts[i]), row.by) == Approx(row.power[i]).margin(off));
    }
}

TEST_CASE("the power of TOST agrees with the simulated table") {
  const std::vector<std::size_t> counts = {3, 5, 8, 10, 18, 20, 30, 70};
  const std::vector<Row> rows = {{0.5, {0, 0, 0, 0, .02, .03, .22, .80}},
                                 {1.0, {.02, .06, .22, .38, .81, .85, .97, 1}},
                                 {1.5, {.12, .39, .76, .88, .99, 1, 1, 1}},
                                 {2.0, {.31, .76, .97, .99, 1, 1, 1, 1}},
                                 {3.0, {.74, .99, 1, 1, 1, 1, 1, 1}}};
  for (const auto& row : rows)
    for (std::size_t i = 0; i < counts.size(); ++i) {
      INFO("margin " << row.by << ", n " << counts[i]);
      CHECK(tost_power(side(counts[i]), side(counts[i]), row.by) == Approx(row.power[i]).margin(off));
    }
}

TEST_CASE("the rule of thumb for equal arms agrees with the exact power") {
  CHECK(runs_needed(1, 1) == 18);
  CHECK(runs_needed(1, 0.5) == 69);
  CHECK(tost_power(side(18), side(18), 1) == Approx(0.8).margin(0.02));
  CHECK(tost_power(side(69), side(69), 0.5) == Approx(0.8).margin(0.02));
}

TEST_CASE("a claim may be too imprecise for any number of runs") {
  CHECK(least_margin(0.3, 5) == Approx(0.286).margin(6e-4));
  CHECK(least_margin(0.670820, 5) == Approx(0.640).margin(6e-4));
  CHECK_FALSE(own_runs_needed(0.3, {0.3, 5, true}, 0.25).has_value());
  CHECK_FALSE(own_runs_needed(0.3, {0.670820, 5, true}, 0.5).has_value());
}

TEST_CASE("the number of runs needed is the smallest that has the power") {
  const PlannedSide published{0.3, 20, true};
  const auto needed = own_runs_needed(0.3, published, 0.5);
  REQUIRE(needed.has_value());
  CHECK(tost_power({0.3, *needed, false}, published, 0.5) >= wanted_power);
  CHECK(tost_power({0.3, *needed - 1, false}, published, 0.5) < wanted_power);
  const auto stricter = own_runs_needed(0.3, published, 0.5, 0.0125);
  REQUIRE(stricter.has_value());
  CHECK(*stricter > *needed);
}

TEST_CASE("one published number needs a margin of more than its own noise") {
  CHECK_FALSE(own_runs_needed_alike(1, 1, 1).has_value());
  const auto of_many = own_runs_needed_alike(1, 50, 1);
  REQUIRE(of_many.has_value());
  CHECK(tost_power_alike(1, *of_many, 50, 1) >= wanted_power);
  CHECK(tost_power_alike(1, *of_many - 1, 50, 1) < wanted_power);
  CHECK(own_runs_needed_alike(1, 1, 4).has_value());
}

TEST_CASE("sides without spread are known exactly") {
  CHECK(tost_power({0, 3, false}, {0, 3, false}, 1) == Approx(1));
  CHECK(tost_power({0, 3, false}, {0, 3, false}, 1, 2) == Approx(0));
}
