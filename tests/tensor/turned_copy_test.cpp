// SPDX-License-Identifier: Apache-2.0
// Columns become rows, whatever their number and the width of an element.
#include "harness/tensor/turned_copy.h"

#include <catch2/catch.hpp>

#include "harness/tensor/digest.h"
#include "tensor/bytes.h"

using namespace reprise;

TEST_CASE("blocks of any size are turned element by element") {
  for (const std::int64_t size : {1, 2, 4, 8, 16})
    for (const std::int64_t rows : {1, 3, 16, 31, 64, 77})
      for (const std::int64_t columns : {1, 2, 15, 16, 63, 64, 130}) {
        const std::int64_t stride = (rows + 3) * size;  // columns with a gap between them
        const auto from = pattern(static_cast<std::size_t>(columns * stride));
        std::vector<std::byte> to(static_cast<std::size_t>(rows * columns * size)), wanted(to.size());
        copy_turned(to.data(), from.data(), rows, columns, stride, static_cast<std::size_t>(size));
        for (std::int64_t r = 0; r < rows; ++r)
          for (std::int64_t c = 0; c < columns; ++c)
            for (std::int64_t b = 0; b < size; ++b)
              wanted[static_cast<std::size_t>((r * columns + c) * size + b)] =
                  from[static_cast<std::size_t>(c * stride + r * size + b)];
        INFO(size << " bytes, " << rows << " rows, " << columns << " columns");
        CHECK(to == wanted);
      }
}

// Rows that are whole leaves are digested leaf by leaf, others portion by portion.
TEST_CASE("a transposed matrix has the digest and the leaves of its copy in row-major order") {
  for (const std::int64_t columns : {4096, 8192, 4000, 5000})
    for (const std::int64_t rows : {2, 33, 100}) {
      const auto data = pattern(static_cast<std::size_t>(rows * columns * 4));
      std::vector<std::byte> copy(data.size());
      copy_turned(copy.data(), data.data(), rows, columns, rows * 4, 4);
      const std::vector<std::int64_t> shape = {rows, columns}, turned = {1, rows}, plain = {columns, 1};
      const auto here = digest_of({"F32", shape, turned, data.data(), 4});
      const auto there = digest_of({"F32", shape, plain, copy.data(), 4});
      INFO(rows << " x " << columns);
      CHECK(here.digest == there.digest);
      CHECK(here.leaves == there.leaves);
    }
}
