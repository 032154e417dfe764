// SPDX-License-Identifier: Apache-2.0
#include "harness/base/process.h"

#include <signal.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include "gone.h"
#include "harness/base/error.h"
#include "harness/base/files.h"
#include "harness/base/text.h"
#include "scratch.h"

using namespace reprise;
using std::chrono::milliseconds;

namespace {

ProcessStart shell(const Scratch& folder, const std::string& script) {
  return {{"/bin/sh", "-c", script}, {{"ONLY", "this"}}, folder / "log", {}};
}

}  // namespace

TEST_CASE("a process gets the environment given, and nothing else") {
  Scratch folder;
  // PWD, OLDPWD, _ and SHLVL come from the shell itself.
  auto end =
      Process(shell(folder, "/usr/bin/env | grep -v -e ^PWD= -e ^_= -e ^OLDPWD= -e ^SHLVL="), {}).wait();
  CHECK(end.exit_code == 0);
  CHECK(read_file(folder / "log", "log") == "ONLY=this\n");
}

TEST_CASE("exit codes, signals and memory are told as the kernel reports them") {
  Scratch folder;
  const auto left = Process(shell(folder, "exit 7"), {}).wait();
  CHECK(left.exit_code == 7);
  CHECK(left.signal == 0);
  CHECK(left.peak_bytes > 100'000);
  const auto killed = Process(shell(folder, "kill -SEGV $$"), {}).wait();
  CHECK(killed.signal == SIGSEGV);
  CHECK_FALSE(killed.timed_out);
}

TEST_CASE("a process whose time is up is ended with all it started") {
  Scratch folder;
  Process process(shell(folder, "sleep 1000 & echo $! > '" + (folder / "pid").string() + "'; wait"),
                  milliseconds(3000));  // much more than it needs to write the number
  const auto end = process.wait();
  CHECK(end.timed_out);
  CHECK(end.signal == SIGKILL);
  const auto pid = to_integer(trim(read_file(folder / "pid", "pid")));
  REQUIRE(pid);
  CHECK(is_gone_soon(*pid));
}

TEST_CASE("what a process started in a session of its own ends with it when its time is up") {
  Scratch folder;
  Process process(
      shell(folder, "setsid sh -c 'echo $$ > " + (folder / "pid").string() + "; exec sleep 1000' & wait"),
      milliseconds(3000));
  CHECK(process.wait().timed_out);
  const auto pid = to_integer(trim(read_file(folder / "pid", "pid")));
  REQUIRE(pid);
  CHECK(is_gone_soon(*pid));
}

TEST_CASE("stopping a process that ignores the polite signal still ends it") {
  Scratch folder;
  Process process(shell(folder, "trap '' TERM; while :; do sleep 0.05; done"), {});
  process.stop();
  CHECK(process.wait().signal != 0);
}

TEST_CASE("a program that is not there is an Error with its name") {
  Scratch folder;
  CHECK_THROWS_WITH(start_process({{"/no/such/program"}, {}, folder / "log", {}}),
                    Catch::Contains("/no/such/program"));
}
