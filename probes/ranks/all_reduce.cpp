// SPDX-License-Identifier: Apache-2.0
#include "probes/ranks/all_reduce.h"

#ifndef USE_C10D_GLOO
#define USE_C10D_GLOO 1  // LibTorch's own build has it, and its headers ask for it
#endif
#include <torch/csrc/distributed/c10d/HashStore.hpp>
#include <torch/csrc/distributed/c10d/ProcessGroupGloo.hpp>

#include <exception>
#include <thread>

#include "harness/base/error.h"

namespace reprise {
namespace {

constexpr std::chrono::seconds meeting_time{30};

struct Rank {
  at::Tensor sum;
  std::exception_ptr thrown;
};

void sum_over(const c10::intrusive_ptr<c10d::Store>& store, int rank, int ranks, Rank& mine) try {
  auto options = c10d::ProcessGroupGloo::Options::create(meeting_time);
  options->devices = {c10d::ProcessGroupGloo::createDeviceForInterface("lo")};
  c10d::ProcessGroupGloo group(store, rank, ranks, options);
  std::vector<at::Tensor> tensors = {mine.sum};
  group.allreduce(tensors)->wait();
} catch (...) {
  mine.thrown = std::current_exception();
}

}  // namespace

Tensors all_reduced(const at::Tensor& parts) {
  const auto store = c10::make_intrusive<c10d::HashStore>();
  store->setTimeout(meeting_time);
  std::vector<Rank> ranks(static_cast<std::size_t>(parts.size(0)));
  for (std::size_t i = 0; i < ranks.size(); ++i) ranks[i].sum = parts[static_cast<std::int64_t>(i)].clone();
  {
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < ranks.size(); ++i)
      threads.emplace_back(
          [&, i] { sum_over(store, static_cast<int>(i), static_cast<int>(ranks.size()), ranks[i]); });
  }
  Tensors sums;
  for (std::size_t i = 0; i < ranks.size(); ++i) {
    if (ranks[i].thrown) std::rethrow_exception(ranks[i].thrown);
    sums.push_back({fmt::format("rank {}", i), ranks[i].sum});
  }
  return sums;
}

}  // namespace reprise
