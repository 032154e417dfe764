// SPDX-License-Identifier: Apache-2.0
#include "harness/search/bisect_words.h"

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/judge/compare/divergence_words.h"
#include "harness/judge/compare/run_divergence.h"

namespace reprise {

std::string equal_words(const RunTraces& a, const RunTraces& b) {
  const auto prefix = prefix_of({a, b});
  const std::int64_t last = last_compared(a.processes.front().trace, prefix);
  return prefix ? fmt::format("every digest is equal up to step {}, the last that both were asked for", last)
                : fmt::format("every digest of every step is equal, up to the last, step {}", last);
}

std::string world_size_words(const Divergence& first, const std::array<std::size_t, 2>& ranks) {
  const std::string how =
      ranks[0] == ranks[1]
          ? std::string("Their ranks hold other parts of the model")
          : fmt::format("They train with {} and {} ranks, which compute on other shares of a batch", ranks[0],
                        ranks[1]);
  return fmt::format(
      "the runs part {} ({}). {}: their operator calls are not the same ones, and no operator is looked for",
      when(first), place_of(first), how);
}

Found found_beside_steps(const Divergence& first) {
  const Parting parting = parting_of(first);
  if (parting == Parting::process) return Found::process;
  return parting == Parting::length ? Found::length : Found::untested;
}

std::string length_words(const Divergence& first) {
  const std::string before =
      first.stage == "length" ? fmt::format("every digest is equal up to step {}, but ", first.step) : "";
  return fmt::format("{}{}: no operator is looked for", before, place_of(first));
}

namespace {

// Whether a trace has that tensor of the batch at that step.
bool holds_tensor(const Trace& trace, std::int64_t step, const std::string& name) {
  const auto digests = trace.tensors(step);
  for (std::size_t i = 0; i < digests.size(); ++i)
    if (trace.columns()[i].stage == Stage::batch && trace.columns()[i].name == name)
      return digests[i].present();
  return false;
}

}  // namespace

std::string batch_words(const Divergence& first, const Trace& a, const Trace& b) {
  if (first.stage == "data")
    return fmt::format("the data differs before training ({}): no operator is guilty", first.tensor);
  if (first.batch_order_from == first.step)
    return fmt::format(
        "another batch order from step {}: other samples are trained on, no operator is guilty; `reprise "
        "order` shows and fixes the order",
        first.step);
  const bool in_a = holds_tensor(a, first.step, first.tensor),
             in_b = holds_tensor(b, first.step, first.tensor);
  if (in_a != in_b)
    return fmt::format(
        "in step {} side {} takes more out of its data loaders than side {}, which has no {}: no operator of "
        "the "
        "training is guilty",
        first.step, in_a ? "A" : "B", in_a ? "B" : "A", first.tensor);
  const bool samples_known = !a.plan().command;
  return fmt::format(
      "the batch of step {} {} its {} differs: {}the data was read, drawn or augmented otherwise, no "
      "operator of the training is guilty",
      first.step,
      samples_known ? "has the same samples in the same order, but" : "is another one:", first.tensor,
      samples_known ? "" : "these are other samples, or ");
}

std::string nobody_named_words(std::int64_t step) {
  return fmt::format(
      "both traces hold the operators of step {}, but these name no call: what differs came from before "
      "them, "
      "by tensors that were not observed, or from what is no operator",
      step);
}

std::string never_struck_words(std::int64_t step, const BisectChoices& choices) {
  const std::string what = fmt::format("the runs on disk part at step {}", step);
  return fmt::format(
      "{}, but in {} their reruns were equal up to there: what parts them strikes by chance, and did not "
      "strike{}",
      what, choices.rounds == 1 ? "1 try" : fmt::format("{} tries", choices.rounds),
      choices.rounds < 20 ? "; --until-it-strikes 20 tries longer" : "");
}

std::string other_calls_words(const std::filesystem::path& run_a, const std::filesystem::path& run_b) {
  const std::vector<std::string> words{"reprise", "bisect", run_a.string(), run_b.string(), "--across"};
  return fmt::format(
      "The sides were told different things, so they may make other calls on the way to the same numbers. "
      "The first call "
      "that makes what the other side has nowhere: `{}`.",
      shell_text(words));
}

}  // namespace reprise
