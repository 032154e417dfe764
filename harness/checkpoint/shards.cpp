// SPDX-License-Identifier: Apache-2.0
#include "harness/checkpoint/shards.h"

#include <set>

namespace reprise {

void merge(CheckpointFile& all, CheckpointFile shard) {
  for (auto& tensor : shard.tensors) all.tensors.push_back(std::move(tensor));
  std::set<std::pair<std::string_view, std::string_view>> known;
  for (const auto& value : all.plain) known.emplace(value.name, value.text);
  std::vector<PlainValue> fresh;
  for (auto& value : shard.plain)
    if (!known.contains({value.name, value.text})) fresh.push_back(std::move(value));
  all.scalars += shard.scalars - shard.plain.size() + fresh.size();
  all.plain_bytes += shard.plain_bytes;
  all.plain.insert(all.plain.end(), std::move_iterator(fresh.begin()), std::move_iterator(fresh.end()));
  all.values = shard.values;
  for (const auto& [what, opaque] : shard.opaque) {
    Opaque& sum = all.opaque[what];
    if (sum.count == 0) sum.first = opaque.first;
    sum.count += opaque.count;
  }
}

}  // namespace reprise
