// SPDX-License-Identifier: Apache-2.0
#include "harness/tensor/digest.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "harness/base/error.h"
#include "harness/base/files.h"
#include "harness/base/text.h"
#include "tensor/bytes.h"

namespace reprise {
namespace {

using Json = nlohmann::json;
using Members = std::vector<std::pair<std::string, Digest>>;

const Json& vectors() {
  static const Json read =
      Json::parse(read_file(REPRISE_SOURCE "/tests/tensor/digest_vectors.json", "vectors"));
  return read;
}

std::vector<std::byte> bytes_of_hex(const std::string& text) {
  const auto bytes = from_hex(text).value();
  const auto view = std::as_bytes(std::span(bytes));
  return {view.begin(), view.end()};
}

TEST_CASE("the digest of raw bytes is the reference's for every size") {
  REQUIRE(vectors()["raw"].size() == 19);
  for (const Json& v : vectors()["raw"]) {
    const auto size = v["bytes"].get<std::size_t>();
    CAPTURE(size);
    const auto data = pattern(size, v["seed"].get<std::uint64_t>());
    const auto leaves = leaf_digests(data);
    CHECK(leaves.size() == v["leaves"].get<std::size_t>());
    CHECK(to_text(leaves.front()) == v["first_leaf"]);
    CHECK(to_text(tree_root(leaves)) == v["root"]);
    const std::vector<std::int64_t> shape = {static_cast<std::int64_t>(size)};
    CHECK(to_text(tensor_digest("U8", shape, data)) == v["tensor_u8"]);
  }
}

TEST_CASE("dtype and shape are part of a tensor's digest, as in the reference") {
  REQUIRE(vectors()["shaped"].size() == 11);
  for (const Json& v : vectors()["shaped"]) {
    const auto data = pattern(v["bytes"].get<std::size_t>(), v["seed"].get<std::uint64_t>());
    CHECK(to_text(tensor_digest(v["dtype"].get<std::string>(), v["shape"].get<std::vector<std::int64_t>>(),
                                data)) == v["tensor"]);
  }
  for (const Json& v : vectors()["scalars"])
    CHECK(to_text(tensor_digest("F32", {}, bytes_of_hex(v["hex"]))) == v["tensor"]);
  for (const Json& v : vectors()["empty"])
    CHECK(to_text(tensor_digest("F32", v["shape"].get<std::vector<std::int64_t>>(), {})) == v["tensor"]);
  CHECK(vectors()["scalars"].size() == 6);
  CHECK(vectors()["empty"].size() == 3);
}

TEST_CASE("names have the digests of the reference") {
  REQUIRE(vectors()["names"].size() == 5);
  for (const Json& v : vectors()["names"])
    CHECK(to_text(name_digest(v["name"].get<std::string>())) == v["digest"]);
}

Members layers() {
  Members members;
  for (std::uint64_t i = 0; i < 1500; ++i)
    members.emplace_back("layer" + std::to_string(i) + ".weight",
                         tensor_digest("U8", std::vector<std::int64_t>{8}, pattern(8, i)));
  return members;
}

TEST_CASE("sets have the digests of the reference, whatever the order of their members") {
  REQUIRE(vectors()["sets"].size() == 4);
  for (const Json& v : vectors()["sets"]) {
    Members members;
    if (v["members"].is_string())
      members = layers();
    else
      for (const auto& [name, digest] : v["members"].items())
        members.emplace_back(name, digest_from_text(digest.get<std::string>()).value());
    std::vector<std::pair<std::string, Digest>> turned(members.rbegin(), members.rend());
    const auto kind = v["kind"].get<std::string>();
    CHECK(to_text(set_digest(kind, members)) == v["digest"]);
    CHECK(to_text(set_digest(kind, turned)) == v["digest"]);
  }
}

TEST_CASE("two members of a set with one name are an error that names it") {
  const Members twice = {{"w", Digest{1, 2}}, {"b", Digest{3, 4}}, {"w", Digest{1, 2}}};
  CHECK_THROWS_WITH(set_digest("weights", twice), Catch::Contains("'w'") && Catch::Contains("twice"));
}

TEST_CASE("a digest is written as the bytes of its low and its high half") {
  const Digest digest{0x0706050403020100, 0x0f0e0d0c0b0a0908};
  CHECK(to_text(digest) == "000102030405060708090a0b0c0d0e0f");
  CHECK(digest_from_text("000102030405060708090a0b0c0d0e0f") == digest);
  CHECK_FALSE(digest_from_text("000102030405060708090a0b0c0d0e"));
  CHECK_FALSE(digest_from_text("000102030405060708090a0b0c0d0e0g"));
}

TEST_CASE("the chain is a seal over the step and the digest of previous and root") {
  const Digest previous{1, 2}, root{3, 4};
  const std::array<Digest, 2> link = {previous, root};
  const Digest inner = leaf_digests(std::as_bytes(std::span(link))).front();
  const std::array<std::uint64_t, 1> step = {7};
  CHECK(chain_next(7, previous, root) == seal("reprise.chain.1", "", step, inner));
  CHECK(chain_next(8, previous, root) != chain_next(7, previous, root));
  CHECK(chain_next(7, {}, root) != chain_next(7, previous, root));
}

TEST_CASE("leaves kept earlier give the tensor's digest, and a wrong number of them is refused") {
  const auto data = pattern(50'000, 3);
  const std::vector<std::int64_t> shape = {12'500};
  const auto leaves = leaf_digests(data);
  CHECK(sealed_tensor("F32", shape, data.size(), leaves) == tensor_digest("F32", shape, data));
  CHECK_THROWS_AS(sealed_tensor("F32", shape, data.size() + 20'000, leaves), Error);
}

}  // namespace
}  // namespace reprise
