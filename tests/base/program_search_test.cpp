// SPDX-License-Identifier: Apache-2.0
#include "harness/base/program_search.h"

#include "harness/base/files.h"
#include "scratch.h"

using namespace reprise;
namespace fs = std::filesystem;

TEST_CASE("the first program of that name is found, past folders and files that cannot be started") {
  const Scratch scratch;
  for (const char* folder : {"one/tool", "two", "three", "four"}) make_folder(scratch / folder);
  for (const char* file : {"two/tool", "three/tool", "four/tool"}) write_atomically(scratch / file, "");
  for (const char* file : {"three/tool", "four/tool"}) fs::permissions(scratch / file, fs::perms::owner_all);
  const auto at = [&](const char* folder) { return (scratch / folder).string(); };
  const std::string folders =
      at("none") + "::" + at("one") + ":" + at("two") + ":" + at("three") + ":" + at("four");
  CHECK(find_program("tool", folders) == scratch / "three/tool");
  CHECK_FALSE(find_program("tool", at("one") + ":" + at("two")));
  CHECK_FALSE(find_program("tool", ""));
  CHECK_FALSE(find_program("", folders));
}
