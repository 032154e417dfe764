// SPDX-License-Identifier: Apache-2.0
#pragma once
// Through the values of a pickle, from its root: keys, attributes and list positions, joined by ".", name
// what is found ("model.layers.0.weight"). A ring is entered once.
#include <functional>
#include <string>
#include <vector>

#include "harness/checkpoint/checkpoint_file.h"
#include "harness/checkpoint/pickle_text.h"
#include "harness/container/pickle.h"

namespace reprise {

class PickleWalk {
 public:
  // `take` says whether it took this value as a tensor; plain values are kept in `found`, others counted
  // there, and what is in them is walked.
  using Take = std::function<bool(pickle::Ref, const std::string& name)>;
  PickleWalk(const pickle::Pickle& values, Take take, CheckpointFile& found)
      : values_(values), take_(std::move(take)), found_(found), inside_(values.size()) {}
  void run();

 private:
  struct Frame {
    pickle::Ref value;
    std::size_t next, name_length;
  };
  void visit(pickle::Ref ref, std::string_view segment);
  void visit_object(pickle::Ref ref);
  void enter(pickle::Ref ref);
  void advance();
  std::string segment_of(pickle::Ref key, std::size_t position) const;
  void count_opaque(std::string_view what);
  void keep(pickle::Ref ref);

  const pickle::Pickle& values_;
  Take take_;
  CheckpointFile& found_;
  std::vector<bool> inside_;  // which values the path leads through
  std::vector<Frame> path_;
  std::string name_;
  std::size_t before_ = 0;  // length of the name of what holds the value being visited
  std::size_t visits_ = 0;
  std::uint64_t work_ = most_work;
};

// Of a name that nothing gave one: a checkpoint that is one tensor.
inline constexpr std::string_view nameless = "tensor";

}  // namespace reprise
