// SPDX-License-Identifier: Apache-2.0
#include "recipes/models/rotary.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/stack.h>

#include <cmath>

#include "harness/base/error.h"

namespace reprise {

Rotary::Rotary(const Setup& setup, std::int64_t size, std::int64_t length, double base) {
  if (size < 2 || size % 2 != 0)
    fail("wanted an even number of dimensions to turn by their position, found {} in each head", size);
  const at::Tensor cosine = at::empty({length, size / 2}, at::kDouble),
                   sine = at::empty({length, size / 2}, at::kDouble);
  auto *cos = cosine.mutable_data_ptr<double>(), *sin = sine.mutable_data_ptr<double>();
  for (std::int64_t at = 0; at < length; ++at) {
    for (std::int64_t j = 0; j < size / 2; ++j) {
      const double speed = std::pow(base, -2.0 * static_cast<double>(j) / static_cast<double>(size));
      *cos++ = std::cos(static_cast<double>(at) * speed);
      *sin++ = std::sin(static_cast<double>(at) * speed);
    }
  }
  const auto kept = setup.dtype() == at::kDouble ? at::kDouble : at::kFloat;
  cosine_ = cosine.to(kept).to(setup.device());
  sine_ = sine.to(kept).to(setup.device());
}

at::Tensor Rotary::operator()(const at::Tensor& x) const {
  const std::int64_t length = x.size(2), half = x.size(3) / 2;
  const at::Tensor pairs = x.view({x.size(0), x.size(1), length, half, 2});
  const at::Tensor even = pairs.select(-1, 0), odd = pairs.select(-1, 1);
  const at::Tensor cos = cosine_.narrow(0, 0, length), sin = sine_.narrow(0, 0, length);
  const at::Tensor turned = at::stack({even * cos - odd * sin, even * sin + odd * cos}, -1);
  return turned.flatten(-2).to(x.scalar_type());
}

}  // namespace reprise
