// SPDX-License-Identifier: Apache-2.0
// The JSON head of a safetensors file.
#include "fuzz/target.h"
#include "harness/tensor/safetensors.h"

namespace reprise::fuzz_targets {
namespace {

std::vector<std::string> seeds() {
  return {R"({"__metadata__":{"a":"b"},"x":{"dtype":"F32","shape":[2,2],"data_offsets":[0,16]}})"};
}

void read(const std::string& input) { safetensors_header(input, 16); }

}  // namespace

extern const FuzzTarget safetensors_header{
    .summary = "heads of safetensors files",
    .seeds = seeds,
    .read = read,
};

}  // namespace reprise::fuzz_targets
