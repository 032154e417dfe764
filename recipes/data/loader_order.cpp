// SPDX-License-Identifier: Apache-2.0
#include "recipes/data/loader_order.h"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/randperm.h>

#include "harness/base/error.h"

namespace reprise {
namespace {

std::uint64_t drawn_seed(const at::Generator& generator) {
  return static_cast<std::uint64_t>(at::empty({}, at::kLong).random_(generator).item().toLong());
}

}  // namespace

LoaderOrder::LoaderOrder(at::Generator generator, std::int64_t epochs, std::int64_t samples)
    : samples_(samples) {
  for (std::int64_t i = 0; i < epochs; ++i) {
    drawn_seed(generator);  // of the workers
    seeds_.push_back(drawn_seed(generator));
  }
}

std::vector<std::uint64_t> LoaderOrder::epoch(std::uint32_t index) const {
  check(index < seeds_.size(), "an epoch is asked for whose seed was drawn");
  const at::Generator own = at::detail::createCPUGenerator(seeds_[index]);
  const at::Tensor drawn = at::randperm(samples_, own, at::TensorOptions(at::kLong));
  const auto* first = drawn.const_data_ptr<std::int64_t>();
  return {first, first + samples_};
}

}  // namespace reprise
