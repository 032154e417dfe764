// SPDX-License-Identifier: Apache-2.0
// A decoder's losses against plain loops in double, with layers that hand on what they get.
#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/arange.h>

#include <catch2/catch.hpp>

#include "decoder_reference.h"
#include "fixed_setup.h"
#include "recipes/models/decoder.h"

using namespace reprise;

namespace {

DecoderChoices small_choices() {
  DecoderChoices choices;
  choices.vocabulary = 7;
  choices.block = 5;
  choices.width = choices.head_width = choices.ffn = 4;
  choices.layers = choices.heads = choices.kv_heads = 1;
  choices.norm_epsilon = 1e-3;
  choices.rope_base = 100;
  choices.deviation = 1;
  choices.next_but_one = 0.3;
  return choices;
}

double slow_cross_entropy(const Row& logits, std::size_t target) {
  double sum = 0;
  for (const double one : logits) sum += std::exp(one);
  return std::log(sum) - logits[target];
}

}  // namespace

TEST_CASE("the token after the next one is predicted from the hidden state and the next token's embedding") {
  FixedSetup setup;
  setup.plan_.pins["precision"] = "float64";
  Parameters made(setup);
  Decoder decoder(made, setup, small_choices());
  {
    const at::NoGradGuard none;
    for (const auto& one : made.all())
      if (one.name.ends_with(".o.weight") || one.name.ends_with(".down.weight")) one.tensor.zero_();
  }
  const std::vector<std::size_t> text{3, 1, 6, 0, 2, 5};
  const Rows tokens = rows_of(named(made, "tokens.weight")), head = rows_of(named(made, "head.weight")),
             joined = rows_of(named(made, "mtp.joined.weight"));
  const auto normed = [](const Row& x) { return slow_rms_norm(x, Row(x.size(), 1), 1e-3); };
  double next = 0, second = 0;
  for (std::size_t i = 0; i < 5; ++i) {
    next += slow_cross_entropy(times(head, normed(tokens[text[i]])), text[i + 1]) / 5;
    if (i == 4) break;
    Row both = normed(tokens[text[i]]);
    const Row given = normed(tokens[text[i + 1]]);
    both.insert(both.end(), given.begin(), given.end());
    second += slow_cross_entropy(times(head, normed(times(joined, both))), text[i + 2]) / 4;
  }
  const at::Tensor all = at::arange(6, at::kLong).view({1, 6});
  for (std::size_t i = 0; i < 6; ++i)
    all[0][static_cast<std::int64_t>(i)] = static_cast<std::int64_t>(text[i]);
  const TextBatch batch{all.narrow(1, 0, 5), all.narrow(1, 1, 5)};
  REQUIRE(std::abs(decoder.cross_entropy(batch).item().toDouble() - next) < 1e-12);
  REQUIRE(std::abs(decoder.training_loss(batch).item().toDouble() - next - 0.3 * second) < 1e-12);
}
