// SPDX-License-Identifier: Apache-2.0
#include "recipes/vision/janus_training.h"

#include <ATen/TensorOperators.h>

#include "harness/base/error.h"
#include "recipes/training/gradient_training.h"
#include "recipes/vision/digit_examples.h"
#include "recipes/vision/janus_model.h"
#include "recipes/vision/number_words.h"

namespace reprise {
namespace {

JanusShape shape_of(const Setup& setup) {
  return {.tokenizer = {.channels = setup.integer("tokenizer_channels"),
                        .latents = setup.integer("code_size"),
                        .groups = setup.integer("groups")},
          .codes = setup.integer("codes"),
          .unified = {.width = setup.integer("width"),
                      .layers = setup.integer("layers"),
                      .heads = setup.integer("heads"),
                      .ffn = setup.integer("ffn"),
                      .features = setup.integer("features"),
                      .groups = setup.integer("groups"),
                      .length = word_length + 1 + image_tokens}};
}

class JanusTraining final : public GradientTraining {
 public:
  explicit JanusTraining(const Setup& setup)
      : GradientTraining(setup),
        digits_(read_digits(setup)),
        first_stage_(setup.integer("tokenizer_steps")),
        model_(parameters(), setup, shape_of(setup)) {
    if (first_stage_ < 0) fail("wanted tokenizer_steps of 0 or more, found {}", first_stage_);
    if (setup.integer("drawn") < 0) fail("wanted drawn of 0 or more, found {}", setup.integer("drawn"));
    optimize({.rate = setup.number("lr"),
              .beta1 = setup.number("beta1"),
              .beta2 = setup.number("beta2"),
              .weight_decay = setup.number("weight_decay")});
    clip_gradients(setup.number("clip"));
    Tensors data = digits_.tensors();
    for (const auto& table : model_.unified().tables()) data.push_back(table);
    setup.show_data(data, digits_.train.x.size(0));
  }

 protected:
  at::Tensor loss(std::int64_t i, Tensors& batch) override {
    const auto [images, labels] = digits_.batch(setup(), i);
    batch = {{"images", images}, {"labels", labels}};
    if (i <= first_stage_) return model_.tokenizer_loss(images, setup().number("commit"));
    const at::Tensor codes = model_.codes_of(images), words = told_words(setup(), i, labels);
    for (const auto& made : Tensors{{"codes", codes}, {"words", words}}) batch.push_back(made);
    return model_.unified().naming_loss(images, words_for(labels)) + model_.drawing_loss(words, codes);
  }

  std::optional<double> rate(std::int64_t i) override {
    if (i <= first_stage_) return setup().number("tokenizer_lr");
    return warmed_rate(setup(), i - first_stage_);
  }

  void updated(std::int64_t i) override { step_ = i; }

  std::vector<std::pair<std::string, double>> evaluate() override {
    const auto& [images, labels] = digits_.seen;
    const at::Tensor words = words_for(labels), codes = model_.codes_of(images);
    const auto value = [](const at::Tensor& loss) { return loss.item().toDouble(); };
    std::vector<std::pair<std::string, double>> found{
        {"image_loss", value(model_.drawing_loss(words, codes))},
        {"accuracy", percentage(model_.unified().names_rightly(images, words))},
        {"reconstruction_loss", value(mean_square(model_.image_from(codes), images))}};
    if (setup().integer("drawn") > 0) found.emplace_back("agreement", agreement());
    return found;
  }

 private:
  static double percentage(const at::Tensor& right) {
    return 100 * right.sum().item().toDouble() / static_cast<double>(right.numel());
  }

  // Whether what is drawn is named as it was asked for. Drawn anew at each step, by draws of that step.
  double agreement() const {
    const at::Tensor words = words_for(asked_digits(setup(), setup().integer("drawn")));
    const auto first = static_cast<std::uint64_t>(step_ * words.size(0) * image_tokens);
    const at::Tensor codes =
        model_.drawn(words, setup().number("guidance"), setup().draws(Stream::sampler), first);
    return percentage(model_.unified().names_rightly(model_.image_from(codes), words));
  }

  Digits digits_;
  std::int64_t first_stage_, step_ = 0;
  JanusModel model_;
};

}  // namespace

std::unique_ptr<Training> train_janus(const Setup& setup) { return std::make_unique<JanusTraining>(setup); }

}  // namespace reprise
