// SPDX-License-Identifier: Apache-2.0
// Checkpoints in HDF5, each in a process of its own.
#include "fuzz/placed.h"
#include "fuzz/target.h"
#include "harness/base/files.h"
#include "harness/checkpoint/checkpoint_file.h"

namespace reprise::fuzz_targets {
namespace {

std::vector<std::string> seeds() {
  const std::string folder = REPRISE_SOURCE "/tests/checkpoint/fixtures/";
  return {read_file(folder + "weights.h5", "fixture"), read_file(folder + "model.keras", "fixture")};
}

void read(const std::string& input) {
  const auto path = placed(input, "hdf5/fuzzed");
  for (const auto& tensor : read_checkpoint(path).tensors) digest_of(tensor);
}

}  // namespace

extern const FuzzTarget hdf5_checkpoint{
    .summary = "checkpoints in HDF5",
    .seeds = seeds,
    .read = read,
    .slow = true,
};

}  // namespace reprise::fuzz_targets
