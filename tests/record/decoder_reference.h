// SPDX-License-Identifier: Apache-2.0
#pragma once
// The equations of the decoder's parts once more, by plain loops in double, to hold the recipes against.
#include <ATen/core/Tensor.h>

#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "recipes/models/parameters.h"

namespace reprise {

using Row = std::vector<double>;
using Rows = std::vector<Row>;  // [rows][columns]

inline Rows rows_of(const at::Tensor& matrix) {
  const at::Tensor x = matrix.detach().to(at::kDouble).contiguous();
  Rows rows(static_cast<std::size_t>(x.size(0)), Row(static_cast<std::size_t>(x.size(1))));
  const double* value = x.const_data_ptr<double>();
  for (auto& row : rows)
    for (auto& one : row) one = *value++;
  return rows;
}

inline Row row_of(const at::Tensor& vector) { return rows_of(vector.unsqueeze(0)).front(); }

// The parameter of that name.
inline at::Tensor named(const Parameters& made, const std::string& name) {
  for (const auto& one : made.all())
    if (one.name == name) return one.tensor;
  return {};
}

inline Row times(const Rows& matrix, const Row& x) {
  Row y(matrix.size(), 0);
  for (std::size_t i = 0; i < matrix.size(); ++i)
    for (std::size_t j = 0; j < x.size(); ++j) y[i] += matrix[i][j] * x[j];
  return y;
}

inline Row part_of(const Row& x, std::size_t first, std::size_t count) {
  return {x.begin() + static_cast<std::ptrdiff_t>(first),
          x.begin() + static_cast<std::ptrdiff_t>(first + count)};
}

inline Row slow_rms_norm(const Row& x, const Row& weight, double epsilon) {
  double sum = 0;
  for (const double one : x) sum += one * one;
  const double scale = 1 / std::sqrt(sum / static_cast<double>(x.size()) + epsilon);
  Row y;
  for (std::size_t i = 0; i < x.size(); ++i) y.push_back(x[i] * scale * weight[i]);
  return y;
}

inline Row slow_rope(Row x, std::size_t position, double base) {
  for (std::size_t j = 0; 2 * j < x.size(); ++j) {
    const double angle = static_cast<double>(position) *
                         std::pow(base, -2 * static_cast<double>(j) / static_cast<double>(x.size()));
    const double even = x[2 * j], odd = x[2 * j + 1];
    x[2 * j] = even * std::cos(angle) - odd * std::sin(angle);
    x[2 * j + 1] = even * std::sin(angle) + odd * std::cos(angle);
  }
  return x;
}

// One head, causal: queries, keys and values by position.
inline Rows slow_attention(const Rows& query, const Rows& key, const Rows& value, double scale) {
  Rows mixed;
  for (std::size_t i = 0; i < query.size(); ++i) {
    Row weight;
    double sum = 0;
    for (std::size_t j = 0; j <= i; ++j) {
      double dot = 0;
      for (std::size_t k = 0; k < query[i].size(); ++k) dot += query[i][k] * key[j][k];
      weight.push_back(std::exp(dot * scale));
      sum += weight.back();
    }
    Row y(value[0].size(), 0);
    for (std::size_t j = 0; j <= i; ++j)
      for (std::size_t k = 0; k < y.size(); ++k) y[k] += weight[j] / sum * value[j][k];
    mixed.push_back(y);
  }
  return mixed;
}

inline double silu(double x) { return x / (1 + std::exp(-x)); }

// The largest distance between a tensor [rows, columns] and what was expected of it.
inline double distance(const at::Tensor& found, const Rows& expected) {
  const Rows rows = rows_of(found);
  double most = rows.size() == expected.size() ? 0 : INFINITY;
  for (std::size_t i = 0; i < rows.size() && std::isfinite(most); ++i)
    for (std::size_t j = 0; j < rows[i].size(); ++j)
      most = std::max(most, std::abs(rows[i][j] - expected[i][j]));
  return most;
}

}  // namespace reprise
