// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a decoder of a language model is put together from: norms, linear layers without or with a bias, the
// gated feed-forward layer, and the two things every layer has, a mixer of positions and a feed-forward part.
#include <ATen/core/Tensor.h>

#include <string>

#include "recipes/models/parameters.h"

namespace reprise {

// What one pass through the model is for, and what its parts leave for the loss.
struct Pass {
  bool trains = false;  // parts keep what decides their own updates only then
  at::Tensor balance;   // what the experts add to the loss; undefined where there are none
};

// A part of a layer. x and the result: [batch, length, width].
class Part {
 public:
  Part() = default;
  Part(const Part&) = delete;
  Part& operator=(const Part&) = delete;
  virtual ~Part() = default;
  virtual at::Tensor operator()(const at::Tensor& x, Pass& pass) = 0;
  // Called without gradients after the optimizer's step: what is updated by a rule of its own.
  virtual void updated() {}
  // What is no parameter and decides the next step or is worth a look, live, by name.
  virtual Tensors buffers() const { return {}; }
};

// y = x / sqrt(mean(x^2) + epsilon) * weight, over the last dimension; in float32 where x is bfloat16.
struct RmsNorm {
  at::Tensor weight;  // [width], begins as ones
  double epsilon = 0;
  RmsNorm() = default;
  RmsNorm(Parameters& made, const std::string& name, std::int64_t width, double epsilon);
  at::Tensor operator()(const at::Tensor& x) const;
};

// weight: [out, in], normal with the given deviation; bias: [out], begins as zeros, undefined without one.
struct Projection {
  at::Tensor weight, bias;
  Projection() = default;
  Projection(Parameters& made, const std::string& name, std::int64_t in, std::int64_t out, double deviation,
             bool biased = false);
  at::Tensor operator()(const at::Tensor& x) const;
};

// y = down(silu(gate(x)) * up(x)): SwiGLU.
class SwiGlu : public Part {
 public:
  SwiGlu(Parameters& made, const std::string& name, std::int64_t width, std::int64_t inner, double deviation);
  at::Tensor operator()(const at::Tensor& x, Pass& pass) override;

 private:
  Projection gate_, up_, down_;
};

}  // namespace reprise
