// SPDX-License-Identifier: Apache-2.0
// The parts of Janus against their equations, and its recipe as the TOML says it, at tiny size: it learns,
// repeats itself and goes on from checkpoints of both its stages to the same bits.
#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/full.h>
#include <ATen/ops/tensor.h>
#include <ATen/ops/zeros.h>

#include <catch2/catch.hpp>

#include "recipes/vision/digit_examples.h"
#include "recipes/vision/janus_model.h"
#include "recipes/vision/janus_training.h"
#include "recipes/vision/number_words.h"
#include "recipes/vision/sequence_model.h"
#include "recipes/vision/step_draws.h"
#include "recipes/vision/unified_model.h"
#include "recipes/vision/vector_quantizer.h"
#include "tiny_digits.h"
#include "vision_reference.h"

using namespace reprise;
using Catch::Matchers::Contains;

namespace {

double item(const at::Tensor& one) { return one.item().toDouble(); }

Row unit_row(Row row) {
  double sum = 0;
  for (const double one : row) sum += one * one;
  for (auto& one : row) one /= std::sqrt(sum);
  return row;
}

std::size_t slow_nearest(const Row& z, const Rows& book) {
  std::size_t best = 0;
  double least = INFINITY;
  for (std::size_t code = 0; code < book.size(); ++code) {
    double sum = 0;
    for (std::size_t k = 0; k < z.size(); ++k) sum += (z[k] - book[code][k]) * (z[k] - book[code][k]);
    if (sum >= least) continue;
    least = sum;
    best = code;
  }
  return best;
}

JanusShape tiny_shape() {
  return {.tokenizer = {.channels = 4, .latents = 3, .groups = 2},
          .codes = 5,
          .unified = {.width = 8,
                      .layers = 1,
                      .heads = 2,
                      .ffn = 12,
                      .features = 4,
                      .groups = 2,
                      .length = word_length + 1 + image_tokens}};
}

class Tiny : public TinyDigits {
 public:
  explicit Tiny(std::int64_t steps = 110)
      : TinyDigits("janus-tiny", steps,
                   tiny_unified({{"tokenizer_steps", std::int64_t{40}},
                                 {"tokenizer_channels", std::int64_t{4}},
                                 {"codes", std::int64_t{8}},
                                 {"code_size", std::int64_t{4}}})) {
    plan_.evaluate_every = 55;
  }
};

}  // namespace

TEST_CASE("the nearest code is found by direct differences, of equals the lower index") {
  const at::Tensor z = numbers({40, 3}), book = numbers({7, 3}, 2);
  const at::Tensor found = nearest_codes(z, book);
  for (std::int64_t row = 0; row < 40; ++row)
    REQUIRE(found[row].item().toLong() ==
            static_cast<std::int64_t>(slow_nearest(row_of(z[row]), rows_of(book))));
  // Codes 1, 3 and 4 are one and the same; 0 and 2 are equally far from the origin.
  const at::Tensor tied =
      at::tensor({2.0, 0.0, 0.5, 0.0, 0.0, 2.0, 0.5, 0.0, 0.5, 0.0}, at::kDouble).view({5, 2});
  const at::Tensor asked = at::tensor({0.5, 0.1, 2.0, 2.0}, at::kDouble).view({2, 2});
  const at::Tensor chosen = nearest_codes(asked, tied);
  REQUIRE(chosen[0].item().toLong() == 1);
  REQUIRE(chosen[1].item().toLong() == 0);
}

TEST_CASE("codes are unit vectors, and their losses are distances from the latents made unit vectors") {
  const DoubleSetup setup;
  Parameters made(setup);
  const VectorQuantizer quantizer(made, "q", 6, 3);
  const at::Tensor z = numbers({2, 4, 3});
  const Quantized found = quantizer(z);
  Rows units;
  for (const auto& row : rows_of(made.all().front().tensor)) units.push_back(unit_row(row));
  REQUIRE(distance(quantizer.codes(), units) < 1e-15);
  double sum = 0;
  for (std::int64_t b = 0; b < 2; ++b)
    for (std::int64_t p = 0; p < 4; ++p) {
      const Row own = unit_row(row_of(z[b][p])), read = row_of(found.latents[b][p]);
      const std::size_t code = slow_nearest(own, units);
      REQUIRE(found.index[b][p].item().toLong() == static_cast<std::int64_t>(code));
      for (std::size_t k = 0; k < 3; ++k) {
        REQUIRE(read[k] == Approx(units[code][k]).margin(1e-12));
        sum += (units[code][k] - own[k]) * (units[code][k] - own[k]);
      }
    }
  REQUIRE(item(found.book) == Approx(sum / 24));
  REQUIRE(item(found.commit) == Approx(sum / 24));
  const at::Tensor picked = quantizer.codes().index_select(0, found.index.flatten());
  REQUIRE(quantizer.read(found.index).equal(picked.view({2, 4, 3})));
  CHECK_THAT(error_of([&] { VectorQuantizer(made, "r", 1, 3); }), Contains("codes of 2 or more"));
}

TEST_CASE("the gradient of codes goes straight through to the latents, and each loss moves its own side") {
  const DoubleSetup setup;
  Parameters made(setup);
  const VectorQuantizer quantizer(made, "q", 6, 3);
  const at::Tensor book = made.all().front().tensor;
  const at::Tensor z = numbers({2, 4, 3}).set_requires_grad(true), weight = numbers({2, 4, 3}, 5);
  (quantizer(z).latents * weight).sum().backward();
  REQUIRE_FALSE(book.grad().defined());
  // What a weight on the codes gives the latents is what it would give unit latents.
  const at::Tensor same = z.detach().clone().set_requires_grad(true);
  (same / same.square().sum(-1, true).sqrt() * weight).sum().backward();
  REQUIRE(z.grad().allclose(same.grad()));
  z.mutable_grad().reset();
  quantizer(z).book.backward();
  REQUIRE(book.grad().defined());
  REQUIRE_FALSE(z.grad().defined());
  book.mutable_grad().reset();
  quantizer(z).commit.backward();
  REQUIRE_FALSE(book.grad().defined());
  REQUIRE(z.grad().defined());
}

TEST_CASE("the transformer is causal, and one layer of it is its equation") {
  const DoubleSetup setup;
  Parameters made(setup);
  const SequenceModel model(made, setup, "t", {.width = 4, .layers = 1, .heads = 1, .ffn = 6, .length = 5});
  const at::NoGradGuard none;
  for (const auto& one : made.all()) one.tensor.copy_(one.tensor + 0.3 * numbers(one.tensor.sizes(), 3));
  const at::Tensor x = numbers({1, 5, 4}), y = model(x);
  at::Tensor later = x.clone();
  later[0][3] += 1;
  REQUIRE(model(later).narrow(1, 0, 3).allclose(y.narrow(1, 0, 3), 0, 1e-14));
  REQUIRE_FALSE(model(later).narrow(1, 3, 1).allclose(y.narrow(1, 3, 1)));
  const auto weight = [&](const std::string& name) { return named(made, "t.0." + name + ".weight"); };
  Rows query, key, value;
  const Rows input = rows_of(x[0]);
  for (std::size_t i = 0; i < 5; ++i) {
    const Row normed = slow_rms_norm(input[i], row_of(weight("norm_1")), 1e-6);
    query.push_back(slow_rope(times(rows_of(weight("attn.q")), normed), i, 10000));
    key.push_back(slow_rope(times(rows_of(weight("attn.k")), normed), i, 10000));
    value.push_back(times(rows_of(weight("attn.v")), normed));
  }
  Rows expected;
  const Rows mixed = slow_attention(query, key, value, 0.5);
  for (std::size_t i = 0; i < 5; ++i) {
    Row h = times(rows_of(weight("attn.o")), mixed[i]);
    for (std::size_t k = 0; k < 4; ++k) h[k] += input[i][k];
    const Row normed = slow_rms_norm(h, row_of(weight("norm_2")), 1e-6);
    const Row gate = times(rows_of(weight("mlp.gate")), normed),
              up = times(rows_of(weight("mlp.up")), normed);
    Row inner;
    for (std::size_t k = 0; k < 6; ++k) inner.push_back(silu(gate[k]) * up[k]);
    const Row more = times(rows_of(weight("mlp.down")), inner);
    for (std::size_t k = 0; k < 4; ++k) h[k] += more[k];
    expected.push_back(slow_rms_norm(h, row_of(named(made, "t.norm.weight")), 1e-6));
  }
  REQUIRE(distance(y[0], expected) < 1e-12);
  CHECK_THAT(error_of([&] {
               SequenceModel(made, setup, "u", {5, 1, 2, 6, 5});
             }),
             Contains("width=5 and heads=2"));
}

TEST_CASE("what is drawn depends on its words, its draws and its place, not on what else is drawn") {
  const DoubleSetup setup;
  Parameters made(setup);
  const JanusModel model(made, setup, tiny_shape());
  const at::Tensor words = words_for(at::tensor({3, 5, 8}, at::kLong));
  const Philox draws = setup.draws(Stream::sampler);
  const at::Tensor all = model.drawn(words, 5, draws, 1000);
  REQUIRE(all.sizes() == at::IntArrayRef({3, image_tokens}));
  REQUIRE(all.min().item().toLong() >= 0);
  REQUIRE(all.max().item().toLong() < 5);
  REQUIRE(model.drawn(words.narrow(0, 2, 1), 5, draws, 1000 + 2 * image_tokens).equal(all.narrow(0, 2, 1)));
  REQUIRE_FALSE(model.drawn(words, 5, draws, 2000).equal(all));
  REQUIRE(model.image_from(all).sizes() == at::IntArrayRef({3, 1, 28, 28}));
  // With a guidance of 0 the words do not count.
  REQUIRE(model.drawn(words, 0, draws, 7).equal(model.drawn(words.flip(0), 0, draws, 7)));
}

TEST_CASE("understanding and drawing share the transformer and nothing in front of it") {
  const DoubleSetup setup;
  Parameters made(setup);
  const JanusModel model(made, setup, tiny_shape());
  const at::Tensor images = numbers({2, 1, 28, 28}), words = words_for(at::tensor({1, 2}, at::kLong));
  const auto moved_by = [&](const at::Tensor& loss) {
    for (const auto& one : made.all()) one.tensor.mutable_grad().reset();
    loss.backward();
    std::string all;
    for (const auto& one : made.all())
      if (one.tensor.grad().defined()) all += one.name + " ";
    return all;
  };
  CHECK_THAT(moved_by(model.unified().naming_loss(images, words)),
             Contains("understanding.patches") && Contains("transformer.0") && Contains("text_head") &&
                 !Contains("tokenizer") && !Contains("drawing"));
  CHECK_THAT(moved_by(model.drawing_loss(words, model.codes_of(images))),
             Contains("drawing.adaptor") && Contains("drawing.head") && Contains("transformer.0") &&
                 !Contains("tokenizer") && !Contains("understanding") && !Contains("text_head"));
  CHECK_THAT(moved_by(model.tokenizer_loss(images, 0.25)),
             Contains("tokenizer.quantizer.codes") && Contains("tokenizer.in") && !Contains("transformer"));
}

TEST_CASE("a batch of digits is dropped of its words by step and place") {
  Tiny tiny;
  tiny.plan_.parameters["text_drop"] = 0.5;
  const Digits digits = read_digits(tiny);
  const Labelled batch = digits.batch(tiny, 4);
  const at::Tensor told = told_words(tiny, 4, batch.y), words = words_for(batch.y);
  REQUIRE(told_words(tiny, 4, batch.y).equal(told));
  const Philox draws = tiny.draws(Stream::dropout, 0);
  for (std::int64_t row = 0; row < 8; ++row) {
    const bool dropped = draws.uniform(static_cast<std::uint64_t>(4 * 8 + row)) < 0.5F;
    REQUIRE(told[row].equal(dropped ? at::zeros({word_length}, at::kLong) : words[row]));
  }
  REQUIRE(digits.seen.y.size(0) == 20);
  REQUIRE(asked_digits(tiny, 2).equal(at::cat({at::arange(10, at::kLong), at::arange(10, at::kLong)})));
  REQUIRE(warmed_rate(tiny, 1) == Approx(0.002));
  REQUIRE(warmed_rate(tiny, 50) == 0.01);
}

TEST_CASE("janus-tiny learns to name and to draw, repeats its bits, and resumes to the same bits") {
  const Tiny tiny;
  const auto one = tiny.begin(), other = tiny.begin();
  train_to(*one, 1, 20);
  const State within = copy_of(one->state());
  train_to(*one, 21, 40);
  const State between = copy_of(one->state());
  const double untrained = metric_of(train_to(*one, 41, 55), "image_loss");
  train_to(*one, 56, 70);
  const State later = copy_of(one->state());
  const StepResult last = train_to(*one, 71, 110);
  REQUIRE(metric_of(last, "image_loss") < untrained * 0.9);
  REQUIRE(metric_of(last, "accuracy") >= 40);  // guessing: 10
  REQUIRE(metric_of(last, "reconstruction_loss") < 0.1);
  REQUIRE(last.metrics.back().first == "agreement");
  for (const auto& [step, saved] : {std::pair{20, &within}, {40, &between}, {70, &later}}) {
    INFO(step);
    const auto resumed = tiny.begin();
    resumed->restore(step, *saved);
    REQUIRE(train_to(*resumed, step + 1, 110).metrics == last.metrics);
    REQUIRE(same(one->state(), resumed->state()));
  }
  REQUIRE(train_to(*other, 1, 110).metrics == last.metrics);
  REQUIRE(same(one->state(), other->state()));
  // The tokenizer is frozen in the second stage.
  for (const auto& kept : between.weights)
    if (kept.name.starts_with("tokenizer.")) REQUIRE(kept.tensor.equal(tensor_of(one->state(), kept.name)));
}

TEST_CASE("choices of janus that cannot be are one sentence before anything is trained") {
  const auto said = [](const std::string& parameter, const Scalar& value) {
    Tiny tiny;
    tiny.plan_.parameters[parameter] = value;
    return error_of([&] { tiny.begin(); });
  };
  CHECK_THAT(said("codes", std::int64_t{1}), Contains("codes of 2 or more"));
  CHECK_THAT(said("heads", std::int64_t{3}), Contains("width=16 and heads=3"));
  CHECK_THAT(said("text_drop", -1.0), Contains("text_drop of 0 to 1"));
  CHECK_THAT(said("tokenizer_steps", std::int64_t{-1}), Contains("tokenizer_steps of 0 or more"));
  CHECK_THAT(said("drawn", std::int64_t{-1}), Contains("drawn of 0 or more"));
}
