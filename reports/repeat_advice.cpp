// SPDX-License-Identifier: Apache-2.0
#include "reports/repeat_advice.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/judge/compare/divergence_words.h"
#include "harness/plan/pins.h"
#include "reports/lookup.h"

namespace reprise {
namespace {

constexpr std::string_view first_of_all = "Make a run repeat itself before any other factor is judged: ";

const ClassDivergence* of_repeats(const Diff& diff) {
  const auto found = std::ranges::find_if(diff.divergences, [&](const ClassDivergence& divergence) {
    return holds_one_plan_twice(diff, divergence);
  });
  return found == diff.divergences.end() ? nullptr : &*found;
}

// What the pin says that would make most operators repeat: a script may have set it otherwise itself.
std::string on_deterministic(const Diff& diff) {
  for (const auto& trace : diff.traces)
    if (std::ranges::find(trace.pin_changes, "deterministic", &PinChange::pin) != trace.pin_changes.end())
      return "the script sets deterministic algorithms itself, which no pin changes.";
  const bool on = std::ranges::all_of(
      diff.traces, [](const TraceSummary& trace) { return pin_value(trace.pins, "deterministic") == "on"; });
  return on ? "deterministic algorithms are on already." : "try --pin deterministic=on.";
}

RepeatAdvice by_stage(const Diff& diff, const Divergence& first) {
  const auto advice = [](const std::string& sentence, const char* bisection = "") {
    return RepeatAdvice{std::string(first_of_all) + sentence, bisection};
  };
  if (first.stage == "length")
    return advice(
        "find what ends it after another number of steps each time, such as a time limit. No operator is to "
        "be looked for: up to there the runs are equal.");
  if (first.stage == "process") return advice("find what starts other training processes each time.");
  if (first.stage == "artifacts")
    return advice(
        "its steps are equal, and what it leaves is not, so find what is computed or written after the last "
        "step.");
  if (first.stage == "rng" && first.step == 0)
    return advice(
        fmt::format("find what seeds {} otherwise each time, such as a clock or the entropy of the system "
                    "(os.urandom), or draws from it otherwise before the first forward pass. A pin does not "
                    "reach what a script seeds itself.",
                    first.tensor));
  if (first.stage == "rng")
    return advice("find what draws other random numbers each time.", "This looks for the call that does:");
  if (first.batch_order_from || first.stage == "data" || first.stage == "batch")
    return advice(
        "find why it is given other data each time, such as a sampler that nobody seeded, workers that hand "
        "out in no fixed order, or a file that changed. Who seeds which generator stands under what reprise "
        "did "
        "for you; what the script draws from is to be seeded there.");
  return advice(on_deterministic(diff), "This names the operator call that does not repeat:");
}

const Bisection* bisection_of(const Diff& diff, const ClassDivergence& divergence,
                              const std::vector<Bisection>& bisections) {
  const auto in = [&](const std::string& name, std::size_t in_class) {
    return std::ranges::any_of(diff.classes[in_class].members,
                               [&](std::size_t i) { return diff.traces[i].name == name; });
  };
  const auto found = std::ranges::find_if(bisections, [&](const Bisection& one) {
    return (in(one.side_a, divergence.a) && in(one.side_b, divergence.b)) ||
           (in(one.side_a, divergence.b) && in(one.side_b, divergence.a));
  });
  return found == bisections.end() ? nullptr : &*found;
}

// What was found already is not to be looked for again.
RepeatAdvice by_finding(const Bisection& found, const RepeatAdvice& unbisected) {
  if (found.found == Found::data)
    return {std::string(first_of_all) +
                "the script itself computes other data each time, so it is to be "
                "mended there" +
                (found.made_at ? fmt::format(", at {}.", to_text(*found.made_at)) : "."),
            ""};
  const auto remedy =
      std::ranges::find_if(found.remedies, [](const RemedyTried& one) { return one.tried && one.equal; });
  if (found.found == Found::call && remedy != found.remedies.end())
    return {fmt::format("Pin {}: with it two runs were equal up to step {}, which is as far as was looked.",
                        remedy->remedy, remedy->until),
            ""};
  if (found.found == Found::call) return {};
  return {unbisected.sentence, ""};
}

}  // namespace

RepeatAdvice repeat_advice(const Diff& diff, const std::vector<Bisection>& bisections) {
  const ClassDivergence* divergence = of_repeats(diff);
  if (divergence == nullptr)
    return {std::string(first_of_all) + "see what parts two runs of one plan.",
            "This names the operator call that does not repeat:"};
  const RepeatAdvice advice = by_stage(diff, divergence->first);
  const Bisection* found = bisection_of(diff, *divergence, bisections);
  return found == nullptr ? advice : by_finding(*found, advice);
}

}  // namespace reprise
