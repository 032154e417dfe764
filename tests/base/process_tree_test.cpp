// SPDX-License-Identifier: Apache-2.0
#include "harness/base/process_tree.h"

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <catch2/catch.hpp>

using namespace reprise;

TEST_CASE("a process that has started none has no descendants, and one that it starts is one until it ends") {
  CHECK(descendants_of(::getpid()).empty());
  const pid_t child = ::fork();
  if (child == 0) {
    ::setsid();
    for (;;) ::pause();
  }
  REQUIRE(child > 0);
  const auto found = descendants_of(::getpid());
  CHECK(std::ranges::find(found, child) != found.end());
  kill_tree(child);
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  CHECK(descendants_of(::getpid()).empty());
}
