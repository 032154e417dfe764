// SPDX-License-Identifier: Apache-2.0
// A GPT of the shape of GPT-2 (124 million parameters at the recipe's sizes) on generated tokens: a load of
// the size that people train, without a download. It is not GPT-2: it has seen no language.
#include "harness/base/error.h"
#include "recipes/data/token_data.h"
#include "recipes/training/language_training.h"

namespace reprise::programs {
namespace {

std::unique_ptr<Training> begin(const Setup& setup) {
  // The data is a part of the recipe, not of the run: another seed trains on the same tokens.
  const auto data_seed = static_cast<std::uint64_t>(setup.integer("data_seed"));
  const std::int64_t vocabulary = setup.integer("vocabulary"), block = setup.integer("block");
  if (vocabulary < 2) fail("wanted vocabulary of at least 2, found {}", vocabulary);
  TextData text;
  text.vocabulary = vocabulary;
  text.train = make_tokens(data_seed, 0, setup.plan().samples + block, vocabulary);
  // Far behind any training token.
  text.validation = make_tokens(data_seed, 1'000'000'000'000, setup.integer("validation_tokens"), vocabulary);
  return train_language(setup, text, /*biases=*/true);
}

}  // namespace

extern const Program gpt2{
    .summary = "a GPT of GPT-2's shape on generated tokens: needs no download",
    .begin = begin,
};

}  // namespace reprise::programs
