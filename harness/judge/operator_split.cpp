// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/operator_split.h"

#include <algorithm>

namespace reprise {
namespace {

using Calls = std::vector<OpCall>;

bool same_kind(const OpCall& a, const OpCall& b) {
  return a.name == b.name && a.role == b.role && a.depth == b.depth && a.phase == b.phase;
}

// By content where both sides have it; else by what is left to compare.
bool agree(const OpTensor& a, const OpTensor& b) {
  if (a.dtype != b.dtype || a.shape != b.shape) return false;
  if (a.seen != Seen::content || b.seen != Seen::content) return true;
  return a.digest == b.digest;
}

// The first tensor that differs; the shorter length if one side has more.
std::optional<std::size_t> first_apart(const std::vector<OpTensor>& a, const std::vector<OpTensor>& b) {
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i)
    if (!agree(a[i], b[i])) return i;
  if (a.size() != b.size()) return std::min(a.size(), b.size());
  return std::nullopt;
}

// The calls that call `index` is inside of, outermost first.
std::vector<std::size_t> around(const Calls& calls, std::size_t index) {
  std::vector<std::size_t> outer;
  std::int64_t depth = calls[index].depth;
  for (std::size_t i = index; i-- > 0 && depth > 0;)
    if (calls[i].role == calls[index].role && calls[i].depth < depth) {
      outer.insert(outer.begin(), i);
      depth = calls[i].depth;
    }
  return outer;
}

// The first call before `end` of that name (any, if it is empty) that left this content behind.
std::optional<std::size_t> maker_of(const Calls& calls, std::size_t end, const std::string& name,
                                    const Digest& content) {
  for (std::size_t i = 0; i < end; ++i) {
    if (!name.empty() && calls[i].name != name) continue;
    for (const auto& output : calls[i].outputs)
      if (output.seen == Seen::content && output.digest == content) return i;
  }
  return std::nullopt;
}

// What one call, made by both sides, is guilty of by itself.
SplitKind kind_at(const OpCall& a, const OpCall& b, std::size_t& input) {
  if (const auto apart = first_apart(a.inputs, b.inputs)) {
    input = *apart;
    return SplitKind::outside;
  }
  if (a.scalars != b.scalars) return SplitKind::numbers;
  return first_apart(a.outputs, b.outputs) ? SplitKind::result : SplitKind::none;
}

struct Search {
  const Calls& a;
  const Calls& b;

  OperatorSplit at(SplitKind kind, std::size_t i, std::size_t j, std::size_t input = 0) const {
    OperatorSplit split;
    split.kind = kind;
    split.a = i;
    split.b = j;
    split.input = input;
    return split;
  }

  // The first guilty one of the calls that stand side by side from `i` and `j` up to before the ends: a
  // call's own calls are looked at only if its outputs differ, since another way to equal bits parts nothing.
  std::optional<OperatorSplit> among(std::size_t i, std::size_t end_a, std::size_t j,
                                     std::size_t end_b) const {
    while (i < end_a || j < end_b) {
      if (i >= end_a || j >= end_b || !same_kind(a[i], b[j]))
        return at(SplitKind::calls, i < end_a ? i : a.size(), j < end_b ? j : b.size());
      std::size_t input = 0;
      const SplitKind kind = kind_at(a[i], b[j], input);
      if (kind == SplitKind::result) return inside_of(i, j);
      if (kind == SplitKind::outside) return made_before(i, j, input);
      if (kind != SplitKind::none) return at(kind, i, j, input);
      i = end_of(a, i);
      j = end_of(b, j);
    }
    return std::nullopt;
  }

  // An input differs. Its maker may be hidden inside a call whose own outputs are equal (a loss that rounds
  // to the same number, while what it keeps for the way back differs): then that one is looked at.
  OperatorSplit made_before(std::size_t i, std::size_t j, std::size_t input) const {
    const auto outside = at(SplitKind::outside, i, j, input);
    if (input >= a[i].inputs.size() || input >= b[j].inputs.size()) return outside;
    const auto p = maker_of(a, i, "", a[i].inputs[input].digest);
    const auto q = p ? maker_of(b, j, a[*p].name, b[j].inputs[input].digest) : std::nullopt;
    if (!q || a[i].inputs[input].seen != Seen::content) return outside;
    std::size_t earlier = 0;
    const SplitKind kind = kind_at(a[*p], b[*q], earlier);
    OperatorSplit split = kind == SplitKind::result    ? inside_of(*p, *q)
                          : kind == SplitKind::outside ? made_before(*p, *q, earlier)
                          : kind == SplitKind::numbers ? at(kind, *p, *q)
                                                       : outside;
    if (kind == SplitKind::result || kind == SplitKind::numbers) {
      const auto outer_a = around(a, *p), outer_b = around(b, *q);
      split.inside.insert(split.inside.begin(), outer_a.begin(), outer_a.end());
      split.inside_b.insert(split.inside_b.begin(), outer_b.begin(), outer_b.end());
    }
    return split;
  }

  // These calls have equal inputs and other outputs. A call inside that is guilty by itself says more, and so
  // does another call; another size of some scratch memory, or an input that only the operator's own code can
  // have made, does not: then the operator stays guilty.
  OperatorSplit inside_of(std::size_t i, std::size_t j) const {
    auto inner = among(i + 1, end_of(a, i), j + 1, end_of(b, j));
    if (!inner || inner->kind == SplitKind::outside || inner->kind == SplitKind::numbers)
      return at(SplitKind::result, i, j);
    inner->inside.insert(inner->inside.begin(), i);
    inner->inside_b.insert(inner->inside_b.begin(), j);
    return *inner;
  }
};

std::optional<std::size_t> unwritten_source(const Calls& calls, std::size_t index, std::size_t input) {
  if (input >= calls[index].inputs.size()) return std::nullopt;
  const OpTensor& wanted = calls[index].inputs[input];
  for (std::size_t i = index; i-- > 0;)
    for (const auto& output : calls[i].outputs)
      if (output.seen == Seen::uninitialised && output.dtype == wanted.dtype && output.shape == wanted.shape)
        return i;
  return std::nullopt;
}

}  // namespace

std::size_t end_of(const Calls& calls, std::size_t i) {
  std::size_t end = i + 1;
  while (end < calls.size() && calls[end].role == calls[i].role && calls[end].depth > calls[i].depth) ++end;
  return end;
}

std::string_view to_text(SplitKind kind) {
  constexpr std::string_view names[] = {"none", "result", "calls", "numbers", "outside"};
  return names[static_cast<std::size_t>(kind)];
}

OperatorSplit operator_split(const Calls& a, const Calls& b) {
  auto split = Search{a, b}.among(0, a.size(), 0, b.size()).value_or(OperatorSplit{});
  if (split.kind == SplitKind::outside) split.source = unwritten_source(a, split.a, split.input);
  return split;
}

namespace {

CallLine line_of(const OpCall& call, CallLine::State state) {
  return {state, call.order, call.depth, call.name, std::string(name_of(call.phase)), call.scope};
}

// The calls before, which stand at the same places on both sides as far as they are told.
CallLine::State state_before(const OperatorSplit& split, std::size_t i) {
  return std::ranges::find(split.inside, i) != split.inside.end() ? CallLine::State::differs
                                                                  : CallLine::State::equal;
}

void add_guilty(const Calls& a, const Calls& b, const OperatorSplit& split, std::vector<CallLine>& lines) {
  const bool in_a = split.a < a.size(), in_b = split.b < b.size();
  if (in_a && in_b && split.kind != SplitKind::calls) {
    lines.push_back(line_of(a[split.a], CallLine::State::guilty));
    return;
  }
  if (in_a) lines.push_back(line_of(a[split.a], CallLine::State::only_a));
  if (in_b) lines.push_back(line_of(b[split.b], CallLine::State::only_b));
}

// What follows the guilty call on both sides: told only while the sides make the same calls.
void add_following(const Calls& a, const Calls& b, const OperatorSplit& split, std::size_t after,
                   std::vector<CallLine>& lines) {
  if (split.kind == SplitKind::calls) return;
  std::size_t i = end_of(a, split.a), j = end_of(b, split.b);
  for (std::size_t told = 0; told < after && i < a.size() && j < b.size() && same_kind(a[i], b[j]); ++told) {
    const bool equal = !first_apart(a[i].inputs, b[j].inputs) && !first_apart(a[i].outputs, b[j].outputs);
    lines.push_back(line_of(a[i], equal ? CallLine::State::equal : CallLine::State::differs));
    i = end_of(a, i);
    j = end_of(b, j);
  }
}

}  // namespace

std::vector<CallLine> calls_around(const Calls& a, const Calls& b, const OperatorSplit& split,
                                   std::size_t before, std::size_t after) {
  std::vector<CallLine> lines;
  if (split.kind == SplitKind::none) return lines;
  // Where side A makes no call, the place is that after the last one inside the call that both are in.
  const std::size_t end = split.inside.empty() ? a.size() : end_of(a, split.inside.back());
  const std::size_t place = split.a < a.size() ? split.a : end;
  const std::size_t from = place > before ? place - before : 0;
  for (const auto outer : split.inside)
    if (outer < from) lines.push_back(line_of(a[outer], CallLine::State::differs));
  for (std::size_t i = from; i < place; ++i) lines.push_back(line_of(a[i], state_before(split, i)));
  add_guilty(a, b, split, lines);
  add_following(a, b, split, after, lines);
  return lines;
}

}  // namespace reprise
