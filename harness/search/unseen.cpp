// SPDX-License-Identifier: Apache-2.0
#include "harness/search/unseen.h"

#include <array>
#include <map>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/judge/compare/trace_divergence.h"
#include "harness/judge/explain/call_match.h"
#include "harness/judge/explain/code_lines.h"
#include "harness/judge/explain/other_writers.h"

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

// A tensor of the state that differs, with what each side has of it.
struct Apart {
  Column column;
  std::array<Digest, 2> content;
};

// Those of the stage at which the reruns part.
std::vector<Apart> tensors_apart(const Sides& sides, const Look& look, const Divergence& first) {
  std::array<std::map<std::string, Apart>, 2> held;
  for (std::size_t side = 0; side < 2; ++side) {
    const Trace trace = trace_of(*sides[side], look.folders[side]);
    const auto digests = trace.tensors(*look.parts);
    for (std::size_t i = 0; i < digests.size(); ++i)
      if (const Column& column = trace.columns()[i]; name_of(column.stage) == first.stage)
        held[side].emplace(column.name, Apart{column, {digests[i], digests[i]}});
  }
  std::vector<Apart> apart;
  for (auto& [name, one] : held[0])
    if (const auto other = held[1].find(name); other != held[1].end()) {
      one.content[1] = other->second.content[1];
      if (one.content[0] != one.content[1]) apart.push_back(one);
    }
  return apart;
}

// How far another thread comes within a step is chance; what it left is seen in the state.
bool conclude_written_beside(const Look& look, const std::vector<Apart>& apart, Bisection& found) {
  for (const auto& one : apart)
    for (std::size_t side = 0; side < 2; ++side) {
      const OpCall* call = left_by_thread(look.calls[side], one.content[side]);
      if (call == nullptr) continue;
      found.divergence.writer = writer_text(*call);
      blame(found, *call, DivergenceKind::thread,
            fmt::format("{} {} was written by {}, beside the thread that trains: which of its writes {} "
                        "meets is not fixed",
                        name_of(one.column.stage), one.column.name, writer_text(*call),
                        *look.parts == 0 ? std::string("the start of the training")
                                         : fmt::format("the end of step {}", *look.parts)));
      return true;
    }
  return false;
}

// What was seen of another thread, where it is no proof.
std::string beside_text(const Look& look, const std::vector<Apart>& apart) {
  for (const auto& one : apart)
    for (const auto& calls : look.calls)
      if (const OpCall* call = writes_beside(calls, one.column.dtype, one.column.shape))
        return fmt::format(
            ". Another thread writes memory of the form of {}: {}; that it wrote this one was "
            "not seen",
            one.column.name, writer_text(*call));
  return {};
}

bool conclude_unobserved(const Look& look, const std::string& what, const std::vector<Apart>& apart,
                         Bisection& found) {
  for (std::size_t side = 0; side < 2; ++side)
    if (const auto lack = unobserved_of(look.calls[side], look.begin[side]); !lack.empty()) {
      conclude(found, Found::unobserved,
               fmt::format("every operator call of {} agrees as far as it was observed, and {} differs; not "
                           "observed: {}{}",
                           step_text(*look.parts), what, lack, beside_text(look, apart)));
      return true;
    }
  return false;
}

// Reruns may part elsewhere than the runs on disk.
Divergence divergence_of_reruns(const Sides& sides, const Look& look) {
  return divergence_at(trace_of(*sides[0], look.folders[0]), trace_of(*sides[1], look.folders[1]),
                       *look.parts, *look.parts);
}

}  // namespace

void conclude_unseen(const Sides& sides, const Look& look, Bisection& found) {
  const Divergence first = divergence_of_reruns(sides, look);
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
  const auto apart = tensors_apart(sides, look, first);
  if (conclude_written_beside(look, apart, found)) return;
  if (conclude_unobserved(look, what, apart, found)) return;
  conclude(
      found, Found::unseen,
      fmt::format("every operator call of {} agrees, all their tensors were observed, and {} still differs: "
                  "something that is not an operator wrote it",
                  step_text(*look.parts), what) +
          beside_text(look, apart));
}

}  // namespace reprise
