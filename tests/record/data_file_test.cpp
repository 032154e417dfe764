// SPDX-License-Identifier: Apache-2.0
#include "harness/record/training/data_file.h"

#include <zlib.h>

#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>

#include "fixed_setup.h"
#include "harness/base/files.h"
#include "harness/base/sha256.h"
#include "harness/record/skip.h"
#include "scratch.h"

using namespace reprise;
using Catch::Matchers::Contains;
namespace fs = std::filesystem;

namespace {

std::string packed(const std::string& content, const fs::path& path) {
  gzFile file = gzopen(path.c_str(), "wb");
  gzwrite(file, content.data(), static_cast<unsigned>(content.size()));
  gzclose(file);
  return read_file(path, "packed file");
}

DataFile named(const std::string& file, const std::string& content) {
  return {"x", file, sha256_text(content), "https://example.org/x"};
}

}  // namespace

TEST_CASE("data is read from the first folder that has it, and checked") {
  Scratch first, second;
  write_atomically(second / "x.bin", "content");
  REQUIRE(read_data(named("x.bin", "content"), {first.path(), second.path()}) == "content");
  write_atomically(first / "x.bin", "other");
  const auto wrong = error_of([&] { read_data(named("x.bin", "content"), {first.path(), second.path()}); });
  CHECK_THAT(wrong, Contains(sha256_text("content")) && Contains(sha256_text("other")) &&
                        Contains((first / "x.bin").string()) && Contains("https://example.org/x"));
}

TEST_CASE("data that is nowhere is a skip that says what to fetch and where to put it") {
  Scratch folder;
  CHECK_THROWS_AS(read_data(named("mnist/x.bin", "content"), {folder.path()}), Skip);
  const auto sentence = error_of([&] { read_data(named("mnist/x.bin", "content"), {folder.path()}); });
  CHECK_THAT(sentence, Contains("mnist/x.bin") && Contains("https://example.org/x") &&
                           Contains(folder.path().string()));
}

TEST_CASE("a packed file is unpacked, and its digest is of what is inside") {
  Scratch folder;
  std::string content;
  for (int i = 0; i < 100000; ++i) content += std::to_string(i * 7919);
  packed(content, folder / "x.gz");
  REQUIRE(read_data(named("x.gz", content), {folder.path()}) == content);
}

TEST_CASE("a gzip file of two members is both, and a damaged one is a sentence") {
  Scratch folder;
  const std::string one = packed("one", folder / "1.gz"), two = packed("two", folder / "2.gz");
  REQUIRE(unpacked(one + two, "here") == "onetwo");
  for (const std::string& damaged :
       {one.substr(0, one.size() / 2), std::string(), std::string("no gzip at all")}) {
    const auto sentence = error_of([&] { unpacked(damaged, "the/place.gz"); });
    CHECK_THAT(sentence, Contains("the/place.gz") && Contains("gzip"));
  }
}

TEST_CASE("REPRISE_DATA comes first among the folders, the cache folder last") {
  ::setenv("REPRISE_DATA", "/somewhere/mine", 1);
  ::setenv("XDG_CACHE_HOME", "/somewhere/cache", 1);
  const auto folders = data_folders();
  REQUIRE(folders.front() == "/somewhere/mine");
  REQUIRE(folders.back() == "/somewhere/cache/reprise/data");
  REQUIRE(folders.size() == 4);
  ::unsetenv("XDG_CACHE_HOME");
  ::setenv("HOME", "/somewhere/home", 1);
  REQUIRE(data_folders().back() == "/somewhere/home/.cache/reprise/data");
}
