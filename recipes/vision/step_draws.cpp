// SPDX-License-Identifier: Apache-2.0
#include "recipes/vision/step_draws.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/floor.h>

namespace reprise {
namespace {

template <class Draw>
at::Tensor filled(at::IntArrayRef shape, std::uint64_t first, const Draw& draw) {
  at::Tensor values = at::empty(shape, at::kFloat);
  auto* out = values.mutable_data_ptr<float>();
  for (std::int64_t k = 0; k < values.numel(); ++k) out[k] = draw(first + static_cast<std::uint64_t>(k));
  return values;
}

std::uint64_t first_of(std::int64_t step, at::IntArrayRef shape) {
  return static_cast<std::uint64_t>(step * c10::multiply_integers(shape));
}

}  // namespace

at::Tensor StepDraws::normal(std::int64_t step, at::IntArrayRef shape) const {
  if (setup_.draws_on_device())
    return at::empty(shape, at::TensorOptions(at::kFloat).device(setup_.device())).normal_(0, 1);
  const Philox draws = setup_.draws(stream_, kind_);
  return filled(shape, first_of(step, shape), [&](std::uint64_t key) { return draws.normal(key); })
      .to(setup_.device());
}

at::Tensor StepDraws::uniform(std::int64_t step, at::IntArrayRef shape) const {
  if (setup_.draws_on_device())
    return at::empty(shape, at::TensorOptions(at::kFloat).device(setup_.device())).uniform_(0, 1);
  const Philox draws = setup_.draws(stream_, kind_);
  return filled(shape, first_of(step, shape), [&](std::uint64_t key) { return draws.uniform(key); })
      .to(setup_.device());
}

at::Tensor StepDraws::below(std::int64_t limit, std::int64_t step, std::int64_t count) const {
  // The product is exact in double, so it is below the limit.
  return at::floor(uniform(step, {count}).to(at::kDouble) * static_cast<double>(limit)).to(at::kLong);
}

at::Tensor fixed_normal(std::uint32_t kind, at::IntArrayRef shape) {
  const Philox draws{0, Stream::noise, kind};
  return filled(shape, 0, [&](std::uint64_t key) { return draws.normal(key); });
}

}  // namespace reprise
