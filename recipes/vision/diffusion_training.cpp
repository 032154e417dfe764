// SPDX-License-Identifier: Apache-2.0
#include "recipes/vision/diffusion_training.h"

#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/embedding.h>
#include <ATen/ops/index_select.h>
#include <ATen/ops/ones.h>

#include <optional>

#include "harness/base/error.h"
#include "recipes/training/gradient_training.h"
#include "recipes/vision/autoencoder.h"
#include "recipes/vision/digit_examples.h"
#include "recipes/vision/noise_schedule.h"
#include "recipes/vision/number_words.h"
#include "recipes/vision/step_draws.h"
#include "recipes/vision/unet.h"
#include "recipes/vision/weight_ema.h"

namespace reprise {
namespace {

// What the numbers of a stream are for.
enum Kind : std::uint32_t { for_noise = 0, for_times = 1 };

constexpr std::int64_t side = 7;  // of the latents

std::vector<double> all_times(std::int64_t steps) {
  std::vector<double> times;
  for (std::int64_t t = 0; t < steps; ++t) times.push_back(static_cast<double>(t));
  return times;
}

Tensors from(const Tensors& all, std::size_t first) {
  return {all.begin() + static_cast<std::ptrdiff_t>(first), all.end()};
}

// The denoiser with the embedding of its text.
struct Denoiser {
  at::Tensor letters, places;  // [word_tokens, context], [word_length, context]
  std::optional<Unet> unet;
  Denoiser(Parameters& made, const UnetShape& shape) {
    letters = made.normal("denoiser.letters.weight", {word_tokens, shape.context}, 1);
    places = made.normal("denoiser.places.weight", {word_length, shape.context}, 1);
    unet.emplace(made, "denoiser.unet", shape);
  }
  at::Tensor operator()(const at::Tensor& z, const at::Tensor& time, const at::Tensor& words) const {
    return (*unet)(z, time, at::embedding(letters, words) + places);
  }
};

class DiffusionTraining final : public GradientTraining {
 public:
  explicit DiffusionTraining(const Setup& setup)
      : GradientTraining(setup),
        digits_(read_digits(setup)),
        first_stage_(setup.integer("autoencoder_steps")),
        latents_(setup.integer("latent_channels")),
        schedule_(setup, setup.integer("diffusion_steps"), setup.number("beta_first"),
                  setup.number("beta_last")),
        times_(time_table(setup, all_times(schedule_.steps()), setup.integer("channels"))),
        autoencoder_(parameters(), "autoencoder",
                     {.channels = setup.integer("autoencoder_channels"),
                      .latents = latents_,
                      .groups = setup.integer("groups")}),
        coded_(parameters().all().size()),
        denoiser_(parameters(), {.latents = latents_,
                                 .channels = setup.integer("channels"),
                                 .groups = setup.integer("groups"),
                                 .heads = setup.integer("heads"),
                                 .context = setup.integer("context"),
                                 .time = 4 * setup.integer("channels")}),
        ema_(from(parameters().all(), coded_), setup.number("ema_decay")),
        scale_(at::ones({1}, at::TensorOptions(at::kFloat).device(setup.device()))) {
    if (first_stage_ < 0) fail("wanted autoencoder_steps of 0 or more, found {}", first_stage_);
    optimize({.rate = setup.number("autoencoder_lr"), .weight_decay = setup.number("weight_decay")});
    Tensors data = digits_.tensors();
    for (const auto& table : schedule_.tables()) data.push_back(table);
    data.push_back({"schedule.times", times_});
    setup.show_data(data, digits_.train.x.size(0));
    prepare_evaluation();
  }

  std::vector<Leaving> left() override {
    Leaving autoencoder{.name = "autoencoder", .tensors = {}}, averaged{.name = "ema_weights", .tensors = {}};
    for (std::size_t i = 0; i < coded_; ++i) autoencoder.tensors.push_back(parameters().all()[i].tensor);
    for (const auto& one : ema_.shadows()) averaged.tensors.push_back(one.tensor);
    return {autoencoder, averaged};
  }

 protected:
  at::Tensor loss(std::int64_t i, Tensors& batch) override {
    const auto [images, labels] = digits_.batch(setup(), i);
    batch = {{"images", images}, {"labels", labels}};
    if (i <= first_stage_) return mean_square(autoencoder_.decode(autoencoder_.encode(images)), images);
    const std::int64_t rows = labels.size(0);
    const at::Tensor noise =
        StepDraws(setup(), Stream::noise, for_noise).normal(i, {rows, latents_, side, side});
    const at::Tensor t = StepDraws(setup(), Stream::noise, for_times).below(schedule_.steps(), i, rows);
    const at::Tensor words = told_words(setup(), i, labels);
    for (const auto& drawn : Tensors{{"noise", noise}, {"t", t}, {"words", words}}) batch.push_back(drawn);
    return noise_loss(latents_of(images, /*measures=*/i == first_stage_ + 1), noise, t, words);
  }

  std::optional<double> rate(std::int64_t i) override {
    if (i <= first_stage_) return setup().number("autoencoder_lr");
    return warmed_rate(setup(), i - first_stage_);
  }

  void updated(std::int64_t i) override {
    if (i > first_stage_) ema_.update(i - first_stage_);
  }

  Tensors buffers() override {
    Tensors all = ema_.shadows();
    all.push_back({"latent_scale", scale_});
    return all;
  }

  std::vector<std::pair<std::string, double>> evaluate() override {
    const at::Tensor latents = autoencoder_.encode(digits_.seen.x);
    const auto value = [](const at::Tensor& loss) { return loss.item().toDouble(); };
    const double reconstruction = value(mean_square(autoencoder_.decode(latents), digits_.seen.x));
    const at::Tensor z = latents * scale_.to(latents.scalar_type());
    const at::Tensor words = words_for(digits_.seen.y);
    const double last = value(noise_loss(z, seen_noise_, seen_times_, words));
    const WeightEma::Swap averaged(ema_);
    return {{"noise_loss", value(noise_loss(z, seen_noise_, seen_times_, words))},
            {"last_noise_loss", last},
            {"reconstruction_loss", reconstruction}};
  }

 private:
  // The same images, times and noise at every evaluation and under every seed.
  void prepare_evaluation() {
    const std::int64_t count = digits_.seen.y.size(0);
    seen_noise_ = fixed_normal(for_noise, {count, latents_, side, side}).to(setup().device());
    // Evenly over all times.
    seen_times_ = (at::arange(count, at::kLong) * schedule_.steps()).div(count, "floor").to(setup().device());
  }

  // Scaled; of the frozen autoencoder. `measures`: in the first batch of all, which sets the scale.
  at::Tensor latents_of(const at::Tensor& images, bool measures) {
    const at::NoGradGuard frozen;
    const at::Tensor z = autoencoder_.encode(images);
    if (measures) scale_.copy_(z.to(at::kFloat).std().reciprocal());
    return z * scale_.to(z.scalar_type());
  }

  at::Tensor noise_loss(const at::Tensor& z, const at::Tensor& drawn, const at::Tensor& t,
                        const at::Tensor& words) const {
    const at::Tensor noise = drawn.to(z.scalar_type());
    const at::Tensor told = denoiser_(schedule_.noised(z, noise, t), at::index_select(times_, 0, t), words);
    return mean_square(told, noise);
  }

  Digits digits_;
  std::int64_t first_stage_, latents_;
  NoiseSchedule schedule_;
  at::Tensor times_, seen_noise_, seen_times_;
  Autoencoder autoencoder_;
  std::size_t coded_;  // how many parameters are the autoencoder's: the first ones
  Denoiser denoiser_;
  WeightEma ema_;
  at::Tensor scale_;
};

}  // namespace

std::unique_ptr<Training> train_diffusion(const Setup& setup) {
  return std::make_unique<DiffusionTraining>(setup);
}

}  // namespace reprise
