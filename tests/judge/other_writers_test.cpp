// SPDX-License-Identifier: Apache-2.0
// An average of the weights that a thread beside the training writes, drawn by hand.
#include "harness/judge/explain/other_writers.h"

#include <catch2/catch.hpp>

using namespace reprise;
using Calls = std::vector<OpCall>;

namespace {

OpTensor content(std::uint64_t value) { return {{value, value}, "F32", {4}, Seen::content}; }

OpCall call(const std::string& name, const std::string& thread, std::uint64_t left, std::int64_t step = 1) {
  OpCall one;
  one.step = step;
  one.name = name;
  one.thread = thread;
  one.inputs = {content(1)};
  one.outputs = {content(left)};
  return one;
}

}  // namespace

TEST_CASE("who left the content of a tensor is told by that content, and in which thread") {
  Calls calls{call("aten::add", "", 7), call("aten::lerp_.Scalar", "Thread-1 (average)", 8),
              call("aten::lerp_.Scalar", "Thread-1 (average)", 9)};
  calls[2].place = {std::make_shared<CodePlace>(CodePlace{"train.py", 9, "average", "", "", "", ""})};
  REQUIRE(left_by_thread(calls, {9, 9}) == &calls[2]);
  CHECK(writer_text(calls[2]) == "aten::lerp_.Scalar of Thread-1 (average), train.py:9");
  CHECK(left_by_thread(calls, {8, 8}) == &calls[1]);
  CHECK(left_by_thread(calls, {5, 5}) == nullptr);
}

TEST_CASE("content that the thread that trains has left too says nothing of another one") {
  const Calls calls{call("aten::clone", "", 9, 0), call("aten::detach", "Thread-1 (average)", 9)};
  CHECK(left_by_thread(calls, {9, 9}) == nullptr);
}

TEST_CASE("a thread that writes memory of that form is known, one that only reads it is not") {
  const Calls calls{call("aten::lerp_.Scalar", "Thread-1 (average)", 8), call("aten::sum", "Thread-2", 9),
                    call("aten::add_.Tensor", "", 10)};
  CHECK(writes_beside(calls, "F32", {4}) == &calls[0]);
  CHECK(writes_beside(calls, "F32", {5}) == nullptr);
  CHECK(writes_beside({calls[1], calls[2]}, "F32", {4}) == nullptr);
}
