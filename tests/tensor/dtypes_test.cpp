// SPDX-License-Identifier: Apache-2.0
#include "harness/tensor/dtypes.h"

#include <catch2/catch.hpp>
#include <set>

#include "harness/tensor/safetensors.h"

using namespace reprise;

TEST_CASE("a dtype is found by each of its names, and no name stands for two") {
  std::set<std::string_view> names, scalars, torches, numpys;
  REQUIRE(dtype_table().size() >= 20);
  for (const auto& dtype : dtype_table()) {
    INFO(dtype.name);
    CHECK(dtype_named(dtype.name) == &dtype);
    CHECK(names.insert(dtype.name).second);
    CHECK(bits_of(dtype.name) == dtype.bits);
    if (!dtype.scalar.empty())
      CHECK((dtype_of_scalar(dtype.scalar) == &dtype && scalars.insert(dtype.scalar).second));
    if (!dtype.torch.empty())
      CHECK((dtype_of_torch_name(dtype.torch) == &dtype && torches.insert(dtype.torch).second));
    if (!dtype.numpy.empty())
      CHECK((dtype_of_numpy_name(dtype.numpy) == &dtype && numpys.insert(dtype.numpy).second));
    if (!dtype.only_stored) CHECK(element_bytes(dtype.name) == dtype.bits / 8);
  }
  CHECK(dtype_named("") == nullptr);
  CHECK(dtype_of_numpy_name("") == nullptr);
  CHECK(dtype_of_torch_name("float99") == nullptr);
}

TEST_CASE("a number of NumPy's names is the size of its element in bytes") {
  for (const auto& dtype : dtype_table())
    if (!dtype.numpy.empty()) CHECK(std::stoul(std::string(dtype.numpy.substr(1))) * 8 == dtype.bits);
}
