// SPDX-License-Identifier: Apache-2.0
#include "recipes/models/layer_scaling.h"

#include <algorithm>
#include <cmath>

#include "harness/base/error.h"

namespace reprise {
namespace {

// numpy.linspace(first, last, layers)[i], rounded to two decimals as NumPy does: halves to even.
double multiplier(double first, double last, std::int64_t i, std::int64_t layers) {
  const double step = layers > 1 ? (last - first) / static_cast<double>(layers - 1) : 0;
  return std::nearbyint((first + static_cast<double>(i) * step) * 100) / 100;
}

}  // namespace

std::int64_t made_divisible(double value, std::int64_t step) {
  const auto wide = static_cast<double>(step);
  const auto steps = static_cast<std::int64_t>(std::floor((value + wide / 2) / wide));
  const std::int64_t nearest = std::max<std::int64_t>(1, steps) * step;
  return static_cast<double>(nearest) < 0.9 * value ? nearest + step : nearest;
}

std::vector<LayerShape> scaled_layers(const LayerScaling& scaling) {
  if (scaling.layers < 1 || scaling.head < 1 || scaling.group < 1 || scaling.ffn_step < 1)
    fail("wanted layers, head_width, group and ffn_step of 1 or more, found {}, {}, {} and {}",
         scaling.layers, scaling.head, scaling.group, scaling.ffn_step);
  const auto width = static_cast<double>(scaling.width);
  std::vector<LayerShape> shapes;
  for (std::int64_t i = 0; i < scaling.layers; ++i) {
    const double qkv = multiplier(scaling.qkv_first, scaling.qkv_last, i, scaling.layers),
                 ffn = multiplier(scaling.ffn_first, scaling.ffn_last, i, scaling.layers);
    const std::int64_t heads = made_divisible(width * qkv, scaling.head * scaling.group) / scaling.head;
    shapes.push_back({heads, heads / scaling.group, made_divisible(width * ffn, scaling.ffn_step)});
  }
  return shapes;
}

}  // namespace reprise
