// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "fixed_setup.h"
#include "harness/plan/batch_order.h"
#include "harness/record/training/run_setup.h"
#include "scratch.h"

using namespace reprise;
using Catch::Matchers::Contains;

TEST_CASE("parameters are given back by type, a whole number also as a number") {
  FixedSetup setup;
  setup.plan_.parameters = {{"lr", 0.5}, {"width", std::int64_t{3}}, {"model", std::string("mlp")}};
  REQUIRE(setup.number("lr") == 0.5);
  REQUIRE(setup.number("width") == 3.0);
  REQUIRE(setup.integer("width") == 3);
  REQUIRE(setup.text("model") == "mlp");
}

TEST_CASE("an unknown parameter, and one of another type, is a sentence") {
  FixedSetup setup;
  setup.plan_.parameters = {{"lr", 0.5}, {"model", std::string("mlp")}};
  const auto unknown = error_of([&] { setup.text("modl"); });
  CHECK_THAT(unknown, Contains("program fixed") && Contains("did you mean 'model'"));
  const auto mistyped = error_of([&] { setup.integer("lr"); });
  CHECK_THAT(mistyped, Contains("wanted a whole number for parameter lr, found 0.5"));
  CHECK_THAT(error_of([&] { setup.number("model"); }),
             Contains("wanted a number for parameter model, found \"mlp\""));
}

TEST_CASE("metrics are due every so many steps and after the last") {
  FixedSetup setup;
  std::vector<std::int64_t> due;
  for (std::int64_t i = 1; i <= 10; ++i)
    if (setup.evaluates(i)) due.push_back(i);
  REQUIRE(due == std::vector<std::int64_t>{4, 8, 10});
  setup.plan_.evaluate_every = 0;
  CHECK_FALSE(setup.evaluates(4));
  REQUIRE(setup.evaluates(10));
}

TEST_CASE("the batch of a step is the plan's batch order") {
  Plan plan = FixedSetup().plan_;
  const RunSetup setup(plan);
  BatchOrder order(plan);
  for (const std::int64_t step : {1, 2, 5, 10, 3}) {
    const at::Tensor batch = setup.batch(step);
    const auto samples = order.batch(step);
    REQUIRE(batch.numel() == static_cast<std::int64_t>(samples.size()));
    for (std::size_t k = 0; k < samples.size(); ++k)
      REQUIRE(static_cast<std::uint64_t>(batch.const_data_ptr<std::int64_t>()[k]) == samples[k]);
    REQUIRE(setup.samples(step) == samples);
  }
}

TEST_CASE("too little data for the plan, and data that was never shown, are Errors") {
  Plan plan = FixedSetup().plan_;
  const RunSetup setup(plan);
  CHECK_THAT(error_of([&] { setup.shown_data(); }), Contains("did not show its data"));
  const at::Tensor x = at::arange(5, at::kLong);
  CHECK_THAT(error_of([&] {
               setup.show_data({{"x", x}}, 5);
             }),
             Contains("8 samples") && Contains("the data has 5") && Contains("choose samples <= 5"));
  setup.show_data({{"x", x}}, 8);
  REQUIRE(setup.shown_data().size() == 1);
  REQUIRE(setup.shown_data()[0].dtype == "I64");
}

TEST_CASE("data that the recipe does not name is an Error with the nearest name") {
  Plan plan = FixedSetup().plan_;
  plan.data = {{"train", "a/b.npy", std::string(64, '0'), "nowhere"}};
  const RunSetup setup(plan);
  CHECK_THAT(error_of([&] { setup.data("trian"); }), Contains("did you mean 'train'"));
}
