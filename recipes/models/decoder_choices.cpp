// SPDX-License-Identifier: Apache-2.0
// The choices of a decoder from the parameters of a recipe.
#include "harness/base/error.h"
#include "harness/base/text.h"
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

Mixer mixer_of(const std::string& text) {
  if (text == "grouped") return Mixer::grouped;
  if (text == "latent") return Mixer::latent;
  if (text == "lightning") return Mixer::lightning;
  fail("{}", unknown_name("mixer", text, std::vector<std::string>{"grouped", "latent", "lightning"}));
}

double share(const Setup& setup, const char* name) {
  const double value = setup.number(name);
  if (!(value >= 0 && value <= 1)) fail("wanted {} as a share of the steps, 0 to 1, found {}", name, value);
  return value;
}

void read_parts(const Setup& setup, DecoderChoices& choices) {
  choices.mixer = mixer_of(setup.text("mixer"));
  if (choices.mixer == Mixer::latent) {
    choices.rope_width = setup.integer("rope_width");
    choices.kv_latent = setup.integer("kv_latent");
    choices.q_latent = setup.integer("q_latent");
  }
  if (choices.mixer == Mixer::lightning) {
    choices.linear_block = setup.integer("linear_block");
    choices.softmax_every = setup.integer("softmax_every");
    if (choices.softmax_every < 1) fail("wanted softmax_every of 1 or more, found {}", choices.softmax_every);
  }
  choices.next_but_one = setup.number("next_but_one");
  if (choices.next_but_one > 0) {
    choices.next_but_one_last = setup.number("next_but_one_last");
    choices.next_but_one_until = share(setup, "next_but_one_until");
  }
  choices.experts = setup.integer("experts");
  if (choices.experts == 0) return;
  choices.chosen = setup.integer("chosen");
  choices.expert_ffn = setup.integer("expert_ffn");
  choices.dense_layers = setup.integer("dense_layers");
  choices.bias_speed = setup.number("bias_speed");
  choices.balance = setup.number("balance");
  choices.bias_until = share(setup, "bias_until");
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
  if (choices.next_but_one > 0 && choices.block < 2)
    fail("wanted block of 2 or more to predict the token after the next one, found {}", choices.block);
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
  read_parts(setup, choices);
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
