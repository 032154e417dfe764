// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/explain/calls_around.h"

#include <algorithm>

#include "harness/judge/explain/call_match.h"
#include "harness/judge/explain/code_lines.h"

namespace reprise {
namespace {

using Calls = std::vector<OpCall>;

CallLine line_of(const OpCall& call, CallLine::State state) {
  const KnownPlace& place = own_place(call);
  return {state,
          call.order,
          call.depth,
          call.name,
          std::string(name_of(call.phase)),
          call.scope,
          place ? short_text(*place) : std::string()};
}

bool agree(const OpCall& a, const OpCall& b) {
  return !first_apart(a.inputs, b.inputs) && !first_apart(a.outputs, b.outputs);
}

// The calls before, which stand at the same places on both sides as far as they are told: equal but for those
// around the guilty one, and those inside an equal call that came to the same result by other numbers.
CallLine::State state_before(const Calls& a, const Calls& b, const OperatorDivergence& divergence,
                             std::size_t i) {
  const bool around = std::ranges::find(divergence.inside, i) != divergence.inside.end();
  const bool other = i < b.size() && same_kind(a[i], b[i]) && a[i].order == b[i].order && !agree(a[i], b[i]);
  return around || other ? CallLine::State::differs : CallLine::State::equal;
}

bool other_calls(const OperatorDivergence& divergence) {
  return divergence.kind == DivergenceKind::calls || divergence.kind == DivergenceKind::draws;
}

void add_guilty(const Calls& a, const Calls& b, const OperatorDivergence& divergence,
                std::vector<CallLine>& lines) {
  const bool in_a = divergence.a < a.size(), in_b = divergence.b < b.size();
  if (in_a && in_b && !other_calls(divergence)) {
    lines.push_back(line_of(a[divergence.a], CallLine::State::guilty));
    return;
  }
  if (in_a) lines.push_back(line_of(a[divergence.a], CallLine::State::only_a));
  if (in_b) lines.push_back(line_of(b[divergence.b], CallLine::State::only_b));
}

// What follows the guilty call on both sides: told only while the sides make the same calls.
void add_following(const Calls& a, const Calls& b, const OperatorDivergence& divergence, std::size_t after,
                   std::vector<CallLine>& lines) {
  if (other_calls(divergence)) return;
  std::size_t i = end_of(a, divergence.a), j = end_of(b, divergence.b);
  for (std::size_t told = 0; told < after && i < a.size() && j < b.size() && same_kind(a[i], b[j]); ++told) {
    lines.push_back(line_of(a[i], agree(a[i], b[j]) ? CallLine::State::equal : CallLine::State::differs));
    i = end_of(a, i);
    j = end_of(b, j);
  }
}

}  // namespace

std::vector<CallLine> calls_around(const Calls& a, const Calls& b, const OperatorDivergence& divergence,
                                   std::size_t before, std::size_t after) {
  std::vector<CallLine> lines;
  if (divergence.kind == DivergenceKind::none) return lines;
  // Where side A makes no call, the place is that after the last one inside the call that both are in.
  const std::size_t end = divergence.inside.empty() ? a.size() : end_of(a, divergence.inside.back());
  const std::size_t place = divergence.a < a.size() ? divergence.a : end;
  std::size_t from = place > before ? place - before : 0;
  while (from < place && a[from].step != a[place - 1].step) ++from;  // of one step
  for (const auto outer : divergence.inside)
    if (outer < from) lines.push_back(line_of(a[outer], CallLine::State::differs));
  for (std::size_t i = from; i < place; ++i)
    lines.push_back(line_of(a[i], state_before(a, b, divergence, i)));
  add_guilty(a, b, divergence, lines);
  add_following(a, b, divergence, after, lines);
  return lines;
}

}  // namespace reprise
