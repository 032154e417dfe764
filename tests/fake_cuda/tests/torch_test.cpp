// SPDX-License-Identifier: Apache-2.0
// The real libtorch_cuda, unchanged, on the fake run-time library: its allocator, streams, events and graphs
// around the product's digests. Its own kernels are machine code and do not run here, so no training does.
#include <iostream>

#include "fake_cuda/tests/fake_run.h"

using namespace reprise;
using namespace reprise::fake_cuda;

namespace {

Printed run_torch(const Scratch& scratch, const std::string& name, const FakeRun& how,
                  const std::string& mistake = "") {
  FakeRun with = how;
  with.more += " LD_LIBRARY_PATH='" TORCH_FOLDERS "' REPRISE_CUDA_LIBRARY='" REPRISE_BUILD
               "/lib/libreprise_cuda_ptx.so'";
  return run_on_fake(scratch, "fake_torch", name + " " + std::to_string(how.seed) + " " + mistake, with);
}

void right_in_seeds(const std::string& name, unsigned seeds, const std::string& device = "") {
  const Scratch scratch;
  for (unsigned seed = 1; seed <= seeds; ++seed) {
    const FakeRun how = on(device.empty() ? both_devices[seed % 2] : device, seed, seed % 4 < 2);
    const Printed printed = run_torch(scratch, name, how);
    INFO(name << ", device " << how.devices << ", seed " << seed << ": " << printed.out << printed.err);
    REQUIRE(printed.out == "right\n");
  }
}

}  // namespace

TEST_CASE(
    "cuda tensors of every format and layout, freed at once, after out of memory: the digests of the CPU") {
  right_in_seeds("one-device", 2);
}

TEST_CASE("a stream of LibTorch's pool, an event and recordStream keep a digest right") {
  right_in_seeds("streams", 4);
}

TEST_CASE("a CUDAGraph of LibTorch holds the digest") { right_in_seeds("graph", 4); }

TEST_CASE("tensors on two devices are digested each on its own") {
  right_in_seeds("two-devices", 1, "7.5/4,12.0/8");
}

TEST_CASE("a missing wait and a missing recordStream are found when work runs as late as possible") {
  const Scratch scratch;
  for (const std::string mistake : {"no-block", "no-record"})
    for (unsigned seed = 1; seed <= 2; ++seed) {
      const Printed printed = run_torch(scratch, "streams", on(both_devices[seed % 2], seed, true), mistake);
      INFO(mistake << ", seed " << seed << ": " << printed.out << printed.err);
      REQUIRE(printed.out != "right\n");
      REQUIRE((printed.code == 1 || contains(printed.err, "FAULT")));
    }
}
