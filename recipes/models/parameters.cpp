// SPDX-License-Identifier: Apache-2.0
#include "recipes/models/parameters.h"

#include <ATen/ops/empty.h>
#include <ATen/ops/full.h>

#include "harness/base/error.h"

namespace reprise {

Parameters::Parameters(const Setup& setup) : setup_(setup) {
  if (setup_.draws_on_device() && setup_.has("weights_seed") && setup_.integer("weights_seed") >= 0)
    fail("weights_seed={} is for weights that the harness draws, found the pin rng=device; try rng=harness",
         setup_.integer("weights_seed"));
}

at::Tensor Parameters::keep(const std::string& name, const at::Tensor& values) {
  at::Tensor leaf = values.to(setup_.device(), setup_.dtype());
  leaf.set_requires_grad(true);
  made_.push_back({name, leaf});
  return leaf;
}

at::Tensor Parameters::on_device(const std::vector<std::int64_t>& shape) const {
  return at::empty(shape, at::TensorOptions(at::kFloat).device(setup_.device()));
}

at::Tensor Parameters::uniform(const std::string& name, const std::vector<std::int64_t>& shape,
                               double bound) {
  if (setup_.draws_on_device()) return keep(name, on_device(shape).uniform_(-bound, bound));
  const Philox draws = setup_.draws(Stream::weights, static_cast<std::uint32_t>(made_.size()));
  at::Tensor values = at::empty(shape, at::kFloat);
  float* out = values.mutable_data_ptr<float>();
  const float width = static_cast<float>(bound);
  // 2u - 1 is exact in float; the product rounds once: no processor can do it otherwise.
  for (std::int64_t i = 0; i < values.numel(); ++i)
    out[i] = (2.0F * draws.uniform(static_cast<std::uint64_t>(i)) - 1.0F) * width;
  return keep(name, values);
}

at::Tensor Parameters::normal(const std::string& name, const std::vector<std::int64_t>& shape,
                              double deviation) {
  if (setup_.draws_on_device()) return keep(name, on_device(shape).normal_(0, deviation));
  const Philox draws = setup_.draws(Stream::weights, static_cast<std::uint32_t>(made_.size()));
  at::Tensor values = at::empty(shape, at::kFloat);
  float* out = values.mutable_data_ptr<float>();
  const float scale = static_cast<float>(deviation);
  for (std::int64_t i = 0; i < values.numel(); ++i)
    out[i] = draws.normal(static_cast<std::uint64_t>(i)) * scale;
  return keep(name, values);
}

at::Tensor Parameters::constant(const std::string& name, const std::vector<std::int64_t>& shape,
                                double value) {
  return keep(name, at::full(shape, value, at::kFloat));
}

}  // namespace reprise
