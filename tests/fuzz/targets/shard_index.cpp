// SPDX-License-Identifier: Apache-2.0
// The index of a checkpoint in several files, beside a good shard.
#include "fuzz/placed.h"
#include "fuzz/target.h"
#include "harness/base/files.h"
#include "harness/checkpoint/checkpoint_file.h"

namespace reprise::fuzz_targets {
namespace {

constexpr const char* shard = "model-00001-of-00001.safetensors";

void place_shard() {
  placed(read_file(REPRISE_SOURCE "/tests/checkpoint/fixtures/model.safetensors", "fixture"),
         std::string("shards/") + shard);
}

std::vector<std::string> seeds() {
  place_shard();
  std::string map;
  for (const auto& tensor : read_checkpoint(placed_folder() / "shards" / shard).tensors)
    map += (map.empty() ? "\"" : ",\"") + tensor.name + "\":\"" + shard + "\"";
  return {"{\"metadata\":{},\"weight_map\":{" + map + "}}"};
}

void read(const std::string& input) {
  place_shard();
  for (const auto& tensor : read_checkpoint(placed(input, "shards/model.safetensors.index.json")).tensors)
    digest_of(tensor);
}

}  // namespace

extern const FuzzTarget shard_index{
    .summary = "indexes of sharded checkpoints",
    .seeds = seeds,
    .read = read,
};

}  // namespace reprise::fuzz_targets
