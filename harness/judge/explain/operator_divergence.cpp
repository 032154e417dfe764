// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/explain/operator_divergence.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/judge/explain/call_match.h"
#include "harness/judge/explain/code_lines.h"

namespace reprise {
namespace {

using Calls = std::vector<OpCall>;

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

bool left_behind(const OpCall& call, const Digest& content) {
  return std::ranges::any_of(call.outputs, [&](const OpTensor& output) {
    return output.seen == Seen::content && output.digest == content;
  });
}

// The first call of the newest step before `end` in which one of that name (any, if it is empty) left this
// content behind.
std::optional<std::size_t> maker_of(const Calls& calls, std::size_t end, const std::string& name,
                                    const Digest& content) {
  std::optional<std::size_t> found;
  for (std::size_t i = end; i-- > 0;) {
    if (found && calls[i].step != calls[*found].step) break;
    if ((name.empty() || calls[i].name == name) && left_behind(calls[i], content)) found = i;
  }
  return found;
}

// Whether this input is memory that Python filled before it became a tensor: the call that makes it one
// follows at once, or has read the same content before.
bool made_by_python(const Calls& calls, std::size_t index, std::size_t input) {
  if (is_python(calls[index])) return true;
  const OpTensor& wanted = calls[index].inputs[input];
  for (std::size_t i = index + 1; i < calls.size() && i <= index + 3; ++i)
    if (is_python(calls[i]) && calls[i].thread == calls[index].thread && !calls[i].inputs.empty() &&
        calls[i].inputs[0].digest == wanted.digest && calls[i].step == calls[index].step)
      return true;
  return std::any_of(calls.begin(), calls.begin() + static_cast<std::ptrdiff_t>(index),
                     [&](const OpCall& call) {
                       return is_python(call) && !call.inputs.empty() &&
                              call.inputs[0].seen == Seen::content && call.inputs[0].digest == wanted.digest;
                     });
}

struct Search {
  const Calls& a;
  const Calls& b;

  OperatorDivergence at(DivergenceKind kind, std::size_t i, std::size_t j, std::size_t input = 0) const {
    OperatorDivergence divergence;
    divergence.kind = kind;
    divergence.a = i;
    divergence.b = j;
    divergence.input = input;
    return divergence;
  }

  // The first guilty one of the calls that stand side by side from `i` and `j` up to before the ends: a
  // call's own calls are looked at only if its outputs differ, since another way to equal bits parts nothing.
  // `together`: only as far as both make the same calls.
  std::optional<OperatorDivergence> among(std::size_t i, std::size_t end_a, std::size_t j, std::size_t end_b,
                                          bool together = false) const {
    while (i < end_a || j < end_b) {
      if (i >= end_a || j >= end_b || !same_kind(a[i], b[j])) {
        if (together) return std::nullopt;
        return at(DivergenceKind::calls, i < end_a ? i : a.size(), j < end_b ? j : b.size());
      }
      std::size_t input = 0;
      const DivergenceKind kind = kind_at(a[i], b[j], input);
      if (kind == DivergenceKind::outside) return made_before(i, j, input);
      if (kind != DivergenceKind::none) return guilty(kind, i, j, input);
      i = end_of(a, i);
      j = end_of(b, j);
    }
    return std::nullopt;
  }

  OperatorDivergence guilty(DivergenceKind kind, std::size_t i, std::size_t j, std::size_t input) const {
    if (kind == DivergenceKind::result) return inside_of(i, j);
    OperatorDivergence divergence = at(kind, i, j, input);
    if (kind == DivergenceKind::thread || kind == DivergenceKind::unwritten) {
      divergence.writer = a[i].inputs[input].writer;
      if (divergence.writer.empty()) divergence.writer = b[j].inputs[input].writer;
    }
    return divergence;
  }

  // An input differs. Its maker may be hidden inside a call whose own outputs are equal (a loss that rounds
  // to the same number, while what it keeps for the way back differs): then that one is looked at.
  OperatorDivergence made_before(std::size_t i, std::size_t j, std::size_t input) const {
    if (input >= a[i].inputs.size() || input >= b[j].inputs.size())
      return at(DivergenceKind::outside, i, j, input);
    const auto p = maker_of(a, i, "", a[i].inputs[input].digest);
    const auto q = p ? maker_of(b, j, a[*p].name, b[j].inputs[input].digest) : std::nullopt;
    if (!q || a[i].inputs[input].seen != Seen::content) return from_outside(i, j, input);
    std::size_t earlier = 0;
    const DivergenceKind kind = kind_at(a[*p], b[*q], earlier);
    if (kind == DivergenceKind::none || kind == DivergenceKind::unobserved) return from_outside(i, j, input);
    if (kind == DivergenceKind::outside) return made_before(*p, *q, earlier);
    OperatorDivergence divergence = guilty(kind, *p, *q, earlier);
    if (kind == DivergenceKind::result || is_by_itself(kind)) {
      const auto outer_a = around(a, *p), outer_b = around(b, *q);
      divergence.inside.insert(divergence.inside.begin(), outer_a.begin(), outer_a.end());
      divergence.inside_b.insert(divergence.inside_b.begin(), outer_b.begin(), outer_b.end());
    }
    return divergence;
  }

  // No call that both sides made left this input behind as it is.
  OperatorDivergence from_outside(std::size_t i, std::size_t j, std::size_t input) const {
    OperatorDivergence divergence = at(DivergenceKind::outside, i, j, input);
    const OpTensor &left = a[i].inputs[input], &right = b[j].inputs[input];
    for (const auto* side : {&right, &left})
      if (!side->writer.empty() && side->writer != no_operator) divergence.writer = side->writer;
    if (!divergence.writer.empty()) {
      divergence.kind = DivergenceKind::thread;
    } else if (made_by_python(a, i, input) && made_by_python(b, j, input)) {
      divergence.kind = DivergenceKind::python;
    } else {
      divergence.source = unseen_maker(a, i, left);
      if (!divergence.source) divergence.source = unseen_maker(b, j, right);
      if (divergence.source) divergence.kind = DivergenceKind::unobserved;
    }
    return divergence;
  }

  // A call whose output was not observed may have made anything.
  static std::optional<std::size_t> unseen_maker(const Calls& calls, std::size_t end, const OpTensor& input) {
    if (input.seen != Seen::content) return end;
    for (std::size_t i = end; i-- > 0;)
      if (std::ranges::any_of(calls[i].outputs, is_unseen)) return i;
    return std::nullopt;
  }

  // These calls have equal inputs and other outputs. A call inside that is guilty by itself says more, and so
  // does another call; another size of some scratch memory, or an input that only the operator's own code can
  // have made, does not: then the operator stays guilty.
  OperatorDivergence inside_of(std::size_t i, std::size_t j) const {
    auto inner = among(i + 1, end_of(a, i), j + 1, end_of(b, j));
    const bool says_more =
        inner && (inner->kind == DivergenceKind::result || inner->kind == DivergenceKind::calls ||
                  inner->kind == DivergenceKind::generator);
    if (!says_more) return at(DivergenceKind::result, i, j);
    // A call before this one may be named: then it stands in no call that is around this one.
    if (inner->a <= i) return *inner;
    inner->inside.insert(inner->inside.begin(), i);
    inner->inside_b.insert(inner->inside_b.begin(), j);
    return *inner;
  }
};

// One past the last call of the thread that call `i` is of, within its step.
std::size_t end_of_thread(const Calls& calls, std::size_t i) {
  std::size_t end = i;
  while (end < calls.size() && calls[end].thread == calls[i].thread) ++end;
  return end;
}

// Where a thread's calls begin, from `from` on.
std::optional<std::size_t> begin_of_thread(const Calls& calls, std::size_t from, const std::string& thread) {
  for (std::size_t i = from; i < calls.size(); ++i)
    if (calls[i].thread == thread) return i;
  return std::nullopt;
}

bool makes_at(const Calls& calls, std::size_t from, const OpCall& wanted) {
  return std::any_of(
      calls.begin() + static_cast<std::ptrdiff_t>(std::min(from, calls.size())), calls.end(),
      [&](const OpCall& call) { return call.name == wanted.name && own_place(call) == own_place(wanted); });
}

// One operator at two lines of the script, of which the other side has one too: the sides do not make the
// same calls, and what goes into these two says nothing. (A line that only one side has may be an edited
// one.)
void tell_other_places(const Calls& a, const Calls& b, std::size_t from_a, std::size_t from_b,
                       OperatorDivergence& divergence) {
  const DivergenceKind kind = divergence.kind;
  if (kind != DivergenceKind::numbers && kind != DivergenceKind::outside && kind != DivergenceKind::python &&
      kind != DivergenceKind::generator && kind != DivergenceKind::unobserved)
    return;
  if (!divergence.inside.empty() || divergence.a >= a.size() || divergence.b >= b.size()) return;
  const OpCall &left = a[divergence.a], &right = b[divergence.b];
  if (!own_place(left) || !own_place(right) || own_place(left) == own_place(right)) return;
  if (makes_at(b, from_b, left) || makes_at(a, from_a, right)) divergence.kind = DivergenceKind::calls;
}

// Between the reading of a generator's state and the draw another thread may have drawn.
void look_for_drawers(const Calls& a, const Calls& b, OperatorDivergence& divergence) {
  if (divergence.a >= a.size() || !draws(a[divergence.a])) return;
  if (divergence.kind != DivergenceKind::result && divergence.kind != DivergenceKind::generator &&
      divergence.kind != DivergenceKind::unobserved)
    return;
  divergence.drawers = drawers_beside(a, b, a[divergence.a].thread);
  if (!divergence.drawers.empty()) divergence.kind = DivergenceKind::generator;
}

}  // namespace

std::vector<std::string> drawers_beside(const Calls& a, const Calls& b, const std::string& thread) {
  std::vector<std::string> names;
  for (const Calls* calls : {&a, &b})
    for (const auto& call : *calls) {
      if (call.thread == thread || !draws(call) || call.depth > 0) continue;
      std::string name = call.name + " of " + (call.thread.empty() ? "the thread that trains" : call.thread);
      if (call.place) name += fmt::format(", {}", short_text(*call.place));
      if (std::ranges::find(names, name) == names.end()) names.push_back(name);
    }
  return names;
}

std::string unobserved_of(const Calls& calls, std::size_t from) {
  std::string first;
  std::size_t count = 0;
  for (std::size_t i = from; i < calls.size(); ++i) {
    const OpCall& call = calls[i];
    const auto input = std::ranges::find_if(call.inputs, is_unknown);
    const auto output = std::ranges::find_if(call.outputs, is_unseen);
    if (call.depth > 0 || (input == call.inputs.end() && output == call.outputs.end())) continue;
    if (++count > 1) continue;
    const bool in = input != call.inputs.end();
    const auto place = in ? input - call.inputs.begin() : output - call.outputs.begin();
    first = fmt::format("{} {} of {}, call {}", in ? "input" : "output", place, call.name, call.order);
  }
  if (count > 1) first += fmt::format(" and tensors of {} calls more", count - 1);
  return first;
}

namespace {

// Other calls may follow from what came in unseen before them.
std::string lack_before(const Calls& a, const Calls& b, std::size_t from_a, std::size_t from_b,
                        const OperatorDivergence& divergence) {
  const auto before = [](const Calls& calls, std::size_t from, std::size_t end) {
    const auto at = [&](std::size_t i) { return calls.begin() + static_cast<std::ptrdiff_t>(i); };
    end = std::min(end, calls.size());
    return from < end ? unobserved_of(Calls(at(from), at(end)), 0) : std::string();
  };
  const std::string lack = before(a, from_a, divergence.a);
  return lack.empty() ? before(b, from_b, divergence.b) : lack;
}

}  // namespace

std::size_t end_of(const Calls& calls, std::size_t i) {
  std::size_t end = i + 1;
  while (end < calls.size() && calls[end].role == calls[i].role && calls[end].depth > calls[i].depth) ++end;
  return end;
}

std::string_view to_text(DivergenceKind kind) {
  constexpr std::string_view names[] = {"none",      "result",     "calls",     "numbers",
                                        "outside",   "unobserved", "unwritten", "thread",
                                        "generator", "python",     "draws"};
  return names[static_cast<std::size_t>(kind)];
}

OperatorDivergence operator_divergence(const Calls& a, const Calls& b, std::size_t from_a,
                                       std::size_t from_b) {
  const Search search{a, b};
  const auto in_order = [&](const std::string& thread, bool together) -> std::optional<OperatorDivergence> {
    const auto i = begin_of_thread(a, from_a, thread), j = begin_of_thread(b, from_b, thread);
    if (!i && !j) return std::nullopt;
    if (together && (!i || !j)) return std::nullopt;
    return search.among(i.value_or(a.size()), i ? end_of_thread(a, *i) : a.size(), j.value_or(b.size()),
                        j ? end_of_thread(b, *j) : b.size(), together);
  };
  auto divergence = in_order("", false);
  for (std::size_t i = from_a; i < a.size() && !divergence; i = end_of_thread(a, i))
    if (!a[i].thread.empty()) {
      auto other = in_order(a[i].thread, true);
      // Where another thread stood when the step began is chance: only what a call did itself counts.
      if (other && (other->kind == DivergenceKind::result || is_by_itself(other->kind))) divergence = other;
    }
  if (!divergence) return {};
  tell_other_places(a, b, from_a, from_b, *divergence);
  look_for_drawers(a, b, *divergence);
  if (divergence->kind == DivergenceKind::calls)
    divergence->lack = lack_before(a, b, from_a, from_b, *divergence);
  return *divergence;
}

}  // namespace reprise
