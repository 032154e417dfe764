// SPDX-License-Identifier: Apache-2.0
// Rectified flow against its equations, and JanusFlow's recipe as the TOML says it, at tiny size: it learns,
// repeats itself and goes on from a checkpoint to the same bits.
#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/full.h>
#include <ATen/ops/tensor.h>

#include <catch2/catch.hpp>

#include "recipes/vision/janusflow_model.h"
#include "recipes/vision/janusflow_training.h"
#include "recipes/vision/number_words.h"
#include "recipes/vision/rectified_flow.h"
#include "recipes/vision/step_draws.h"
#include "tiny_digits.h"
#include "vision_reference.h"

using namespace reprise;
using Catch::Matchers::Contains;

namespace {

double item(const at::Tensor& one) { return one.item().toDouble(); }

class Tiny : public TinyDigits {
 public:
  explicit Tiny(std::int64_t steps = 100)
      : TinyDigits(
            "janusflow-tiny", steps,
            tiny_unified(
                {{"channels", std::int64_t{16}}, {"flow_steps", std::int64_t{3}}, {"ema_decay", 0.8}})) {
    plan_.evaluate_every = 50;
  }
};

JanusflowShape tiny_shape() {
  return {.unified = {.width = 8,
                      .layers = 1,
                      .heads = 2,
                      .ffn = 12,
                      .features = 4,
                      .groups = 2,
                      .length = word_length + 1 + image_tokens},
          .channels = 4};
}

}  // namespace

TEST_CASE("a flow goes straight from noise to image, and its velocity is their difference") {
  const at::Tensor x = numbers({3, 1, 2, 2}), noise = numbers({3, 1, 2, 2}, 4);
  const std::vector<double> times{0, 0.25, 1};
  const at::Tensor z = between(x, noise, by_sample(times, x));
  for (std::int64_t row = 0; row < 3; ++row) {
    const double t = times[static_cast<std::size_t>(row)];
    REQUIRE(z[row].allclose(t * x[row] + (1 - t) * noise[row], 0, 1e-15));
  }
  // Its derivative by the time is what the model has to tell.
  const at::Tensor later = between(x, noise, by_sample({1e-6, 0.25 + 1e-6, 1 - 1e-6}, x));
  REQUIRE(((later - z)[1] / 1e-6).allclose((x - noise)[1], 1e-6, 1e-6));
}

TEST_CASE("times are logistic functions of normal numbers, in double") {
  const auto times = logistic_of(at::tensor({0.0, 1.0, -1.0, 6.0}, at::kDouble).to(at::kFloat));
  REQUIRE(times[0] == 0.5);
  REQUIRE(times[1] == 1 / (1 + std::exp(-1.0)));
  REQUIRE(times[1] + times[2] == Approx(1).epsilon(1e-15));
  REQUIRE(times[3] < 1);
}

TEST_CASE("a flow is followed by equal steps of Euler's method") {
  std::vector<double> asked;
  const at::Tensor end = followed(at::full({1}, 1.0, at::kDouble), 4, [&](const at::Tensor& z, double t) {
    asked.push_back(t);
    return z;
  });
  REQUIRE(asked == std::vector<double>{0, 0.25, 0.5, 0.75});
  REQUIRE(item(end) == Approx(std::pow(1.25, 4)).epsilon(1e-14));
  CHECK_THAT(error_of([] { followed({}, 0, {}); }), Contains("flow_steps of 1 or more"));
}

TEST_CASE("misalignment is minus the mean cosine") {
  const at::Tensor a = numbers({2, 3, 4}), b = numbers({2, 3, 4}, 6);
  double sum = 0;
  for (std::int64_t i = 0; i < 2; ++i)
    for (std::int64_t j = 0; j < 3; ++j) {
      const Row x = row_of(a[i][j]), y = row_of(b[i][j]);
      double dot = 0, xx = 0, yy = 0;
      for (std::size_t k = 0; k < 4; ++k) {
        dot += x[k] * y[k];
        xx += x[k] * x[k];
        yy += y[k] * y[k];
      }
      sum += dot / std::sqrt(xx * yy);
    }
  REQUIRE(item(misalignment(a, b)) == Approx(-sum / 6));
  REQUIRE(item(misalignment(a, 3 * a)) == Approx(-1));
}

TEST_CASE("the velocity depends on image, time and words, and guidance mixes it with that without words") {
  const DoubleSetup setup;
  Parameters made(setup);
  const JanusflowModel model(made, setup, tiny_shape());
  const at::NoGradGuard none;
  const at::Tensor z = numbers({2, 1, 28, 28}), words = words_for(at::tensor({1, 2}, at::kLong));
  const auto told = model.tell(z, {0.1, 0.9}, words);
  REQUIRE(told.velocity.sizes() == z.sizes());
  REQUIRE(told.aligned.sizes() == at::IntArrayRef({2, image_tokens, 4}));
  REQUIRE(model.tell(z.narrow(0, 1, 1), {0.9}, words.narrow(0, 1, 1))
              .velocity.allclose(told.velocity.narrow(0, 1, 1)));
  REQUIRE_FALSE(model.tell(z, {0.2, 0.9}, words).velocity[0].allclose(told.velocity[0], 1e-9, 1e-12));
  REQUIRE_FALSE(model.tell(z, {0.1, 0.9}, words.flip(0)).velocity.allclose(told.velocity, 1e-9, 1e-12));
  const at::Tensor empty = words * 0;
  const at::Tensor expected =
      z + 3 * model.tell(z, {0, 0}, words).velocity - 2 * model.tell(z, {0, 0}, empty).velocity;
  REQUIRE(model.drawn(z, words, 3, 1).allclose(expected));
}

TEST_CASE("janusflow-tiny learns to name and to draw, repeats its bits, and resumes to the same bits") {
  const Tiny tiny;
  const auto one = tiny.begin(), other = tiny.begin();
  train_to(*one, 1, 30);
  const State saved = copy_of(one->state());
  const double early = metric_of(train_to(*one, 31, 50), "flow_loss");
  const StepResult last = train_to(*one, 51, 100);
  REQUIRE(metric_of(last, "flow_loss") < early);
  // Telling nothing costs about 1 for the noise and 1 for the pixels.
  REQUIRE(metric_of(last, "flow_loss") < 1.2);
  REQUIRE(metric_of(last, "accuracy") >= 40);  // guessing: 10
  REQUIRE(last.metrics.back().first == "agreement");
  const auto resumed = tiny.begin();
  resumed->restore(30, saved);
  REQUIRE(train_to(*resumed, 31, 100).metrics == last.metrics);
  REQUIRE(same(one->state(), resumed->state()));
  REQUIRE(train_to(*other, 1, 100).metrics == last.metrics);
  REQUIRE(same(one->state(), other->state()));
}

TEST_CASE("choices of janusflow that cannot be are one sentence before anything is trained") {
  const auto said = [](const std::string& parameter, const Scalar& value) {
    Tiny tiny;
    tiny.plan_.parameters[parameter] = value;
    return error_of([&] { tiny.begin(); });
  };
  CHECK_THAT(said("flow_steps", std::int64_t{0}), Contains("flow_steps of 1 or more"));
  CHECK_THAT(said("channels", std::int64_t{15}), Contains("groups=2 and 15 channels"));
  CHECK_THAT(said("layers", std::int64_t{0}), Contains("layers of 1 or more"));
  CHECK_THAT(said("drawn", std::int64_t{-2}), Contains("drawn of 0 or more"));
}
