// SPDX-License-Identifier: Apache-2.0
#include "harness/tensor/own_process.h"

#include <unistd.h>

#include <catch2/catch.hpp>
#include <csignal>

#include "harness/tensor/broken.h"

using namespace reprise;
using Catch::Matchers::Contains;

namespace {

std::string said(const std::function<std::string()>& work, int seconds = 60) {
  try {
    return "gave " + in_own_process(work, std::chrono::seconds(seconds));
  } catch (const Broken& why) {
    return std::string(why.what()) + "; " + why.hint;
  }
}

}  // namespace

TEST_CASE("work in a process of its own gives its text, also a long one, and changes nothing here") {
  int changed = 0;
  const auto here = ::getpid();
  CHECK(said([&] {
          changed = 1;
          return std::string(::getpid() == here ? "the same process" : "another process");
        }) == "gave another process");
  CHECK(changed == 0);
  CHECK(said([] { return std::string(1 << 20, 'x'); }).size() == (1 << 20) + 5);
}

TEST_CASE("what the work throws is thrown here") {
  CHECK(said([]() -> std::string { throw Broken("it is torn", "mend it"); }) == "it is torn; mend it");
  CHECK_THAT(said([]() -> std::string { throw std::runtime_error("no heap"); }),
             Contains("no heap; copy it again"));
}

TEST_CASE("a crash, and work without an end, are what they are") {
  CHECK_THAT(said([]() -> std::string {
               ::signal(SIGSEGV, SIG_DFL);  // the tests' own handler would speak
               ::raise(SIGSEGV);
               return "";
             }),
             Contains("crashes on it"));
  CHECK_THAT(said([]() -> std::string { ::_exit(3); }), Contains("crashes on it"));
  CHECK_THAT(said(
                 []() -> std::string {
                   for (volatile bool on = true; on;) continue;
                   return "";
                 },
                 1),
             Contains("does not come to an end"));
}

TEST_CASE("both processes see the memory that they share") {
  const SharedMemory memory = shared_memory(8);
  REQUIRE(memory.bytes.size() == 8);
  CHECK(memory.bytes[7] == std::byte{0});
  CHECK(said([&] {
          memory.bytes[7] = std::byte{42};
          return std::string("written");
        }) == "gave written");
  CHECK(memory.bytes[7] == std::byte{42});
  CHECK(shared_memory(0).bytes.empty());
}

TEST_CASE("several processes answer for many, and a death costs only the answers of those who died") {
  const auto limit = std::chrono::seconds(60);
  const auto third = in_several_processes(100, 3, limit, [](std::size_t i) { return i % 3 == 0; });
  REQUIRE(third.size() == 100);
  for (std::size_t i = 0; i < third.size(); ++i) CHECK(third[i] == (i % 3 == 0));
  const auto after_death = in_several_processes(10, 1, limit, [](std::size_t i) {
    if (i == 4) ::_exit(3);
    if (i == 2) throw Broken("torn", "mend it");
    return true;
  });
  CHECK(after_death == std::vector<bool>{true, true, false, true, false, false, false, false, false, false});
  CHECK(in_several_processes(0, 2, limit, [](std::size_t) { return true; }).empty());
}
