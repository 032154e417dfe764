// SPDX-License-Identifier: Apache-2.0
// MessagePack made by hand, as flax never would.
#include <catch2/catch.hpp>

#include "refusal.h"

using namespace reprise;

namespace {

std::string text(const std::string& words) { return static_cast<char>(0xA0 | words.size()) + words; }
std::string map_of(const std::string& key, const std::string& value) { return "\x81" + text(key) + value; }
std::string extension(int type, const std::string& payload) {
  return std::string("\xc7") + static_cast<char>(payload.size()) + static_cast<char>(type) + payload;
}
std::string array(const std::string& shape, const std::string& dtype, const std::string& values) {
  return extension(1, "\x93" + shape + text(dtype) + "\xc4" + static_cast<char>(values.size()) + values);
}
const std::string two("\x91\x02"), pair = array(two, "float32", "12345678");

std::string chunked(const std::string& shape, const std::string& chunks) {
  return "\x83" + text("__msgpack_chunked_array__") + "\xc3" + text("shape") + shape + text("chunks") +
         chunks;
}

}  // namespace

TEST_CASE("flax checkpoints that lie are refused") {
  const Scratch scratch;
  const auto said = [&](const std::string& value) { return said_of_bytes(scratch, map_of("w", value)); };
  CHECK(said(pair).empty());
  CHECK(said("\xc0").empty());
  refuses(said(array("\x91\x03", "float32", "12345678")), "should have 12 bytes and has 8");
  refuses(said(array("\x91\xff", "float32", "12345678")), "shape that cannot be");
  refuses(said(array("\x91\xcf\xff\xff\xff\xff\xff\xff\xff\xff", "float32", "12345678")),
          "shape that cannot be");
  refuses(said(extension(1, "\x91\x01")), "not a list of a shape");
  refuses(said(extension(1, "")), "cut short");
  refuses(said(extension(2, "\x01")), "not two parts");
  refuses(said("\xc1"), "the mark 0xc1");
  refuses(said("\xdd\xff\xff\xff\xff"), "cut short");
  refuses(said("\xdf\xff\xff\xff\xff"), "cut short");
  refuses(said("\xc6\xff\xff\xff\xff"), "cut short");
  refuses(said("\xdb\xff\xff\xff\xff"), "cut short");
  refuses(said(std::string(1'000'000, '\x91')), "nested deeper than 256");
  refuses(said("\xc0\xc0"), "1 bytes follow");
  refuses(said_of_bytes(scratch, "\x82" + text("w") + pair + text("w") + pair),
          "two tensors have the name 'w'");
  CHECK(said(array(two, "object", "12345678")).empty());
  CHECK(read_checkpoint(scratch / "file").opaque.at("numpy object").count == 1);
  CHECK(said(extension(7, "x")).empty());
}

TEST_CASE("arrays in chunks that do not fit are refused") {
  const Scratch scratch;
  const auto said = [&](const std::string& value) { return said_of_bytes(scratch, map_of("w", value)); };
  const std::string shape = map_of("0", "\x02"), wide = array(std::string("\x91\x01"), "float64", "12345678");
  CHECK(said(chunked(shape, map_of("0", pair))).empty());
  CHECK(read_checkpoint(scratch / "file").tensors.at(0).shape == std::vector<std::int64_t>{2});
  refuses(said(chunked(map_of("0", "\x03"), map_of("0", pair))), "should have 12 bytes and have 8");
  refuses(said(chunked(shape, map_of("1", pair))), "no part 0");
  refuses(said(chunked(shape, "\xc0")), "no shape or no chunks");
  refuses(said(chunked(shape, "\x80")), "has no chunks");
  refuses(said(chunked(shape, map_of("0", "\xc0"))), "is not an array");
  refuses(said(chunked(shape, "\x82" + text("0") + pair + text("1") + wide)), "several element types");
}
