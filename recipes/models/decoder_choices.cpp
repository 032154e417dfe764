// SPDX-License-Identifier: Apache-2.0
// The choices of a decoder from the parameters of a recipe.
#include "harness/base/error.h"
#include "recipes/models/decoder.h"

namespace reprise {
namespace {

void read_layers(const Setup& setup, DecoderChoices& choices) {
  choices.scaled_layers = setup.truth("scaled_layers");
  if (!choices.scaled_layers) {
    choices.heads = setup.integer("heads");
    choices.kv_heads = setup.integer("kv_heads");
    choices.ffn = setup.integer("ffn");
    return;
  }
  choices.group = setup.integer("group");
  choices.ffn_step = setup.integer("ffn_step");
  choices.qkv_first = setup.number("qkv_first");
  choices.qkv_last = setup.number("qkv_last");
  choices.ffn_first = setup.number("ffn_first");
  choices.ffn_last = setup.number("ffn_last");
}

void check_choices(const DecoderChoices& choices) {
  const auto at_least_one = [](const char* name, std::int64_t value) {
    if (value < 1) fail("wanted {} of 1 or more, found {}", name, value);
  };
  at_least_one("width", choices.width);
  at_least_one("layers", choices.layers);
  at_least_one("block", choices.block);
  at_least_one("head_width", choices.head_width);
  if (!choices.scaled_layers) at_least_one("ffn", choices.ffn);
  if (choices.z_loss < 0) fail("wanted z_loss of 0 or more, found {}", choices.z_loss);
}

}  // namespace

DecoderChoices decoder_choices(const Setup& setup, std::int64_t vocabulary) {
  DecoderChoices choices;
  choices.vocabulary = vocabulary;
  choices.block = setup.integer("block");
  choices.width = setup.integer("width");
  choices.layers = setup.integer("layers");
  choices.head_width = setup.integer("head_width");
  read_layers(setup, choices);
  choices.qkv_bias = setup.truth("qkv_bias");
  choices.qk_norm = setup.truth("qk_norm");
  choices.tied = setup.truth("tied");
  choices.norm_epsilon = setup.number("norm_epsilon");
  choices.rope_base = setup.number("rope_base");
  choices.deviation = setup.number("deviation");
  choices.z_loss = setup.number("z_loss");
  check_choices(choices);
  return choices;
}

}  // namespace reprise
