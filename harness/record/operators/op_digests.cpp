// SPDX-License-Identifier: Apache-2.0
#include "harness/record/operators/op_digests.h"

#include <map>
#include <utility>

#include "harness/record/operators/op_window.h"

namespace reprise {
namespace {

constexpr std::size_t most_on_the_way = 32;  // fewer than a device's slots, which the rows of steps need too

}  // namespace

void OpDigests::ask(ThreadCalls& thread, std::size_t row, Side side,
                    const std::vector<WantedDigest>& wanted) {
  std::map<c10::DeviceIndex, std::pair<std::vector<std::size_t>, std::vector<TensorView>>> by_device;
  for (const auto& one : wanted) {
    auto& [places, views] = by_device[one.device.index()];
    places.push_back(one.place);
    views.push_back(one.view);
  }
  for (auto& [index, own] : by_device) {
    const std::lock_guard lock(lock_);
    if (coming_.size() - waited_for_ >= most_on_the_way) wait_for(coming_[waited_for_++]);
    auto queued = QueuedDigests::submit({c10::kCUDA, index}, own.second, false);
    coming_.push_back({&thread, row, side, std::move(own.first), std::move(queued), {}});
  }
}

void OpDigests::wait_for(Coming& coming) {
  if (coming.queued) coming.found = coming.queued->take(false);
  coming.queued.reset();
}

// A tensor may have been found unobservable meanwhile: written by another thread while the call ran.
void OpDigests::set(Coming& coming) {
  ThreadCalls& own = *coming.thread;
  const std::lock_guard lock(own.lock);
  if (coming.row < own.taken || coming.row - own.taken >= own.calls.size()) return;
  OpCall& call = own.calls[coming.row - own.taken];
  auto& tensors = coming.side == Side::inputs ? call.inputs : call.outputs;
  for (std::size_t i = 0; i < coming.places.size(); ++i) {
    OpTensor& tensor = tensors.at(coming.places[i]);
    if (tensor.seen != Seen::content) continue;
    if (coming.found.empty())
      tensor.seen = Seen::unobserved;
    else
      tensor.digest = coming.found.at(i).digest;
  }
}

void OpDigests::settle() {
  std::deque<Coming> coming;
  {
    const std::lock_guard lock(lock_);
    std::swap(coming, coming_);
    waited_for_ = 0;
  }
  for (auto& one : coming) {
    wait_for(one);
    set(one);
  }
}

}  // namespace reprise
