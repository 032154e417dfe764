// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/compare/joined_weights.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "harness/judge/compare/run_divergence.h"
#include "harness/judge/compare/world_sizes.h"
#include "harness/tensor/row_sum.h"
#include "harness/trace/row_part.h"

namespace reprise {
namespace {

using Shape = std::vector<std::int64_t>;

// The weights that a rank holds, whole or a shard of them.
std::map<std::string, Shape> held_by(const Trace& trace) {
  std::map<std::string, Shape> held;
  for (const auto& column : trace.columns())
    if (column.stage == Stage::weights && !is_row_part(column)) held.emplace(column.name, column.shape);
  return held;
}

struct Place {
  std::size_t rank = 0, column = 0;
};
struct PlacedRows {
  Place place;
  RowPart rows;
};

// One weight over the ranks of a run: the row parts, and the digests of those that hold it undivided.
struct Spread {
  std::vector<PlacedRows> parts;
  std::vector<Place> undivided;
};

struct Joined {
  std::string dtype;
  Shape shape;
  Digest sum;
  bool operator==(const Joined&) const = default;
};

// One run as all its ranks hold it.
struct Side {
  std::vector<const Trace*> ranks;
  std::map<std::string, Spread> weights;
  std::vector<std::vector<Digest>> row;  // of each rank, at the step that is read

  explicit Side(std::vector<const Trace*> traces) : ranks(std::move(traces)) {
    std::set<std::string> trained;
    for (const Trace* trace : ranks)
      for (const auto& column : trace->columns())
        if (column.stage == Stage::gradients) trained.insert(whole_name(column.name));
    for (std::size_t rank = 0; rank < ranks.size(); ++rank)
      for (std::size_t i = 0; i < ranks[rank]->columns().size(); ++i) add(rank, i, trained);
  }

  const Column& at(const Place& place) const { return ranks[place.rank]->columns()[place.column]; }
  const Digest& digest(const Place& place) const { return row[place.rank][place.column]; }

  // Whether every weight is told by rows, so that one that is not there is one that the model has not.
  bool told() const {
    return !weights.empty() &&
           std::ranges::none_of(weights, [](const auto& one) { return one.second.parts.empty(); });
  }

  bool tells_nothing() const {
    return std::ranges::all_of(weights, [](const auto& one) { return one.second.parts.empty(); });
  }

  std::int64_t shortest(std::optional<std::int64_t> prefix) const {
    std::int64_t last = last_compared(*ranks.front(), prefix);
    for (const Trace* trace : ranks) last = std::min(last, last_compared(*trace, prefix));
    return last;
  }

  void read(std::int64_t step) {
    row.clear();
    for (const Trace* trace : ranks) row.push_back(trace->tensors(step));
  }

 private:
  void add(std::size_t rank, std::size_t index, const std::set<std::string>& trained) {
    const Column& column = ranks[rank]->columns()[index];
    if (column.stage != Stage::weights) return;
    const auto part = row_part(column.name);
    const std::string whole = part ? part->tensor : whole_name(column.name);
    if (!trained.contains(whole)) return;
    Spread& spread = weights[whole];
    if (part) {
      spread.parts.push_back({{rank, index}, *part});
      std::ranges::sort(spread.parts, {}, [](const PlacedRows& one) { return one.rows.first; });
    } else if (whole == column.name) {
      spread.undivided.push_back({rank, index});
    }
  }
};

// A weight at the step that was read, or why there is none; neither where no rank shows it at that step, as
// where optimizers step in turn.
using Answer = std::pair<std::optional<Joined>, std::string>;

Answer joined(const Side& side, const std::string& name) {
  if (side.tells_nothing())
    return {{}, "the recording of one of the two does not tell which rows of its weights a rank holds"};
  const auto found = side.weights.find(name);
  if (found == side.weights.end())
    return side.told() ? Answer{Joined{}, ""}
                       : Answer{{}, fmt::format("one of the two has no weight {}", name)};
  const Spread& spread = found->second;
  if (spread.parts.empty())
    return {{}, fmt::format("the recording does not tell which rows of {} a rank holds", name)};
  if (std::ranges::none_of(spread.parts, [&](const auto& one) { return side.digest(one.place).present(); }))
    return {};
  for (const auto& place : spread.undivided)
    if (side.digest(place) != side.digest(spread.undivided.front()))
      return {{}, fmt::format("ranks do not agree on {}", name)};
  const Column& first = side.at(spread.parts.front().place);
  Joined whole{first.dtype, first.shape, {}};
  std::int64_t next = 1;
  const PlacedRows* before = nullptr;
  for (const auto& part : spread.parts) {
    const Digest& sum = side.digest(part.place);
    const bool again = before != nullptr && part.rows.first == before->rows.first;
    if (again && (part.rows.last != before->rows.last || sum != side.digest(before->place)))
      return {{}, fmt::format("ranks do not agree on rows of {}", name)};
    if (again) continue;
    if (part.rows.first != next || !sum.present()) break;
    whole.sum = added(whole.sum, sum);
    next = part.rows.last + 1;
    before = &part;
  }
  const std::int64_t of = spread.parts.front().rows.of;
  if (next != of + 1) return {{}, fmt::format("rows of {} were not observed in any rank", name)};
  if (!whole.shape.empty()) whole.shape.front() = of;
  return {whole, ""};
}

Side side_of(const std::vector<ProcessPair>& ranks, std::optional<Trace> ProcessPair::*which) {
  std::vector<const Trace*> traces;
  for (const auto& pair : ranks)
    if (pair.*which) traces.push_back(&*(pair.*which));
  return Side(std::move(traces));
}

// What the steps say of each weight.
struct Found {
  std::set<std::string> names;           // of both runs
  std::set<std::string> compared, open;  // in some step; those that could not be joined in some step
  std::string why;                       // the first of these
  std::optional<Divergence> first;

  void say_open(const std::string& name, const std::string& reason) {
    open.insert(name);
    if (why.empty())
      why = reason.empty() ? fmt::format("{} was observed in one of the two alone", name) : reason;
  }

  // Whether a weight differs at this step, which both sides have read.
  void look(const Side& a, const Side& b, std::int64_t step) {
    Divergence here;
    here.step = step;
    here.stage = name_of(Stage::weights);
    for (const auto& name : names) {
      const Answer left = joined(a, name), right = joined(b, name);
      if (!left.first && !right.first && left.second.empty() && right.second.empty()) continue;
      if (!left.first || !right.first) {
        say_open(name, left.second.empty() ? right.second : left.second);
        continue;
      }
      compared.insert(name);
      ++here.tensors_compared;
      if (*left.first == *right.first) continue;
      if (here.tensors_differing++ == 0) here.tensor = name;
    }
    if (here.tensors_differing == 0) return;
    here.stage_first[static_cast<std::size_t>(Stage::weights)] = step;
    first = here;
  }
};

}  // namespace

bool hold_other_parts(const std::vector<ProcessPair>& ranks) {
  if (ranks.size() < 2 || ranks.front().label != "rank 0" || !ranks.front().a || !ranks.front().b)
    return false;
  return held_by(*ranks.front().a) != held_by(*ranks.front().b);
}

bool hold_other_parts(const RunTraces& a, const RunTraces& b) {
  const ProcessMatch match = match_processes({a, b});
  return hold_other_parts(
      paired(a.processes, match.labels[0], b.processes, match.labels[1], match.by_content));
}

Divergence joined_divergence(const std::vector<ProcessPair>& ranks, std::optional<std::int64_t> prefix) {
  Side a = side_of(ranks, &ProcessPair::a), b = side_of(ranks, &ProcessPair::b);
  const std::int64_t last = std::min(a.shortest(prefix), b.shortest(prefix));
  Found found;
  for (const Side* side : {&a, &b})
    for (const auto& [name, spread] : side->weights) found.names.insert(name);
  for (std::int64_t step = 0; step <= last && !found.first; ++step) {
    a.read(step);
    b.read(step);
    found.look(a, b, step);
  }
  for (const auto& name : found.names)
    if (!found.compared.contains(name) && !found.open.contains(name))
      found.say_open(name, fmt::format("{} was not observed after any step", name));
  const SamplesFound samples = compare_samples(ranks, last);
  Divergence divergence = found.first.value_or(Divergence{});
  if (samples.others_from && (!found.first || *samples.others_from <= found.first->step))
    divergence = other_samples(*samples.others_from);
  else if (!found.first) {
    divergence.step = last;
    divergence.stage = "layout";
    divergence.tensors_compared = found.names.size() - found.open.size();
    divergence.last_steps = {a.shortest(prefix), b.shortest(prefix)};
  }
  divergence.batches_compared = samples.compared;
  divergence.unjoined =
      found.why.empty() && found.names.empty() ? "no weight was seen to be trained" : found.why;
  return divergence;
}

}  // namespace reprise
