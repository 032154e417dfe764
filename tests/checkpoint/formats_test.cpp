// SPDX-License-Identifier: Apache-2.0
// The shelf of formats: what the messages and `reprise list` say comes from it.
#include <catch2/catch.hpp>
#include <set>

#include "harness/base/files.h"
#include "harness/checkpoint/format.h"
#include "program.h"
#include "refusal.h"
#include "small_zip.h"

using namespace reprise;

TEST_CASE("every format has a name of its own, a mark and a summary") {
  std::set<std::string> names;
  for (const auto& [name, format] : checkpoint_formats_shelf()) {
    INFO(name);
    CHECK(names.insert(format->name).second);
    CHECK(std::string(format->mark) != "");
    CHECK(std::string(format->summary) != "");
  }
  CHECK(names.size() >= 14);
}

TEST_CASE("what has no known form is refused with the names on the shelf") {
  const Scratch scratch;
  const std::string nothing = said_of_bytes(scratch, "no checkpoint"),
                    archive = said_of_bytes(scratch, small_zip({{"a.txt", "x"}})),
                    folder = said_of(scratch.path());
  for (const auto& [name, format] : checkpoint_formats_shelf()) {
    INFO(name);
    if (format->home != Home::folder) CHECK(nothing.find(format->name) != nothing.npos);
    if (format->home == Home::archive) CHECK(archive.find(format->mark) != archive.npos);
    if (format->home == Home::folder) CHECK(folder.find(format->mark) != folder.npos);
  }
}

TEST_CASE("the page on checkpoints tells of each format") {
  const std::string page = read_file(REPRISE_SOURCE "/docs/checkpoints.md", "page");
  for (const auto& [name, format] : checkpoint_formats_shelf()) {
    INFO(name);
    CHECK(page.find(format->name) != page.npos);
  }
}

TEST_CASE("list shows each format of checkpoints") {
  const Scratch scratch;
  const auto said = run_program(scratch.path(), "list checkpoints");
  CHECK(said.code == 0);
  for (const auto& [name, format] : checkpoint_formats_shelf()) CHECK(contains(said.out, format->summary));
}

TEST_CASE("files of other programs are no checkpoints") {
  const Scratch scratch;
  const auto claimed = [&](const std::string& bytes) {
    std::ofstream(scratch / "file", std::ios::binary) << bytes;
    return is_checkpoint(scratch / "file");
  };
  CHECK_FALSE(claimed("step,loss\n1,0.5\n"));
  CHECK_FALSE(claimed("{\"loss\": 0.5}\n"));
  CHECK_FALSE(claimed("\x89PNG\r\n\x1a\n"));
  CHECK_FALSE(claimed("\x82\xa2\x82\xa4"));  // Japanese in Shift-JIS
  CHECK_FALSE(claimed("\xde\xb1\xde\xb2 text of UTF-8"));
  CHECK_FALSE(claimed(std::string("\x08\x00\x00\x00", 4)));
  CHECK(claimed("\x81\xa1w\xc0"));
}
