// SPDX-License-Identifier: Apache-2.0
#pragma once
// The inputs of a probe: random numbers of the harness (harness/base/philox.h), the same on every machine,
// whatever the threads. What is drawn depends on the name of the input and on nothing that was drawn before.
// Float inputs have the number format that the pin `precision` asks for, and lie on the plan's device.
#include <ATen/core/Tensor.h>

#include <cstdint>
#include <string>
#include <vector>

#include "harness/record/state.h"
#include "harness/record/training/program.h"

namespace reprise {

using Shape = std::vector<std::int64_t>;

class Drawing {
 public:
  explicit Drawing(const Setup& setup) : setup_(setup) {}

  // Mean 0, variance 0.98, full mantissas: sums of them round. `first`: the number of draws to pass over.
  NamedTensor normal(const std::string& name, const Shape& shape, std::int64_t first = 0) const;
  // From `least` to `most`.
  NamedTensor uniform(const std::string& name, const Shape& shape, float least = 0, float most = 1) const;
  // Float numbers 0, 1 and so on below `count`, as often as chance has it: many ties.
  NamedTensor levels(const std::string& name, std::int64_t count, const Shape& shape) const;
  // I64, 0 and so on below `limit`.
  NamedTensor below(const std::string& name, std::int64_t limit, const Shape& shape) const;
  // I64, each of 0 and so on below `count` once.
  NamedTensor permutation(const std::string& name, std::int64_t count) const;

  at::Device device() const { return setup_.device(); }
  at::ScalarType dtype() const { return setup_.dtype(); }

 private:
  Philox draws(const std::string& name) const;
  const Setup& setup_;
};

}  // namespace reprise
