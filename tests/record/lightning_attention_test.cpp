// SPDX-License-Identifier: Apache-2.0
// Lightning attention in blocks against its recurrence, position by position in double.
#include <ATen/TensorOperators.h>

#include <catch2/catch.hpp>

#include "decoder_reference.h"
#include "fixed_setup.h"
#include "recipes/models/lightning_attention.h"

using namespace reprise;
using Catch::Matchers::Contains;

namespace {

Rows slow_lightning(const Parameters& made, const Rows& inputs, std::size_t heads, std::size_t size) {
  const auto through = [&](const std::string& name, const Row& x) {
    return times(rows_of(named(made, name + ".weight")), x);
  };
  std::vector<Rows> state(heads, Rows(size, Row(size, 0)));
  Rows out;
  for (const auto& x : inputs) {
    Row query = through("a.q", x), key = through("a.k", x), value = through("a.v", x),
        gate = through("a.gate", x);
    for (auto* row : {&query, &key, &value})
      for (auto& one : *row) one = silu(one);
    Row mixed(heads * size, 0);
    for (std::size_t h = 0; h < heads; ++h) {
      // Of layer 3 of 8, as MiniMax-01 has it.
      const double decay =
          std::exp(-std::pow(2.0, -8.0 * static_cast<double>(h + 1) / static_cast<double>(heads)) *
                   (1 - 3 / (7 + 1e-5) + 1e-5));
      for (std::size_t i = 0; i < size; ++i) {
        for (std::size_t j = 0; j < size; ++j) {
          state[h][i][j] = decay * state[h][i][j] + key[h * size + i] * value[h * size + j];
          mixed[h * size + j] += query[h * size + i] * state[h][i][j];
        }
      }
    }
    mixed = slow_rms_norm(mixed, row_of(named(made, "a.norm.weight")), 1e-3);
    for (std::size_t i = 0; i < mixed.size(); ++i) mixed[i] *= 1 / (1 + std::exp(-gate[i]));
    out.push_back(through("a.o", mixed));
  }
  return out;
}

}  // namespace

TEST_CASE("lightning attention is its recurrence, whatever the size of the blocks") {
  FixedSetup setup;
  setup.plan_.pins["precision"] = "float64";
  for (const std::int64_t block : {1, 3, 7, 20}) {
    INFO(block);
    Parameters made(setup);
    LightningAttention attention(made, setup, "a",
                                 {.width = 5,
                                  .head = 3,
                                  .heads = 2,
                                  .block = block,
                                  .layer = 3,
                                  .layers = 8,
                                  .deviation = 0.7,
                                  .epsilon = 1e-3});
    const at::Tensor x = made.normal("x", {7, 5}, 1).detach();
    Pass pass;
    REQUIRE(distance(attention(x.unsqueeze(0), pass).squeeze(0), slow_lightning(made, rows_of(x), 2, 3)) <
            1e-12);
  }
  Parameters made(setup);
  CHECK_THAT(error_of([&] {
               LightningAttention(made, setup, "b", {.width = 5, .head = 3, .heads = 2, .block = 0});
             }),
             Contains("linear_block") && Contains("2 and 0"));
}
