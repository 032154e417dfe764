// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>

#include "harness/judge/compare/divergence_words.h"
#include "harness/judge/seeds/alike.h"

namespace reprise {
namespace {

// Fewer samples come in the same order by chance: 8 do so once in 40,320 times.
constexpr std::int64_t fewest_samples = 8;
constexpr std::size_t most_batches = 2000;  // that are looked at in the trace

struct Place {
  std::int64_t row, number;
};

std::optional<std::vector<Place>> places_of(const EpochSeen& epoch) {
  if (!epoch.rows) return std::nullopt;
  std::vector<Place> places;
  for (const auto& [first, number, count] : *epoch.rows)
    for (std::int64_t i = 0; i < count; ++i) {
      if (places.size() == most_batches) return std::nullopt;
      places.push_back({first + i, number});
    }
  return places;
}

// The tensors of one batch, by what their names have behind the batch's own. Empty where the trace has no
// such row.
std::map<std::string, Digest> batch_at(const Trace& trace, const Place& place) {
  std::map<std::string, Digest> found;
  if (place.row > trace.last_step()) return found;
  const std::string name = place.number == 1 ? "batch" : fmt::format("batch{}", place.number);
  const auto digests = trace.tensors(place.row);
  for (std::size_t i = 0; i < digests.size(); ++i) {
    const Column& column = trace.columns()[i];
    if (column.stage != Stage::batch || !column.name.starts_with(name) || digests[i] == Digest{}) continue;
    const std::string rest = column.name.substr(name.size());
    if (rest.empty() || rest.front() == '.') found[rest] = digests[i];
  }
  return found;
}

// Whether two epochs have equal batches, one after the other; nothing where that is not known.
std::optional<bool> equal_batches(const Trace& trace, const EpochSeen& a, const EpochSeen& b) {
  const auto of_a = places_of(a), of_b = places_of(b);
  if (!of_a || !of_b || of_a->empty() || of_a->size() != of_b->size()) return std::nullopt;
  for (std::size_t i = 0; i < of_a->size(); ++i) {
    const auto batch = batch_at(trace, (*of_a)[i]), other = batch_at(trace, (*of_b)[i]);
    if (batch.empty() || other.empty()) return std::nullopt;
    if (batch != other) return false;
  }
  return true;
}

std::string why_equal(const std::vector<const EpochSeen*>& epochs) {
  const EpochSeen& first = *epochs.front();
  const bool numbered = first.number && std::ranges::all_of(epochs, [&](const EpochSeen* one) {
                          return one->number == first.number;
                        });
  if (first.shuffles && first.sampler == "DistributedSampler" && numbered)
    return fmt::format(
        "DistributedSampler without set_epoch() shuffles alike each time (its epoch was {} in all of them)",
        *first.number);
  if (first.shuffles)
    return first.sampler + " shuffled from the same state each time, as a generator does that is seeded anew";
  return "the sampler is " + first.sampler + ", and whether it is meant to is not known";
}

// Epochs of one group that have one order, of these numbers. Two trainings in one process may well begin
// alike; from one epoch to the next it is a finding.
Alike told(const std::vector<const EpochSeen*>& epochs, const std::vector<std::size_t>& members,
           const Trace& trace) {
  const EpochSeen& first = *epochs.front();
  std::vector<std::string> numbers;
  for (const auto member : members) numbers.push_back(std::to_string(member + 1));
  const bool in_a_row = std::ranges::adjacent_find(members, [](std::size_t a, std::size_t b) {
                          return b == a + 1;
                        }) != members.end();
  bool all = true, known = true;
  for (std::size_t i = 1; i < epochs.size(); ++i) {
    const auto equal = equal_batches(trace, first, *epochs[i]);
    known = known && equal.has_value();
    all = all && equal.value_or(false);
  }
  const std::string where = first.place.empty() ? "" : " (" + line_for_people(first.place) + ")";
  const std::string what =
      all && known ? "the batches of epochs {} of a DataLoader{} are equal, in the same order"
      : known ? "the samples of epochs {} of a DataLoader{} come in the same order (their batches differ)"
              : "the samples of epochs {} of a DataLoader{} come in the same order";
  return {AlikeKind::epochs, in_a_row && first.shuffles.has_value(),
          fmt::format("{}: {}", fmt::format(fmt::runtime(what), listed(numbers), where), why_equal(epochs))};
}

}  // namespace

std::vector<Alike> alike_epochs(const RandomSeen& seen, const Trace& trace) {
  using Group = std::tuple<std::int64_t, std::string, std::string>;
  std::map<Group, std::vector<const EpochSeen*>> groups;
  for (const auto& epoch : seen.epochs) groups[{epoch.dataset, epoch.sampler, epoch.place}].push_back(&epoch);
  std::vector<Alike> found;
  for (const auto& [group, epochs] : groups) {
    // A sampler that does not shuffle repeats by design.
    if (epochs.front()->shuffles == false) continue;
    std::map<std::string, std::vector<std::size_t>> orders;
    for (std::size_t i = 0; i < epochs.size(); ++i)
      if (epochs[i]->whole && !epochs[i]->order.empty() && epochs[i]->samples >= fewest_samples)
        orders[epochs[i]->order].push_back(i);
    for (const auto& [order, members] : orders) {
      if (members.size() < 2) continue;
      std::vector<const EpochSeen*> equal;
      for (const auto member : members) equal.push_back(epochs[member]);
      found.push_back(told(equal, members, trace));
    }
  }
  return found;
}

}  // namespace reprise
