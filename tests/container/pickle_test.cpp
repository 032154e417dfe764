// SPDX-License-Identifier: Apache-2.0
// Pickles opcode by opcode; real ones are in tests/checkpoint.
#include "harness/container/pickle.h"

#include <catch2/catch.hpp>

#include "checkpoint/small_zip.h"
#include "container/bytes.h"
#include "harness/container/little_endian.h"
#include "harness/tensor/broken.h"

using namespace reprise;
using Catch::Matchers::Contains;
using pickle::Kind;
using pickle::Pickle;

namespace {

std::string said(const std::string& bytes) {
  try {
    const Pickle read(kept(bytes), "it");
  } catch (const Broken& why) {
    return why.what();
  }
  return "read";
}

}  // namespace

TEST_CASE("plain values are built as they were written") {
  const Pickle list(kept(pickled("](" + pickled_whole(-5) + pickled_text("a") + "\x88Ne")), "it");
  const auto& items = list[list.root()].items;
  REQUIRE(items.size() == 4);
  CHECK(list.whole(items[0]) == -5);
  CHECK(list.text(items[1]) == "a");
  CHECK_FALSE(list.text(items[0]));
  CHECK(list[items[2]].kind == Kind::truth);
  CHECK(list[items[3]].kind == Kind::none);
  const Pickle sizes(kept(pickled(pickled_sizes({2, 3, 4}))), "it");
  CHECK(sizes.sizes(sizes.root()) == std::vector<std::int64_t>{2, 3, 4});
}

TEST_CASE("a dict is asked for what lies under a key") {
  const Pickle dict(
      kept(pickled("}(" + pickled_text("a") + pickled_whole(1) + pickled_text("b") + pickled_whole(2) + "u")),
      "it");
  const auto found = dict.entry(dict.root(), "b");
  REQUIRE(found);
  CHECK(dict.whole(*found) == 2);
  CHECK_FALSE(dict.entry(dict.root(), "c"));
}

TEST_CASE("a call is an object that says what would have been called, and nothing is called") {
  const Pickle call(kept(pickled("cposix\nsystem\n(" + pickled_text("touch /tmp/a-pickle-ran-this") + "tR")),
                    "it");
  CHECK(call[call.root()].kind == Kind::object);
  CHECK(call.head(call.root()) == "posix.system");
  const auto& arguments = call.arguments(call.root());
  REQUIRE(arguments.size() == 1);
  CHECK(call.text(arguments[0]) == "touch /tmp/a-pickle-ran-this");
}

TEST_CASE("what is put into the memo is the same value when it is got, and a ring is no trouble") {
  const Pickle ring(kept(pickled(std::string("]q\0h\0a", 6))), "it");
  REQUIRE(ring[ring.root()].items.size() == 1);
  CHECK(ring[ring.root()].items[0] == ring.root());
}

TEST_CASE("where a pickle ends is told, and what no pickler writes is broken") {
  const std::string whole = pickled("N");
  CHECK(Pickle(kept(whole + "more"), "it").end() == whole.size());
  CHECK(said(whole) == "read");
  CHECK(said("\x80\x02N") != "read");
  CHECK(said("\x80\x02.") != "read");
  CHECK(said("\x80\x02h\x07.") != "read");
  CHECK(said("\x80\x02\xff.") != "read");
  CHECK(said("\x80\x02(e.") != "read");
}
