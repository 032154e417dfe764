// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/explain/bisection.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "harness/base/text.h"
#include "harness/judge/explain/call_match.h"
#include "harness/judge/explain/code_lines.h"

namespace reprise {
namespace {

using Calls = std::vector<OpCall>;

std::string place_of(const OpCall& call) {
  std::string text =
      fmt::format("call {} of {}", call.order,
                  call.step == 0 ? std::string("the start") : fmt::format("step {}", call.step));
  if (!call.thread.empty()) text += fmt::format(" by thread {}", call.thread);
  if (call.step > 0) text += fmt::format(", {}", name_of(call.phase));
  if (!call.scope.empty()) text += fmt::format(", in {}", call.scope);
  if (call.forward)
    text += fmt::format(", of {}", short_text(*call.forward));
  else if (call.place)
    text += fmt::format(", {}", short_text(*call.place));
  return text;
}

// "alpha=-0x1p-3" -> "alpha=-0.125": every number in base 2 once more in base 10.
std::string readable(const std::string& scalars) {
  std::string text;
  for (const auto& word : split(scalars, ' ')) {
    if (!text.empty()) text += ' ';
    const auto equals = word.find('=');
    const std::string value = equals == std::string::npos ? word : word.substr(equals + 1);
    const bool hex = value.starts_with("0x") || value.starts_with("-0x");
    text += hex ? fmt::format("{}={}", word.substr(0, equals), std::strtod(value.c_str(), nullptr)) : word;
  }
  return text;
}

// The arguments that differ, on both sides.
std::string other_numbers(const OpCall& a, const OpCall& b) {
  const auto left = split(readable(a.scalars), ' '), right = split(readable(b.scalars), ' ');
  std::string only_a, only_b;
  for (std::size_t i = 0; i < left.size() && i < right.size(); ++i) {
    if (left[i] == right[i]) continue;
    only_a += (only_a.empty() ? "" : " ") + left[i];
    only_b += (only_b.empty() ? "" : " ") + right[i];
  }
  return only_a.empty() ? a.scalars + " and " + b.scalars : only_a + " and " + only_b;
}

std::string other_calls(const OperatorDivergence& divergence, const Calls& a, const Calls& b) {
  const bool in_a = divergence.a < a.size(), in_b = divergence.b < b.size();
  // One operator at another place (a phase, a thread) is another call too: then the places tell them apart.
  const bool same_name = in_a && in_b && a[divergence.a].name == b[divergence.b].name;
  const auto made = [&](const Calls& calls, std::size_t index) {
    if (index >= calls.size()) return std::string("makes no more calls");
    const OpCall& call = calls[index];
    return "calls " + call.name + (same_name ? fmt::format(" ({})", place_of(call)) : "");
  };
  std::string text = fmt::format("side B {} where side A {}", made(b, divergence.b), made(a, divergence.a));
  if (!divergence.inside.empty()) {
    const OpCall& outer = a[divergence.inside.back()];
    return text + fmt::format(" (inside {}, {})", outer.name, place_of(outer));
  }
  return same_name ? text : text + fmt::format(" ({})", place_of(in_a ? a[divergence.a] : b[divergence.b]));
}

// Why a random operator gave other numbers.
std::string drawn_text(const OperatorDivergence& divergence, const Calls& a, const Calls& b) {
  if (!divergence.drawers.empty())
    return fmt::format(
        ": it draws from the default generator, and so does another thread ({}), in no order that is fixed",
        join(divergence.drawers, ", "));
  const bool both = divergence.b < b.size() && draws(a[divergence.a]) && draws(b[divergence.b]);
  return both ? ": the generator's state before the draw already differs"
              : ": one side draws from its generator, the other does not";
}

// "set.py:8: ids = torch.tensor(words)".
std::string maker_text(const KnownPlace& place) {
  if (!place || place->line <= 0) return "torch.tensor, torch.from_numpy";
  const std::string& text = place->part.empty() ? place->source : place->part;
  return short_text(*place) + (text.empty() ? "" : ": " + text);
}

// What is the matter with an input.
std::string input_text(const OperatorDivergence& divergence, const Calls& a) {
  const std::string input =
      fmt::format("input {} of {}, {},", divergence.input, a[divergence.a].name, place_of(a[divergence.a]));
  switch (divergence.kind) {
    case DivergenceKind::unwritten:
      return fmt::format("{} is memory that {} made and nobody wrote", input, divergence.writer);
    case DivergenceKind::thread:
      return fmt::format("{} was written by {}", input, divergence.writer);
    case DivergenceKind::python:
      return fmt::format(
          "{} differs: it is a tensor that Python made ({}), so the data differs and no operator is guilty",
          input, maker_text(made_at(a, divergence.a, divergence.input)));
    case DivergenceKind::unobserved:
      if (divergence.source && *divergence.source != divergence.a)
        return fmt::format(
            "{} differs, and what made it was not observed: {}, call {}, left tensors that were not", input,
            a[std::min(*divergence.source, a.size() - 1)].name,
            a[std::min(*divergence.source, a.size() - 1)].order);
      return fmt::format("{} was not observed, so whether the call made the difference is not known", input);
    default:
      return fmt::format("{} differs although no operator call that was looked at left it so", input);
  }
}

}  // namespace

std::span<const Word<Found>> words_of(Found) {
  static constexpr Word<Found> words[] = {
      {Found::call, "operator"},         {Found::batch, "batch"},      {Found::data, "data"},
      {Found::draws, "draws"},           {Found::equal, "equal"},      {Found::unseen, "unseen"},
      {Found::unobserved, "unobserved"}, {Found::length, "length"},    {Found::process, "process"},
      {Found::elsewhere, "elsewhere"},   {Found::untested, "untested"}};
  return words;
}

Found found_of(DivergenceKind kind) {
  if (kind == DivergenceKind::python) return Found::data;
  if (kind == DivergenceKind::draws) return Found::draws;
  return kind == DivergenceKind::unobserved ? Found::unobserved : Found::call;
}

std::string finding_of(const OperatorDivergence& divergence, const Calls& a, const Calls& b) {
  switch (divergence.kind) {
    case DivergenceKind::none:
      return "every operator call agrees";
    case DivergenceKind::result:
      return fmt::format("{}, {}", a[divergence.a].name, place_of(a[divergence.a]));
    case DivergenceKind::calls:
      return other_calls(divergence, a, b);
    case DivergenceKind::numbers:
      return fmt::format("{}, {}, is called with other numbers: {}", a[divergence.a].name,
                         place_of(a[divergence.a]), other_numbers(a[divergence.a], b[divergence.b]));
    case DivergenceKind::generator:
      return fmt::format("{}, {}", a[divergence.a].name, place_of(a[divergence.a])) +
             drawn_text(divergence, a, b);
    default:
      return input_text(divergence, a);
  }
}

}  // namespace reprise
