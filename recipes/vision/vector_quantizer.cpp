// SPDX-License-Identifier: Apache-2.0
#include "recipes/vision/vector_quantizer.h"

#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/clamp_min.h>
#include <ATen/ops/matmul.h>
#include <ATen/ops/where.h>

#include "harness/base/error.h"
#include "harness/record/operators/op_tracer.h"
#include "recipes/vision/image_layers.h"

namespace reprise {
namespace {

// As torch.nn.functional.normalize.
at::Tensor unit(const at::Tensor& x) {
  return x / at::clamp_min(x.square().sum(-1, /*keepdim=*/true).sqrt(), 1e-12);
}

at::Tensor one_hot(const at::Tensor& index, const at::Tensor& like) {
  return index.unsqueeze(-1).eq(at::arange(like.size(0), index.options())).to(like.scalar_type());
}

}  // namespace

at::Tensor nearest_codes(const at::Tensor& z, const at::Tensor& book) {
  const at::NoGradGuard none;
  const at::Tensor distance = (z.unsqueeze(1) - book.unsqueeze(0)).square().sum(-1);
  const at::Tensor least = distance.amin(1, /*keepdim=*/true);
  const at::Tensor each = at::arange(book.size(0), at::TensorOptions(at::kLong).device(z.device()));
  // argmin does not promise which of equals it takes.
  return at::where(distance.eq(least), each, book.size(0)).amin(1);
}

VectorQuantizer::VectorQuantizer(Parameters& made, const std::string& name, std::int64_t codes,
                                 std::int64_t size) {
  if (codes < 2 || size < 1)
    fail("wanted codes of 2 or more and code_size of 1 or more, found {} and {}", codes, size);
  book_ = made.uniform(name + ".codes", {codes, size}, 1.0 / static_cast<double>(codes));
}

at::Tensor VectorQuantizer::codes() const { return unit(book_); }

at::Tensor VectorQuantizer::read(const at::Tensor& index) const {
  return at::matmul(one_hot(index, book_), codes());
}

Quantized VectorQuantizer::operator()(const at::Tensor& z) const {
  const Scope scope("quantize");
  const at::Tensor own = unit(z);
  Quantized made;
  made.index = nearest_codes(own.detach().flatten(0, 1), codes().detach()).view({z.size(0), z.size(1)});
  const at::Tensor chosen = read(made.index);
  made.book = mean_square(chosen, own.detach());
  made.commit = mean_square(own, chosen.detach());
  made.latents = own + (chosen - own).detach();
  return made;
}

}  // namespace reprise
