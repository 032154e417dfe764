// SPDX-License-Identifier: Apache-2.0
// Every fixture against expected.json, which make_fixtures.py made with Python's xxhash from the values in
// memory.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "harness/base/error.h"
#include "harness/base/files.h"
#include "harness/judge/compare/tensor_files.h"

using namespace reprise;

namespace {

const std::filesystem::path fixtures = REPRISE_SOURCE "/tests/checkpoint/fixtures";

nlohmann::json expected() { return nlohmann::json::parse(read_file(fixtures / "expected.json", "fixture")); }

std::string root(const std::string& name) {
  const CheckpointFile file = read_checkpoint(fixtures / name);
  std::vector<Digest> digests;
  for (const auto& tensor : file.tensors) digests.push_back(digest_of(tensor));
  return to_text(root_of(file, digests));
}

}  // namespace

TEST_CASE("every kind of checkpoint gives the names and digests that Python tells") {
  const auto all = expected();
  REQUIRE(all.size() >= 20);
  for (const auto& [name, told] : all.items()) {
    INFO(name);
    const CheckpointFile file = read_checkpoint(fixtures / name);
    CHECK(is_checkpoint(fixtures / name));
    nlohmann::json tensors = nlohmann::json::object(), opaque = nlohmann::json::object();
    for (const auto& tensor : file.tensors) {
      tensors[tensor.name] = to_text(digest_of(tensor));
      CHECK(row_major(tensor).bytes.size() == tensor.bytes);
      CHECK(to_text(tensor_digest(tensor.dtype, tensor.shape, row_major(tensor).bytes)) ==
            tensors[tensor.name]);
    }
    for (const auto& [what, counted] : file.opaque) opaque[what] = counted.count;
    CHECK(tensors == told["tensors"]);
    CHECK(opaque == told["opaque"]);
    CHECK(root(name) == told["root"]);
  }
}

TEST_CASE("one model has one root in every format") {
  const std::string pt = root("state_dict.pt");
  for (const auto* other : {"deflated.pt", "protocol5.pt", "legacy.pt", "model.safetensors", "sharded"})
    CHECK(root(other) == pt);
  CHECK(root("checkpoint.pt") != pt);
  CHECK(root("arrays2.pkl") == root("arrays5.pkl"));
}

TEST_CASE("what a pickle would call is a name and a count, and is not called") {
  const CheckpointFile file = read_checkpoint(fixtures / "opaque.pt");
  CHECK(file.opaque.at("posix.system").count == 2);
  CHECK(file.opaque.at("posix.system").first == "run");
  CHECK_FALSE(std::filesystem::exists("/tmp/a-checkpoint-ran-this"));
}

TEST_CASE("checkpoints are compared by names and values") {
  const auto pt = read_checkpoint(fixtures / "state_dict.pt"),
             same = read_checkpoint(fixtures / "model.safetensors");
  CHECK(compare(pt, same, {}).same());
  CHECK(compare(pt, same, {}).equal == pt.tensors.size());
  const auto nested = read_checkpoint(fixtures / "dcp");
  CHECK_FALSE(compare(pt, nested, {}).same());
  CHECK(compare(pt, nested, {rename_of("=model.")}).same());
  CHECK(compare(nested, pt, {rename_of("model.=")}).same());
  CHECK_THROWS_AS(compare(pt, nested, {rename_of("nobody.=x.")}), Error);
  CHECK_THROWS_AS(rename_of("="), Error);
  CHECK_THROWS_AS(rename_of("module"), Error);
}

TEST_CASE("elements that differ are counted, with their distance") {
  const auto tensor = [](const std::string& name, std::vector<float> values) {
    return FileTensor{name,
                      "F32",
                      {static_cast<std::int64_t>(values.size())},
                      [values = std::make_shared<std::vector<float>>(std::move(values))] {
                        return TensorData{{std::as_bytes(std::span(*values)), values}, {}};
                      },
                      4 * values.size()};
  };
  CheckpointFile a, b;
  a.tensors = {tensor("w", {1.0f, 2.0f, 3.0f}), tensor("x", {1.0f}), tensor("y", {0.0f})};
  b.tensors = {tensor("w", {1.0f, 2.0000002f, 3.0f}), tensor("x", {1.0f, 2.0f}), tensor("z", {0.0f})};
  const auto diff = compare(a, b, {});
  REQUIRE(diff.differing.size() == 1);
  CHECK(diff.differing[0].name == "w");
  CHECK(diff.differing[0].elements == 3);
  CHECK(diff.differing[0].differing == 1);
  CHECK(diff.differing[0].max_ulp == 1);
  REQUIRE(diff.other_form.size() == 1);
  CHECK(diff.other_form[0].left == "F32[1]");
  CHECK(diff.other_form[0].right == "F32[2]");
  CHECK(diff.only_left == std::vector<std::string>{"y"});
  CHECK(diff.only_right == std::vector<std::string>{"z"});
}
