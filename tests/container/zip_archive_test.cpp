// SPDX-License-Identifier: Apache-2.0
// Archives in memory and files as memory; what is said of a damaged checkpoint is in tests/checkpoint.
#include "harness/container/zip_archive.h"

#include <zlib.h>

#include <catch2/catch.hpp>
#include <fstream>

#include "checkpoint/small_zip.h"
#include "container/bytes.h"
#include "harness/base/error.h"
#include "harness/container/little_endian.h"
#include "harness/tensor/broken.h"
#include "scratch.h"

using namespace reprise;
using Catch::Matchers::Contains;

namespace {

std::string deflated(const std::string& text) {
  z_stream stream{};
  REQUIRE(deflateInit2(&stream, 9, Z_DEFLATED, -15, 9, Z_DEFAULT_STRATEGY) == Z_OK);
  std::string packed(compressBound(text.size()), '\0'), given = text;
  stream.next_in = reinterpret_cast<unsigned char*>(given.data());
  stream.avail_in = static_cast<unsigned>(given.size());
  stream.next_out = reinterpret_cast<unsigned char*>(packed.data());
  stream.avail_out = static_cast<unsigned>(packed.size());
  REQUIRE(deflate(&stream, Z_FINISH) == Z_STREAM_END);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

std::string said(const std::vector<SmallRecord>& records) {
  try {
    const ZipArchive archive(kept(small_zip(records)));
    for (const auto& [name, record] : archive.records()) archive.content(record);
  } catch (const Broken& why) {
    return why.what();
  }
  return "read";
}

}  // namespace

TEST_CASE("records are found by name, stored ones as views and deflated ones inflated") {
  const std::string long_text(5000, 'x');
  const Kept file = kept(small_zip({{"a/stored", "abc"}, {"b", deflated(long_text), 8, 5000}}));
  CHECK(is_zip(file.bytes));
  const ZipArchive archive(file);
  CHECK(archive.records().size() == 2);
  CHECK(archive.find("nowhere") == nullptr);
  REQUIRE(archive.find("a/stored") != nullptr);
  const Kept stored = archive.content(*archive.find("a/stored"));
  CHECK(text_of(stored.bytes) == "abc");
  CHECK(stored.bytes.data() > file.bytes.data());
  CHECK(stored.bytes.data() < file.bytes.data() + file.bytes.size());
}

TEST_CASE("archives whose fields lie are broken") {
  CHECK(said({{"a", "x"}, {"b", "y"}}) == "read");
  CHECK_THAT(said({{"a", "x"}, {"a", "y"}}), Contains("two records have the name 'a'"));
  CHECK_THAT(said({{"a", "x", 12}}), Contains("packed by method 12"));
  CHECK_THAT(said({{"a", "x", 0, 0, 1}}), Contains("encrypted"));
  CHECK_THAT(said({{"a", "x", 0, 2}}), Contains("two sizes"));
  CHECK_THAT(said({{"a", "x", 0, 0, 0, "b"}}), Contains("another name"));
  CHECK_THAT(said({{"a", "x", 0, 0, 0, "", 3}}), Contains("not where the zip directory says"));
  CHECK_FALSE(is_zip(bytes_of("no archive")));
}

TEST_CASE("a file is mapped with its bytes, which stay while a part of them is kept") {
  const Scratch scratch;
  std::ofstream(scratch / "file") << "0123456789";
  Kept part;
  {
    const Kept whole = map_file(scratch / "file");
    CHECK(text_of(whole.bytes) == "0123456789");
    part = part_of(whole, 3, 4);
  }
  CHECK(text_of(part.bytes) == "3456");
  std::ofstream(scratch / "empty").close();
  CHECK(map_file(scratch / "empty").bytes.empty());
  CHECK_THROWS_WITH(map_file(scratch / "none"), Contains("no checkpoint at "));
  CHECK_THROWS_WITH(map_file(scratch.path()), Contains("no regular file"));
}
