// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/explain/code_lines.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/judge/explain/call_match.h"

namespace reprise {
namespace {

using Calls = std::vector<OpCall>;

std::string whole_text(const CodePlace& place) {
  std::string text = to_text(place);
  if (!place.part.empty()) text += fmt::format(" (of it: {})", place.part);
  if (!place.module.empty()) text += fmt::format(", in module {}", place.module);
  if (!place.through.empty()) text += fmt::format(", called from {}", place.through);
  if (place.line > 0 && place.source.empty()) text += "; the text of that line is not at hand";
  return text;
}

// "aten::addmm of side A was called at train.py:18 in forward: x = self.fc(x)."
std::string sentence_of(const OpCall& call, std::string_view side) {
  const std::string who = call.name + std::string(side);
  if (call.forward) {
    std::string text = fmt::format("{} computes the gradient of {}", who, whole_text(*call.forward));
    if (call.place) text += fmt::format("; the backward pass was begun at {}", whole_text(*call.place));
    return text + ".";
  }
  if (!call.place) return fmt::format("Which line of the script called {} is not known.", who);
  return fmt::format("{} was called {} {}.", who,
                     call.phase == Phase::backward ? "in a backward pass, from" : "at",
                     whole_text(*call.place));
}

const OpCall* guilty(const Calls& calls, std::size_t index) {
  return index < calls.size() ? &calls[index] : nullptr;
}

}  // namespace

const KnownPlace& own_place(const OpCall& call) { return call.forward ? call.forward : call.place; }

KnownPlace made_at(const Calls& calls, std::size_t index, std::size_t input) {
  if (index >= calls.size() || input >= calls[index].inputs.size()) return {};
  if (is_python(calls[index])) return calls[index].place;
  const OpTensor& wanted = calls[index].inputs[input];
  KnownPlace found;
  for (const auto& call : calls) {
    if (!is_python(call) || call.inputs.empty() || call.inputs[0].seen != Seen::content ||
        call.inputs[0].digest != wanted.digest)
      continue;
    if (!call.place || (found && !(found == call.place))) return {};
    found = call.place;
  }
  return found;
}

std::vector<std::string> line_sentences(const OpCall& call) {
  if (!call.place && !call.forward) return {};
  return {sentence_of(call, "")};
}

std::vector<std::string> line_sentences(const Calls& a, const Calls& b,
                                        const OperatorDivergence& divergence) {
  const auto placed = [](const OpCall& call) { return call.place || call.forward; };
  if (divergence.kind == DivergenceKind::none ||
      (std::ranges::none_of(a, placed) && std::ranges::none_of(b, placed)))
    return {};
  const OpCall *left = guilty(a, divergence.a), *right = guilty(b, divergence.b);
  if (left != nullptr && right != nullptr && left->name == right->name && left->place == right->place &&
      left->forward == right->forward)
    return {sentence_of(*left, "")};
  std::vector<std::string> sentences;
  if (left != nullptr) sentences.push_back(sentence_of(*left, " of side A"));
  if (right != nullptr) sentences.push_back(sentence_of(*right, " of side B"));
  return sentences;
}

}  // namespace reprise
