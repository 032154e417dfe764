// SPDX-License-Identifier: Apache-2.0
#pragma once
// The equations of models of images once more, by plain loops in double, to hold the recipes against.
#include <cmath>
#include <cstdint>
#include <vector>

#include "decoder_reference.h"

namespace reprise {

// [channels][rows][columns]
using Image = std::vector<Rows>;

inline Image image_from(const at::Tensor& one) {
  Image image;
  for (std::int64_t c = 0; c < one.size(0); ++c) image.push_back(rows_of(one.select(0, c)));
  return image;
}

inline Image slow_group_norm(const Image& x, std::size_t groups, const Row& weight, const Row& bias) {
  Image y = x;
  const std::size_t each = x.size() / groups;
  for (std::size_t g = 0; g < groups; ++g) {
    double sum = 0, squares = 0, count = 0;
    for (std::size_t c = g * each; c < (g + 1) * each; ++c)
      for (const auto& row : x[c])
        for (const double one : row) {
          sum += one;
          count += 1;
        }
    const double mean = sum / count;
    for (std::size_t c = g * each; c < (g + 1) * each; ++c)
      for (const auto& row : x[c])
        for (const double one : row) squares += (one - mean) * (one - mean);
    const double scale = 1 / std::sqrt(squares / count + 1e-6);
    for (std::size_t c = g * each; c < (g + 1) * each; ++c)
      for (auto& row : y[c])
        for (auto& one : row) one = (one - mean) * scale * weight[c] + bias[c];
  }
  return y;
}

// Padded so that the size stays; weight: [out, in, kernel, kernel].
inline Image slow_conv(const Image& x, const at::Tensor& weight, const at::Tensor& bias) {
  const auto kernel = weight.size(2), reach = kernel / 2;
  const auto height = static_cast<std::int64_t>(x[0].size()),
             width = static_cast<std::int64_t>(x[0][0].size());
  const Row offset = row_of(bias);
  Image y;
  for (std::int64_t out = 0; out < weight.size(0); ++out) {
    y.emplace_back(x[0].size(), Row(x[0][0].size(), offset[static_cast<std::size_t>(out)]));
    for (std::int64_t in = 0; in < weight.size(1); ++in) {
      const Rows w = rows_of(weight.select(0, out).select(0, in));
      for (std::int64_t r = 0; r < height; ++r)
        for (std::int64_t c = 0; c < width; ++c)
          for (std::int64_t i = 0; i < kernel; ++i)
            for (std::int64_t j = 0; j < kernel; ++j) {
              const std::int64_t row = r + i - reach, column = c + j - reach;
              if (row < 0 || column < 0 || row >= height || column >= width) continue;
              y.back()[static_cast<std::size_t>(r)][static_cast<std::size_t>(c)] +=
                  w[static_cast<std::size_t>(i)][static_cast<std::size_t>(j)] *
                  x[static_cast<std::size_t>(in)][static_cast<std::size_t>(row)]
                   [static_cast<std::size_t>(column)];
            }
    }
  }
  return y;
}

inline Image slow_silu(Image x) {
  for (auto& channel : x)
    for (auto& row : channel)
      for (auto& one : row) one = silu(one);
  return x;
}

// The largest distance between [channels, rows, columns] and what was expected of it.
inline double image_distance(const at::Tensor& found, const Image& expected) {
  double most = 0;
  for (std::size_t c = 0; c < expected.size(); ++c)
    most = std::max(most, distance(found.select(0, static_cast<std::int64_t>(c)), expected[c]));
  return found.size(0) == static_cast<std::int64_t>(expected.size()) ? most : INFINITY;
}

}  // namespace reprise
