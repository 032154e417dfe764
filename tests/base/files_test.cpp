// SPDX-License-Identifier: Apache-2.0
#include "harness/base/files.h"

#include <catch2/catch.hpp>
#include <fstream>

#include "harness/base/error.h"
#include "harness/base/sha256.h"
#include "scratch.h"

using namespace reprise;

TEST_CASE("a file is written whole under its name and read back byte for byte") {
  Scratch folder;
  const std::string content("a\0b\r\n", 5);
  write_atomically(folder / "x", content);
  CHECK(read_file(folder / "x", "file") == content);
  CHECK(list_folder(folder.path()) == std::vector{folder / "x"});
  write_atomically(folder / "x", "");
  CHECK(read_file(folder / "x", "file").empty());
}

TEST_CASE("what cannot be written leaves nothing behind and keeps what was there") {
  Scratch folder;
  write_atomically(folder / "x", "old");
  std::filesystem::create_directory(folder / "d");
  std::ofstream(folder / "d" / "inside") << "1";
  CHECK_THROWS_WITH(write_atomically(folder / "d", "new"),
                    Catch::Contains("cannot write") && Catch::Contains("/d"));
  CHECK_THROWS_WITH(write_atomically(folder / "none" / "x", "new"), Catch::Contains("No such file"));
  CHECK(list_folder(folder.path()) == std::vector{folder / "d", folder / "x"});
  CHECK(read_file(folder / "x", "file") == "old");
}

TEST_CASE("a full disk is said, and no partial file stays") {
  // /dev/full answers every write with "no space left"; as the partial file it stands in for a full disk.
  Scratch folder;
  std::filesystem::create_symlink("/dev/full", folder / "x.partial");
  CHECK_THROWS_WITH(write_atomically(folder / "x", "content"), Catch::Contains("No space left"));
  CHECK_FALSE(std::filesystem::exists(folder / "x"));
}

TEST_CASE("what is no file to read is named") {
  Scratch folder;
  CHECK_THROWS_WITH(read_file(folder / "none", "recipe"), Catch::Contains("no recipe at"));
  CHECK_THROWS_WITH(read_file(folder.path(), "recipe"), Catch::Contains("found a folder"));
  write_atomically(folder / "x", "1");
  CHECK_THROWS_WITH(make_folder(folder / "x"), Catch::Contains("cannot make the folder"));
}

TEST_CASE("SHA-256 gives the standard's answers, for texts and for files") {
  CHECK(sha256_text("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(sha256_text("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  Scratch folder;
  write_atomically(folder / "x", "abc");
  CHECK(sha256_file(folder / "x") == sha256_text("abc"));
  CHECK_THROWS_WITH(sha256_file(folder / "none"), Catch::Contains("cannot read"));
}
