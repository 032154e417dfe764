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

// One past the last call inside of call `i`.
std::size_t end_of(const Calls& calls, std::size_t i) {
  std::size_t end = i + 1;
  while (end < calls.size() && calls[end].role == calls[i].role && calls[end].depth > calls[i].depth) ++end;
  return end;
}

std::vector<std::size_t> around(const Calls& calls, std::size_t index) {
  std::vector<std::size_t> inside;
  if (index >= calls.size()) return inside;
  std::int64_t depth = calls[index].depth;
  for (std::size_t i = index; i-- > 0 && depth > 0;)
    if (calls[i].role == calls[index].role && calls[i].depth < depth) {
      inside.insert(inside.begin(), i);
      depth = calls[i].depth;
    }
  return inside;
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

  OperatorSplit at(SplitKind kind, std::size_t index, std::size_t input = 0) const {
    OperatorSplit split;
    split.kind = kind;
    split.a = split.b = index;
    split.input = input;
    split.inside = around(index < a.size() ? a : b, index);
    return split;
  }

  // The first guilty call from `first` up to before `last`; nothing if all of them agree.
  std::optional<OperatorSplit> within(std::size_t first, std::size_t last) const {
    for (std::size_t i = first; i < last; ++i) {
      if (i >= a.size() || i >= b.size() || !same_kind(a[i], b[i])) return at(SplitKind::calls, i);
      std::size_t input = 0;
      const SplitKind kind = kind_at(a[i], b[i], input);
      if (kind == SplitKind::result) return descend(i);
      if (kind != SplitKind::none) return at(kind, i, input);
    }
    return std::nullopt;
  }

  // Call `i` has equal inputs and other outputs. A call inside of it that is guilty by itself says more; an
  // input that differs only in there was made by the operator's own code, so the operator stays guilty.
  OperatorSplit descend(std::size_t i) const {
    const std::size_t end = std::max(end_of(a, i), end_of(b, i));
    if (const auto inner = within(i + 1, end); inner && inner->kind != SplitKind::outside) return *inner;
    return at(SplitKind::result, i);
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

std::string_view to_text(SplitKind kind) {
  constexpr std::string_view names[] = {"none", "result", "calls", "numbers", "outside"};
  return names[static_cast<std::size_t>(kind)];
}

OperatorSplit operator_split(const Calls& a, const Calls& b) {
  auto split = Search{a, b}.within(0, std::max(a.size(), b.size())).value_or(OperatorSplit{});
  if (split.kind == SplitKind::outside) split.source = unwritten_source(a, split.a, split.input);
  return split;
}

namespace {

CallLine line_of(const OpCall& call, CallLine::State state) {
  return {state, call.order, call.depth, call.name, std::string(name_of(call.phase)), call.scope};
}

void add_lines(const Calls& a, const Calls& b, std::size_t index, CallLine::State state,
               std::vector<CallLine>& lines) {
  const bool in_a = index < a.size(), in_b = index < b.size();
  if (in_a && in_b && same_kind(a[index], b[index])) {
    lines.push_back(line_of(a[index], state));
    return;
  }
  if (in_a) lines.push_back(line_of(a[index], CallLine::State::only_a));
  if (in_b) lines.push_back(line_of(b[index], CallLine::State::only_b));
}

}  // namespace

std::vector<CallLine> calls_around(const Calls& a, const Calls& b, const OperatorSplit& split,
                                   std::size_t before, std::size_t after) {
  std::vector<CallLine> lines;
  if (split.kind == SplitKind::none) return lines;
  const std::size_t from = split.a > before ? split.a - before : 0;
  for (const auto outer : split.inside)
    if (outer < from) add_lines(a, b, outer, CallLine::State::differs, lines);
  const auto is_outer = [&](std::size_t i) {
    return std::ranges::find(split.inside, i) != split.inside.end();
  };
  for (std::size_t i = from; i < split.a; ++i)
    add_lines(a, b, i, is_outer(i) ? CallLine::State::differs : CallLine::State::equal, lines);
  add_lines(a, b, split.a, CallLine::State::guilty, lines);
  for (std::size_t i = split.a + 1; i <= split.a + after && i < std::max(a.size(), b.size()); ++i) {
    const bool both = i < a.size() && i < b.size() && same_kind(a[i], b[i]);
    const bool equal =
        both && !first_apart(a[i].outputs, b[i].outputs) && !first_apart(a[i].inputs, b[i].inputs);
    add_lines(a, b, i, equal ? CallLine::State::equal : CallLine::State::differs, lines);
  }
  return lines;
}

}  // namespace reprise
