// SPDX-License-Identifier: Apache-2.0
// Ten classes of generated 1-D signals; models linear, mlp, cnn, gru; Adam.
#include "recipes/data/wave_data.h"
#include "recipes/training/signal_training.h"

namespace reprise::programs {
namespace {

std::unique_ptr<Training> begin(const Setup& setup) {
  // The data is a part of the recipe, not of the run: another seed trains on the same signals.
  const auto data_seed = static_cast<std::uint64_t>(setup.integer("data_seed"));
  const std::int64_t noise = setup.integer("noise");
  const std::int64_t samples = setup.plan().samples;
  Labelled train = make_waves(data_seed, 0, samples, noise);
  // Far behind any training signal.
  Labelled test = make_waves(data_seed, 1'000'000'000, setup.integer("test_samples"), noise);
  train.x = train.x.to(setup.dtype());
  test.x = test.x.to(setup.dtype());
  return train_signals(setup, train, test, wave_classes);
}

}  // namespace

extern const Program waves{
    .summary = "ten classes of generated 1-D signals: needs no download",
    .begin = begin,
};

}  // namespace reprise::programs
