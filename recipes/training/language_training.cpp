// SPDX-License-Identifier: Apache-2.0
#include "recipes/training/language_training.h"

#include <ATen/TensorOperators.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "harness/base/error.h"

namespace reprise {
namespace {

double dropout_of(const Setup& setup) {
  if (!setup.has("dropout")) return 0;
  const double share = setup.number("dropout");
  if (share < 0 || share >= 1) fail("wanted a dropout of at least 0 and below 1, found {}", share);
  if (share > 0 && !setup.draws_on_device())
    fail("dropout={} is drawn by LibTorch's generator, found the pin rng=harness; try rng=device", share);
  return share;
}

class LanguageTraining final : public GradientTraining {
 public:
  LanguageTraining(const Setup& setup, const TextData& text, bool biases)
      : GradientTraining(setup), text_(text), block_(setup.integer("block")), dropout_(dropout_of(setup)) {
    gpt_ = make_gpt(parameters(), {.vocabulary = text_.vocabulary,
                                   .block = block_,
                                   .layers = setup.integer("layers"),
                                   .heads = setup.integer("heads"),
                                   .width = setup.integer("width"),
                                   .biases = biases});
    optimize({.rate = setup.number("lr"),
              .beta1 = 0.9,
              .beta2 = setup.number("beta2"),
              .weight_decay = setup.number("weight_decay")});
    clip_gradients(setup.number("clip"));
    setup.show_data({{"train", text_.train}, {"validation", text_.validation}}, text_.train.size(0) - block_);
    evaluation_ = fixed_offsets(text_.validation, block_, setup.integer("eval_batches"), setup.plan().batch);
    drawn_ = setup.has("evaluate_on") && setup.text("evaluate_on") == "drawn";
  }

 protected:
  at::Tensor loss(std::int64_t i, Tensors& batch) override {
    step_ = i;
    const TextBatch read = on_device(windows(text_.train, setup().batch(i), block_));
    batch = {{"inputs", read.inputs}, {"targets", read.targets}};
    return loss_of(gpt_, read, dropout_);
  }

  // nanoGPT's get_lr, with its lr_decay_iters equal to the steps; it counts steps from 0.
  std::optional<double> rate(std::int64_t i) override {
    const double peak = setup().number("lr"), floor = setup().number("min_lr");
    const auto at = static_cast<double>(i - 1), warmup = static_cast<double>(setup().integer("warmup"));
    if (at < warmup) return peak * (at + 1) / (warmup + 1);
    const double rest = static_cast<double>(setup().plan().steps) - warmup;
    const double share = rest > 0 ? std::min(1.0, (at - warmup) / rest) : 1.0;
    return floor + 0.5 * (1 + std::cos(std::numbers::pi * share)) * (peak - floor);
  }

  std::vector<std::pair<std::string, double>> evaluate() override {
    if (drawn_)
      evaluation_ =
          drawn_offsets(text_.validation, block_, setup().integer("eval_batches"), setup().plan().batch,
                        setup().draws_alike(Stream::sampler, static_cast<std::uint32_t>(step_)));
    double sum = 0;
    for (const auto& offsets : evaluation_)
      sum += loss_of(gpt_, on_device(windows(text_.validation, offsets, block_))).item().toDouble();
    return {{"validation_loss", sum / static_cast<double>(evaluation_.size())}};
  }

 private:
  // The text stays on the CPU, and windows are cut there: the same copies whatever the device.
  TextBatch on_device(const TextBatch& batch) const {
    const auto device = setup().device();
    return {batch.inputs.to(device), batch.targets.to(device)};
  }

  TextData text_;
  std::int64_t block_;
  double dropout_;
  Gpt gpt_;
  std::vector<at::Tensor> evaluation_;
  bool drawn_ = false;     // anew at every evaluation
  std::int64_t step_ = 0;  // that is being made
};

}  // namespace

std::unique_ptr<Training> train_language(const Setup& setup, const TextData& text, bool biases) {
  return std::make_unique<LanguageTraining>(setup, text, biases);
}

}  // namespace reprise
