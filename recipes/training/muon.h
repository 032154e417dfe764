// SPDX-License-Identifier: Apache-2.0
#pragma once
// Muon (Jordan and others, 2024) as Kimi K2 uses it (arXiv 2507.20534): the update of a matrix is its
// momentum made nearly orthogonal, M = mu M + G, O = newton_schulz(M) * sqrt(max(n, m)) * 0.2, W -= rate (O +
// weight_decay W). The iterations are products of float32 matrices, whatever the number format of the
// weights.
#include "harness/record/training/program.h"

namespace reprise {

struct MuonChoices {
  double rate = 1e-3;
  double momentum = 0.95;
  double weight_decay = 0;
  std::int64_t iterations = 5;
};

// The quintic iteration X <- a X + (b A + c A A) X, A = X X^T, of M / (|M| + 1e-7) with a, b, c = 3.4445,
// -4.7750, 2.0315: singular values come near 1 (0.7 to 1.2). `m`: [n, m]; the result is of its shape, in
// float32.
at::Tensor newton_schulz(const at::Tensor& m, std::int64_t iterations);

class Muon {
 public:
  // An Error where one of `matrices` has not two dimensions.
  Muon(Tensors matrices, const MuonChoices& choices);
  void set_rate(double rate) { choices_.rate = rate; }
  void clear_gradients();
  void step();  // without gradients
  // "NAME/momentum", in float32, from the beginning.
  Tensors state() const { return momenta_; }
  void restore(const Tensors& saved);

 private:
  Tensors matrices_, momenta_;
  MuonChoices choices_;
};

}  // namespace reprise
