// SPDX-License-Identifier: Apache-2.0
// MuonClip (Kimi K2) against its equations by plain loops in double: Muon's iterations and step, and the clip
// of attention logits.
#include "recipes/training/muon.h"

#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/linalg_svdvals.h>
#include <ATen/ops/zeros.h>

#include <catch2/catch.hpp>
#include <cmath>

#include "decoder_reference.h"
#include "fixed_setup.h"
#include "recipes/models/latent_attention.h"

using namespace reprise;
using Catch::Matchers::Contains;

namespace {

// [rows, columns] of numbers about one, the same on every machine.
at::Tensor made_matrix(std::int64_t rows, std::int64_t columns, double begin) {
  at::Tensor m = at::zeros({rows, columns}, at::kDouble);
  double* value = m.mutable_data_ptr<double>();
  for (std::int64_t i = 0; i < m.numel(); ++i)
    value[i] = std::sin(begin + 1.7 * static_cast<double>(i * i % 31));
  return m.to(at::kFloat);
}

Rows product(const Rows& a, const Rows& b) {
  Rows c(a.size(), Row(b.front().size(), 0));
  for (std::size_t i = 0; i < a.size(); ++i)
    for (std::size_t k = 0; k < b.size(); ++k)
      for (std::size_t j = 0; j < b.front().size(); ++j) c[i][j] += a[i][k] * b[k][j];
  return c;
}

Rows transposed(const Rows& a) {
  Rows t(a.front().size(), Row(a.size()));
  for (std::size_t i = 0; i < a.size(); ++i)
    for (std::size_t j = 0; j < a.front().size(); ++j) t[j][i] = a[i][j];
  return t;
}

Rows slow_newton_schulz(Rows x, int iterations) {
  double square = 0;
  for (const auto& row : x)
    for (const double one : row) square += one * one;
  for (auto& row : x)
    for (double& one : row) one /= std::sqrt(square) + 1e-7;
  for (int i = 0; i < iterations; ++i) {
    const Rows a = product(x, transposed(x)), aa = product(a, a), ax = product(a, x), aax = product(aa, x);
    for (std::size_t r = 0; r < x.size(); ++r)
      for (std::size_t c = 0; c < x[r].size(); ++c)
        x[r][c] = 3.4445 * x[r][c] - 4.7750 * ax[r][c] + 2.0315 * aax[r][c];
  }
  return x;
}

void require_near(const at::Tensor& found, const Rows& wanted, double margin) {
  const Rows got = rows_of(found);
  REQUIRE(got.size() == wanted.size());
  for (std::size_t i = 0; i < got.size(); ++i)
    for (std::size_t j = 0; j < got[i].size(); ++j) REQUIRE(got[i][j] == Approx(wanted[i][j]).margin(margin));
}

}  // namespace

TEST_CASE("the iteration of Newton and Schulz is its equation, wide or tall, and evens out singular values") {
  for (const auto& [rows, columns] : {std::pair{4, 7}, std::pair{7, 4}, std::pair{5, 5}}) {
    INFO(rows << " x " << columns);
    const at::Tensor m = made_matrix(rows, columns, 0.3);
    const at::Tensor found = newton_schulz(m, 5);
    require_near(found, slow_newton_schulz(rows_of(m), 5), 1e-3);
    const at::Tensor values = at::linalg_svdvals(found);
    REQUIRE(values.max().item().toDouble() < 1.3);
    REQUIRE(values.min().item().toDouble() > 0.3);
  }
}

TEST_CASE("a step of Muon is its equation, and goes on from what state gave to the same bits") {
  const at::NoGradGuard none;
  const MuonChoices choices{.rate = 0.1, .momentum = 0.95, .weight_decay = 0.1, .iterations = 5};
  at::Tensor weight = made_matrix(3, 6, 1.0), other = weight.clone();
  const Rows before = rows_of(weight);
  Muon muon({{"w", weight}}, choices);
  const at::Tensor gradient = made_matrix(3, 6, 2.0), next = made_matrix(3, 6, 3.0);
  weight.mutable_grad() = gradient;
  muon.step();
  // The first momentum is the gradient.
  Rows wanted = slow_newton_schulz(rows_of(gradient), 5);
  for (std::size_t i = 0; i < wanted.size(); ++i)
    for (std::size_t j = 0; j < wanted[i].size(); ++j)
      wanted[i][j] = before[i][j] - 0.1 * (wanted[i][j] * std::sqrt(6.0) * 0.2 + 0.1 * before[i][j]);
  require_near(weight, wanted, 1e-4);
  other.copy_(weight);
  Muon resumed({{"w", other}}, choices);
  resumed.restore({{"w/momentum", muon.state().front().tensor.clone()}});
  weight.mutable_grad() = next;
  other.mutable_grad() = next;
  muon.step();
  resumed.step();
  REQUIRE(weight.equal(other));
  muon.clear_gradients();
  const at::Tensor still = weight.clone();
  muon.step();
  REQUIRE(weight.equal(still));
}

TEST_CASE("clipping brings the largest logit of a head to the threshold, and leaves other heads to the bit") {
  FixedSetup setup;
  Parameters made(setup);
  const Rotary rotary(setup, 4, 16, 10000.0);
  LatentAttention attention(made, "attn",
                            LatentShape{.width = 8,
                                        .head = 6,
                                        .turned = 4,
                                        .heads = 2,
                                        .kv_latent = 5,
                                        .q_latent = 7,
                                        .clip_logits = 2.0,
                                        .deviation = 0.5,
                                        .epsilon = 1e-6},
                            rotary);
  const at::NoGradGuard none;
  named(made, "attn.q_up.weight").narrow(0, 0, 6).mul_(9);    // of head 0 alone
  named(made, "attn.q_up.weight").narrow(0, 6, 6).mul_(0.1);  // of head 1
  named(made, "attn.q_rope.weight").narrow(0, 4, 4).mul_(0.1);
  const at::Tensor x = made_matrix(16, 8, 0.7).view({2, 8, 8});
  const at::Tensor query = named(made, "attn.q_up.weight").clone(),
                   turned_key = named(made, "attn.k_rope.weight").clone();
  const auto largest = [&] {
    Pass pass{.trains = true, .balance = {}};
    attention(x, pass);
    return row_of(attention.buffers().front().tensor);
  };
  const Row before = largest();
  REQUIRE(before[0] > 2);
  REQUIRE(before[1] < 2);
  attention.updated();
  REQUIRE(row_of(attention.buffers().back().tensor)[0] == Approx(2 / before[0]));
  REQUIRE(row_of(attention.buffers().back().tensor)[1] == 1);
  const Row after = largest();
  REQUIRE(after[0] == Approx(2).margin(1e-4));
  REQUIRE(after[1] == before[1]);
  REQUIRE(named(made, "attn.q_up.weight").narrow(0, 6, 6).equal(query.narrow(0, 6, 6)));
  REQUIRE(named(made, "attn.k_rope.weight").equal(turned_key));
}

TEST_CASE("the largest logit is one that the causal mask lets through") {
  FixedSetup setup;
  Parameters made(setup);
  LatentAttention attention(made, "attn",
                            LatentShape{.width = 8,
                                        .head = 6,
                                        .turned = 4,
                                        .heads = 1,
                                        .kv_latent = 5,
                                        .q_latent = 7,
                                        .clip_logits = 2.0,
                                        .deviation = 0.5,
                                        .epsilon = 1e-6},
                            Rotary(setup, 4, 16, 10000.0));
  const at::NoGradGuard none;
  const auto largest = [&](const at::Tensor& x) {
    Pass pass{.trains = true, .balance = {}};
    attention(x, pass);
    return row_of(attention.buffers().front().tensor).front();
  };
  const at::Tensor x = made_matrix(6, 8, 0.7).view({1, 6, 8});
  // What a position sees does not depend on what comes after it.
  double most = -1e30;
  for (std::int64_t length = 1; length <= 6; ++length) most = std::max(most, largest(x.narrow(1, 0, length)));
  REQUIRE(largest(x) == Approx(most).margin(1e-5));
  Pass evaluation;
  const Row kept = row_of(attention.buffers().front().tensor);
  attention(x * 100, evaluation);
  REQUIRE(row_of(attention.buffers().front().tensor) == kept);
}
