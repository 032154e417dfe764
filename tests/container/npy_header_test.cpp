// SPDX-License-Identifier: Apache-2.0
#include "harness/container/npy_header.h"

#include <catch2/catch.hpp>

#include "harness/tensor/broken.h"

using namespace reprise;
using Catch::Matchers::Contains;

namespace {

// Version 1 of the format: magic, version, the length of the text in two bytes, the text.
std::string npy(const std::string& text) {
  std::string file("\x93NUMPY\x01\x00", 8);
  file += static_cast<char>(text.size() & 0xFF);
  file += static_cast<char>(text.size() >> 8);
  return file + text;
}

NpyHeader header_of(const std::string& file) { return npy_header(std::as_bytes(std::span(file))); }

}  // namespace

TEST_CASE("the head of an array says its type, order, shape, and where its values begin") {
  const std::string text = "{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }\n";
  const NpyHeader found = header_of(npy(text) + "values");
  CHECK(found.type == "<f4");
  CHECK_FALSE(found.by_columns);
  CHECK(found.shape == std::vector<std::int64_t>{3, 4});
  CHECK(found.begin == 10 + text.size());
  const NpyHeader scalar = header_of(npy("{'descr': '>i8', 'fortran_order': True, 'shape': (), }\n"));
  CHECK(scalar.by_columns);
  CHECK(scalar.shape.empty());
}

TEST_CASE("a head that is cut short, or none, is broken") {
  const std::string whole = npy("{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }\n");
  CHECK_THROWS_WITH(header_of("PK\x03\x04 something else that is long"), Contains("not a NumPy array"));
  for (const std::size_t bytes : {std::size_t{0}, std::size_t{9}, whole.size() - 20}) {
    INFO(bytes);
    CHECK_THROWS_AS(header_of(whole.substr(0, bytes)), Broken);
  }
}
