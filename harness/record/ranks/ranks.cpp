// SPDX-License-Identifier: Apache-2.0
#include "harness/record/ranks/ranks.h"

#ifndef USE_C10D_GLOO
#define USE_C10D_GLOO 1  // LibTorch's own build has it, and its headers ask for it
#endif
#include <torch/csrc/distributed/c10d/FileStore.hpp>
#include <torch/csrc/distributed/c10d/ProcessGroup.hpp>
#include <torch/csrc/distributed/c10d/ProcessGroupGloo.hpp>

#include "harness/base/error.h"

namespace reprise {
namespace {

constexpr std::chrono::seconds meeting_time{60};
// How long a sum waits for a rank is the run's time limit to say.
constexpr std::chrono::hours longest_step{24 * 7};

}  // namespace

struct Ranks::Group {
  c10::intrusive_ptr<c10d::ProcessGroup> all;
};

Ranks::Ranks(const RankPlace& place) : place_(place), group_(std::make_unique<Group>()) {
  const auto rank = static_cast<int>(place.rank), ranks = static_cast<int>(place.ranks);
  const auto store = c10::make_intrusive<c10d::FileStore>(place.meeting.string(), ranks);
  store->setTimeout(meeting_time);
  auto options = c10d::ProcessGroupGloo::Options::create(longest_step);
  options->devices = {c10d::ProcessGroupGloo::createDeviceForInterface("lo")};
  group_->all = c10::make_intrusive<c10d::ProcessGroup>(store, rank, ranks);
  group_->all->setBackend(c10::DeviceType::CPU, c10d::ProcessGroup::BackendType::GLOO,
                          c10::make_intrusive<c10d::ProcessGroupGloo>(store, rank, ranks, options));
}

Ranks::~Ranks() = default;

void Ranks::average(const std::vector<at::Tensor>& tensors) {
  if (place_.marks != nullptr) place_.marks->write(place_.rank, {step_, true});
  for (const auto& tensor : tensors) {
    check(tensor.device().is_cpu(), "ranks sum tensors of the CPU");
    std::vector<at::Tensor> one = {tensor};
    group_->all->allreduce(one)->wait();
    tensor.div_(place_.ranks);
  }
  if (place_.marks != nullptr) place_.marks->write(place_.rank, {step_, false});
}

void Ranks::made(std::int64_t step) {
  step_ = step;
  if (place_.marks != nullptr) place_.marks->write(place_.rank, {step_, false});
}

}  // namespace reprise
