// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/compare/divergence_words.h"

#include <algorithm>

#include "harness/base/error.h"
#include "harness/base/text.h"

namespace reprise {

std::string listed(std::span<const std::string> words) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) text += i + 1 == words.size() ? " and " : ", ";
    text += words[i];
  }
  return text;
}

bool is_group_number(std::string_view tensor) {
  const auto at = tensor.find("group");
  if (at == std::string_view::npos) return false;
  const auto digits = tensor.find_first_not_of("0123456789", at + 5);
  return digits != std::string_view::npos && digits > at + 5 && tensor[digits] == '.';
}

std::string when(std::int64_t step) {
  return step == 0 ? "before training" : fmt::format("at step {}", step);
}

std::string when(const Divergence& divergence) {
  const Parting parting = parting_of(divergence);
  return parting == Parting::length || parting == Parting::layout
             ? fmt::format("after step {}", divergence.step)
             : when(divergence.step);
}

namespace {

// "one ended after step 12, the other went on to step 14".
std::string lengths_words(const Divergence& divergence) {
  const auto [shorter, longer] = std::minmax(divergence.last_steps[0], divergence.last_steps[1]);
  return fmt::format("one ended after step {}, the other after step {}", shorter, longer);
}

// "4 weights, joined, are equal after each of 8 steps".
std::string layout_words(const Divergence& divergence) {
  const std::string lies = "the ranks hold other parts of the model; ";
  if (divergence.tensors_compared == 0)
    return fmt::format("{}whether it is the same model is untested: {}", lies, divergence.unjoined);
  std::string text = fmt::format("{}joined, {} {} equal after each of {}", lies,
                                 counted(divergence.tensors_compared, "weight"),
                                 divergence.tensors_compared == 1 ? "is" : "are",
                                 counted(static_cast<std::size_t>(divergence.step), "step"));
  if (divergence.last_steps[0] != divergence.last_steps[1]) text += "; " + lengths_words(divergence);
  if (!divergence.unjoined.empty()) text += "; whether the others are is untested: " + divergence.unjoined;
  return text;
}

std::string place_in_process(const Divergence& divergence) {
  if (divergence.batch_order_from == divergence.step && divergence.stage == "batch") return "the batch order";
  if (divergence.stage == "data") return fmt::format("the data, {}", divergence.tensor);
  if (divergence.stage == "length") return lengths_words(divergence);
  if (divergence.stage == "process") return "only one of them has it";
  if (divergence.stage == "layout") return layout_words(divergence);
  std::string stage = divergence.stage == "rng" ? "random streams" : divergence.stage;
  if (divergence.stage == name_of(Stage::auxiliary)) stage = "modules that no optimizer has";
  if (divergence.step == 0)
    stage = divergence.stage == "rng" ? "random streams before the first forward pass" : "initial " + stage;
  // A script may have drawn its first batch by then.
  if (divergence.step == 0 && divergence.stage == "rng" &&
      divergence.stage_first[static_cast<std::size_t>(Stage::batch)] == 1)
    return fmt::format("{}, {}; the first batch differs too", stage, divergence.tensor);
  return divergence.tensor.empty() || divergence.tensor == divergence.stage
             ? stage
             : fmt::format("{}, {}", stage, divergence.tensor);
}

}  // namespace

std::string place_of(const Divergence& divergence) {
  const std::string place = place_in_process(divergence);
  return divergence.process.empty() ? place : divergence.process + ": " + place;
}

std::string moved_words(const Divergence& divergence) {
  switch (parting_of(divergence)) {
    case Parting::length:
      return fmt::format("made runs of other lengths ({}; equal up to there)", place_of(divergence));
    case Parting::process:
      return fmt::format("made runs of other processes ({})", place_of(divergence));
    case Parting::layout:
      return place_of(divergence);
    case Parting::artifacts:
      return fmt::format("left other files ({}; every step is equal)", divergence.tensor);
    case Parting::bits:
      break;
  }
  return fmt::format("moved the bits {} ({})", when(divergence.step), place_of(divergence));
}

namespace {

std::string counted_steps(const ProcessSummary& process) {
  return counted(static_cast<std::size_t>(process.last_step), "step");
}

// " (rank 0: 12 steps; rank 1: 13 steps)"; "" where all made equally many.
std::string other_lengths(const TraceSummary& trace) {
  const auto [shortest, longest] =
      std::ranges::minmax_element(trace.processes, {}, &ProcessSummary::last_step);
  if (shortest->last_step == longest->last_step) return "";
  if (trace.processes.size() <= 4) return fmt::format(" ({})", lengths_of(trace));
  return fmt::format(" ({} made {}, {} made {})", shortest->label, counted_steps(*shortest), longest->label,
                     counted_steps(*longest));
}

}  // namespace

std::string extent_of(const Diff& diff) {
  std::string text = diff.prefix
                         ? fmt::format("up to step {}, the last that all of them were asked for", diff.steps)
                         : "from the first step to the last";
  const std::size_t processes = diff.traces.empty() ? 1 : diff.traces.front().processes.size();
  if (processes > 1 && diff.matched_by_content)
    text += fmt::format(
        ", as sets of {} training processes, of which it could not be determined which is which", processes);
  else if (processes > 1)
    text += fmt::format(", in each of their {} training processes{}", processes,
                        other_lengths(diff.traces.front()));
  return text;
}

std::string lengths_of(const TraceSummary& trace) {
  if (trace.processes.size() < 2) return counted(static_cast<std::size_t>(trace.last_step), "step");
  std::vector<std::string> parts;
  for (const auto& process : trace.processes)
    parts.push_back(fmt::format("{}: {}", process.label, counted_steps(process)));
  return join(parts, "; ");
}

std::string counted(std::size_t count, std::string_view noun) {
  const bool es = noun.ends_with('s');
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : es ? "es" : "s");
}

}  // namespace reprise
