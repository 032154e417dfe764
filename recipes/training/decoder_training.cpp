// SPDX-License-Identifier: Apache-2.0
#include "recipes/training/decoder_training.h"

#include "harness/base/error.h"
#include "harness/record/skip.h"
#include "recipes/models/decoder.h"
#include "recipes/training/rate_schedule.h"
#include "recipes/training/weight_average.h"

namespace reprise {
namespace {

// OpenELM's last checkpoints are 5,000 of 350,000 iterations apart.
constexpr std::int64_t snapshots_per_run = 70;

DecoderChoices choices_of(const Setup& setup, std::int64_t vocabulary, DecoderOptimizer optimizer) {
  DecoderChoices choices = decoder_choices(setup, vocabulary);
  if (setup.ranks() > 1 && (choices.experts > 0 || optimizer == DecoderOptimizer::muon_clip))
    throw Skip(
        fmt::format("{} balances its experts or bounds its logits by what it sees of the whole batch, of "
                    "which each of {} ranks sees a share: it is trained by one rank only",
                    setup.plan().recipe, setup.ranks()));
  if (optimizer == DecoderOptimizer::adam) return choices;
  choices.clip_logits = setup.number("clip_logits");
  if (!(choices.clip_logits > 0) || choices.mixer != Mixer::latent)
    fail("wanted clip_logits above 0 with the latent mixer, found {} with the mixer {}", choices.clip_logits,
         setup.text("mixer"));
  return choices;
}

// Embedding, head and norms are Adam's.
bool is_matrix_of_layer(const NamedTensor& one) {
  return one.tensor.dim() == 2 && one.name.starts_with("layers.");
}

class DecoderTraining final : public GradientTraining {
 public:
  DecoderTraining(const Setup& setup, const TextData& text, DecoderOptimizer optimizer)
      : GradientTraining(setup),
        text_(text),
        block_(setup.integer("block")),
        schedule_(rate_schedule(setup)),
        decoder_(parameters(), setup, choices_of(setup, text.vocabulary, optimizer)) {
    choose(optimizer);
    clip_gradients(setup.number("clip"));
    const std::int64_t steps = setup.plan().steps;
    average_ =
        WeightAverage(parameters().all(), steps, setup.integer("average_last"), steps / snapshots_per_run);
    Tensors data{{"train", text_.train}, {"validation", text_.validation}};
    for (const auto& table : decoder_.tables()) data.push_back(table);
    setup.show_data(data, text_.train.size(0) - block_);
    evaluation_ = fixed_offsets(text_.validation, block_, setup.integer("eval_batches"), setup.plan().batch);
  }

 protected:
  at::Tensor loss(std::int64_t i, Tensors& batch) override {
    const TextBatch read = read_on(setup().device(), text_.train, setup().batch(i));
    batch = {{"inputs", read.inputs}, {"targets", read.targets}};
    return decoder_.training_loss(read, {i, setup().plan().steps});
  }

  std::optional<double> rate(std::int64_t i) override { return schedule_.rate(i); }

  void updated(std::int64_t i) override {
    decoder_.updated({i, setup().plan().steps});
    average_.take(i);
    step_ = i;
  }

  Tensors buffers() override {
    Tensors all = decoder_.buffers();
    for (const auto& one : average_.sums()) all.push_back(one);
    return all;
  }

  std::vector<std::pair<std::string, double>> evaluate() override {
    std::vector<std::pair<std::string, double>> found{{"validation_loss", validation_loss()}};
    if (average_.complete(step_)) {
      const WeightAverage::Swap swapped(average_);
      found.emplace_back("averaged_loss", validation_loss());
    }
    return found;
  }

 private:
  void choose(DecoderOptimizer optimizer) {
    const AdamChoices adam{.rate = setup().number("lr"),
                           .beta1 = setup().number("beta1"),
                           .beta2 = setup().number("beta2"),
                           .epsilon = setup().number("epsilon"),
                           .weight_decay = setup().number("weight_decay")};
    if (optimizer == DecoderOptimizer::adam) return optimize(adam);
    optimize(adam,
             {.rate = adam.rate,
              .momentum = setup().number("momentum"),
              .weight_decay = adam.weight_decay,
              .iterations = setup().integer("iterations")},
             is_matrix_of_layer);
  }

  // The text stays on the CPU, and windows are cut there: the same copies whatever the device.
  TextBatch read_on(at::Device device, const at::Tensor& text, const at::Tensor& offsets) const {
    const TextBatch read = windows(text, offsets, block_);
    return {read.inputs.to(device), read.targets.to(device)};
  }

  double validation_loss() {
    double sum = 0;
    for (const auto& offsets : evaluation_)
      sum += decoder_.cross_entropy(read_on(setup().device(), text_.validation, offsets)).item().toDouble();
    return sum / static_cast<double>(evaluation_.size());
  }

  TextData text_;
  std::int64_t block_, step_ = 0;
  RateSchedule schedule_;
  Decoder decoder_;
  WeightAverage average_;
  std::vector<at::Tensor> evaluation_;
};

}  // namespace

std::unique_ptr<Training> train_decoder(const Setup& setup, const TextData& text,
                                        DecoderOptimizer optimizer) {
  return std::make_unique<DecoderTraining>(setup, text, optimizer);
}

}  // namespace reprise
