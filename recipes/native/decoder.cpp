// SPDX-License-Identifier: Apache-2.0
// A small character-level decoder with the ingredients of Llama, Qwen, Yi, OpenELM and others, by the
// recipe's choices (recipes/training/decoder_training.h).
#include "recipes/training/decoder_training.h"

namespace reprise::programs {
namespace {

std::unique_ptr<Training> begin(const Setup& setup) {
  return train_decoder(setup, characters_of(setup.data("text")));
}

}  // namespace

extern const Program decoder{
    .summary = "character-level decoder with the parts of published language models, by choice",
    .begin = begin,
};

}  // namespace reprise::programs
