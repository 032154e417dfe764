// SPDX-License-Identifier: Apache-2.0
// DeepSeek-V3's parts against their equations by plain loops in double (decoder_reference.h): latent
// attention, the routing to experts, ties among them, and the update of their biases.
#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/zeros.h>

#include <algorithm>
#include <catch2/catch.hpp>

#include "decoder_reference.h"
#include "fixed_setup.h"
#include "recipes/models/experts.h"
#include "recipes/models/latent_attention.h"

using namespace reprise;
using Catch::Matchers::Contains;

namespace {

constexpr double rounding = 1e-12;

FixedSetup in_double() {
  FixedSetup setup;
  setup.plan_.pins["precision"] = "float64";
  return setup;
}

struct Numbers {
  const Parameters& made;
  Row through(const std::string& name, const Row& x) const {
    return times(rows_of(named(made, name + ".weight")), x);
  }
  Row normed(const std::string& name, const Row& x) const {
    return slow_rms_norm(x, row_of(named(made, name + ".weight")), 1e-3);
  }
  Row expert(const std::string& name, const Row& x) const {
    Row gate = through(name + ".gate", x);
    const Row up = through(name + ".up", x);
    for (std::size_t i = 0; i < gate.size(); ++i) gate[i] = silu(gate[i]) * up[i];
    return through(name + ".down", gate);
  }
};

Row joined(Row a, const Row& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

// One position's experts: those with the largest score and bias, of equals the lower index.
std::vector<std::size_t> slow_choice(const Row& score, const Row& bias, std::size_t count) {
  std::vector<std::size_t> left;
  for (std::size_t e = 0; e < score.size(); ++e) left.push_back(e);
  std::stable_sort(left.begin(), left.end(),
                   [&](std::size_t a, std::size_t b) { return score[a] + bias[a] > score[b] + bias[b]; });
  left.resize(count);
  return left;
}

Row slow_experts(const Numbers& numbers, const Row& x, const Row& bias, Row& load) {
  Row score = numbers.through("e.centers", x);
  for (auto& one : score) one = 1 / (1 + std::exp(-one));
  const auto chosen = slow_choice(score, bias, 2);
  double sum = 0;
  for (const auto e : chosen) sum += score[e];
  Row y = numbers.expert("e.shared", x);
  for (const auto e : chosen) {
    load[e] += 1;
    const Row said = numbers.expert("e.experts." + std::to_string(e), x);
    for (std::size_t i = 0; i < y.size(); ++i) y[i] += score[e] / sum * said[i];
  }
  return y;
}

}  // namespace

TEST_CASE("latent attention is its equations, with one turned key for all heads") {
  const FixedSetup setup = in_double();
  Parameters made(setup);
  const LatentShape shape{.width = 6,
                          .head = 4,
                          .turned = 2,
                          .heads = 3,
                          .kv_latent = 5,
                          .q_latent = 7,
                          .deviation = 0.5,
                          .epsilon = 1e-3};
  LatentAttention attention(made, "a", shape, Rotary(setup, 2, 5, 100));
  const at::Tensor x = made.normal("x", {5, 6}, 1).detach();
  const Numbers numbers{made};
  const Rows inputs = rows_of(x);
  Rows mixed(inputs.size());
  for (std::size_t head = 0; head < 3; ++head) {
    Rows query, key, value;
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      const Row c = numbers.normed("a.kv_norm", numbers.through("a.kv_down", inputs[i])),
                c_q = numbers.normed("a.q_norm", numbers.through("a.q_down", inputs[i]));
      key.push_back(joined(part_of(numbers.through("a.k_up", c), head * 4, 4),
                           slow_rope(numbers.through("a.k_rope", inputs[i]), i, 100)));
      query.push_back(joined(part_of(numbers.through("a.q_up", c_q), head * 4, 4),
                             slow_rope(part_of(numbers.through("a.q_rope", c_q), head * 2, 2), i, 100)));
      value.push_back(part_of(numbers.through("a.v_up", c), head * 4, 4));
    }
    const Rows one = slow_attention(query, key, value, 1 / std::sqrt(6.0));
    for (std::size_t i = 0; i < one.size(); ++i) mixed[i] = joined(mixed[i], one[i]);
  }
  for (auto& row : mixed) row = numbers.through("a.o", row);
  Pass pass;
  REQUIRE(distance(attention(x.unsqueeze(0), pass).squeeze(0), mixed) < rounding);
}

TEST_CASE("experts are their equations, the bias chooses and is not in the gate, and its update is a sign") {
  const FixedSetup setup = in_double();
  Parameters made(setup);
  Experts experts(
      made, setup, "e",
      {.width = 4, .inner = 3, .experts = 5, .chosen = 2, .speed = 0.25, .balance = 0.5, .deviation = 1});
  const at::Tensor x = made.normal("x", {7, 4}, 1).detach();
  const at::Tensor bias = experts.buffers()[0].tensor, load = experts.buffers()[1].tensor;
  const Numbers numbers{made};
  Row expected_bias(5, 0);
  const at::NoGradGuard none;
  for (int step = 0; step < 3; ++step) {
    Row counts(5, 0);
    Rows expected;
    for (const auto& row : rows_of(x)) expected.push_back(slow_experts(numbers, row, expected_bias, counts));
    Pass pass{.trains = true, .balance = {}};
    REQUIRE(distance(experts(x.unsqueeze(0), pass).squeeze(0), expected) < rounding);
    REQUIRE(pass.balance.defined());
    REQUIRE(row_of(load) == counts);
    experts.updated();
    for (std::size_t e = 0; e < 5; ++e) expected_bias[e] -= counts[e] > 2.8 ? 0.25 : -0.25;
    REQUIRE(row_of(bias) == expected_bias);
  }
  // A pass that does not train leaves the loads alone.
  const at::Tensor before = load.clone();
  Pass evaluates;
  experts(x.narrow(0, 0, 1).unsqueeze(0), evaluates);
  REQUIRE(load.equal(before));
  REQUIRE_FALSE(evaluates.balance.defined());
}

TEST_CASE("of experts with equal scores the lower index is chosen, and an equal load moves no bias") {
  const FixedSetup setup;
  Parameters made(setup);
  Experts experts(made, setup, "e",
                  {.width = 4, .inner = 3, .experts = 40, .chosen = 2, .speed = 1, .deviation = 0});
  Pass pass{.trains = true, .balance = {}};
  const at::NoGradGuard none;
  experts(at::zeros({2, 3, 4}), pass);
  Row load(40, 0);
  load[0] = load[1] = 6;
  REQUIRE(row_of(experts.buffers()[1].tensor) == load);
  experts.updated();
  REQUIRE(row_of(experts.buffers()[0].tensor)[0] == -1);
  REQUIRE(row_of(experts.buffers()[0].tensor)[2] == 1);

  Parameters few(setup);
  Experts even(few, setup, "e",
               {.width = 4, .inner = 3, .experts = 2, .chosen = 2, .speed = 1, .deviation = 0});
  even(at::zeros({2, 3, 4}), pass);
  even.updated();
  REQUIRE(row_of(even.buffers()[0].tensor) == Row(2, 0));
  CHECK_THAT(error_of([&] { Experts(few, setup, "f", {.width = 4, .inner = 3, .experts = 1, .chosen = 2}); }),
             Contains("experts=1") && Contains("chosen=2"));
}

TEST_CASE("the balance within a sequence is its equation") {
  const FixedSetup setup = in_double();
  Parameters made(setup);
  Experts experts(made, setup, "e",
                  {.width = 4, .inner = 3, .experts = 5, .chosen = 2, .balance = 0.5, .deviation = 1});
  const at::Tensor x = made.normal("x", {2, 3, 4}, 1).detach();
  const Numbers numbers{made};
  double expected = 0;
  for (std::int64_t sequence = 0; sequence < 2; ++sequence) {
    Row counts(5, 0), share(5, 0);
    for (const auto& row : rows_of(x[sequence])) {
      Row score = numbers.through("e.centers", row);
      double sum = 0;
      for (auto& one : score) sum += one = 1 / (1 + std::exp(-one));
      for (const auto e : slow_choice(score, Row(5, 0), 2)) counts[e] += 1;
      for (std::size_t e = 0; e < 5; ++e) share[e] += score[e] / sum / 3;
    }
    for (std::size_t e = 0; e < 5; ++e) expected += 0.5 * (counts[e] * 5 / (2 * 3)) * share[e] / 2;
  }
  Pass pass{.trains = true, .balance = {}};
  experts(x, pass);
  REQUIRE(std::abs(pass.balance.item().toDouble() - expected) < rounding);
}
