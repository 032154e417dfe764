// SPDX-License-Identifier: Apache-2.0
#include "harness/trace/column_book.h"

#include <algorithm>
#include <numeric>

#include "harness/base/error.h"

namespace reprise {

const ColumnBook::Placed& ColumnBook::place(Stage stage, std::span<const TensorDigest> tensors) {
  Known& known = known_[static_cast<std::size_t>(stage)];
  if (!std::ranges::equal(tensors, known.names, {}, &TensorDigest::name)) learn(known, stage, tensors);
  for (std::size_t i = 0; i < tensors.size(); ++i) known.entries[i].second = tensors[known.sorted[i]].digest;
  known.placed.stage = tensors.empty() ? Digest{} : set_digest(name_of(stage), known.entries);
  return known.placed;
}

void ColumnBook::learn(Known& known, Stage stage, std::span<const TensorDigest> tensors) {
  Known fresh;
  fresh.sorted.resize(tensors.size());
  std::iota(fresh.sorted.begin(), fresh.sorted.end(), std::size_t{0});
  std::ranges::sort(fresh.sorted, {}, [&](std::size_t i) -> const std::string& { return tensors[i].name; });
  for (std::size_t i = 1; i < tensors.size(); ++i)
    if (tensors[fresh.sorted[i]].name == tensors[fresh.sorted[i - 1]].name)
      fail("two tensors of the stage {} have the name '{}'; give each a name of its own", name_of(stage),
           tensors[fresh.sorted[i]].name);
  for (const TensorDigest& tensor : tensors) {
    fresh.names.push_back(tensor.name);
    fresh.placed.columns.push_back(column_of(stage, tensor));
  }
  for (const std::size_t i : fresh.sorted)
    fresh.entries.emplace_back(name_digests_[fresh.placed.columns[i]], Digest{});
  known = std::move(fresh);
}

std::size_t ColumnBook::column_of(Stage stage, const TensorDigest& tensor) {
  const auto [place, added] =
      index_[static_cast<std::size_t>(stage)].try_emplace(tensor.name, columns_.size());
  if (added) {
    columns_.push_back({stage, tensor.name, tensor.dtype, tensor.shape});
    name_digests_.push_back(name_digest(tensor.name));
  }
  return place->second;
}

}  // namespace reprise
