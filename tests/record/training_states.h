// SPDX-License-Identifier: Apache-2.0
#pragma once
// States of trainings, kept and compared.
#include "harness/record/training/program.h"

namespace reprise {

inline Tensors copies(const Tensors& tensors) {
  Tensors all;
  for (const auto& one : tensors) all.push_back({one.name, one.tensor.detach().clone()});
  return all;
}

inline State copy_of(const State& state) {
  return {copies(state.batch), copies(state.gradients), copies(state.weights), copies(state.optimizer)};
}

// Whether weights, buffers among them, and optimizer have the same bits.
inline bool same(const State& a, const State& b) {
  const auto equal = [](const Tensors& x, const Tensors& y) {
    bool all = x.size() == y.size();
    for (std::size_t i = 0; all && i < x.size(); ++i)
      all = x[i].name == y[i].name && x[i].tensor.equal(y[i].tensor);
    return all;
  };
  return equal(a.weights, b.weights) && equal(a.optimizer, b.optimizer);
}

}  // namespace reprise
