// SPDX-License-Identifier: Apache-2.0
#include "recipes/vision/janusflow_training.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/clamp.h>
#include <ATen/ops/tensor.h>

#include "harness/base/error.h"
#include "recipes/training/gradient_training.h"
#include "recipes/vision/digit_examples.h"
#include "recipes/vision/janusflow_model.h"
#include "recipes/vision/number_words.h"
#include "recipes/vision/rectified_flow.h"
#include "recipes/vision/step_draws.h"
#include "recipes/vision/weight_ema.h"

namespace reprise {
namespace {

// What the numbers of the stream are for.
enum Kind : std::uint32_t { for_noise = 0, for_times = 1, for_drawing = 2 };

JanusflowShape shape_of(const Setup& setup) {
  return {.unified = {.width = setup.integer("width"),
                      .layers = setup.integer("layers"),
                      .heads = setup.integer("heads"),
                      .ffn = setup.integer("ffn"),
                      .features = setup.integer("features"),
                      .groups = setup.integer("groups"),
                      .length = word_length + 1 + image_tokens},
          .channels = setup.integer("channels")};
}

// Pixels from -1 to 1, where a flow begins at noise of deviation 1.
at::Tensor centered(const at::Tensor& images) { return images * 2 - 1; }

class JanusflowTraining final : public GradientTraining {
 public:
  explicit JanusflowTraining(const Setup& setup)
      : GradientTraining(setup),
        digits_(read_digits(setup)),
        model_(parameters(), setup, shape_of(setup)),
        ema_(parameters().all(), setup.number("ema_decay")) {
    if (setup.integer("drawn") < 0) fail("wanted drawn of 0 or more, found {}", setup.integer("drawn"));
    if (setup.integer("flow_steps") < 1)
      fail("wanted flow_steps of 1 or more, found {}", setup.integer("flow_steps"));
    optimize({.rate = setup.number("lr"),
              .beta1 = setup.number("beta1"),
              .beta2 = setup.number("beta2"),
              .weight_decay = setup.number("weight_decay")});
    clip_gradients(setup.number("clip"));
    Tensors data = digits_.tensors();
    for (const auto& table : model_.unified().tables()) data.push_back(table);
    setup.show_data(data, digits_.train.x.size(0));
    prepare_evaluation();
  }

 protected:
  at::Tensor loss(std::int64_t i, Tensors& batch) override {
    const auto [images, labels] = digits_.batch(setup(), i);
    const at::Tensor noise = StepDraws(setup(), Stream::noise, for_noise).normal(i, images.sizes());
    const auto times = logistic_of(StepDraws(setup(), Stream::noise, for_times).normal(i, {labels.size(0)}));
    const at::Tensor words = told_words(setup(), i, labels);
    batch = {{"images", images},
             {"labels", labels},
             {"noise", noise},
             {"t", at::tensor(times, at::kDouble).to(at::kFloat).to(setup().device())},
             {"words", words}};
    const Flow flow = flow_of(images, noise, times, words);
    const at::Tensor target = model_.unified().features(images).detach();
    return model_.unified().naming_loss(images, words_for(labels)) + flow.loss +
           setup().number("alignment") * misalignment(target, flow.aligned);
  }

  std::optional<double> rate(std::int64_t i) override { return warmed_rate(setup(), i); }

  void updated(std::int64_t i) override {
    ema_.update(i);
    step_ = i;
  }

  Tensors buffers() override { return ema_.shadows(); }

  std::vector<std::pair<std::string, double>> evaluate() override {
    const WeightEma::Swap averaged(ema_);
    const auto& [images, labels] = digits_.seen;
    const at::Tensor words = words_for(labels);
    const at::Tensor loss = flow_of(images, seen_noise_, seen_times_, words).loss;
    std::vector<std::pair<std::string, double>> found{
        {"flow_loss", loss.item().toDouble()},
        {"accuracy", percentage(model_.unified().names_rightly(images, words))}};
    if (setup().integer("drawn") > 0) found.emplace_back("agreement", agreement());
    return found;
  }

 private:
  struct Flow {
    at::Tensor loss, aligned;
  };

  static double percentage(const at::Tensor& right) {
    return 100 * right.sum().item().toDouble() / static_cast<double>(right.numel());
  }

  // The same times and noise at every evaluation and under every seed.
  void prepare_evaluation() {
    const std::int64_t count = digits_.seen.y.size(0);
    seen_noise_ = fixed_normal(for_noise, digits_.seen.x.sizes()).to(setup().device());
    for (std::int64_t k = 0; k < count; ++k)
      seen_times_.push_back((static_cast<double>(k) + 0.5) / static_cast<double>(count));
  }

  Flow flow_of(const at::Tensor& images, const at::Tensor& drawn, const std::vector<double>& times,
               const at::Tensor& words) const {
    const at::Tensor x = centered(images), noise = drawn.to(x.scalar_type());
    const auto told = model_.tell(between(x, noise, by_sample(times, x)), times, words);
    return {.loss = mean_square(told.velocity, x - noise), .aligned = told.aligned};
  }

  // Whether what is drawn is named as it was asked for. Drawn anew at each step, by noise of that step.
  double agreement() const {
    const at::Tensor words = words_for(asked_digits(setup(), setup().integer("drawn")));
    const at::Tensor noise =
        StepDraws(setup(), Stream::noise, for_drawing).normal(step_, {words.size(0), 1, 28, 28});
    const at::Tensor drawn = model_.drawn(noise.to(setup().dtype()), words, setup().number("guidance"),
                                          setup().integer("flow_steps"));
    // Cut to the range of pixels before they are looked at, as the published code does.
    return percentage(model_.unified().names_rightly((at::clamp(drawn, -1, 1) + 1) / 2, words));
  }

  Digits digits_;
  JanusflowModel model_;
  WeightEma ema_;
  at::Tensor seen_noise_;
  std::vector<double> seen_times_;
  std::int64_t step_ = 0;
};

}  // namespace

std::unique_ptr<Training> train_janusflow(const Setup& setup) {
  return std::make_unique<JanusflowTraining>(setup);
}

}  // namespace reprise
