// SPDX-License-Identifier: Apache-2.0
// The product's CUDA library, whole: its host code and the PTX of its kernels, on the fake run-time library.
// The digests must be those of the CPU whatever the schedule.
#include <iostream>

#include "fake_cuda/tests/product_run.h"

using namespace reprise;
using namespace reprise::fake_cuda;

namespace {

constexpr unsigned seeds = 30;

// Half of the seeds run work as late as possible.
void right_in_all_seeds(const Scene& scene) {
  const Scratch scratch;
  for (const auto& device : both_devices)
    for (unsigned seed = 1; seed <= seeds; ++seed) {
      const Printed printed = drive(scratch, scene, on(device, seed, seed % 2 == 0));
      INFO(scene.name << ", device " << device << ", seed " << seed << ": " << printed.out << printed.err);
      REQUIRE(right(printed));
    }
}

// How many of the seeds find the caller's mistake, by order of the work.
std::string catches(const Scene& scene) {
  const Scratch scratch;
  unsigned late = 0, drawn = 0;
  constexpr unsigned tries = 15;
  for (unsigned seed = 1; seed <= tries; ++seed) {
    const auto& device = both_devices[seed % 2];
    late += right(drive(scratch, scene, on(device, seed, true))) ? 0 : 1;
    drawn += right(drive(scratch, scene, on(device, seed))) ? 0 : 1;
  }
  INFO(scene.mistake << ": late " << late << ", drawn " << drawn);
  REQUIRE(late == tries);
  REQUIRE(drawn > 0);
  return "late " + std::to_string(late) + ", drawn " + std::to_string(drawn) + " of " + std::to_string(tries);
}

}  // namespace

// 30 seeds, two kinds of PTX, 17 tensors each: 1,020 random layouts of up to 160 KiB, one in twenty of up
// to 1.25 MiB.
TEST_CASE("1,020 random layouts through PTX have the digests of the CPU") {
  right_in_all_seeds({"layouts", 17});
}

TEST_CASE("weights digested aside while training goes on have the digests of the CPU") {
  right_in_all_seeds({"steps"});
}

TEST_CASE("the digests of a graph's replays are those of the CPU") { right_in_all_seeds({"graph"}); }

TEST_CASE("the self-test agrees with known answers and finds one that is wrong") {
  right_in_all_seeds({"answers"});
}

TEST_CASE("a tensor of 17 MiB, whose tree has two levels of nodes, has the digest of the CPU") {
  const Scratch scratch;
  for (const auto& device : both_devices) {
    const Printed printed = drive(scratch, {"large", 17}, on(device));
    INFO(device << ": " << printed.out << printed.err);
    REQUIRE(right(printed));
  }
}

TEST_CASE(
    "a caller's mistakes are found: in every seed when work runs late, in some when its order is drawn") {
  for (const std::string mistake : {"no-join", "no-synchronise", "host-read", "out-of-bounds"})
    std::cout << "caller's mistake " << mistake << ": " << catches({"steps", 10, mistake}) << '\n';
  for (const std::string mistake : {"unjoined", "synchronise-in-capture", "other-tensors"})
    std::cout << "caller's mistake " << mistake << ": " << catches({"graph", 10, mistake}) << '\n';
}

TEST_CASE("what a caller must not do is refused with a sentence, and the session goes on") {
  const Scratch scratch;
  for (const auto& device : both_devices) {
    const Printed printed = drive(scratch, {"misuse"}, on(device));
    INFO(printed.out << printed.err);
    REQUIRE(right(printed));
  }
}

TEST_CASE("a process leaves nothing allocated on the device") {
  const Scratch scratch;
  const std::string summary = (scratch / "summary").string();
  REQUIRE(right(drive(scratch, {"whole"}, on("9.0/4", 1, false, "FAKE_CUDA_SUMMARY=" + summary))));
  const std::string text = content_of(summary);
  INFO(text);
  for (const std::string line : {"allocations 0\n", "streams 0\n", "events 0\n", "graphs 0\n"})
    REQUIRE(contains(text, line));
}
