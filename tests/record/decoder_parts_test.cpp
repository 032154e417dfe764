// SPDX-License-Identifier: Apache-2.0
// The parts of the language-model systems' recipes against their equations by plain loops in double
// (decoder_reference.h), and OpenELM's layer-wise scaling against the published table.
#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/arange.h>

#include <catch2/catch.hpp>

#include "decoder_reference.h"
#include "fixed_setup.h"
#include "recipes/models/decoder_parts.h"
#include "recipes/models/grouped_attention.h"
#include "recipes/models/layer_scaling.h"
#include "recipes/models/rotary.h"
#include "recipes/models/token_loss.h"

using namespace reprise;
using Catch::Matchers::Contains;

namespace {

constexpr double rounding = 1e-12;  // in double, where sums have another order

FixedSetup in_double() {
  FixedSetup setup;
  setup.plan_.pins["precision"] = "float64";
  return setup;
}

// Numbers about one, and no weight left at what it begins with.
at::Tensor drawn(Parameters& made, const std::vector<std::int64_t>& shape) {
  return made.normal("drawn." + std::to_string(made.all().size()), shape, 1).detach();
}

void stir(const Parameters& made) {
  const at::NoGradGuard none;
  for (const auto& one : made.all())
    one.tensor.add_(at::arange(one.tensor.numel(), at::kDouble).view(one.tensor.sizes()).sin() * 0.3);
}

// What grouped attention gives for x [length, width], by loops.
Rows slow_grouped(const Parameters& made, const GroupedShape& shape, const at::Tensor& x) {
  const auto through = [&](const std::string& name, const Row& row) {
    Row y = times(rows_of(named(made, name + ".weight")), row);
    if (named(made, name + ".bias").defined()) {
      const Row bias = row_of(named(made, name + ".bias"));
      for (std::size_t i = 0; i < y.size(); ++i) y[i] += bias[i];
    }
    return y;
  };
  const auto size = static_cast<std::size_t>(shape.head);
  const auto turned = [&](Row part, const std::string& norm, std::size_t position) {
    if (shape.normed) part = slow_rms_norm(part, row_of(named(made, norm)), shape.epsilon);
    return slow_rope(part, position, 100);
  };
  const Rows inputs = rows_of(x);
  Rows mixed(inputs.size());
  for (std::int64_t head = 0; head < shape.heads; ++head) {
    const auto own = static_cast<std::size_t>(head), shared = own / (shape.heads / shape.kv_heads);
    Rows query, key, value;
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      query.push_back(turned(part_of(through("a.q", inputs[i]), own * size, size), "a.q_norm.weight", i));
      key.push_back(turned(part_of(through("a.k", inputs[i]), shared * size, size), "a.k_norm.weight", i));
      value.push_back(part_of(through("a.v", inputs[i]), shared * size, size));
    }
    const Rows one = slow_attention(query, key, value, 1 / std::sqrt(static_cast<double>(size)));
    for (std::size_t i = 0; i < one.size(); ++i)
      mixed[i].insert(mixed[i].end(), one[i].begin(), one[i].end());
  }
  for (auto& row : mixed) row = through("a.o", row);
  return mixed;
}

}  // namespace

TEST_CASE("RMSNorm is its equation, in bfloat16 by way of float32") {
  const FixedSetup setup = in_double();
  Parameters made(setup);
  const RmsNorm norm(made, "n", 6, 1e-3);
  stir(made);
  const at::Tensor x = drawn(made, {4, 6});
  Rows expected;
  for (const auto& row : rows_of(x)) expected.push_back(slow_rms_norm(row, row_of(norm.weight), 1e-3));
  REQUIRE(distance(norm(x), expected) < rounding);

  FixedSetup narrow;
  narrow.plan_.pins["precision"] = "bfloat16";
  Parameters small(narrow);
  const RmsNorm rough(small, "n", 6, 1e-3);
  const at::Tensor y = x.to(at::kBFloat16);
  const at::Tensor wide = y.to(at::kFloat);
  const at::Tensor by_float = wide * (wide.square().mean(-1, true) + 1e-3).rsqrt();
  REQUIRE(rough(y).equal(by_float.to(at::kBFloat16)));
}

TEST_CASE("SwiGLU is its equation") {
  const FixedSetup setup = in_double();
  Parameters made(setup);
  SwiGlu layer(made, "m", 4, 6, 0.5);
  const at::Tensor x = drawn(made, {3, 4});
  Rows expected;
  for (const auto& row : rows_of(x)) {
    Row gate = times(rows_of(named(made, "m.gate.weight")), row);
    const Row up = times(rows_of(named(made, "m.up.weight")), row);
    for (std::size_t i = 0; i < gate.size(); ++i) gate[i] = silu(gate[i]) * up[i];
    expected.push_back(times(rows_of(named(made, "m.down.weight")), gate));
  }
  Pass pass;
  REQUIRE(distance(layer(x.unsqueeze(0), pass).squeeze(0), expected) < rounding);
}

TEST_CASE("rotary positions turn neighboring pairs by their angles, and tables are rounded once") {
  const FixedSetup setup = in_double();
  Parameters made(setup);
  const Rotary rotary(setup, 6, 5, 100);
  const at::Tensor x = drawn(made, {1, 1, 5, 6});
  Rows expected = rows_of(x.view({5, 6}));
  for (std::size_t i = 0; i < expected.size(); ++i) expected[i] = slow_rope(expected[i], i, 100);
  REQUIRE(distance(rotary(x).view({5, 6}), expected) < rounding);
  const FixedSetup single;
  for (std::size_t table = 0; table < 2; ++table) {
    const at::Tensor wide = rotary.tables()[table].tensor,
                     narrow = Rotary(single, 6, 5, 100).tables()[table].tensor;
    REQUIRE(narrow.scalar_type() == at::kFloat);
    REQUIRE(narrow.equal(wide.to(at::kFloat)));
  }
  CHECK_THAT(error_of([&] { Rotary(setup, 5, 4, 100); }), Contains("even") && Contains("found 5"));
}

TEST_CASE("grouped attention is its equations: shared heads, biases, norms of queries and keys") {
  const FixedSetup setup = in_double();
  for (const bool biased : {false, true}) {
    for (const bool normed : {false, true}) {
      for (const std::int64_t kv_heads : {1, 2, 4}) {
        INFO(biased << normed << kv_heads);
        const GroupedShape shape{.width = 6,
                                 .head = 4,
                                 .heads = 4,
                                 .kv_heads = kv_heads,
                                 .biased = biased,
                                 .normed = normed,
                                 .deviation = 0.5,
                                 .epsilon = 1e-3};
        Parameters made(setup);
        GroupedAttention attention(made, "a", shape, Rotary(setup, 4, 5, 100));
        stir(made);
        REQUIRE(named(made, "a.k.bias").defined() == biased);
        REQUIRE_FALSE(named(made, "a.o.bias").defined());
        REQUIRE(named(made, "a.q_norm.weight").defined() == normed);
        const at::Tensor x = drawn(made, {5, 6});
        Pass pass;
        REQUIRE(distance(attention(x.unsqueeze(0), pass).squeeze(0), slow_grouped(made, shape, x)) <
                rounding);
      }
    }
  }
  Parameters made(setup);
  CHECK_THAT(
      error_of([&] { GroupedAttention(made, "a", {.width = 6, .head = 4, .heads = 4, .kv_heads = 3}, {}); }),
      Contains("heads=4") && Contains("kv_heads=3"));
}

TEST_CASE("cross-entropy and z-loss are their equations") {
  const FixedSetup setup = in_double();
  Parameters made(setup);
  const at::Tensor logits = drawn(made, {2, 3, 5}),
                   targets = at::arange(6, at::kLong).view({2, 3}).remainder(5);
  const Rows rows = rows_of(logits.view({6, 5}));
  double cross = 0, squared = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    double sum = 0;
    for (const double one : rows[i]) sum += std::exp(one);
    cross += (std::log(sum) - rows[i][i % 5]) / 6;
    squared += std::log(sum) * std::log(sum) / 6;
  }
  REQUIRE(std::abs(token_loss(logits, targets).item().toDouble() - cross) < rounding);
  REQUIRE(std::abs(z_loss(logits).item().toDouble() - squared) < rounding);
}

TEST_CASE("OpenELM's layers have the published shapes of its 270M model") {
  const auto layers = scaled_layers({.layers = 16,
                                     .width = 1280,
                                     .head = 64,
                                     .group = 4,
                                     .qkv_first = 0.5,
                                     .qkv_last = 1,
                                     .ffn_first = 0.5,
                                     .ffn_last = 4,
                                     .ffn_step = 256});
  const std::vector<std::int64_t> heads{12, 12, 12, 12, 12, 16, 16, 16, 16, 16, 16, 16, 20, 20, 20, 20},
      ffn{768, 1024, 1280, 1536, 1792, 2048, 2560, 2816, 3072, 3328, 3584, 3840, 4352, 4608, 4864, 5120};
  REQUIRE(layers.size() == 16);
  for (std::size_t i = 0; i < 16; ++i) REQUIRE(layers[i] == LayerShape{heads[i], heads[i] / 4, ffn[i]});
  // Halves up, never none, and never below 0.9 of the value.
  REQUIRE(made_divisible(96, 64) == 128);
  REQUIRE(made_divisible(10, 64) == 64);
  REQUIRE(made_divisible(85.76, 64) == 128);
  REQUIRE(made_divisible(70, 64) == 64);
}
