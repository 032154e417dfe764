// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/compare/trace_divergence.h"

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "harness/base/error.h"
#include "harness/tensor/safetensors.h"
#include "harness/trace/row_part.h"

namespace reprise {

namespace {

// The chain binds row parts too, which are others where ranks are of another number, and missing where the
// weights lie on a GPU. They say nothing that the weights themselves do not.
bool other_row_parts(const Trace& a, const Trace& b) { return row_parts(a) != row_parts(b); }

std::optional<std::int64_t> first_beside_row_parts(const Trace& a, const Trace& b, std::int64_t last);

}  // namespace

std::optional<std::int64_t> first_difference(const Trace& a, const Trace& b, std::int64_t last) {
  if (a.chain(last) == b.chain(last)) return std::nullopt;
  if (other_row_parts(a, b)) return first_beside_row_parts(a, b, last);
  std::int64_t low = std::max(a.first_step(), b.first_step()) - 1,
               high = last;  // equal at low, different at high
  while (high - low > 1) {
    const std::int64_t middle = low + (high - low) / 2;
    (a.chain(middle) == b.chain(middle) ? low : high) = middle;
  }
  return high;
}

namespace {

// A tensor of the first difference, as a column of each trace; nothing where a side lacks it.
struct TensorPlace {
  std::optional<std::size_t> column_a, column_b;
};

// The tensors of a stage by both traces' columns: in a's order, then those that b alone has. Two runs may
// have met their tensors in another order.
std::vector<TensorPlace> paired_columns(const Trace& a, const Trace& b, Stage stage) {
  std::map<std::string, std::size_t> in_b;
  for (std::size_t i = 0; i < b.columns().size(); ++i)
    if (b.columns()[i].stage == stage && !is_row_part(b.columns()[i])) in_b.emplace(b.columns()[i].name, i);
  std::vector<TensorPlace> places;
  for (std::size_t i = 0; i < a.columns().size(); ++i) {
    if (a.columns()[i].stage != stage || is_row_part(a.columns()[i])) continue;
    const auto other = in_b.find(a.columns()[i].name);
    places.push_back({i, other == in_b.end() ? std::nullopt : std::optional(other->second)});
    if (other != in_b.end()) in_b.erase(other);
  }
  for (const auto& [name, column] : in_b) places.push_back({std::nullopt, column});
  return places;
}

// The first step at which a weight differs that is no row part.
std::optional<std::int64_t> first_of_weights(const Trace& a, const Trace& b, std::int64_t from,
                                             std::int64_t last) {
  const auto places = paired_columns(a, b, Stage::weights);
  for (std::int64_t step = from; step <= last; ++step) {
    const auto row_a = a.tensors(step), row_b = b.tensors(step);
    for (const auto& [column_a, column_b] : places)
      if ((column_a ? row_a[*column_a] : Digest{}) != (column_b ? row_b[*column_b] : Digest{})) return step;
  }
  return std::nullopt;
}

std::array<std::optional<std::int64_t>, stage_count> first_of_each_stage(const Trace& a, const Trace& b,
                                                                         std::int64_t from,
                                                                         std::int64_t last) {
  constexpr std::int64_t block = 4096;
  std::array<std::optional<std::int64_t>, stage_count> first;
  const bool by_columns = other_row_parts(a, b);
  for (std::size_t stage = 0; stage < stage_count; ++stage) {
    if (by_columns && static_cast<Stage>(stage) == Stage::weights) {
      first[stage] = first_of_weights(a, b, from, last);
      continue;
    }
    for (std::int64_t begin = from; begin <= last && !first[stage]; begin += block) {
      const std::int64_t end = std::min(last, begin + block - 1);
      const auto column_a = a.stage_column(static_cast<Stage>(stage), begin, end);
      const auto column_b = b.stage_column(static_cast<Stage>(stage), begin, end);
      const auto found = std::mismatch(column_a.begin(), column_a.end(), column_b.begin());
      if (found.first != column_a.end()) first[stage] = begin + (found.first - column_a.begin());
    }
  }
  return first;
}

std::optional<std::int64_t> first_beside_row_parts(const Trace& a, const Trace& b, std::int64_t last) {
  const std::int64_t from = std::max(a.first_step(), b.first_step());
  if (from == 0 && a.data_digest() != b.data_digest()) return 0;
  std::optional<std::int64_t> first;
  for (const auto& step : first_of_each_stage(a, b, from, last))
    if (step && (!first || *step < *first)) first = step;
  return first;
}

// Names the first differing tensor of a stage at a step, and counts.
TensorPlace name_tensor(const Trace& a, const Trace& b, std::int64_t step, Stage stage,
                        Divergence& divergence) {
  const auto row_a = a.tensors(step), row_b = b.tensors(step);
  TensorPlace first;
  for (const auto& place : paired_columns(a, b, stage)) {
    const Digest left = place.column_a ? row_a[*place.column_a] : Digest{};
    const Digest right = place.column_b ? row_b[*place.column_b] : Digest{};
    if (!left.present() && !right.present()) continue;
    ++divergence.tensors_compared;
    if (left == right || divergence.tensors_differing++ > 0) continue;
    divergence.tensor =
        place.column_a ? a.columns()[*place.column_a].name : b.columns()[*place.column_b].name;
    first = place;
  }
  return first;
}

// How many leaves a tensor of this form has.
std::size_t leaves_of(const Column& column) {
  std::uint64_t bytes = element_bytes(column.dtype);
  for (const std::int64_t axis : column.shape) bytes *= static_cast<std::uint64_t>(axis);
  return leaf_count(bytes);
}

// The first checkpoint from `step` on at which both traces kept leaves and the tensor differs: a difference
// may heal for a while, and a checkpoint where it has healed tells no leaf.
std::optional<std::int64_t> telling_checkpoint(const Trace& a, const Trace& b, std::int64_t step,
                                               std::int64_t last, const TensorPlace& place) {
  const auto in_b = b.checkpoint_steps();
  for (const std::int64_t checkpoint : a.checkpoint_steps())
    if (checkpoint >= step && checkpoint <= last &&
        std::binary_search(in_b.begin(), in_b.end(), checkpoint) &&
        a.tensors(checkpoint)[*place.column_a] != b.tensors(checkpoint)[*place.column_b])
      return checkpoint;
  return std::nullopt;
}

std::optional<LeafPlace> place_leaf(const Trace& a, const Trace& b, std::int64_t step, std::int64_t last,
                                    const TensorPlace& place) {
  if (!place.column_a || !place.column_b) return std::nullopt;
  const Column &left = a.columns()[*place.column_a], &right = b.columns()[*place.column_b];
  if (left.dtype != right.dtype || left.shape != right.shape) return std::nullopt;
  if (leaves_of(left) == 1) return LeafPlace{step, 0, 1, 1};
  const auto checkpoint = telling_checkpoint(a, b, step, last, place);
  if (!checkpoint) return std::nullopt;
  const auto all_a = a.leaves(*checkpoint).by_column, all_b = b.leaves(*checkpoint).by_column;
  const auto leaves_a = all_a.find(*place.column_a), leaves_b = all_b.find(*place.column_b);
  if (leaves_a == all_a.end() || leaves_b == all_b.end()) return std::nullopt;
  const auto &digests_a = leaves_a->second, &digests_b = leaves_b->second;
  LeafPlace leaf{*checkpoint, 0, digests_a.size(), 0};
  for (std::size_t i = 0; i < std::min(digests_a.size(), digests_b.size()); ++i)
    if (digests_a[i] != digests_b[i] && leaf.leaves_differing++ == 0) leaf.leaf = i;
  return leaf.leaves_differing > 0 ? std::optional(leaf) : std::nullopt;
}

// Whether two plans of one recipe ask for the same batches.
bool same_order(const Plan& a, const Plan& b) {
  const std::string_view kind = pin_value(a.pins, "batch-order");
  if (kind != pin_value(b.pins, "batch-order")) return false;
  if (kind == "sequential") return true;
  if (kind == "program") return false;  // what it draws is not for the plan to say
  return kind == "file" ? a.order == b.order : pin_value(a.pins, "seed") == pin_value(b.pins, "seed");
}

// The first step whose samples are others. Called only where the batch stage differs, from its first such
// step on; where the plans ask for the same order that step alone is looked at.
std::optional<std::int64_t> order_difference(const Trace& a, const Trace& b, std::int64_t from,
                                             std::int64_t last) {
  if (same_order(a.plan(), b.plan())) last = from;
  for (std::int64_t step = std::max<std::int64_t>(from, 1); step <= last; ++step)
    if (a.samples(step) != b.samples(step)) return step;
  return std::nullopt;
}

void name_data(const Trace& a, const Trace& b, Divergence& divergence) {
  divergence.stage = "data";
  std::map<std::string, std::array<Digest, 2>> sides;
  for (const auto& tensor : a.data()) sides[tensor.name][0] = tensor.digest;
  for (const auto& tensor : b.data()) sides[tensor.name][1] = tensor.digest;
  for (const auto& [name, digests] : sides) {
    ++divergence.tensors_compared;
    if (digests[0] != digests[1] && divergence.tensors_differing++ == 0) divergence.tensor = name;
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
  for (std::size_t stage = 0; stage < stage_count; ++stage) {
    if (divergence.stage_first[stage] != step) continue;
    divergence.stage = stage_names[stage];
    const auto place = name_tensor(a, b, step, static_cast<Stage>(stage), divergence);
    divergence.leaf = place_leaf(a, b, step, last, place);
    return divergence;
  }
  fail("{} and {}: the chain parts at step {} but no stage of that step differs; one of the files is damaged",
       a.path().string(), b.path().string(), step);
}

std::optional<Divergence> training_divergence(const Trace& a, const Trace& b, std::int64_t last) {
  Divergence divergence;
  if (a.data_digest() != b.data_digest()) {
    name_data(a, b, divergence);
    return divergence;
  }
  divergence.stage_first = first_of_each_stage(a, b, 0, last);
  for (const auto stage : {Stage::batch, Stage::loss})
    divergence.stage_first[static_cast<std::size_t>(stage)].reset();
  std::optional<Stage> first;
  for (const auto stage : {Stage::gradients, Stage::weights, Stage::optimizer, Stage::auxiliary}) {
    const auto step = divergence.stage_first[static_cast<std::size_t>(stage)];
    if (!step || (first && divergence.step <= *step)) continue;
    first = stage;
    divergence.step = *step;
  }
  if (!first) return std::nullopt;
  divergence.stage = name_of(*first);
  const auto place = name_tensor(a, b, divergence.step, *first, divergence);
  divergence.leaf = place_leaf(a, b, divergence.step, last, place);
  return divergence;
}

bool same_state(const Trace& a, const Trace& b, std::int64_t step) {
  const auto ours = a.stages(step), theirs = b.stages(step);
  for (const auto stage : {Stage::rng, Stage::weights, Stage::optimizer, Stage::auxiliary})
    if (ours[static_cast<std::size_t>(stage)] != theirs[static_cast<std::size_t>(stage)]) return false;
  return true;
}

}  // namespace reprise
