// SPDX-License-Identifier: Apache-2.0
// Kernels compiled by nvcc, run by the fake library: what is right is right under every schedule, and each
// mistake is found under every schedule.
#include "fake_cuda/tests/fake_run.h"

using namespace reprise;
using namespace reprise::fake_cuda;

namespace {

constexpr unsigned seeds = 10;

template <class Body>
void each_schedule(const std::string& name, Body body) {
  const Scratch scratch;
  for (const auto& device : both_devices)
    for (unsigned seed = 1; seed <= seeds; ++seed) {
      const Printed printed = run_on_fake(scratch, "fake_semantics", name, on(device, seed));
      INFO(name << ", device " << device << ", seed " << seed << ": " << printed.out << printed.err);
      body(printed);
    }
}

}  // namespace

TEST_CASE("kernels of nvcc give the right results under every schedule") {
  for (const std::string name : {"shared-sum", "groups-of-four", "two-branches", "mix"})
    each_schedule(name, [](const Printed& printed) { REQUIRE(printed.out == "right\n"); });
}

TEST_CASE("each mistake in a kernel of nvcc is found under every schedule") {
  const std::pair<const char*, const char*> mistakes[] = {{"shared-sum-without-barriers", "race"},
                                                          {"partner-ended", "lanes that have ended"},
                                                          {"full-mask-in-a-branch", "lanes that have ended"},
                                                          {"barrier-in-a-branch", "never reach"},
                                                          {"everyone-writes", "race"},
                                                          {"beyond-the-end", "out of bounds"},
                                                          {"not-aligned", "misaligned"},
                                                          {"never-written", "never written"}};
  for (const auto& [name, sentence] : mistakes)
    each_schedule(name, [&sentence = sentence](const Printed& printed) {
      REQUIRE(contains(printed.out, "error 7"));
      REQUIRE((contains(printed.err, sentence) || contains(printed.err, "never written")));
    });
}
