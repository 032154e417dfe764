// SPDX-License-Identifier: Apache-2.0
// Checkpoints of every format that is no HDF5, with all their values.
#include "fuzz/placed.h"
#include "fuzz/target.h"
#include "harness/base/files.h"
#include "harness/checkpoint/checkpoint_file.h"

namespace reprise::fuzz_targets {
namespace {

std::vector<std::string> seeds() {
  std::vector<std::string> found;
  for (const auto& file : list_folder(REPRISE_SOURCE "/tests/checkpoint/fixtures")) {
    const auto kind = file.extension();
    // An .onnx with its values in another file is no whole file, and a program with weights is refused.
    if (std::filesystem::is_directory(file) || kind == ".h5" || kind == ".keras" || kind == ".json" ||
        file.stem() == "external" || file.stem() == "script")
      continue;
    found.push_back(read_file(file, "fixture"));
  }
  return found;
}

void read(const std::string& input) {
  const auto path = placed(input, "checkpoint/fuzzed");
  is_checkpoint(path);
  for (const auto& tensor : read_checkpoint(path).tensors) digest_of(tensor);
}

}  // namespace

extern const FuzzTarget checkpoint{
    .summary = "checkpoints of all formats but HDF5",
    .seeds = seeds,
    .read = read,
};

}  // namespace reprise::fuzz_targets
