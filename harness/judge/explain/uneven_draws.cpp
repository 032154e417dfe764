// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/explain/uneven_draws.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "harness/base/text.h"
#include "harness/judge/explain/call_match.h"
#include "harness/judge/explain/code_lines.h"

namespace reprise {
namespace {

using Calls = std::vector<OpCall>;
using Where = UnevenDraws::Where;

constexpr std::size_t most_named = 3, most_lines = 6;

bool trains(const OpCall& call) { return call.thread.empty(); }

// A generator that the script hands over is a stream of its own.
bool draws_from_default(const OpCall& call) {
  return draws(call) && call.scalars.find("generator=Generator") == std::string::npos;
}

std::uint64_t values_of(const OpCall& call) {
  std::uint64_t most = 0;
  for (const auto& output : call.outputs) {
    std::uint64_t elements = output.dtype.empty() ? 0 : 1;
    for (const auto size : output.shape) elements *= static_cast<std::uint64_t>(size);
    most = std::max(most, elements);
  }
  return most;
}

// By which of the calls inside of it a call draws; "" by itself.
std::string inner_name(const Calls& calls, std::size_t i) {
  std::string name;
  std::int64_t deepest = calls[i].depth;
  for (std::size_t k = i + 1; k < end_of(calls, i); ++k)
    if (draws(calls[k]) && calls[k].depth > deepest) {
      name = calls[k].name;
      deepest = calls[k].depth;
    }
  return name;
}

bool takes_tensors(const OpCall& call) {
  return std::ranges::any_of(call.inputs, [](const OpTensor& input) {
    return !input.dtype.empty() && input.dtype != generator_dtype;
  });
}

struct Counting {
  std::vector<UnevenDraw> lines;
  std::vector<std::size_t> with_gradients;  // of those calls that tell

  void count(const Calls& calls, std::size_t from, std::size_t to, bool side_b) {
    for (std::size_t i = from; i < std::min(to, calls.size());) {
      if (!trains(calls[i]) || !draws_from_default(calls[i])) {
        ++i;
        continue;
      }
      add(calls, i, side_b);
      i = end_of(calls, i);  // what it calls inside draws for it
    }
  }

  void add(const Calls& calls, std::size_t i, bool side_b) {
    const OpCall& call = calls[i];
    const std::string inside = inner_name(calls, i);
    auto line = std::ranges::find_if(lines, [&](const UnevenDraw& known) {
      return known.name == call.name && known.inside == inside && known.place == call.place;
    });
    if (line == lines.end()) {
      line = lines.insert(lines.end(), {call.name, inside, call.place});
      with_gradients.push_back(0);
    }
    ++(side_b ? line->calls_b : line->calls_a);
    (side_b ? line->values_b : line->values_a) += values_of(call);
    if (!takes_tensors(call)) return;
    if (call.sequence < 0)
      line->gradless = true;
    else
      ++with_gradients[static_cast<std::size_t>(line - lines.begin())];
  }

  // Those that one side calls more often.
  std::vector<UnevenDraw> uneven() {
    std::vector<UnevenDraw> found;
    for (std::size_t i = 0; i < lines.size(); ++i) {
      lines[i].gradless = lines[i].gradless && with_gradients[i] == 0;
      if (lines[i].calls_a != lines[i].calls_b) found.push_back(lines[i]);
    }
    return found;
  }
};

std::vector<UnevenDraw> uneven_before(const Calls& a, const Calls& b, std::size_t from_a, std::size_t from_b,
                                      std::size_t to_a, std::size_t to_b) {
  Counting counting;
  counting.count(a, from_a, to_a, false);
  counting.count(b, from_b, to_b, true);
  return counting.uneven();
}

std::size_t begin_of_backward(const Calls& calls, std::size_t from) {
  while (from < calls.size() && calls[from].phase != Phase::backward) ++from;
  return from;
}

// How far a side's calls are counted there.
std::size_t limit_of(const Calls& calls, std::size_t from, Where where) {
  if (where == Where::between) return begin_of_pass(calls, from).value_or(from);
  return where == Where::before_backward ? begin_of_backward(calls, from) : calls.size();
}

bool at_one_place(const OpCall& a, const OpCall& b) {
  return own_place(a) && own_place(b) && own_place(a) == own_place(b);
}

std::string where_text(const UnevenDraws& uneven) {
  if (uneven.step == 0) return "before step 1";
  if (uneven.where == Where::between)
    return uneven.step == 1 ? std::string("before the forward pass of step 1")
                            : fmt::format("between step {} and step {}", uneven.step - 1, uneven.step);
  return fmt::format("in step {}{}", uneven.step,
                     uneven.where == Where::before_backward ? ", before its backward pass," : "");
}

std::string name_of(const UnevenDraw& draw) {
  return draw.inside.empty() || draw.inside == draw.name ? draw.name
                                                         : fmt::format("{} (by {})", draw.name, draw.inside);
}

// "aten::randn (by aten::normal_) of train.py:10, 1 call on side A and 3 on side B (32 and 96 values)".
std::string draw_text(const UnevenDraw& draw) {
  return fmt::format("{}{}, {} {} on side A and {} on side B ({} and {} values)", name_of(draw),
                     draw.place ? " of " + short_text(*draw.place) : std::string(), draw.calls_a,
                     draw.calls_a == 1 ? "call" : "calls", draw.calls_b, draw.values_a, draw.values_b);
}

}  // namespace

std::optional<std::size_t> begin_of_pass(const Calls& calls, std::size_t from) {
  constexpr auto none = std::numeric_limits<std::int64_t>::max();
  std::int64_t first_node = none;
  for (std::size_t i = from; i < calls.size(); ++i) {
    if (calls[i].sequence < 0) continue;
    if (calls[i].phase == Phase::backward)
      first_node = std::min(first_node, calls[i].sequence);
    else if (!trains(calls[i]))  // nodes are numbered by thread, and those of two cannot be told apart
      return std::nullopt;
  }
  std::optional<std::size_t> begin;
  for (std::size_t i = from; i < calls.size(); ++i) {
    const OpCall& call = calls[i];
    const bool counts = call.depth == 0 && trains(call) && call.phase != Phase::backward &&
                        call.sequence >= 0 && call.sequence <= first_node;
    if (first_node != none && counts && (!begin || call.sequence > calls[*begin].sequence)) begin = i;
  }
  return begin;
}

std::optional<UnevenDraws> uneven_draws(const Calls& a, const Calls& b, std::size_t from_a,
                                        std::size_t from_b) {
  const auto at = [](const Calls& calls, std::size_t i) {
    return calls.begin() + static_cast<std::ptrdiff_t>(std::min(i, calls.size()));
  };
  if (!drawers_beside({at(a, from_a), a.end()}, {at(b, from_b), b.end()}, "").empty()) return std::nullopt;
  UnevenDraws found;
  found.step = from_a < a.size() ? a[from_a].step : from_b < b.size() ? b[from_b].step : 0;
  for (const Where where : {Where::between, Where::before_backward, Where::in_step}) {
    if (where == Where::between && (!begin_of_pass(a, from_a) || !begin_of_pass(b, from_b))) continue;
    found.where = where;
    found.draws = uneven_before(a, b, from_a, from_b, limit_of(a, from_a, where), limit_of(b, from_b, where));
    if (!found.draws.empty()) return found;
  }
  return std::nullopt;
}

bool part_by(const UnevenDraws& uneven, const OperatorDivergence& divergence, const Calls& a, const Calls& b,
             std::size_t from_a, std::size_t from_b) {
  if (uneven.where == Where::in_step) return false;
  const bool in_a = divergence.a < limit_of(a, from_a, uneven.where),
             in_b = divergence.b < limit_of(b, from_b, uneven.where);
  if (!in_a && !in_b) return false;
  switch (divergence.kind) {
    case DivergenceKind::calls:  // the program's other way is the answer, unless it lies between two steps
      return uneven.where == Where::between && divergence.inside.empty();
    case DivergenceKind::numbers:
    case DivergenceKind::outside:
    case DivergenceKind::python:
    case DivergenceKind::unobserved:
      return !at_one_place(a[divergence.a], b[divergence.b]);
    default:
      return false;
  }
}

std::string to_sentence(const UnevenDraws& uneven) {
  const bool only_b =
      std::ranges::all_of(uneven.draws, [](const auto& draw) { return draw.calls_b > draw.calls_a; });
  const bool only_a =
      std::ranges::all_of(uneven.draws, [](const auto& draw) { return draw.calls_a > draw.calls_b; });
  std::vector<std::string> words;
  for (std::size_t i = 0; i < std::min(most_named, uneven.draws.size()); ++i)
    words.push_back(draw_text(uneven.draws[i]));
  if (uneven.draws.size() > most_named)
    words.push_back(fmt::format("and {} more", uneven.draws.size() - most_named));
  return fmt::format("{} {}: {}", where_text(uneven),
                     only_b   ? "side B draws more random numbers than side A"
                     : only_a ? "side A draws more random numbers than side B"
                              : "the two sides do not draw the same random numbers",
                     join(words, "; "));
}

std::vector<std::string> line_sentences(const UnevenDraws& uneven) {
  std::vector<std::string> sentences, gradless;
  for (const auto& draw : uneven.draws) {
    if (draw.gradless) gradless.push_back(draw.name);
    if (sentences.size() >= most_lines) continue;
    OpCall call;
    call.name = draw.name;
    call.place = draw.place;
    for (auto& one : line_sentences(call)) sentences.push_back(std::move(one));
  }
  if (uneven.where != Where::between) return sentences;
  const std::string before =
      uneven.step > 1 ? fmt::format("after the optimizer's step {} and ", uneven.step - 1) : std::string();
  sentences.push_back(fmt::format(
      "These calls are made {}before the first call that the backward pass of step {} goes through, "
      "so no gradient of step {} goes through them{}.",
      before, uneven.step, uneven.step,
      gradless.empty() ? std::string()
                       : fmt::format("; {} is called there with gradients switched off, as "
                                     "evaluations and samples are",
                                     join(gradless, ", "))));
  return sentences;
}

}  // namespace reprise
