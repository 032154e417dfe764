// SPDX-License-Identifier: Apache-2.0
#pragma once
// Small setups in which native recipes begin, with files that are made up.
#include <map>
#include <string>
#include <vector>

#include "fixed_setup.h"

namespace reprise {

template <class Number>
std::string npy(const std::string& descr, const std::string& shape, std::size_t count) {
  std::string header = "{'descr': '" + descr + "', 'fortran_order': False, 'shape': " + shape + ", }";
  header.resize(118, ' ');
  std::string file = std::string("\x93NUMPY\x01\x00", 8) + std::string("\x76\x00", 2) + header;
  for (std::size_t i = 0; i < count; ++i) {
    const Number value = static_cast<Number>(i % 10);
    file.append(reinterpret_cast<const char*>(&value), sizeof value);
  }
  return file;
}

inline std::string idx(const std::vector<unsigned char>& shape) {
  std::string file("\0\0\x08", 3);
  std::size_t count = 1;
  file += static_cast<char>(shape.size());
  for (const auto extent : shape) {
    file += std::string(3, '\0') + static_cast<char>(extent);
    count *= extent;
  }
  for (std::size_t i = 0; i < count; ++i) file += static_cast<char>(i % 10);
  return file;
}

// What the decoder asks for beside that: every choice of its layers made.
inline void choose_decoder(Plan& plan, const std::string& mixer) {
  const std::map<std::string, Scalar> choices = {{"scaled_layers", true},
                                                 {"mixer", "grouped"},
                                                 {"experts", std::int64_t{0}},
                                                 {"next_but_one", 0.0},
                                                 {"group", std::int64_t{2}},
                                                 {"head_width", std::int64_t{4}},
                                                 {"qkv_first", 0.5},
                                                 {"qkv_last", 1.0},
                                                 {"ffn_first", 0.5},
                                                 {"ffn_last", 2.0},
                                                 {"ffn_step", std::int64_t{8}},
                                                 {"qkv_bias", true},
                                                 {"qk_norm", true},
                                                 {"tied", true},
                                                 {"norm_epsilon", 1e-5},
                                                 {"rope_base", 10000.0},
                                                 {"deviation", 0.02},
                                                 {"z_loss", 0.0001},
                                                 {"first_lr", 0.0},
                                                 {"last_lr", 0.0},
                                                 {"held", 0.0},
                                                 {"floor_held", 0.0},
                                                 {"last_held", 0.0},
                                                 {"beta1", 0.9},
                                                 {"epsilon", 1e-8},
                                                 {"warmup", 0.02},  // a share of the steps here
                                                 {"average_last", std::int64_t{0}}};
  for (const auto& [name, value] : choices) plan.parameters[name] = value;
  if (mixer != "latent") return;
  plan.parameters["mixer"] = mixer;
  plan.parameters["next_but_one"] = 0.3;
  plan.parameters["next_but_one_last"] = 0.1;
  plan.parameters["next_but_one_until"] = 0.676;
  plan.parameters["bias_until"] = 0.966;
  for (const char* width : {"rope_width", "kv_latent", "q_latent", "experts", "chosen", "expert_ffn"})
    plan.parameters[width] = std::int64_t{4};
  plan.parameters["dense_layers"] = std::int64_t{1};
  plan.parameters["bias_speed"] = plan.parameters["balance"] = 0.001;
}

inline void choose_muon(Plan& plan) {
  choose_decoder(plan, "latent");
  plan.parameters["clip_logits"] = 0.001;  // below any logit
  plan.parameters["momentum"] = 0.95;
  plan.parameters["iterations"] = std::int64_t{5};
}

// From the first step on by what it samples.
inline void choose_reasoner(Plan& plan) {
  const std::map<std::string, Scalar> choices = {{"largest", std::int64_t{4}},
                                                 {"cold_steps", std::int64_t{0}},
                                                 {"objective", "grpo"},
                                                 {"group", std::int64_t{2}},
                                                 {"inner", std::int64_t{2}},
                                                 {"rewards", "accuracy,format"},
                                                 {"epsilon", 0.2},
                                                 {"beta", 0.001},
                                                 {"reference_every", std::int64_t{2}},
                                                 {"eval_tasks", std::int64_t{2}},
                                                 {"temperature", 1.0},
                                                 {"rl_lr", 0.01}};
  for (const auto& [name, value] : choices) plan.parameters[name] = value;
}

// The second stage from the first step on.
inline void choose_diffusion(Plan& plan) {
  const std::map<std::string, Scalar> choices = {{"autoencoder_steps", std::int64_t{0}},
                                                 {"autoencoder_lr", 0.01},
                                                 {"autoencoder_channels", std::int64_t{4}},
                                                 {"latent_channels", std::int64_t{2}},
                                                 {"groups", std::int64_t{2}},
                                                 {"context", std::int64_t{4}},
                                                 {"diffusion_steps", std::int64_t{20}},
                                                 {"beta_first", 0.00085},
                                                 {"beta_last", 0.012},
                                                 {"text_drop", 0.1},
                                                 {"ema_decay", 0.9999}};
  for (const auto& [name, value] : choices) plan.parameters[name] = value;
}

inline void choose_janus(Plan& plan, const std::string& program) {
  std::map<std::string, Scalar> choices = {{"features", std::int64_t{4}},
                                           {"groups", std::int64_t{2}},
                                           {"ffn", std::int64_t{8}},
                                           {"text_drop", 0.1},
                                           {"guidance", 2.0},
                                           {"drawn", std::int64_t{1}},
                                           {"beta1", 0.9}};
  if (program == "janus")
    choices.merge(std::map<std::string, Scalar>{{"tokenizer_steps", std::int64_t{0}},
                                                {"tokenizer_lr", 0.01},
                                                {"tokenizer_channels", std::int64_t{4}},
                                                {"codes", std::int64_t{6}},
                                                {"code_size", std::int64_t{3}},
                                                {"commit", 0.25}});
  else
    choices.merge(std::map<std::string, Scalar>{
        {"alignment", 1.0}, {"flow_steps", std::int64_t{2}}, {"ema_decay", 0.99}});
  for (const auto& [name, value] : choices) plan.parameters[name] = value;
}

// Small files of every name that a native recipe asks for.
inline std::map<std::string, std::string> recipe_files() {
  return {{"x", npy<double>("<f8", "(20, 40)", 800)},
          {"y", npy<std::int64_t>("<i8", "(20,)", 20)},
          {"x_test", npy<double>("<f8", "(20, 40)", 800)},
          {"y_test", npy<std::int64_t>("<i8", "(20,)", 20)},
          {"train-images", idx({20, 28, 28})},
          {"train-labels", idx({20})},
          {"test-images", idx({20, 28, 28})},
          {"test-labels", idx({20})},
          {"text",
           "To be, or not to be, that is the question: whether 'tis nobler in the mind to "
           "suffer the slings and arrows of outrageous fortune, or to take arms"}};
}

// A setup in which every native recipe begins.
inline FixedSetup setup_for(const std::string& program, const std::string& model = "mlp") {
  FixedSetup setup;
  setup.plan_.program = program;
  setup.plan_.steps = setup.plan_.evaluate_every = 100;
  setup.plan_.samples = 20;
  const auto whole = [](std::int64_t value) { return Scalar(value); };
  setup.plan_.parameters = {{"model", model},
                            {"lr", 0.01},
                            {"hidden", whole(8)},
                            {"channels", whole(4)},
                            {"units", whole(3)},
                            {"noise", whole(30)},
                            {"data_seed", whole(1)},
                            {"test_samples", whole(20)},
                            {"layers", whole(2)},
                            {"heads", whole(2)},
                            {"width", whole(16)},
                            {"block", whole(8)},
                            {"vocabulary", whole(32)},
                            {"validation_tokens", whole(64)},
                            {"min_lr", 0.001},
                            {"warmup", whole(2)},
                            {"beta2", 0.95},
                            {"weight_decay", 0.1},
                            {"clip", 1.0},
                            {"eval_batches", whole(1)}};
  if (program == "decoder") choose_decoder(setup.plan_, model);
  if (program == "muon-decoder") choose_muon(setup.plan_);
  if (program == "reasoner") choose_reasoner(setup.plan_);
  if (program == "diffusion") choose_diffusion(setup.plan_);
  if (program.starts_with("janus")) choose_janus(setup.plan_, program);
  setup.files_ = recipe_files();
  return setup;
}

}  // namespace reprise
