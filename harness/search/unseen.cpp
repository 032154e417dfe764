// SPDX-License-Identifier: Apache-2.0
#include "harness/search/unseen.h"

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/judge/explain/call_match.h"
#include "harness/judge/explain/code_lines.h"

namespace reprise {
namespace {

std::string step_text(std::int64_t step) {
  return step == 0 ? std::string("the start") : fmt::format("step {}", step);
}

void conclude(Bisection& found, Found word, const std::string& sentence) {
  found.found = word;
  found.sentence = sentence;
}

void blame(Bisection& found, const OpCall& call, DivergenceKind kind, const std::string& sentence) {
  found.divergence.kind = kind;
  found.call_a = found.call_b = call;
  found.lines = line_sentences(call);
  conclude(found, Found::call, sentence);
}

// How far another thread has drawn when the step ends is chance.
bool conclude_shared_stream(const Look& look, Bisection& found) {
  const auto drawers = drawers_beside(look.calls[0], look.calls[1], "");
  if (drawers.empty()) return false;
  for (const auto& call : look.calls[0]) {
    if (call.thread.empty() || !draws(call)) continue;
    blame(
        found, call, DivergenceKind::generator,
        fmt::format("the default generator is drawn from by another thread beside the one that trains, in no "
                    "order that is fixed: {}",
                    join(drawers, ", ")));
    return true;
  }
  return false;
}

// A call of the side that made memory of the differing tensor's form, not written when the step ended.
const OpCall* unwritten_memory(const Side& side, const Look& look, std::size_t which,
                               const Divergence& first) {
  const Trace trace = trace_of(side, look.folders[which]);
  for (const auto& column : trace.columns()) {
    if (name_of(column.stage) != first.stage || column.name != first.tensor) continue;
    for (const auto& call : look.calls[which])
      for (const auto& output : call.outputs)
        if (output.seen == Seen::unwritten && output.dtype == column.dtype && output.shape == column.shape)
          return &call;
  }
  return nullptr;
}

bool conclude_unobserved(const Look& look, const std::string& what, Bisection& found) {
  for (std::size_t side = 0; side < 2; ++side)
    if (const auto lack = unobserved_of(look.calls[side], look.begin[side]); !lack.empty()) {
      conclude(found, Found::unobserved,
               fmt::format("every operator call of {} agrees as far as it was observed, and {} differs; not "
                           "observed: {}",
                           step_text(*look.parts), what, lack));
      return true;
    }
  return false;
}

}  // namespace

void conclude_unseen(const Sides& sides, const Look& look, Bisection& found) {
  const Divergence& first = *found.first;
  const std::string what = first.tensor.empty() ? first.stage : first.stage + " " + first.tensor;
  const OpCall* source = unwritten_memory(*sides[0], look, 0, first);
  if (source != nullptr && unwritten_memory(*sides[1], look, 1, first) != nullptr) {
    blame(found, *source, DivergenceKind::unwritten,
          fmt::format(
              "{}, call {} of {}, made memory of the form of {}, which nobody had written by the end of "
              "the step",
              source->name, source->order, step_text(*look.parts), what));
    return;
  }
  if (first.stage == "rng" && conclude_shared_stream(look, found)) return;
  if (conclude_unobserved(look, what, found)) return;
  conclude(
      found, Found::unseen,
      fmt::format("every operator call of {} agrees, all their tensors were observed, and {} still differs: "
                  "something that is not an operator wrote it",
                  step_text(*look.parts), what));
}

}  // namespace reprise
