// SPDX-License-Identifier: Apache-2.0
#include "harness/bundle/archive.h"

#include <zstd.h>

#include <catch2/catch.hpp>
#include <cstdlib>

#include "harness/base/files.h"
#include "harness/base/text.h"
#include "scratch.h"

using namespace reprise;
using Catch::Matchers::Contains;

namespace {

// What the system's tar makes of it: "-rwxr-xr-x root/root 3 1980-01-01 00:00 a/program".
std::string listed_by_tar(const Scratch& scratch, const std::string& tar) {
  write_atomically(scratch / "some.tar", tar);
  const std::string command =
      "cd '" + scratch.path().string() +
      "' && TZ=UTC tar -tvf some.tar > list 2>&1 && mkdir -p out && tar -xf some.tar -C out";
  REQUIRE(std::system(command.c_str()) == 0);
  return read_file(scratch / "list", "list");
}

std::string decompressed(const std::string& frame) {
  std::string bytes(ZSTD_getFrameContentSize(frame.data(), frame.size()), '\0');
  REQUIRE(ZSTD_decompress(bytes.data(), bytes.size(), frame.data(), frame.size()) == bytes.size());
  return bytes;
}

}  // namespace

TEST_CASE("an archive is read by tar: sorted, of root, of one time, with the modes asked for") {
  Scratch scratch;
  const std::string block(512, 'x'), more = block + "y";
  const std::string list = listed_by_tar(scratch, tar_of({{"a/z", block, false},
                                                          {"a/b/program", "#!/bin/sh\n", true},
                                                          {"a/empty", "", false},
                                                          {"a/more", more, false}}));
  std::vector<std::string> lines;
  for (const auto& line : split(list, '\n'))
    if (!line.empty()) lines.push_back(line);
  REQUIRE(lines.size() == 6);
  const char* wanted[] = {"a/", "a/b/", "a/b/program", "a/empty", "a/more", "a/z"};
  for (std::size_t i = 0; i < lines.size(); ++i) {
    CHECK_THAT(lines[i], Contains("root/root") && Contains("1980-01-01 00:00") && Catch::EndsWith(wanted[i]));
    CHECK(lines[i].starts_with(i < 2 ? "drwxr-xr-x" : i == 2 ? "-rwxr-xr-x" : "-rw-r--r--"));
  }
  CHECK(read_file(scratch / "out/a/more", "file") == more);
  CHECK(read_file(scratch / "out/a/z", "file") == block);
  CHECK(std::filesystem::file_size(scratch / "out/a/empty") == 0);
}

TEST_CASE("the order of the files does not change an archive, and equal content gives equal bytes") {
  const ArchivedFile one{"a/1", "one", false}, two{"a/2", "two", true};
  CHECK(tar_of({one, two}) == tar_of({two, one}));
  CHECK(tar_of({one}) != tar_of({two}));
  CHECK(compressed("the same") == compressed("the same"));
}

TEST_CASE("what is compressed reads back, and a flipped bit is noticed by its checksum") {
  const std::string bytes = tar_of({{"a", std::string(100000, 'q') + "end", false}});
  std::string frame = compressed(bytes);
  CHECK(frame.size() < bytes.size() / 10);
  CHECK(decompressed(frame) == bytes);
  CHECK(decompressed(compressed("")).empty());
  frame[frame.size() - 1] ^= 1;
  std::string out(bytes.size(), '\0');
  CHECK(ZSTD_isError(ZSTD_decompress(out.data(), out.size(), frame.data(), frame.size())));
}

TEST_CASE("names of any length are read by tar, in folders and at the borders of the header's field") {
  Scratch scratch;
  std::vector<ArchivedFile> files;
  for (const std::size_t size : {85, 86, 87, 95, 99, 100, 101, 102, 155, 200, 255})
    files.push_back({std::string(size, 'n'), std::to_string(size), size % 2 == 0});
  const std::string folders = std::string(90, 'a') + "/" + std::string(120, 'b') + "/";
  files.push_back({folders + "e\xCC\x81", "deep", false});
  std::string deeper;
  for (int i = 0; i < 11; ++i) deeper += std::string(90, 'c') + "/";  // a record of four digits
  files.push_back({deeper + "end", "deeper", true});
  const std::string list = listed_by_tar(scratch, tar_of(files));
  CHECK_THAT(list, !Contains("tar:"));
  for (const auto& file : files) {
    INFO(file.name);
    CHECK(read_file(scratch.path() / "out" / file.name, "file") == file.content);
    CHECK((std::filesystem::status(scratch.path() / "out" / file.name).permissions() ==
           std::filesystem::perms(file.program ? 0755 : 0644)));
  }
  CHECK(tar_of({{std::string(100, 'n'), "", false}}).size() == 3 * 512);
  CHECK(tar_of({{std::string(101, 'n'), "", false}}).size() == 5 * 512);
}

TEST_CASE("a name that is there twice is refused") {
  CHECK_THROWS_WITH(tar_of({{"a", "1", false}, {"a", "2", false}}), Contains("two files"));
}
