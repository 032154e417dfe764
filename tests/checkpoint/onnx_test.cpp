// SPDX-License-Identifier: Apache-2.0
// ONNX models made by hand, field by field.
#include <catch2/catch.hpp>

#include "harness/base/files.h"
#include "refusal.h"

using namespace reprise;

namespace {

std::string varint(std::uint64_t number) {
  std::string bytes;
  for (; number >= 0x80; number >>= 7) bytes += static_cast<char>(0x80 | (number & 0x7F));
  return bytes + static_cast<char>(number);
}

std::string number(unsigned field, std::uint64_t value) { return varint(field << 3) + varint(value); }
std::string bytes(unsigned field, const std::string& content) {
  return varint(field << 3 | 2) + varint(content.size()) + content;
}

std::string model(const std::string& tensor) {
  return number(1, 8) + bytes(2, "hand") + bytes(7, bytes(5, tensor));
}
// A tensor of two floats but for what `more` says.
std::string floats(const std::string& more, std::uint64_t size = 2) {
  return number(1, size) + number(2, 1) + bytes(8, "w") + more;
}
std::string entry(const std::string& key, const std::string& value) {
  return bytes(13, bytes(1, key) + bytes(2, value));
}
std::string external(const std::string& location, const std::string& more = "") {
  return floats(number(14, 1) + entry("location", location) + more);
}

}  // namespace

TEST_CASE("an ONNX model made by hand is read") {
  const Scratch scratch;
  CHECK(said_of_bytes(scratch, model(floats(bytes(9, "12345678")))).empty());
  CHECK(said_of_bytes(scratch, model(floats(bytes(4, "12345678")))).empty());
  std::ofstream(scratch / "data", std::ios::binary) << "0123456789";
  CHECK(said_of_bytes(scratch, model(external("data", entry("offset", "2")))).empty());
  const CheckpointFile found = read_checkpoint(scratch / "file");
  CHECK(found.tensors.at(0).name == "w");
  CHECK(row_major(found.tensors[0]).bytes[0] == std::byte{'2'});
  CHECK(found.plain.at(0).name == "ir_version");
}

TEST_CASE("ONNX models that lie are refused") {
  const Scratch scratch;
  const auto said = [&](const std::string& tensor) { return said_of_bytes(scratch, model(tensor)); };
  refuses(said(floats(bytes(9, "1234567"))), "should have 8 bytes and has 7");
  refuses(said(floats(bytes(4, "1234"))), "should have 8 bytes and has 4");
  refuses(said(floats("")), "should have 8 bytes and has 0");
  refuses(said(floats(bytes(9, "12345678"), UINT64_MAX)), "shape that cannot be");
  refuses(said(floats("", 1ull << 40)), "should have 4398046511104 bytes and has 0");
  refuses(said(number(1, 2) + number(2, 7) + bytes(7, "\1\2\3")), "should have 16 bytes");
  refuses(said(number(1, 2) + number(2, 7) + bytes(7, "\1")), "should have 16 bytes");
  refuses(said(number(1, 1) + number(2, 7) + bytes(7, std::string(11, '\xff'))), "ends nowhere near");
  for (const unsigned type : {1u, 11u, 14u, 15u})  // whole numbers for what is none, up to 16 bytes each
    refuses(said(number(1, 1) + number(2, type) + bytes(7, "\1")), " and has 0");
  refuses(said(number(1, 1) + number(2, 6) + bytes(4, "1234")), "should have 4 bytes and has 0");
  refuses(said(varint(9 << 3 | 2) + varint(UINT64_MAX)), "cut short");
  refuses(said(varint(9 << 3 | 3)), "unknown kind 3");
  refuses(said(std::string(2, '\0')), "without a number");
  refuses(said_of_bytes(scratch, number(1, 8) + bytes(2, "hand")), "no known format");
  CHECK(said(number(1, 1) + number(2, 8)).empty());  // texts
  CHECK(read_checkpoint(scratch / "file").opaque.at("ONNX element type 8").count == 1);
}

TEST_CASE("a model reads no file that is not beside it") {
  const Scratch scratch;
  std::ofstream(scratch / "data", std::ios::binary) << "12345678";
  const auto said = [&](const std::string& tensor) { return said_of_bytes(scratch, model(tensor)); };
  for (const auto* place : {"../data", "/etc/passwd", "a/../../data", "", ".."})
    refuses(said(external(place)), "which is not beside it");
  refuses(said(external(std::string("data\0x", 6))), "which is not beside it");
  refuses(said(external("none")), "'none', which is missing");
  refuses(said(external("data", entry("offset", "-1"))), "at the offset '-1'");
  refuses(said(external("data", entry("offset", "99"))), "should have 8 bytes and has 0");
  refuses(said(external("data", entry("length", "9"))), "cut short");
  refuses(said(external("data", entry("offset", "4"))), "should have 8 bytes and has 4");
  refuses(said(floats(number(14, 1))), "which is not named");
  CHECK(said(external("data")).empty());
}
