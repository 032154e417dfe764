// SPDX-License-Identifier: Apache-2.0
#pragma once
// Processes of this machine that train one model together (data parallel), each with a rank: their sums over
// gloo, by sockets of the loopback interface.
#include <ATen/core/Tensor.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <vector>

#include "harness/trace/rank_marks.h"

namespace reprise {

struct RankPlace {
  std::int64_t rank = 0, ranks = 1;
  std::filesystem::path meeting;     // a file that none of them has made yet, by which they find each other
  const RankMarks* marks = nullptr;  // where this rank says how far it is; it outlives the group
};

// The ranks' group. Made by each of them; an Error where they do not all come.
class Ranks {
 public:
  explicit Ranks(const RankPlace& place);
  Ranks(const Ranks&) = delete;
  Ranks& operator=(const Ranks&) = delete;
  ~Ranks();

  std::int64_t rank() const { return place_.rank; }
  std::int64_t count() const { return place_.ranks; }
  // Replaces each tensor, on the CPU, by its mean over the ranks: the sum that gloo makes, divided by their
  // number; one tensor after the other, in this order, so that no bucket decides how numbers are added. An
  // Error where another rank is gone.
  void average(const std::vector<at::Tensor>& tensors);
  // Says that this rank made the step.
  void made(std::int64_t step);

 private:
  struct Group;
  RankPlace place_;
  std::unique_ptr<Group> group_;
  std::int64_t step_ = 0;
};

}  // namespace reprise
