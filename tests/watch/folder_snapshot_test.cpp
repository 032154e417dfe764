// SPDX-License-Identifier: Apache-2.0
#include "harness/watch/folder_snapshot.h"

#include <fcntl.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include "harness/base/files.h"
#include "scratch.h"

using namespace reprise;

TEST_CASE("the file to which reprise itself prints is none that a run wrote") {
  const Scratch folder;
  write_atomically(folder / "data.txt", "1");
  write_atomically(folder / "out.txt", "");
  CHECK(snapshot_of(folder.path(), folder / "runs").files.size() == 2);
  const int kept = ::dup(STDERR_FILENO), file = ::open((folder / "out.txt").c_str(), O_WRONLY);
  REQUIRE(kept >= 0);
  REQUIRE(file >= 0);
  ::dup2(file, STDERR_FILENO);
  const auto found = snapshot_of(folder.path(), folder / "runs");
  ::dup2(kept, STDERR_FILENO);
  ::close(kept);
  ::close(file);
  CHECK(found.files.size() == 1);
  CHECK(found.files.contains("data.txt"));
}
