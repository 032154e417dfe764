// SPDX-License-Identifier: Apache-2.0
// Every vector of the format's reference, through the source of the CUDA kernels.
#include <array>
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "fiber_digest.h"
#include "harness/base/files.h"
#include "harness/base/text.h"
#include "harness/tensor/safetensors.h"
#include "tensor/bytes.h"

namespace reprise::cuda {
namespace {

using Json = nlohmann::json;
using Shape = std::vector<std::int64_t>;

const Json& vectors() {
  static const Json read =
      Json::parse(read_file(REPRISE_SOURCE "/tests/tensor/digest_vectors.json", "vectors"));
  return read;
}

Shape row_major_strides(const Shape& shape) {
  Shape strides(shape.size());
  std::int64_t stride = 1;
  for (std::size_t axis = shape.size(); axis-- > 0; stride *= std::max<std::int64_t>(shape[axis], 1))
    strides[axis] = stride;
  return strides;
}

FiberDigests of(const std::string& dtype, const Shape& shape, Bytes data, bool warp_per_leaf) {
  const Shape strides = row_major_strides(shape);
  const TensorView view{dtype, shape, strides, data.data(), element_bytes(dtype)};
  const std::array tensors = {as_cuda_tensor(view, dtype.c_str())};
  ReadableMemory memory;
  memory.add(data.data(), data.size());
  memory.sort();
  return fiber_digests(tensors, {.warp_per_leaf = warp_per_leaf}, &memory);
}

void check(const std::string& dtype, const Shape& shape, Bytes data, const Json& wanted) {
  for (const bool warp_per_leaf : {false, true}) {
    CAPTURE(dtype, shape, warp_per_leaf);
    CHECK(to_text(of(dtype, shape, data, warp_per_leaf).digests.front()) == wanted);
  }
}

TEST_CASE("raw bytes of every size have the leaves and the digest of the reference") {
  REQUIRE(vectors()["raw"].size() == 19);
  for (const Json& v : vectors()["raw"]) {
    const auto size = v["bytes"].get<std::size_t>();
    const auto data = pattern(size, v["seed"].get<std::uint64_t>());
    for (const bool warp_per_leaf : {false, true}) {
      CAPTURE(size, warp_per_leaf);
      const auto found = of("U8", {static_cast<std::int64_t>(size)}, data, warp_per_leaf);
      CHECK(found.leaves.size() == v["leaves"].get<std::size_t>());
      CHECK(to_text(found.leaves.front()) == v["first_leaf"]);
      CHECK(to_text(tree_root(found.leaves)) == v["root"]);
      CHECK(to_text(found.digests.front()) == v["tensor_u8"]);
    }
  }
}

TEST_CASE("shapes, dtypes, scalars and empty tensors have the digests of the reference") {
  REQUIRE((vectors()["shaped"].size() == 11 && vectors()["scalars"].size() == 6 &&
           vectors()["empty"].size() == 3));
  for (const Json& v : vectors()["shaped"])
    check(v["dtype"], v["shape"].get<Shape>(),
          pattern(v["bytes"].get<std::size_t>(), v["seed"].get<std::uint64_t>()), v["tensor"]);
  for (const Json& v : vectors()["scalars"]) {
    const auto bytes = from_hex(v["hex"].get<std::string>()).value();
    check("F32", {}, std::as_bytes(std::span(bytes)), v["tensor"]);
  }
  for (const Json& v : vectors()["empty"]) check("F32", v["shape"].get<Shape>(), {}, v["tensor"]);
}

}  // namespace
}  // namespace reprise::cuda
