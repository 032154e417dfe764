// SPDX-License-Identifier: Apache-2.0
#include "recipes/data/text_data.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/tensor.h>

#include <array>

#include "harness/base/error.h"
#include "harness/base/philox.h"

namespace reprise {

TextData characters_of(std::string_view text) {
  std::array<std::int64_t, 256> code{};
  for (const char c : text) code[static_cast<unsigned char>(c)] = 1;
  TextData data;
  for (auto& entry : code) entry = entry == 0 ? -1 : data.vocabulary++;
  const at::Tensor all = at::empty({static_cast<std::int64_t>(text.size())}, at::kLong);
  auto* numbers = all.mutable_data_ptr<std::int64_t>();
  for (std::size_t i = 0; i < text.size(); ++i) numbers[i] = code[static_cast<unsigned char>(text[i])];
  const auto cut = static_cast<std::int64_t>(text.size() * 9 / 10);
  data.train = all.narrow(0, 0, cut);
  data.validation = all.narrow(0, cut, all.numel() - cut);
  return data;
}

TextBatch windows(const at::Tensor& text, const at::Tensor& offsets, std::int64_t block) {
  const std::int64_t last = text.numel() - block - 1;
  if (offsets.max().item().toLong() > last)
    fail("wanted windows of {} characters that begin at offset {} or before, found offset {}; set samples={}",
         block, last, offsets.max().item().toLong(), last + 1);
  const at::Tensor positions = offsets.unsqueeze(1) + at::arange(block, at::kLong).unsqueeze(0);
  return {text.take(positions), text.take(positions + 1)};
}

std::vector<at::Tensor> fixed_offsets(const at::Tensor& text, std::int64_t block, std::int64_t batches,
                                      std::int64_t batch) {
  return drawn_offsets(text, block, batches, batch, {0, Stream::sampler, 0});
}

std::vector<at::Tensor> drawn_offsets(const at::Tensor& text, std::int64_t block, std::int64_t batches,
                                      std::int64_t batch, const Philox& draws) {
  if (text.size(0) <= block)
    fail("wanted more than {} tokens for validation, a window of block={} and one more; found {}", block,
         block, text.size(0));
  if (batches < 1) fail("wanted eval_batches of 1 or more, found {}", batches);
  const auto places = static_cast<std::uint64_t>(text.size(0) - block);
  std::uint64_t next = 0;
  std::vector<at::Tensor> all;
  for (std::int64_t i = 0; i < batches; ++i) {
    std::vector<std::int64_t> offsets;
    for (std::int64_t k = 0; k < batch; ++k)
      offsets.push_back(static_cast<std::int64_t>(draws.bits64(next++) % places));
    all.push_back(at::tensor(offsets, at::kLong));
  }
  return all;
}

}  // namespace reprise
