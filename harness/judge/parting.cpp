// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/parting.h"

#include <algorithm>

#include "harness/base/error.h"

namespace reprise {

std::optional<std::int64_t> first_difference(const Trace& a, const Trace& b, std::int64_t last) {
  if (a.chain(last) == b.chain(last)) return std::nullopt;
  std::int64_t low = -1, high = last;  // equal at low, different at high
  while (high - low > 1) {
    const std::int64_t middle = low + (high - low) / 2;
    (a.chain(middle) == b.chain(middle) ? low : high) = middle;
  }
  return high;
}

namespace {

// Columns of both traces by (stage, name): two runs may have met their tensors in another order.
std::map<std::pair<Stage, std::string>, std::size_t> column_index(const Trace& trace) {
  std::map<std::pair<Stage, std::string>, std::size_t> index;
  for (std::size_t i = 0; i < trace.columns().size(); ++i)
    index.emplace(std::pair(trace.columns()[i].stage, trace.columns()[i].name), i);
  return index;
}

std::array<std::optional<std::int64_t>, stage_count> first_of_each_stage(const Trace& a, const Trace& b,
                                                                         std::int64_t from,
                                                                         std::int64_t last) {
  constexpr std::int64_t block = 4096;
  std::array<std::optional<std::int64_t>, stage_count> first;
  for (std::size_t stage = 0; stage < stage_count; ++stage)
    for (std::int64_t begin = from; begin <= last && !first[stage]; begin += block) {
      const std::int64_t end = std::min(last, begin + block - 1);
      const auto column_a = a.stage_column(static_cast<Stage>(stage), begin, end);
      const auto column_b = b.stage_column(static_cast<Stage>(stage), begin, end);
      const auto found = std::mismatch(column_a.begin(), column_a.end(), column_b.begin());
      if (found.first != column_a.end()) first[stage] = begin + (found.first - column_a.begin());
    }
  return first;
}

// Names the first differing tensor of a stage at a step, and counts.
struct TensorPlace {
  std::optional<std::size_t> column_a, column_b;
};

TensorPlace name_tensor(const Trace& a, const Trace& b, std::int64_t step, Stage stage,
                        Divergence& divergence) {
  const auto digests_a = a.tensors(step), digests_b = b.tensors(step);
  const auto index_b = column_index(b);
  TensorPlace place;
  for (std::size_t i = 0; i < a.columns().size(); ++i) {
    const auto& column = a.columns()[i];
    if (column.stage != stage) continue;
    const auto other = index_b.find({stage, column.name});
    const Digest in_b = other == index_b.end() ? Digest{} : digests_b[other->second];
    if (!digests_a[i].present() && !in_b.present()) continue;
    ++divergence.tensors_compared;
    if (digests_a[i] == in_b) continue;
    if (divergence.tensors_differing++ > 0) continue;
    divergence.tensor = column.name;
    place = {i, other == index_b.end() ? std::nullopt : std::optional(other->second)};
  }
  if (divergence.tensor.empty()) {  // side b has a tensor that side a lacks
    const auto index_a = column_index(a);
    for (const auto& [key, column] : index_b)
      if (key.first == stage && digests_b[column].present() && !index_a.contains(key)) {
        divergence.tensor = key.second;
        ++divergence.tensors_differing, ++divergence.tensors_compared;
        break;
      }
  }
  return place;
}

std::optional<LeafPlace> place_leaf(const Trace& a, const Trace& b, std::int64_t step, std::int64_t last,
                                    const TensorPlace& place) {
  if (!place.column_a || !place.column_b) return std::nullopt;
  const auto in_b = b.checkpoint_steps();
  for (const std::int64_t checkpoint : a.checkpoint_steps()) {
    if (checkpoint < step || checkpoint > last || !std::binary_search(in_b.begin(), in_b.end(), checkpoint))
      continue;
    const auto all_a = a.leaves(checkpoint), all_b = b.leaves(checkpoint);
    const auto leaves_a = all_a.by_column.find(*place.column_a);
    const auto leaves_b = all_b.by_column.find(*place.column_b);
    if (leaves_a == all_a.by_column.end() || leaves_b == all_b.by_column.end()) continue;
    const auto& left = leaves_a->second;
    const auto& right = leaves_b->second;
    LeafPlace leaf{checkpoint, 0, left.size(), 0};
    for (std::size_t i = 0; i < std::min(left.size(), right.size()); ++i)
      if (left[i] != right[i] && leaf.leaves_differing++ == 0) leaf.leaf = i;
    if (leaf.leaves_differing > 0) return leaf;
  }
  return std::nullopt;
}

// Steps at which a difference of the batch stage is one of order: the samples themselves are others.
std::optional<std::int64_t> order_difference(const Trace& a, const Trace& b, std::int64_t from,
                                             std::int64_t last) {
  for (std::int64_t step = std::max<std::int64_t>(from, 1); step <= last; ++step) {
    const bool same_samples = a.samples(step) == b.samples(step);
    if (!same_samples) return step;
    const auto batch = static_cast<std::size_t>(Stage::batch);
    // Only a step whose batch differs though its samples are equal asks for a look further on.
    if (a.stages(step)[batch] != b.stages(step)[batch]) return std::nullopt;
  }
  return std::nullopt;
}

void name_data(const Trace& a, const Trace& b, Divergence& divergence) {
  divergence.stage = "data";
  std::map<std::string, Digest> in_b;
  for (const auto& tensor : b.data()) in_b.emplace(tensor.name, tensor.digest);
  for (const auto& tensor : a.data()) {
    ++divergence.tensors_compared;
    const auto other = in_b.find(tensor.name);
    if (other != in_b.end() && other->second == tensor.digest) continue;
    if (divergence.tensors_differing++ == 0) divergence.tensor = tensor.name;
  }
}

}  // namespace

Divergence divergence_at(const Trace& a, const Trace& b, std::int64_t step, std::int64_t last) {
  Divergence divergence;
  divergence.step = step;
  divergence.stage_first = first_of_each_stage(a, b, step, last);
  if (const auto batch = divergence.stage_first[static_cast<std::size_t>(Stage::batch)])
    divergence.batch_order_from = order_difference(a, b, *batch, last);
  if (step == 0 && a.data_digest() != b.data_digest()) {
    name_data(a, b, divergence);
    return divergence;
  }
  const auto stages_a = a.stages(step), stages_b = b.stages(step);
  for (std::size_t stage = 0; stage < stage_count; ++stage) {
    if (stages_a[stage] == stages_b[stage]) continue;
    divergence.stage = stage_names[stage];
    const auto place = name_tensor(a, b, step, static_cast<Stage>(stage), divergence);
    divergence.leaf = place_leaf(a, b, step, last, place);
    return divergence;
  }
  fail("{} and {}: the chain parts at step {} but no stage of that step differs; one of the files is damaged",
       a.path().string(), b.path().string(), step);
}

}  // namespace reprise
