// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/bisection.h"

#include <fmt/format.h>

#include <cstdlib>

#include "harness/base/text.h"

namespace reprise {
namespace {

using Calls = std::vector<OpCall>;

std::string place_of(const OpCall& call) {
  std::string text =
      fmt::format("call {} of {}", call.order,
                  call.step == 0 ? std::string("the start") : fmt::format("step {}", call.step));
  if (call.role > 0) text += fmt::format(" by thread {}", call.role);
  if (call.step > 0) text += fmt::format(", {}", name_of(call.phase));
  if (!call.scope.empty()) text += fmt::format(", in {}", call.scope);
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

std::string other_calls(const OperatorSplit& split, const Calls& a, const Calls& b) {
  const bool in_a = split.a < a.size(), in_b = split.b < b.size();
  // One operator at another place (a phase, a thread) is another call too: then the places tell them apart.
  const bool same_name = in_a && in_b && a[split.a].name == b[split.b].name;
  const auto made = [&](const Calls& calls, std::size_t index) {
    if (index >= calls.size()) return std::string("makes no more calls");
    const OpCall& call = calls[index];
    return "calls " + call.name + (same_name ? fmt::format(" ({})", place_of(call)) : "");
  };
  std::string text = fmt::format("side B {} where side A {}", made(b, split.b), made(a, split.a));
  if (!split.inside.empty()) {
    const OpCall& outer = a[split.inside.back()];
    return text + fmt::format(" (inside {}, {})", outer.name, place_of(outer));
  }
  return same_name ? text : text + fmt::format(" ({})", place_of(in_a ? a[split.a] : b[split.b]));
}

}  // namespace

std::string finding_of(const OperatorSplit& split, const Calls& a, const Calls& b) {
  switch (split.kind) {
    case SplitKind::none:
      return "every operator call agrees";
    case SplitKind::result:
      return fmt::format("{}, {}", a[split.a].name, place_of(a[split.a]));
    case SplitKind::calls:
      return other_calls(split, a, b);
    case SplitKind::numbers:
      return fmt::format("{}, {}, is called with other numbers: {}", a[split.a].name, place_of(a[split.a]),
                         other_numbers(a[split.a], b[split.b]));
    case SplitKind::outside:
      break;
  }
  std::string text = fmt::format("input {} of {}, {}, differs although no operator call before it did",
                                 split.input, a[split.a].name, place_of(a[split.a]));
  if (split.source)
    text += fmt::format("; {} (call {}) made memory of that shape, which nobody wrote", a[*split.source].name,
                        a[*split.source].order);
  return text;
}

}  // namespace reprise
