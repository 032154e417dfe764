// SPDX-License-Identifier: Apache-2.0
// A character-level GPT as nanoGPT trains it (recipes/training/language_training.h). No layer has a bias, as
// in nanoGPT's default.
#include "recipes/training/language_training.h"

namespace reprise::programs {
namespace {

std::unique_ptr<Training> begin(const Setup& setup) {
  return train_language(setup, characters_of(setup.data("text")), /*biases=*/false);
}

}  // namespace

extern const Program chargpt{
    .summary = "character-level GPT on tiny Shakespeare, as nanoGPT trains it on a processor",
    .begin = begin,
};

}  // namespace reprise::programs
