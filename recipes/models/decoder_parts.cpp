// SPDX-License-Identifier: Apache-2.0
#include "recipes/models/decoder_parts.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/silu.h>

#include <optional>

#include "harness/record/operators/op_tracer.h"

namespace reprise {

RmsNorm::RmsNorm(Parameters& made, const std::string& name, std::int64_t width, double added)
    : weight(made.constant(name + ".weight", {width}, 1)), epsilon(added) {}

at::Tensor RmsNorm::operator()(const at::Tensor& x) const {
  const at::Tensor wide = x.scalar_type() == at::kBFloat16 ? x.to(at::kFloat) : x;
  const at::Tensor scale = (wide.square().mean(-1, /*keepdim=*/true) + epsilon).rsqrt();
  return (wide * scale).to(x.scalar_type()) * weight;
}

Projection::Projection(Parameters& made, const std::string& name, std::int64_t in, std::int64_t out,
                       double deviation, bool biased) {
  weight = made.normal(name + ".weight", {out, in}, deviation);
  if (biased) bias = made.constant(name + ".bias", {out}, 0);
}

at::Tensor Projection::operator()(const at::Tensor& x) const {
  return at::linear(x, weight, bias.defined() ? std::optional(bias) : std::nullopt);
}

SwiGlu::SwiGlu(Parameters& made, const std::string& name, std::int64_t width, std::int64_t inner,
               double deviation) {
  gate_ = Projection(made, name + ".gate", width, inner, deviation);
  up_ = Projection(made, name + ".up", width, inner, deviation);
  down_ = Projection(made, name + ".down", inner, width, deviation);
}

at::Tensor SwiGlu::operator()(const at::Tensor& x, Pass& /*pass*/) {
  const Scope scope("mlp");
  return down_(at::silu(gate_(x)) * up_(x));
}

}  // namespace reprise
