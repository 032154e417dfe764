// SPDX-License-Identifier: Apache-2.0
#include "reports/verdict_sentences.h"

#include <fmt/core.h>

#include "harness/base/text.h"
#include "harness/judge/compare/divergence_words.h"
#include "reports/lookup.h"
#include "reports/phrases.h"

namespace reprise {
namespace {

constexpr std::size_t classes_told = 4;

// The factors in which two configurations differ.
std::vector<std::string> differing(const Configuration& a, const Configuration& b) {
  std::vector<std::string> names;
  for (const auto& [name, value] : a.values)
    if (const auto other = b.values.find(name); other == b.values.end() || other->second != value)
      names.push_back(name);
  return names;
}

// A configuration that left the first class by one factor alone may have a sister that stayed in it because
// one more factor was set: that factor holds the bits still. Names it as "mkl=strict", or is empty.
std::string held_by(const Diff& diff, const Matrix& matrix, const TraceSummary& parted) {
  const auto* reference = configuration_named(matrix, diff.traces.front().name);
  const auto* left = configuration_named(matrix, parted.name);
  if (reference == nullptr || left == nullptr || differing(*reference, *left).size() != 1) return "";
  const std::string moved = differing(*reference, *left).front();
  for (const auto& trace : diff.traces) {
    const auto* sister = configuration_named(matrix, trace.name);
    if (trace.in_class != 0 || sister == nullptr) continue;
    const auto more = differing(*left, *sister);
    if (more.size() != 1 || more.front() == moved || more.front() == "repeat") continue;
    return more.front() + "=" + sister->values.at(more.front());
  }
  return "";
}

std::string class_sentence(const Diff& diff, const Matrix& matrix, std::size_t index) {
  const auto& one = diff.classes[index];
  const ClassDivergence* divergence = from_first(diff, index);
  if (divergence == nullptr) return "";
  if (parting_of(divergence->first) == Parting::layout)
    return fmt::format("{} against {}: {}.", members_phrase(diff, one, 2), diff.traces.front().name,
                       place_of(divergence->first));
  const bool in_a_stage = has_place(divergence->first);
  std::string text =
      fmt::format("{} {} from {} {}{} {}", members_phrase(diff, one, 2),
                  one.members.size() == 1 ? "parts" : "part", diff.traces.front().name,
                  when(divergence->first), in_a_stage ? ", in" : ":", place_of(divergence->first));
  const std::string held = held_by(diff, matrix, diff.traces[one.members.front()]);
  if (!held.empty()) text += fmt::format("; with {} it does not", held);
  return text + ".";
}

bool has_artifacts(const TraceSummary& trace) {
  const auto first = trace.facts.lower_bound("artifact.");
  return first != trace.facts.end() && first->first.starts_with("artifact.");
}

std::string what_is_equal(const Diff& diff) {
  if (diff.steps == 0)
    return fmt::format("no step was seen, so {} is all that was compared",
                       has_artifacts(diff.traces.front()) ? "what they left" : "their start");
  if (diff.prefix) return fmt::format("every digest of every step up to {} is equal", diff.steps);
  return fmt::format("every digest of every step is equal ({})", lengths_of(diff.traces.front()));
}

std::string partition_sentence(const Diff& diff) {
  if (diff.traces.size() == 1)
    return fmt::format("One run, up to step {}; there is nothing to compare it with.", diff.steps);
  if (diff.all_equal())
    return fmt::format("{} runs are in one equivalence class: {}.", diff.traces.size(), what_is_equal(diff));
  return fmt::format("{} fall into {} of equal bits.", counted(diff.traces.size(), "run"),
                     counted(diff.classes.size(), "equivalence class"));
}

}  // namespace

std::vector<std::string> verdict_sentences(const Diff& diff, const Verdict& verdict, const Matrix& matrix) {
  std::vector<std::string> sentences;
  if (diff.traces.empty()) {
    sentences.push_back(verdict.untested == 0 ? "There is no run."
                                              : "No run was done, so nothing can be said of the bits.");
    return sentences;
  }
  sentences.push_back(partition_sentence(diff));
  for (std::size_t i = 1; i < diff.classes.size() && i <= classes_told; ++i)
    sentences.push_back(class_sentence(diff, matrix, i));
  if (diff.classes.size() > classes_told + 1)
    sentences.push_back(fmt::format("{} more part as well; the table of classes says where.",
                                    counted(diff.classes.size() - classes_told - 1, "class")));
  if (!verdict.starts.empty() && verdict.starts != verdict.headline) sentences.push_back(verdict.starts);
  return sentences;
}

}  // namespace reprise
