// SPDX-License-Identifier: Apache-2.0
#pragma once
// A mixture of experts as DeepSeek-V3 balances it: each position goes to the experts with the largest
// sigmoid(u . e) + bias, of equals to the lower index; gates are the chosen sigmoids over their sum, without
// the bias, and a shared expert sees everything. After each step the bias of an expert above the mean load
// falls by `speed`, of one below it rises, and of one at it stays. Loads are counts of whole numbers,
// positions are sorted by expert, and no position of memory is added to twice: nothing depends on the order
// of threads.
#include "recipes/models/decoder_parts.h"

namespace reprise {

struct ExpertsShape {
  std::int64_t width, inner;     // of the model; of one expert, a SwiGLU
  std::int64_t experts, chosen;  // routed ones; how many a position goes to. One more is shared.
  double speed = 0;              // of the bias
  double balance = 0;            // weight of the loss that balances within a sequence
  double deviation = 0;
};

class Experts : public Part {
 public:
  Experts(Parameters& made, const Setup& setup, const std::string& name, const ExpertsShape& shape);
  at::Tensor operator()(const at::Tensor& x, Pass& pass) override;
  void updated() override;
  // The bias, and the loads of the last training pass.
  Tensors buffers() const override { return {{name_ + ".bias", bias_}, {name_ + ".load", load_}}; }

 private:
  at::Tensor routed(const at::Tensor& tokens, const at::Tensor& gates, const at::Tensor& chosen, bool trains);
  at::Tensor sequence_balance(const at::Tensor& scores, const at::Tensor& chosen) const;

  std::string name_;
  ExpertsShape shape_;
  Projection centers_;
  std::unique_ptr<Part> shared_;
  std::vector<std::unique_ptr<Part>> experts_;
  at::Tensor bias_;  // [experts], F32
  at::Tensor load_;  // [experts], I64
};

}  // namespace reprise
