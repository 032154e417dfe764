// SPDX-License-Identifier: Apache-2.0
// What a finished run has beside its trace is noticed where it was changed afterwards.
#include "harness/left/kept_beside.h"

#include <catch2/catch.hpp>

#include "harness/base/files.h"
#include "harness/base/sha256.h"
#include "scratch.h"

using namespace reprise;
using Catch::Matchers::Contains;

TEST_CASE("a log that was changed, removed or added after the run ended is told") {
  const Scratch run;
  write_atomically(run / "log.txt", "val loss 1.90\n");
  CHECK(beside_state(run.path(), "log.txt") == BesideState::unknown);
  CHECK_THROWS_WITH(check_beside(run.path(), "log.txt"), Contains("no digest of its log.txt was kept"));
  write_beside(run.path());
  CHECK(read_file(run / beside_file_name, "digests") == sha256_text("val loss 1.90\n") + "  log.txt\n");
  CHECK(beside_state(run.path(), "log.txt") == BesideState::as_it_ended);
  CHECK(beside_state(run.path(), "left.json") == BesideState::as_it_ended);
  CHECK_NOTHROW(check_beside(run.path(), "log.txt"));
  write_atomically(run / "log.txt", "val loss 1.88\n");
  CHECK_THROWS_WITH(check_beside(run.path(), "log.txt"), Contains("is not what it was when the run ended"));
  // Nobody makes the digests again after that.
  write_beside(run.path());
  CHECK(beside_state(run.path(), "log.txt") == BesideState::changed);
  std::filesystem::remove(run / "log.txt");
  CHECK(beside_state(run.path(), "log.txt") == BesideState::changed);
  write_atomically(run / "left.json", "{}");
  CHECK(beside_state(run.path(), "left.json") == BesideState::changed);
}

TEST_CASE("the copy of a text is held against the digest of what the run left") {
  const Scratch run;
  LeftFile file{"{out}/metrics.csv", 4, sha256_text("a,1\n")};
  file.text = "left/1.txt";
  CHECK_FALSE(is_copy(run.path(), file));
  make_folder(run / "left");
  write_atomically(run / "left/1.txt", "a,1\n");
  CHECK(is_copy(run.path(), file));
  write_atomically(run / "left/1.txt", "a,2\n");
  CHECK_FALSE(is_copy(run.path(), file));
}
