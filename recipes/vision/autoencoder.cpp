// SPDX-License-Identifier: Apache-2.0
#include "recipes/vision/autoencoder.h"

#include <ATen/ops/silu.h>

#include "harness/record/operators/op_tracer.h"

namespace reprise {
namespace {

ConvShape same_size(std::int64_t in, std::int64_t out) {
  return {.in = in, .out = out, .kernel = 3, .padding = 1};
}

ConvShape halving(std::int64_t in, std::int64_t out) {
  return {.in = in, .out = out, .kernel = 3, .stride = 2, .padding = 1};
}

}  // namespace

Autoencoder::Autoencoder(Parameters& made, const std::string& name, const AutoencoderShape& shape)
    : in_(made, name + ".in", same_size(1, shape.channels)),
      halve1_(made, name + ".halve1", halving(shape.channels, 2 * shape.channels)),
      halve2_(made, name + ".halve2", halving(2 * shape.channels, 2 * shape.channels)),
      deep_(made, name + ".deep", {2 * shape.channels, 2 * shape.channels, shape.groups}),
      to_latents_(made, name + ".to_latents", same_size(2 * shape.channels, shape.latents)),
      from_latents_(made, name + ".from_latents", same_size(shape.latents, 2 * shape.channels)),
      wide_(made, name + ".wide", {2 * shape.channels, 2 * shape.channels, shape.groups}),
      enlarge1_(made, name + ".enlarge1", same_size(2 * shape.channels, 2 * shape.channels)),
      enlarge2_(made, name + ".enlarge2", same_size(2 * shape.channels, shape.channels)),
      out_(made, name + ".out", same_size(shape.channels, 1)) {}

at::Tensor Autoencoder::encode(const at::Tensor& images) const {
  const Scope scope("encode");
  const at::Tensor x = at::silu(halve2_(at::silu(halve1_(at::silu(in_(images))))));
  return to_latents_(deep_(x));
}

at::Tensor Autoencoder::decode(const at::Tensor& latents) const {
  const Scope scope("decode");
  const at::Tensor x = wide_(from_latents_(latents));
  const at::Tensor y = at::silu(enlarge1_(enlarged(x, 14)));
  return out_(at::silu(enlarge2_(enlarged(y, 28))));
}

}  // namespace reprise
