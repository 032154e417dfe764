// SPDX-License-Identifier: Apache-2.0
#include "harness/tensor/row_sum.h"

#include <catch2/catch.hpp>
#include <numeric>
#include <vector>

#include "harness/base/error.h"

using namespace reprise;

namespace {

using Extents = std::vector<std::int64_t>;

struct Matrix {
  std::vector<float> values;
  Extents shape, strides;
  Matrix(std::int64_t rows, std::int64_t columns)
      : values(static_cast<std::size_t>(rows * columns)), shape{rows, columns}, strides{columns, 1} {
    std::iota(values.begin(), values.end(), 1.0F);
  }
  TensorView view() const { return {"F32", shape, strides, values.data(), sizeof(float)}; }
};

}  // namespace

TEST_CASE("the sum over all rows is that of its parts, whichever rows each holds") {
  const Matrix whole(7, 5);
  const Digest all = row_sum(whole.view(), {0, 7, 0});
  for (std::int64_t cut = 0; cut <= 7; ++cut)
    CHECK(added(row_sum(whole.view(), {0, cut, 0}), row_sum(whole.view(), {cut, 7, cut})) == all);
}

TEST_CASE("rows that lie in a tensor of their own have the sum that they have in the whole") {
  const Matrix whole(6, 5000);  // a row has more than a leaf
  Matrix part(2, 5000);
  std::copy_n(whole.values.begin() + 4 * 5000, 2 * 5000, part.values.begin());
  CHECK(row_sum(part.view(), {0, 2, 4}) == row_sum(whole.view(), {4, 6, 4}));
  CHECK(row_sum(part.view(), {0, 2, 3}) != row_sum(whole.view(), {4, 6, 4}));
}

TEST_CASE("rows that changed places have another sum") {
  Matrix one(4, 3), other(4, 3);
  std::swap_ranges(other.values.begin(), other.values.begin() + 3, other.values.begin() + 3);
  CHECK(row_sum(one.view(), {0, 4, 0}) != row_sum(other.view(), {0, 4, 0}));
}

TEST_CASE("a row's sum does not depend on how the tensor lies in memory") {
  const Matrix plain(3, 4);
  std::vector<float> turned(12);
  for (std::size_t i = 0; i < 3; ++i)
    for (std::size_t j = 0; j < 4; ++j) turned[j * 3 + i] = plain.values[i * 4 + j];
  const Extents strides{1, 3};
  const TensorView view{"F32", plain.shape, strides, turned.data(), sizeof(float)};
  CHECK(row_sum(view, {0, 3, 0}) == row_sum(plain.view(), {0, 3, 0}));
}

TEST_CASE("a single value is one row and no rows have the sum zero") {
  const float value = 2;
  const TensorView scalar{"F32", {}, {}, &value, sizeof value};
  CHECK(row_sum(scalar, {0, 1, 0}).present());
  CHECK_FALSE(row_sum(scalar, {1, 1, 0}).present());
  CHECK_THROWS_AS(row_sum(scalar, {0, 2, 0}), Error);
}
