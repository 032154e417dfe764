// SPDX-License-Identifier: Apache-2.0
#include "recipes/models/parameters.h"

#include <ATen/ops/empty.h>
#include <ATen/ops/full.h>

#include <cmath>

#include "harness/base/error.h"

namespace reprise {
namespace {

bool starts_exact(const Setup& setup) { return setup.plan().pins.at("start") == "exact"; }

// Whether LibTorch's generator draws.
bool by_device(const Setup& setup) { return setup.draws_on_device() && !starts_exact(setup); }

// A scale of 7 bits, not above the one asked for: significand * 2^exponent, 64 <= significand < 128.
struct ShortScale {
  std::int64_t significand;
  int exponent;
};

ShortScale short_scale(double asked) {
  if (asked <= 0) return {0, 0};
  int exponent = 0;
  const double half_to_one = std::frexp(asked, &exponent);
  return {static_cast<std::int64_t>(half_to_one * 128), exponent - 7};
}

// `whole`, below 2^24, times 2^exponent.
float scaled(std::int64_t whole, int exponent) { return std::ldexp(static_cast<float>(whole), exponent); }

// In [-bound, bound]: 24 bits of the draw, less half, times the scale; the 7 lowest bits of it are cut.
float exact_uniform(const Philox& draws, std::uint64_t index, const ShortScale& bound) {
  const std::int64_t drawn = std::int64_t{draws.bits32(index) >> 8} - (std::int64_t{1} << 23);
  return scaled(drawn * bound.significand / 128, bound.exponent + 7 - 23);
}

// Philox::normal is a whole number below 6 * 2^16 times 2^-16; the 3 lowest bits of the product are cut.
float exact_normal(const Philox& draws, std::uint64_t index, const ShortScale& deviation) {
  const auto drawn = static_cast<std::int64_t>(draws.normal(index) * 0x1p16F);
  return scaled(drawn * deviation.significand / 8, deviation.exponent + 3 - 16);
}

}  // namespace

Parameters::Parameters(const Setup& setup) : setup_(setup) {
  if (by_device(setup_) && setup_.has("weights_seed") && setup_.integer("weights_seed") >= 0)
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
  if (by_device(setup_)) return keep(name, on_device(shape).uniform_(-bound, bound));
  const Philox draws = setup_.draws(Stream::weights, static_cast<std::uint32_t>(made_.size()));
  at::Tensor values = at::empty(shape, at::kFloat);
  float* out = values.mutable_data_ptr<float>();
  const float width = static_cast<float>(bound);
  if (starts_exact(setup_)) {
    const ShortScale exact_bound = short_scale(bound);
    for (std::int64_t i = 0; i < values.numel(); ++i)
      out[i] = exact_uniform(draws, static_cast<std::uint64_t>(i), exact_bound);
    return keep(name, values);
  }
  // 2u - 1 is exact in float; the product rounds once: no processor can do it otherwise.
  for (std::int64_t i = 0; i < values.numel(); ++i)
    out[i] = (2.0F * draws.uniform(static_cast<std::uint64_t>(i)) - 1.0F) * width;
  return keep(name, values);
}

at::Tensor Parameters::normal(const std::string& name, const std::vector<std::int64_t>& shape,
                              double deviation) {
  if (by_device(setup_)) return keep(name, on_device(shape).normal_(0, deviation));
  const Philox draws = setup_.draws(Stream::weights, static_cast<std::uint32_t>(made_.size()));
  at::Tensor values = at::empty(shape, at::kFloat);
  float* out = values.mutable_data_ptr<float>();
  const float scale = static_cast<float>(deviation);
  if (starts_exact(setup_)) {
    const ShortScale exact_deviation = short_scale(deviation);
    for (std::int64_t i = 0; i < values.numel(); ++i)
      out[i] = exact_normal(draws, static_cast<std::uint64_t>(i), exact_deviation);
    return keep(name, values);
  }
  for (std::int64_t i = 0; i < values.numel(); ++i)
    out[i] = draws.normal(static_cast<std::uint64_t>(i)) * scale;
  return keep(name, values);
}

at::Tensor Parameters::constant(const std::string& name, const std::vector<std::int64_t>& shape,
                                double value) {
  return keep(name, at::full(shape, value, at::kFloat));
}

}  // namespace reprise
