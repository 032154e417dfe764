// SPDX-License-Identifier: Apache-2.0
#include "harness/record/operators/op_window.h"

#include <ATen/Context.h>
#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "harness/record/operators/op_threads.h"

namespace reprise {
namespace {

// The one thing in this program that is global and changes: LibTorch's callbacks are plain function pointers,
// so who listens cannot be handed to them. Never freed: threads of LibTorch may outlive main().
struct Listener {
  std::mutex lock;
  std::shared_ptr<Window> window;
};
Listener& listener() {
  static auto* one = new Listener;
  return *one;
}
// The calls of a thread that are whole; one that it is still inside of stays for the next step, but for the
// thread that trains, whose step is over.
std::vector<OpCall> taken_from(Window& window, ThreadCalls& own, bool whole) {
  const std::lock_guard lock(own.lock);
  const bool stays = !whole && own.depth > 0 && own.open_row >= own.taken;
  const std::size_t count = stays ? own.open_row - own.taken : own.calls.size();
  std::erase_if(own.fresh, [&](const ThreadCalls::Fresh& fresh) {
    if (fresh.row >= own.taken + count) return false;
    if (fresh.row >= own.taken && window.memory.still_unwritten(fresh.storage))
      own.calls[fresh.row - own.taken].outputs[fresh.output].seen = Seen::unwritten;
    return true;
  });
  const auto end = own.calls.begin() + static_cast<std::ptrdiff_t>(count);
  std::vector<OpCall> calls(std::make_move_iterator(own.calls.begin()), std::make_move_iterator(end));
  own.calls.erase(own.calls.begin(), end);
  for (std::size_t i = 0; i < calls.size(); ++i)
    calls[i].kernels = window.kernels.taken(own.call_number(own.taken + i));
  own.taken += count;
  const std::int64_t from = stays ? own.open_order : own.order;
  for (auto& call : own.calls) call.order -= from;
  own.order -= from;
  own.open_order -= from;
  if (whole) own.forget_scopes();
  return calls;
}

std::vector<ThreadCalls*> threads_of(Window& window) {
  const std::lock_guard lock(window.lock);
  std::vector<ThreadCalls*> threads;
  for (const auto& thread : window.threads) threads.push_back(thread.get());
  return threads;
}

}  // namespace

std::shared_ptr<Window> listening() {
  const std::lock_guard lock(listener().lock);
  return listener().window;
}
void listen(std::shared_ptr<Window> window) {
  const std::lock_guard lock(listener().lock);
  listener().window = std::move(window);
}
ThreadCalls& own_calls(Window& window) {
  thread_local std::uint64_t number = 0;
  thread_local ThreadCalls* own = nullptr;
  if (number != window.number) {
    const std::lock_guard lock(window.lock);
    window.threads.push_back(std::make_unique<ThreadCalls>());
    own = window.threads.back().get();
    own->number = static_cast<std::int64_t>(window.threads.size()) - 1;
    own->name = name_of_this_thread();
    if (const auto same = ++window.same_name[own->name]; same > 1) own->name += fmt::format(" #{}", same);
    number = window.number;
  }
  return *own;
}

void note_trouble(Window& window, const char* words) {
  const std::lock_guard lock(window.lock);
  if (window.troubles++ == 0) window.trouble = words;
}

std::vector<OpCall> take_step(Window& window) {
  window.digests.settle();
  auto threads = threads_of(window);
  std::ranges::sort(threads, {}, [](const ThreadCalls* one) { return std::pair(!one->trains, one->name); });
  std::vector<OpCall> calls;
  std::int64_t role = 0;
  for (ThreadCalls* thread : threads) {
    auto own = taken_from(window, *thread, thread->trains);
    if (own.empty() && !thread->trains) continue;
    for (auto& call : own) {
      call.step = window.step;
      call.role = role;
      calls.push_back(std::move(call));
    }
    ++role;
  }
  return calls;
}

std::string lack_of(Window& window) {
  const std::lock_guard lock(window.lock);
  if (const auto troubles = std::exchange(window.troubles, 0); troubles > 0)
    return fmt::format("{} operator calls of step {} could not be recorded: {}", troubles, window.step.load(),
                       window.trouble);
  if (!window.keeper || window.dump->step != window.step || window.keeper->written()) return {};
  return fmt::format(
      "step {} has no call {}{} by {}, which was to be kept; the run is not the one that was looked at",
      window.step.load(), window.dump->order,
      window.dump->name.empty() ? std::string() : " of " + window.dump->name,
      window.dump->thread.empty() ? "the thread that trains" : "thread " + window.dump->thread);
}

void begin_step(Window& window, std::int64_t step) {
  const auto& torch = at::globalContext();
  window.step = step;
  window.fill = torch.deterministicAlgorithms() && torch.deterministicFillUninitializedMemory();
  const ThreadCalls& own = own_calls(window);
  for (ThreadCalls* thread : threads_of(window)) {
    const std::lock_guard lock(thread->lock);
    thread->trains = thread == &own;
  }
}

}  // namespace reprise
