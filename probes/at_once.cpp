// SPDX-License-Identifier: Apache-2.0
#include "probes/at_once.h"

#include <atomic>
#include <exception>

#include "harness/base/error.h"

namespace reprise {
namespace {

struct Answer {
  Tensors results;
  std::exception_ptr thrown;
};

}  // namespace

Tensors called_at_once(std::int64_t callers, const std::function<Tensors()>& call) {
  std::vector<Answer> answers(static_cast<std::size_t>(callers));
  std::atomic<std::int64_t> missing{callers};
  {
    std::vector<std::jthread> threads;
    for (auto& answer : answers)
      threads.emplace_back([&answer, &missing, &call] {
        // Not asleep: threads that are woken begin one after the other.
        --missing;
        while (missing.load() > 0) std::this_thread::yield();
        try {
          answer.results = call();
        } catch (...) {
          answer.thrown = std::current_exception();
        }
      });
  }
  Tensors all;
  for (std::size_t i = 0; i < answers.size(); ++i) {
    if (answers[i].thrown) std::rethrow_exception(answers[i].thrown);
    for (auto& result : answers[i].results)
      all.push_back({fmt::format("caller {}/{}", i + 1, result.name), result.tensor});
  }
  return all;
}

BusyThreads::BusyThreads(std::int64_t threads) {
  for (std::int64_t i = 0; i < threads; ++i)
    threads_.emplace_back([](const std::stop_token& end) {
      std::atomic<std::uint64_t> turns{0};
      while (!end.stop_requested()) turns.fetch_add(1, std::memory_order_relaxed);
    });
}

}  // namespace reprise
