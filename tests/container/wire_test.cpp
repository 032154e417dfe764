// SPDX-License-Identifier: Apache-2.0
#include "harness/container/wire.h"

#include <catch2/catch.hpp>

#include "container/bytes.h"

using namespace reprise;
using Catch::Matchers::Contains;

namespace {

std::string said(const std::string& message) {
  try {
    WireReader reader(kept(message));
    while (reader.next()) continue;
  } catch (const Broken& why) {
    return why.what();
  }
  return "read";
}

}  // namespace

TEST_CASE("the fields of a message come one after the other, none interpreted") {
  WireReader reader(
      kept("\x08\x96\x01\x12\x03"
           "abc"
           "\x25\x01\x02\x03\x04\x29\x01\x02\x03\x04\x05\x06\x07\x08"));
  const auto whole = reader.next();
  REQUIRE(whole);
  CHECK(whole->number == 1);
  CHECK(whole->kind == Wire::varint);
  CHECK(whole->value == 150);
  const auto bytes = reader.next();
  REQUIRE(bytes);
  CHECK(bytes->number == 2);
  CHECK(text_of(bytes->bytes.bytes) == "abc");
  const auto four = reader.next(), eight = reader.next();
  REQUIRE((four && eight));
  CHECK(four->number == 4);
  CHECK(number_at<std::uint32_t>(four->bytes.bytes, 0) == 0x04030201);
  CHECK(number_at<std::uint64_t>(eight->bytes.bytes, 0) == 0x0807060504030201);
  CHECK_FALSE(reader.next());
}

TEST_CASE("the largest number takes ten bytes, and one of eleven is broken") {
  const std::string largest = std::string(9, '\xff') + "\x01";
  ByteReader from(bytes_of(largest));
  CHECK(take_varint(from) == UINT64_MAX);
  CHECK_THAT(said("\x08" + std::string(11, '\xff')), Contains("ends nowhere"));
}

TEST_CASE("what is no field is broken") {
  CHECK_THAT(said("\x08"), Contains("cut short"));
  CHECK_THAT(said("\x12\x05"
                  "abc"),
             Contains("cut short"));
  CHECK_THAT(said("\x25\x01"), Contains("cut short"));
  CHECK_THAT(said("\x01\x01"), Contains("without a number"));
  CHECK_THAT(said("\x0b\x01"), Contains("unknown kind 3"));
}
