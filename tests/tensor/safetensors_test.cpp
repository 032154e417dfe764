// SPDX-License-Identifier: Apache-2.0
#include "harness/tensor/safetensors.h"

#include <catch2/catch.hpp>
#include <cstring>
#include <fstream>

#include "harness/base/error.h"
#include "harness/base/files.h"
#include "scratch.h"
#include "tensor/bytes.h"

namespace reprise {
namespace {
namespace fs = std::filesystem;

// A file with this header and so many bytes of data.
void put(const fs::path& path, const std::string& header, std::size_t data_bytes) {
  const std::uint64_t length = header.size();
  std::string start(8, '\0');
  std::memcpy(start.data(), &length, 8);
  std::ofstream(path, std::ios::binary) << start << header << std::string(data_bytes, 'd');
}

TEST_CASE("a checkpoint reads back as it was written, tensors of any strides among them") {
  const Scratch scratch;
  const auto memory = pattern(6 * 4 * 4, 1);
  const std::vector<std::int64_t> shape = {4, 6}, turned = {1, 4}, scalar, empty = {0, 3}, rows = {3, 1};
  const std::int16_t one = -7;
  write_safetensors(scratch / "c.safetensors",
                    {{"weights/w", {"F32", shape, turned, memory.data(), 4}},
                     {"weights/b", {"I16", scalar, scalar, &one, 2}},
                     {"optimizer/none", {"F64", empty, rows, nullptr, 8}}},
                    {{"step", "7"}});
  const Checkpoint checkpoint(scratch / "c.safetensors");
  CHECK(checkpoint.metadata() == std::map<std::string, std::string>{{"step", "7"}});
  REQUIRE(checkpoint.tensors().size() == 3);
  const CheckpointTensor &none = checkpoint.tensors()[0], &b = checkpoint.tensors()[1],
                         &w = checkpoint.tensors()[2];
  CHECK(none.name == "optimizer/none");
  CHECK(none.shape == empty);
  CHECK(b.name == "weights/b");
  CHECK(b.dtype == "I16");
  CHECK(w.name == "weights/w");
  CHECK(w.dtype == "F32");
  CHECK(w.shape == shape);
  const auto content = checkpoint.read(w);
  CHECK(tensor_digest("F32", shape, content) == digest_of({"F32", shape, turned, memory.data(), 4}).digest);
  CHECK(std::memcmp(checkpoint.read(b).data(), &one, 2) == 0);
  CHECK(checkpoint.read(none).empty());
  CHECK_FALSE(fs::exists(scratch / "c.safetensors.partial"));
}

TEST_CASE("a checkpoint's bytes are those of the format, whatever the order of its tensors") {
  const Scratch scratch;
  const std::vector<std::int64_t> shape = {2}, strides = {1};
  const std::uint8_t first[] = {'A', 'B'}, second[] = {'C', 'D'};
  const StoredTensor a{"a", {"U8", shape, strides, first, 1}}, b{"b", {"BOOL", shape, strides, second, 1}};
  write_safetensors(scratch / "1", {a, b}, {});
  write_safetensors(scratch / "2", {b, a}, {});
  const std::string content = read_file(scratch / "1", "checkpoint");
  CHECK(content == read_file(scratch / "2", "checkpoint"));
  const std::string header = R"({"a":{"data_offsets":[0,2],"dtype":"U8","shape":[2]},)"
                             R"("b":{"data_offsets":[2,4],"dtype":"BOOL","shape":[2]}})";
  CHECK(static_cast<std::size_t>(content[0]) == (header.size() + 7) / 8 * 8);
  CHECK(content.substr(8, header.size()) == header);
  CHECK(content.substr(content.size() - 4) == "ABCD");
  CHECK((content.size() - 4) % 8 == 0);
}

TEST_CASE("a tensor larger than the write buffer keeps its order when it is gathered") {
  const Scratch scratch;
  const auto memory = pattern(1200 * 1100 * 2, 8);
  const std::vector<std::int64_t> shape = {1100, 1200}, turned = {1, 1100};
  const TensorView view{"BF16", shape, turned, memory.data(), 2};
  write_safetensors(scratch / "c", {{"w", view}}, {});
  const Checkpoint checkpoint(scratch / "c");
  CHECK(tensor_digest("BF16", shape, checkpoint.read(checkpoint.tensors()[0])) == digest_of(view).digest);
}

TEST_CASE("two tensors of one name, an unknown dtype and a folder that is not there are errors") {
  const Scratch scratch;
  const std::vector<std::int64_t> scalar;
  const char byte = 1;
  const StoredTensor tensor{"w", {"U8", scalar, scalar, &byte, 1}};
  CHECK_THROWS_WITH(write_safetensors(scratch / "c", {tensor, tensor}, {}),
                    Catch::Contains("second tensor named 'w'"));
  CHECK_THROWS_WITH(element_bytes("F31"), Catch::Contains("no dtype is named 'F31'"));
  CHECK_THROWS_WITH(write_safetensors(scratch / "no/c", {tensor}, {}),
                    Catch::Contains("cannot write the checkpoint") && Catch::Contains("No such file"));
  CHECK(list_folder(scratch.path()).empty());
  CHECK(element_bytes("C128") == 16);
}

TEST_CASE("a broken checkpoint is one sentence that names the file and what is wrong") {
  const Scratch scratch;
  const auto refused = [&](const std::string& header, std::size_t bytes, const std::string& words) {
    CAPTURE(header);
    put(scratch / "bad", header, bytes);
    CHECK_THROWS_WITH(Checkpoint(scratch / "bad"),
                      Catch::Contains(words) && Catch::Contains((scratch / "bad").string()));
  };
  const auto tensor = [](const std::string& dtype, const std::string& shape, const std::string& offsets) {
    return R"({"w":{"dtype":)" + dtype + R"(,"shape":)" + shape + R"(,"data_offsets":)" + offsets + "}}";
  };
  refused("{", 0, "no JSON object");
  refused("[1]", 0, "no JSON object");
  refused(R"({"w":3})", 0, "no dtype, shape and data_offsets");
  refused(tensor("7", "[2]", "[0,2]"), 2, "wrong type");
  refused(tensor("\"F31\"", "[2]", "[0,2]"), 2, "the unknown dtype 'F31'");
  refused(tensor("\"U8\"", "[-2]", "[0,2]"), 2, "a shape that cannot be");
  refused(tensor("\"U8\"", "[4294967296,4294967296,16]", "[0,0]"), 0, "a shape that cannot be");
  refused(tensor("\"U8\"", "[2]", "[2,0]"), 2, "not a range");
  refused(tensor("\"F32\"", "[2]", "[0,2]"), 2, "another size");
  refused(tensor("\"U8\"", "[2]", "[1,3]"), 3, "begins at byte 1");
  refused(tensor("\"U8\"", "[2]", "[0,2]"), 3, "its data part has 3");
  refused(tensor("\"U8\"", "[2]", "[0,2]"), 1, "its data part has 1");
  refused(
      R"({"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}})",
      3, "the one before ends at 2");
  refused(R"({"__metadata__":{"a":1}})", 0, "not text");
  std::ofstream(scratch / "short") << "abc";
  CHECK_THROWS_WITH(Checkpoint(scratch / "short"), Catch::Contains("no header"));
  std::ofstream(scratch / "long") << std::string(16, '\x7f');
  CHECK_THROWS_WITH(Checkpoint(scratch / "long"), Catch::Contains("its header would have"));
  CHECK_THROWS_WITH(Checkpoint(scratch / "none"), Catch::Contains("no checkpoint at"));
  CHECK_THROWS_WITH(Checkpoint(scratch.path()), Catch::Contains("not a regular file"));
}

}  // namespace
}  // namespace reprise
