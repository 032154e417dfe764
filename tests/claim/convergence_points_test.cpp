// SPDX-License-Identifier: Apache-2.0
// The worked examples of MLPerf's rules, and what its checker makes of them.
#include "harness/judge/claim/convergence_points.h"

#include <catch2/catch.hpp>
#include <cmath>

using namespace reprise;

namespace {

const std::vector<double> at_128 = {16, 14, 16, 17, 16, 16, 15, 16, 15, 16};
const std::vector<double> at_256 = {20, 21, 21, 20, 22, 22, 21, 21, 20, 20};

}  // namespace

TEST_CASE("the worked examples of the rules and of the checker are both reached") {
  struct Row {
    double batch;
    const std::vector<double>& runs;
    DeviationOf which;
    double mean, sd, least, speedup;
  };
  const Row rows[] = {{128, at_128, DeviationOf::rules, 15.75, 0.433013, 15.212621, 3.5325},
                      {128, at_128, DeviationOf::checker, 15.75, 0.781025, 14.780730, 6.5577},
                      {256, at_256, DeviationOf::rules, 20.75, 0.661438, 19.929140, 4.1189},
                      {256, at_256, DeviationOf::checker, 20.75, 0.748331, 19.821303, 4.6853}};
  for (const auto& row : rows) {
    const ConvergencePoint point = reference_point(row.batch, row.runs, row.which);
    CHECK(point.mean == Approx(row.mean));
    CHECK(point.n == 8);
    CHECK(point.sd == Approx(row.sd).margin(6e-7));
    const double least = least_mean(point, 5);
    CHECK(least == Approx(row.least).margin(6e-7));
    CHECK(100 * (point.mean / least - 1) == Approx(row.speedup).margin(6e-5));
  }
}

TEST_CASE("between two batch sizes both mean and deviation are on the line") {
  const std::vector<ConvergencePoint> points = {reference_point(128, at_128, DeviationOf::rules),
                                                reference_point(256, at_256, DeviationOf::rules)};
  const auto point = point_at(points, 192);
  REQUIRE(point);
  CHECK(point->mean == Approx(18.25));
  CHECK(point->sd == Approx(0.547225).margin(6e-7));
  CHECK(point_at(points, 64)->mean == Approx(15.75));
  CHECK_FALSE(point_at(points, 512).has_value());
}

TEST_CASE("a submission passes, is scaled, is too fast, or did not converge") {
  const ConvergencePoint point = reference_point(128, at_128, DeviationOf::rules);
  CHECK(judge_convergence(point, std::vector<double>{16, 16, 16, 16, 16}).result == Convergence::passes);
  const auto scaled = judge_convergence(point, std::vector<double>{15.5, 15.5, 15.5, 15.5, INFINITY});
  CHECK(scaled.result == Convergence::scaled);
  CHECK(scaled.factor == Approx(15.75 / 15.5));
  CHECK(judge_convergence(point, std::vector<double>{15, 15, 15, 15, 16}).result == Convergence::too_fast);
  CHECK(judge_convergence(point, std::vector<double>{16, 16, 16, INFINITY, INFINITY}).result ==
        Convergence::not_converged);
}

TEST_CASE("points below the fastest and points slower than their neighbours say are dropped") {
  const auto kept =
      pruned({{64, 17, 1, 8}, {128, 15, 1, 8}, {256, 19, 1, 8}, {384, 18, 1, 8}, {512, 20, 1, 8}});
  REQUIRE(kept.size() == 3);
  CHECK(kept[0].batch == 128);
  CHECK(kept[1].batch == 384);
}

TEST_CASE("of more runs than wanted the window of the median score counts") {
  const std::vector<double> runs = {1, 2, 3, 4, 5};
  CHECK(median_window(runs, 3) == std::vector<double>{2, 3, 4});
  CHECK(median_window(runs, 5) == runs);
}
