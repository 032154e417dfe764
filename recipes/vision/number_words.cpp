// SPDX-License-Identifier: Apache-2.0
#include "recipes/vision/number_words.h"

#include <ATen/ops/index_select.h>
#include <ATen/ops/zeros.h>

#include <string_view>

namespace reprise {
namespace {

constexpr std::string_view words[word_count] = {"zero", "one", "two",   "three", "four",
                                                "five", "six", "seven", "eight", "nine"};

at::Tensor table() {
  at::Tensor tokens = at::zeros({word_count, word_length}, at::kLong);
  auto* row = tokens.mutable_data_ptr<std::int64_t>();
  for (const auto word : words) {
    for (std::size_t k = 0; k < word.size(); ++k) row[k] = word[k] - 'a' + 1;
    row += word_length;
  }
  return tokens;
}

}  // namespace

at::Tensor words_for(const at::Tensor& labels) {
  return at::index_select(table().to(labels.device()), 0, labels);
}

}  // namespace reprise
