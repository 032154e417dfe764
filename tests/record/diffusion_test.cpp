// SPDX-License-Identifier: Apache-2.0
// The parts of latent diffusion against their equations, and its recipe as the TOML says it, at tiny size: it
// learns, repeats itself and goes on from checkpoints of both its stages to the same bits.
#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/full.h>
#include <ATen/ops/zeros.h>

#include <catch2/catch.hpp>
#include <set>

#include "recipes/vision/autoencoder.h"
#include "recipes/vision/diffusion_training.h"
#include "recipes/vision/image_layers.h"
#include "recipes/vision/noise_schedule.h"
#include "recipes/vision/number_words.h"
#include "recipes/vision/step_draws.h"
#include "recipes/vision/unet.h"
#include "recipes/vision/weight_ema.h"
#include "tiny_digits.h"
#include "vision_reference.h"

using namespace reprise;
using Catch::Matchers::Contains;

namespace {

double item(const at::Tensor& one) { return one.item().toDouble(); }

std::map<std::string, Scalar> tiny_choices() {
  return {{"autoencoder_steps", std::int64_t{30}},
          {"autoencoder_channels", std::int64_t{4}},
          {"channels", std::int64_t{8}},
          {"groups", std::int64_t{2}},
          {"heads", std::int64_t{2}},
          {"context", std::int64_t{6}},
          {"diffusion_steps", std::int64_t{50}},
          {"test_samples", std::int64_t{20}},
          {"warmup", std::int64_t{5}},
          {"lr", 0.005}};
}

class Tiny : public TinyDigits {
 public:
  explicit Tiny(std::int64_t steps = 130) : TinyDigits("stable-diffusion-tiny", steps, tiny_choices()) {}
};

}  // namespace

TEST_CASE("the noise of each time is that of the published schedule") {
  const auto bars = alpha_bars(1000, 0.00085, 0.012);
  REQUIRE(bars.size() == 1000);
  double product = 1;
  for (std::size_t t = 0; t < bars.size(); ++t) {
    const double share = static_cast<double>(t) / 999;
    const double root = (1 - share) * std::sqrt(0.00085) + share * std::sqrt(0.012);
    product *= 1 - root * root;
    REQUIRE(bars[t] == Approx(product).epsilon(1e-12));
  }
  REQUIRE(bars.front() == Approx(0.99915).epsilon(1e-12));
  REQUIRE(bars.back() == Approx(0.00466).epsilon(0.002));  // what is left of the signal at the end
  CHECK_THAT(error_of([] { alpha_bars(1000, 0.02, 0.01); }), Contains("beta_first <= beta_last"));
  CHECK_THAT(error_of([] { alpha_bars(1, 0.01, 0.02); }), Contains("diffusion_steps of 2 or more"));
}

TEST_CASE("latents are noised by the roots of the signal and of the noise, each by its own time") {
  const DoubleSetup setup;
  const NoiseSchedule schedule(setup, 10, 0.1, 0.3);
  const at::Tensor z = numbers({3, 2, 2, 2}), noise = numbers({3, 2, 2, 2}, 8);
  at::Tensor t = at::zeros({3}, at::kLong);
  t[1] = 4;
  t[2] = 9;
  const at::Tensor found = schedule.noised(z, noise, t);
  const auto bars = alpha_bars(10, 0.1, 0.3);
  for (std::int64_t row = 0; row < 3; ++row) {
    const double bar = bars[static_cast<std::size_t>(item(t[row]))];
    const at::Tensor expected = std::sqrt(bar) * z[row] + std::sqrt(1 - bar) * noise[row];
    REQUIRE(item((found[row] - expected).abs().max()) < 1e-14);
  }
  REQUIRE(schedule.tables().size() == 2);
}

TEST_CASE("times are told by cosines, then sines, of falling speed") {
  const DoubleSetup setup;
  const at::Tensor table = time_table(setup, {0, 1, 37.5}, 6);
  for (int row = 0; row < 3; ++row)
    for (int j = 0; j < 3; ++j) {
      const double time = std::vector<double>{0, 1, 37.5}[static_cast<std::size_t>(row)];
      const double angle = time * std::exp(-std::log(10000.0) * j / 3);
      REQUIRE(item(table[row][j]) == Approx(std::cos(angle)).margin(1e-12));
      REQUIRE(item(table[row][3 + j]) == Approx(std::sin(angle)).margin(1e-12));
    }
  CHECK_THAT(error_of([&] { time_table(setup, {0}, 5); }), Contains("even number of channels"));
}

TEST_CASE("a group norm takes mean and variance of each group of channels") {
  const DoubleSetup setup;
  Parameters made(setup);
  GroupNorm norm(made, "n", 6, 2);
  const at::NoGradGuard none;
  norm.weight.copy_(numbers({6}, 1));
  norm.bias.copy_(numbers({6}, 2));
  const at::Tensor x = numbers({2, 6, 3, 4}), y = norm(x);
  for (std::int64_t row = 0; row < 2; ++row)
    REQUIRE(image_distance(y[row], slow_group_norm(image_from(x[row]), 2, row_of(norm.weight),
                                                   row_of(norm.bias))) < 1e-12);
  CHECK_THAT(error_of([&] { GroupNorm(made, "m", 6, 4); }), Contains("groups=4 and 6 channels"));
}

TEST_CASE("a residual block is its equation, with the time added between the convolutions") {
  const DoubleSetup setup;
  Parameters made(setup);
  const ResidualBlock block(made, "b", {.in = 2, .out = 4, .groups = 2, .time = 3});
  const at::Tensor x = numbers({1, 2, 3, 3}), time = numbers({1, 3}, 4);
  const auto part = [&](const std::string& name) { return named(made, "b." + name); };
  const Image input = image_from(x[0]);
  Image y = slow_conv(
      slow_silu(slow_group_norm(input, 2, row_of(part("norm1.weight")), row_of(part("norm1.bias")))),
      part("conv1.weight"), part("conv1.bias"));
  Row active;
  for (const double one : row_of(time[0])) active.push_back(silu(one));
  const Row told = times(rows_of(part("time.weight")), active), offset = row_of(part("time.bias"));
  for (std::size_t c = 0; c < y.size(); ++c)
    for (auto& row : y[c])
      for (auto& one : row) one += told[c] + offset[c];
  y = slow_conv(slow_silu(slow_group_norm(y, 2, row_of(part("norm2.weight")), row_of(part("norm2.bias")))),
                part("conv2.weight"), part("conv2.bias"));
  const Image skipped = slow_conv(input, part("skip.weight"), part("skip.bias"));
  for (std::size_t c = 0; c < y.size(); ++c)
    for (std::size_t r = 0; r < 3; ++r)
      for (std::size_t k = 0; k < 3; ++k) y[c][r][k] += skipped[c][r][k];
  REQUIRE(image_distance(block(x, time)[0], y) < 1e-12);
}

TEST_CASE("an image is enlarged by repetition, and the gradient of a pixel is the sum over its copies") {
  at::Tensor x = numbers({1, 1, 4, 4});
  x.set_requires_grad(true);
  const at::Tensor large = enlarged(x, 7);
  REQUIRE(large.sizes() == at::IntArrayRef({1, 1, 7, 7}));
  for (std::int64_t r = 0; r < 7; ++r)
    for (std::int64_t c = 0; c < 7; ++c) REQUIRE(item(large[0][0][r][c]) == item(x[0][0][r / 2][c / 2]));
  large.sum().backward();
  REQUIRE(item(x.grad()[0][0][1][1]) == 4);
  REQUIRE(item(x.grad()[0][0][3][1]) == 2);  // its second row is cut off
  REQUIRE(item(x.grad()[0][0][3][3]) == 1);
  REQUIRE(image_of(tokens_of(large)).equal(large));
  REQUIRE(item(mean_square(large, large + 3)) == Approx(9));
}

TEST_CASE("attention to a text is its equation, head by head") {
  const DoubleSetup setup;
  Parameters made(setup);
  const ContextAttention attention(made, "a", 4, 3, 2);
  const at::Tensor x = numbers({1, 5, 4}), text = numbers({1, 2, 3}, 3);
  const auto through = [&](const std::string& name, const Row& row) {
    Row y = times(rows_of(named(made, "a." + name + ".weight")), row);
    const Row bias = row_of(named(made, "a." + name + ".bias"));
    for (std::size_t i = 0; i < y.size(); ++i) y[i] += bias[i];
    return y;
  };
  Rows expected;
  for (const auto& row : rows_of(x[0])) {
    const Row query = through("q", row);
    Row mixed(4, 0);
    for (std::size_t head = 0; head < 2; ++head) {
      Row weights;
      double sum = 0;
      for (const auto& word : rows_of(text[0])) {
        const Row key = through("k", word);
        double dot = 0;
        for (std::size_t k = 2 * head; k < 2 * head + 2; ++k) dot += query[k] * key[k];
        sum += weights.emplace_back(std::exp(dot / std::sqrt(2.0)));
      }
      for (std::size_t j = 0; j < 2; ++j) {
        const Row value = through("v", rows_of(text[0])[j]);
        for (std::size_t k = 2 * head; k < 2 * head + 2; ++k) mixed[k] += weights[j] / sum * value[k];
      }
    }
    expected.push_back(through("o", mixed));
  }
  REQUIRE(distance(attention(x, text)[0], expected) < 1e-12);
  CHECK_THAT(error_of([&] { ContextAttention(made, "b", 4, 3, 3); }), Contains("heads=3 and 4 channels"));
}

TEST_CASE("the network keeps the shape of its latents, and time and text change what it tells") {
  const DoubleSetup setup;
  Parameters made(setup);
  const Unet unet(made, "u", {.latents = 2, .channels = 4, .groups = 2, .heads = 2, .context = 3, .time = 8});
  const at::Tensor z = numbers({2, 2, 7, 7}), time = time_table(setup, {3, 40}, 4),
                   text = numbers({2, 6, 3}, 5);
  const at::Tensor told = unet(z, time, text);
  REQUIRE(told.sizes() == z.sizes());
  // What else is in the batch changes nothing but rounding.
  REQUIRE(unet(z.narrow(0, 1, 1), time.narrow(0, 1, 1), text.narrow(0, 1, 1)).allclose(told.narrow(0, 1, 1)));
  REQUIRE_FALSE(unet(z, time.flip(0), text).allclose(told));
  REQUIRE_FALSE(unet(z, time, text.flip(0)).allclose(told));
}

TEST_CASE("weights are averaged as the published code does it, and put back to the bit") {
  const at::NoGradGuard none;
  const at::Tensor weight = at::full({2}, 1.0, at::kFloat);
  WeightEma ema({{"w", weight}}, 0.5);
  REQUIRE(WeightEma::decay(0.9999, 1) == Approx(2.0 / 11));
  REQUIRE(WeightEma::decay(0.9999, 100000) == 0.9999);
  double shadow = 1;
  for (std::int64_t n = 1; n <= 30; ++n) {
    weight.add_(0.25);
    ema.update(n);
    const double decay = std::min(0.5, (1 + static_cast<double>(n)) / (10 + static_cast<double>(n)));
    shadow -= (1 - decay) * (shadow - item(weight[0]));
    REQUIRE(item(ema.shadows().front().tensor[0]) == Approx(shadow).epsilon(1e-6));
  }
  const at::Tensor before = weight.clone();
  {
    const WeightEma::Swap swap(ema);
    REQUIRE(weight.equal(ema.shadows().front().tensor));
  }
  REQUIRE(weight.equal(before));
  REQUIRE(ema.shadows().front().name == "ema.w");
  REQUIRE(WeightEma({{"b", weight.to(at::kBFloat16)}}, 0.5).shadows()[0].tensor.scalar_type() == at::kFloat);
  CHECK_THAT(error_of([&] { WeightEma({{"w", weight}}, 1.0); }), Contains("ema_decay"));
}

TEST_CASE("draws are keyed by step and place, and each kind has its own") {
  const FixedSetup setup;
  const StepDraws noise(setup, Stream::noise, 0), others(setup, Stream::noise, 1);
  const at::Tensor first = noise.normal(3, {4, 5});
  REQUIRE(noise.normal(4, {4, 5}).numel() == 20);
  REQUIRE(noise.normal(3, {4, 5}).equal(first));  // whatever was drawn between
  REQUIRE_FALSE(noise.normal(4, {4, 5}).equal(first));
  REQUIRE_FALSE(others.normal(3, {4, 5}).equal(first));
  const Philox draws = setup.draws(Stream::noise, 0);
  REQUIRE(first[2][1].item().toFloat() == draws.normal(3 * 20 + 11));
  std::set<std::int64_t> seen;
  const at::Tensor times = others.below(3, 1, 200);
  for (std::int64_t k = 0; k < 200; ++k) seen.insert(times[k].item().toLong());
  REQUIRE(seen == std::set<std::int64_t>{0, 1, 2});
}

TEST_CASE("digits are their names, letter by letter, with ends behind") {
  const at::Tensor words = words_for(at::arange(10, at::kLong));
  const auto text = [&](std::int64_t digit) {
    std::string all;
    for (std::int64_t k = 0; k < word_length; ++k) {
      const auto token = words[digit][k].item().toLong();
      all += token == 0 ? '.' : static_cast<char>('a' + token - 1);
    }
    return all;
  };
  REQUIRE(text(0) == "zero..");
  REQUIRE(text(1) == "one...");
  REQUIRE(text(7) == "seven.");
  REQUIRE(text(9) == "nine..");
}

TEST_CASE("stable-diffusion-tiny learns in both stages, repeats its bits, and resumes to the same bits") {
  const Tiny tiny;
  const auto one = tiny.begin(), other = tiny.begin();
  const double untrained = item(one->step(1).loss);  // of the reconstruction
  const StepResult coded = train_to(*one, 2, 20);
  const State within = copy_of(one->state());
  train_to(*one, 21, 30);
  const State between = copy_of(one->state());
  REQUIRE(metric_of(coded, "reconstruction_loss") < untrained / 2);
  train_to(*one, 31, 60);
  const State later = copy_of(one->state());
  const StepResult last = train_to(*one, 61, 130);
  // Telling nothing costs the variance of the noise, 1.
  REQUIRE(metric_of(last, "last_noise_loss") < 0.8);
  REQUIRE(metric_of(last, "noise_loss") < 0.8);
  for (const auto& [step, saved] : {std::pair{20, &within}, {30, &between}, {60, &later}}) {
    INFO(step);
    const auto resumed = tiny.begin();
    resumed->restore(step, *saved);
    REQUIRE(train_to(*resumed, step + 1, 130).metrics == last.metrics);
    REQUIRE(same(one->state(), resumed->state()));
  }
  REQUIRE(train_to(*other, 1, 130).metrics == last.metrics);
  REQUIRE(same(one->state(), other->state()));
}

TEST_CASE(
    "the autoencoder is frozen in the second stage, its latents have deviation 1, and words are dropped") {
  Tiny tiny(40);
  tiny.plan_.parameters["text_drop"] = 0.5;
  const auto training = tiny.begin();
  train_to(*training, 1, 30);
  const State before = copy_of(training->state());
  REQUIRE(item(tensor_of(before, "latent_scale")) == 1);
  std::int64_t dropped = 0;
  for (std::int64_t step = 31; step <= 40; ++step) {
    training->step(step);
    for (const auto& one : training->state().batch)
      if (one.name == "words") dropped += one.tensor.eq(0).all(1).sum().item().toLong();
  }
  REQUIRE(dropped > 20);
  REQUIRE(dropped < 60);  // of 80
  const State after = training->state();
  for (const auto& one : before.weights) {
    if (!one.name.starts_with("autoencoder.")) continue;
    INFO(one.name);
    REQUIRE(one.tensor.equal(tensor_of(after, one.name)));
  }
  REQUIRE(item(tensor_of(after, "latent_scale")) != 1);
  for (const auto& one : after.gradients) REQUIRE(one.name.starts_with("denoiser."));
  const auto left = training->left();
  REQUIRE(left.size() == 2);
  REQUIRE(left[0].name == "autoencoder");
  REQUIRE(left[1].name == "ema_weights");
}

TEST_CASE("choices of diffusion that cannot be are one sentence before anything is trained") {
  const auto said = [](const std::string& parameter, const Scalar& value) {
    Tiny tiny;
    tiny.plan_.parameters[parameter] = value;
    return error_of([&] { tiny.begin(); });
  };
  CHECK_THAT(said("groups", std::int64_t{3}), Contains("groups=3"));
  CHECK_THAT(said("text_drop", 1.5), Contains("text_drop of 0 to 1") && Contains("1.5"));
  CHECK_THAT(said("beta_last", 2.0), Contains("beta_last < 1"));
  CHECK_THAT(said("test_samples", std::int64_t{0}), Contains("test_samples of 1 or more"));
  CHECK_THAT(said("ema_decay", 1.0), Contains("ema_decay of 0 or more and below 1"));
}
