// SPDX-License-Identifier: Apache-2.0
#pragma once
// The results of one call of a probe: what the operator gives, and the gradients that the probe asks for.
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "probes/probe.h"

namespace reprise {

class Caller {
 public:
  Caller(const Setup& setup, const Probe& probe, std::string name);

  // All inputs, as drawn.
  Tensors inputs() const;
  // Calls the operator, and the backward pass if gradients are asked for; these are "NAME.gradient". Several
  // threads may call at once. A Skip with LibTorch's own sentence where it refuses. `first_row`: of the
  // batch, where the inputs are a row of it.
  Tensors results(const Tensors& inputs, std::int64_t first_row = 0) const;

  // The rows that are compared (the first, the middle one, the last) of the results that have rows, from one
  // call with all of them or from calls with each alone: "out[row 0]". A Skip where the probe has no rows.
  Tensors rows_of_all(const Tensors& inputs) const;
  Tensors rows_alone(const Tensors& inputs) const;

 private:
  Tensors call(const Tensors& inputs) const;
  at::Tensor gradient_for(const at::Tensor& result, std::int64_t first_row) const;
  std::vector<std::int64_t> rows(const Tensors& inputs) const;
  Tensors with_rows(const Tensors& results) const;

  const Setup& setup_;
  const Probe& probe_;
  std::string name_;
  std::vector<std::string> gradients_, rows_;
  mutable std::mutex mutex_;
  mutable std::map<std::int64_t, at::Tensor> drawn_;  // by first row
};

}  // namespace reprise
