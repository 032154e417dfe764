// SPDX-License-Identifier: Apache-2.0
// One file that a run left, looked at once.
#include "harness/left/left_file.h"

#include <catch2/catch.hpp>

#include "harness/base/files.h"
#include "scratch.h"

using namespace reprise;
using Catch::Matchers::Contains;

namespace {

const std::string fixtures = REPRISE_SOURCE "/tests/checkpoint/fixtures/";

LeftFile look(const Scratch& scratch, const std::string& path, LeftBudget budget = {}) {
  return looked_at(path, "x/" + std::filesystem::path(path).filename().string(), scratch.path(), "left/1.txt",
                   budget);
}

LeftFile look_at_text(const Scratch& scratch, const std::string& text, LeftBudget budget = {}) {
  write_atomically(scratch / "a.csv", text);
  return look(scratch, (scratch / "a.csv").string(), budget);
}

}  // namespace

TEST_CASE("of a checkpoint the tensors and the plain values are kept") {
  const Scratch scratch;
  const auto a = look(scratch, fixtures + "plain_a.pt"), b = look(scratch, fixtures + "plain_b.pt");
  CHECK(a.name == "x/plain_a.pt");
  CHECK(a.format == "PyTorch zip");
  CHECK_FALSE(a.tensors.empty());
  CHECK_FALSE(a.plain.empty());
  CHECK(a.sha256 != b.sha256);
  CHECK(a.text.empty());
  CHECK(look(scratch, fixtures + "opaque.pt").unread > 0);
  CHECK(look(scratch, fixtures + "model.safetensors").format == "safetensors");
}

TEST_CASE("a tensor whose name is not UTF-8 is kept under a name that is") {
  const Scratch scratch;
  const auto little = [](std::uint64_t number, int bytes) {
    std::string text;
    for (int i = 0; i < bytes; ++i) text += static_cast<char>(number >> (8 * i));
    return text;
  };
  // A GGUF of one tensor, four numbers F32.
  std::string file = "GGUF" + little(3, 4) + little(1, 8) + little(0, 8) + little(2, 8) + "w\xff" +
                     little(1, 4) + little(4, 8) + little(0, 4) + little(0, 8);
  file.resize(64 + 16, '\0');
  write_atomically(scratch / "odd.gguf", file);
  const auto left = look(scratch, (scratch / "odd.gguf").string());
  INFO(left.remark);
  REQUIRE(left.tensors.size() == 1);
  CHECK(left.tensors[0].name == "w\\xff");
}

TEST_CASE("a text is copied, other files are told by their digest") {
  const Scratch scratch;
  const auto text = look_at_text(scratch, "step,loss\n1,0.5\n");
  CHECK(text.text == "left/1.txt");
  CHECK(read_file(scratch / "left/1.txt", "copy") == "step,loss\n1,0.5\n");
  const auto binary = look_at_text(scratch, std::string("a\0b", 3));
  CHECK(binary.text.empty());
  CHECK(binary.sha256.size() == 64);
  CHECK(look_at_text(scratch, "").text.empty());
  CHECK_THAT(look(scratch, (scratch / "none").string()).remark, Contains("could not be read"));
}

TEST_CASE("a file that is too large to compare says how large it is") {
  const Scratch scratch;
  LeftBudget lines, bytes, tensors;
  lines.text = 1 << 20;
  bytes.read = 1 << 20;
  tensors.checkpoint = 100;
  const std::string large(3 << 20, 'x');
  const auto text = look_at_text(scratch, large, lines);
  CHECK(text.text.empty());
  CHECK(text.sha256.size() == 64);
  CHECK(text.remark == "3.0 MiB is too large to compare line by line");
  const auto unread = look_at_text(scratch, large, bytes);
  CHECK(unread.sha256.empty());
  CHECK(unread.remark == "3.0 MiB is too large to compare");
  const auto checkpoint = look(scratch, fixtures + "plain_a.pt", tensors);
  CHECK(checkpoint.tensors.empty());
  CHECK(checkpoint.sha256.size() == 64);
  CHECK_THAT(checkpoint.remark, Contains("too large to compare tensor by tensor"));
}

TEST_CASE("more values or tensors than are kept count as not read") {
  const Scratch scratch;
  LeftBudget values, tensors;
  values.values = 1;
  tensors.tensors = 1;
  const auto few = look(scratch, fixtures + "plain_a.pt", values);
  CHECK(few.plain.empty());
  CHECK(few.unread > 1);
  CHECK_THAT(look(scratch, fixtures + "model.safetensors", tensors).remark,
             Contains("too much to compare one by one"));
}
