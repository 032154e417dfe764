// SPDX-License-Identifier: Apache-2.0
#include "harness/left/left_record.h"

#include <catch2/catch.hpp>

#include "harness/base/files.h"
#include "scratch.h"

using namespace reprise;

TEST_CASE("a record is read as it was written") {
  const Scratch scratch;
  LeftFile file{"a\\xff.pt", 12, "abc", "PyTorch zip"};
  file.tensors = {{"w", "F32[2]", {1, 2}}};
  file.plain = {{"acc", "0.75"}, {"acc", "0.8"}};
  file.unread = 3;
  file.text = "left/1.txt";
  file.artifact = true;
  file.remark = "too large";
  write_left({{file, {"b", 1}}, 7}, scratch.path());
  const auto read = left_record(scratch.path());
  REQUIRE(read.has_value());
  CHECK(read->beyond == 7);
  REQUIRE(read->files.size() == 2);
  const auto& one = read->files[0];
  CHECK(one.name == file.name);
  CHECK(one.bytes == 12);
  CHECK(one.sha256 == "abc");
  CHECK(one.format == "PyTorch zip");
  REQUIRE(one.tensors.size() == 1);
  CHECK(one.tensors[0].digest == Digest{1, 2});
  CHECK(one.tensors[0].form == "F32[2]");
  REQUIRE(one.plain.size() == 2);
  CHECK(one.plain[1].text == "0.8");
  CHECK(one.unread == 3);
  CHECK(one.text == "left/1.txt");
  CHECK(one.artifact);
  CHECK(one.remark == "too large");
}

TEST_CASE("a record that is not there, damaged or of another time is none") {
  const Scratch scratch;
  CHECK_FALSE(left_record(scratch.path()).has_value());
  for (const char* text : {"", "{", "[]", "{\"schema\":\"reprise.left/2\"}",
                           "{\"schema\":\"reprise.left/1\",\"beyond\":0,\"files\":[{}]}",
                           "{\"schema\":\"reprise.left/1\",\"beyond\":\"x\",\"files\":[]}"}) {
    INFO(text);
    write_atomically(scratch / "left.json", text);
    CHECK_FALSE(left_record(scratch.path()).has_value());
  }
}
