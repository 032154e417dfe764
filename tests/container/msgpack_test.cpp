// SPDX-License-Identifier: Apache-2.0
#include "harness/container/msgpack.h"

#include <bit>
#include <catch2/catch.hpp>

#include "container/bytes.h"
#include "harness/tensor/broken.h"

using namespace reprise;
using namespace reprise::msgpack;
using Catch::Matchers::Contains;

namespace {

// Of a message that is one value without parts.
Value only(const std::string& message) {
  const auto values = read(bytes_of(message));
  REQUIRE(values.size() == 1);
  return values[0];
}

void check_whole(const std::string& message, Kind kind, std::int64_t wanted) {
  INFO(wanted);
  CHECK(only(message).kind == kind);
  CHECK(static_cast<std::int64_t>(only(message).bits) == wanted);
}

}  // namespace

TEST_CASE("every form of a whole number gives its value") {
  check_whole("\x07", Kind::natural, 7);
  check_whole("\xff", Kind::whole, -1);
  check_whole("\xcc\xff", Kind::natural, 255);
  check_whole("\xcd\x01\x00"_bytes, Kind::natural, 256);
  check_whole("\xce\x01\x00\x00\x00"_bytes, Kind::natural, 1 << 24);
  check_whole("\xcf\x00\x00\x01\x00\x00\x00\x00\x00"_bytes, Kind::natural, 1LL << 40);
  check_whole("\xd0\x80", Kind::whole, -128);
  check_whole("\xd1\xff\x00"_bytes, Kind::whole, -256);
  check_whole("\xd2\xff\xff\xff\xfe", Kind::whole, -2);
  check_whole("\xd3\x80\x00\x00\x00\x00\x00\x00\x00"_bytes, Kind::whole, INT64_MIN);
}

TEST_CASE("numbers, truth values and nothing are told apart") {
  CHECK(only("\xc0").kind == Kind::none);
  CHECK(only("\xc2").bits == 0);
  CHECK(only("\xc3").bits == 1);
  CHECK(only("\xc3").kind == Kind::truth);
  CHECK(std::bit_cast<double>(only("\xca\x3f\xc0\x00\x00"_bytes).bits) == 1.5);
  CHECK(std::bit_cast<double>(only("\xcb\xbf\xf0\x00\x00\x00\x00\x00\x00"_bytes).bits) == -1.0);
}

TEST_CASE("texts, bytes and extensions are views of the message") {
  const std::string message = "\x94\xa2hi\xd9\x03you\xc4\x01x\xc7\x02\x05zz";
  const auto values = read(bytes_of(message));
  REQUIRE(values.size() == 5);
  CHECK(values[0].items == std::vector<std::uint32_t>{1, 2, 3, 4});
  CHECK(text(values[1]) == "hi");
  CHECK(text(values[2]) == "you");
  CHECK_FALSE(text(values[3]));
  CHECK(values[3].kind == Kind::bytes);
  CHECK(values[4].kind == Kind::extension);
  CHECK(values[4].type == 5);
  CHECK(values[4].bytes.data() == bytes_of(message).data() + message.size() - 2);
}

TEST_CASE("a map holds keys and values by turns, also within another") {
  const std::string message = "\x81\xa1w\x82\xa1x\x01\xa1y\x02";
  const auto values = read(bytes_of(message));
  REQUIRE(values.size() == 7);
  CHECK(values[0].items == std::vector<std::uint32_t>{1, 2});
  CHECK(values[2].items == std::vector<std::uint32_t>{3, 4, 5, 6});
}

TEST_CASE("a message that is cut short, goes on, lies or nests too deeply is broken") {
  const auto said = [](const std::string& message) {
    try {
      read(bytes_of(message));
    } catch (const Broken& why) {
      return std::string(why.what());
    }
    return std::string("read");
  };
  CHECK_THAT(said(""), Contains("cut short"));
  CHECK_THAT(said("\xa5hi"), Contains("cut short"));
  CHECK_THAT(said("\xdd\xff\xff\xff\xff"), Contains("should have 4294967295 values"));
  CHECK_THAT(said("\x01\x02"), Contains("1 bytes follow"));
  CHECK_THAT(said("\xc1"), Contains("the mark 0xc1"));
  CHECK(said(std::string(256, '\x91') + "\x01") == "read");
  CHECK_THAT(said(std::string(257, '\x91') + "\x01"), Contains("nested deeper than 256"));
}
