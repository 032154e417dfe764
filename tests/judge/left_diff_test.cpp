// SPDX-License-Identifier: Apache-2.0
// What two runs left, from records made by hand.
#include "harness/judge/compare/left_diff.h"

#include <catch2/catch.hpp>
#include <map>

using namespace reprise;
using Catch::Matchers::Contains;

namespace {

struct Made {
  LeftRecord record;
  std::map<std::string, std::string> texts;
  std::vector<std::string> found;

  LeftFile& add(const std::string& name, const std::string& sha256) {
    record.files.push_back({name, 10, sha256});
    return record.files.back();
  }
  void add_text(const std::string& name, const std::string& text) {
    add(name, "of " + text).text = "left/" + name;
    texts["left/" + name] = text;
  }
  LeftFile& add_checkpoint(const std::string& name, const std::string& sha256, std::uint64_t weight,
                           const std::string& accuracy) {
    LeftFile& file = add(name, sha256);
    file.format = "PyTorch zip";
    file.tensors = {{"w", "F32[2]", {weight, 1}}};
    file.plain = {{"accuracy", accuracy}};
    return file;
  }
  LeftSide side() const {
    return {&record, [this](const LeftFile& file) { return texts.at(file.text); },
            [this](const std::string& name) { return std::ranges::find(found, name) != found.end(); }};
  }
};

std::vector<FileDiff> compared(const Made& a, const Made& b) { return compare_left(a.side(), b.side()); }

FileDiff only(const Made& a, const Made& b) {
  const auto found = compared(a, b);
  REQUIRE(found.size() == 1);
  return found.front();
}

}  // namespace

TEST_CASE("a checkpoint is equal by its content, whatever its archive says") {
  Made a, b;
  a.add_checkpoint("m.pt", "1", 5, "0.75");
  b.add_checkpoint("m.pt", "2", 5, "0.75");
  CHECK(only(a, b).result == LeftResult::equal);
}

TEST_CASE("a tensor or a plain value that differs is named with both sides") {
  Made a, b, c;
  a.add_checkpoint("m.pt", "1", 5, "0.75");
  b.add_checkpoint("m.pt", "2", 5, "0.5");
  c.add_checkpoint("m.pt", "3", 6, "0.75").tensors.push_back({"x", "F32[1]", {1, 1}});
  const auto value = only(a, b);
  CHECK(value.result == LeftResult::differs);
  REQUIRE(value.values.size() == 1);
  CHECK(value.values[0].name == "accuracy");
  CHECK(value.values[0].a == "0.75");
  CHECK(value.values[0].b == "0.5");
  const auto tensors = only(a, c);
  REQUIRE(tensors.values.size() == 2);
  CHECK(tensors.values[0].tensor);
  CHECK(tensors.values[0].name == "w");
  CHECK(tensors.values[1].a.empty());
  CHECK(tensors.values[1].b == "F32[1]");
}

TEST_CASE("what could not be read is not called equal") {
  Made a, b;
  a.add_checkpoint("m.pt", "1", 5, "0.75").unread = 2;
  b.add_checkpoint("m.pt", "2", 5, "0.75").unread = 2;
  const auto found = only(a, b);
  CHECK(found.result == LeftResult::not_compared);
  CHECK_THAT(found.remark, Contains("2 values in it could not be read"));
  CHECK(only(a, a).result == LeftResult::equal);  // the same bytes
  Made many;
  auto& file = many.add_checkpoint("m.pt", "3", 5, "0.75");
  file.plain.clear();
  file.unread = 1000;
  CHECK(only(a, many).result == LeftResult::not_compared);
  Made large, other;
  large.add("big.bin", "").remark = "70.0 GiB is too large to compare";
  other.add("big.bin", "");
  CHECK(only(large, other).result == LeftResult::not_compared);
  CHECK_THAT(only(large, other).remark, Contains("70.0 GiB"));
}

TEST_CASE("texts are compared line by line, times left out, and other files by their bytes") {
  Made a, b;
  a.add_text("r.csv", "acc 0.75\ntook 3.5s\n");
  b.add_text("r.csv", "acc 0.5\ntook 4.5s\n");
  const auto text = only(a, b);
  CHECK(text.result == LeftResult::differs);
  REQUIRE(text.lines.has_value());
  CHECK(text.lines->differing == 1);
  CHECK(text.lines->left_out == 1);
  Made x, y;
  x.add_text("r.csv", "took 3.5s\nb\na\n");
  y.add_text("r.csv", "took 4.5s\na\nb\n");
  CHECK(only(x, y).result == LeftResult::other_order);
  Made c, d;
  c.add("plot.png", "1");
  d.add("plot.png", "2");
  CHECK(only(c, d).result == LeftResult::differs);
  CHECK_THAT(only(c, d).remark, Contains("by its bytes alone"));
  Made e, f;
  e.add("events.out.tfevents", "1");
  f.add("events.out.tfevents", "2");
  CHECK(only(e, f).result == LeftResult::not_compared);
}

TEST_CASE("a file that one run alone left is told, unless the other found it and did not write it") {
  Made a, b;
  a.add("cache.bin", "1");
  const auto alone = only(a, b);
  CHECK(alone.result == LeftResult::alone);
  CHECK(alone.side == 0);
  CHECK(only(b, a).side == 1);
  b.found = {"cache.bin"};
  CHECK(only(a, b).result == LeftResult::not_compared);
  CHECK_THAT(only(a, b).remark, Contains("found it there and did not write it"));
  Made many;
  many.record.beyond = 4;
  CHECK(only(a, many).result == LeftResult::not_compared);
}

TEST_CASE("files whose names differ in digits alone are matched where only one fits") {
  Made a, b;
  a.add_text("version_0/m.csv", "acc 1");
  b.add_text("version_1/m.csv", "acc 2");
  const auto found = only(a, b);
  CHECK(found.name == "version_0/m.csv");
  CHECK(found.name_b == "version_1/m.csv");
  CHECK(found.result == LeftResult::differs);
  a.add_text("version_5/m.csv", "acc 1");
  CHECK(compared(a, b).size() == 3);
}

TEST_CASE("of an artifact only what the trace does not have is compared") {
  Made a, b, c;
  a.add_checkpoint("m.pt", "1", 5, "0.75").artifact = true;
  b.add_checkpoint("m.pt", "2", 6, "0.75").artifact = true;
  c.add_checkpoint("m.pt", "3", 6, "0.5").artifact = true;
  CHECK(compared(a, b).empty());
  const auto found = only(a, c);
  REQUIRE(found.values.size() == 1);
  CHECK(found.values[0].name == "accuracy");
  Made x, y;
  x.add("a.bin", "1").artifact = true;
  y.add("a.bin", "2").artifact = true;
  CHECK(compared(x, y).empty());
}
