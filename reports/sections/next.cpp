// SPDX-License-Identifier: Apache-2.0
// What to do next: one sentence, and a command that works as it stands.
#include <fmt/core.h>

#include <algorithm>
#include <optional>
#include <span>
#include <utility>

#include "harness/base/text.h"
#include "harness/judge/compare/divergence_words.h"
#include "reports/divergence_text.h"
#include "reports/lookup.h"
#include "reports/members.h"
#include "reports/repeat_advice.h"
#include "reports/section.h"

namespace reprise::sections {
namespace {

struct NextStep {        // both empty if there is nothing to propose
  std::string sentence;  // ends with ":" where a command follows
  std::string command;   // works as it stands, or ""
};

using Words = std::vector<std::string>;

bool is_of(const Matrix& matrix, std::string_view verb) {
  return matrix.command.size() > 1 && matrix.command[1] == verb;
}

// Where a command of the user's begins, behind --; the end where there is none.
Words::const_iterator own_command(const Words& words) { return std::ranges::find(words, "--"); }

// The options of a matrix that a bisection has not: what it varies, and how its metric is read.
constexpr std::string_view of_matrix_alone[] = {"--axis",   "--better", "--design", "--file", "--key",
                                                "--margin", "--metric", "--take",   "--unit"};

bool is_among(std::span<const std::string_view> options, std::string_view word) {
  return std::ranges::find(options, word.substr(0, word.find('='))) != options.end();
}

// A matrix's command without what it varies: the recipe, or -- and the command, and what was set for every
// run, wherever it stood. `between` goes where bisect takes it. Empty if it is no matrix's.
std::string bisect_recipe(const Matrix& matrix, const Words& between = {}) {
  constexpr std::string_view flags[] = {"--bisect", "--no-own-seeds"};
  const auto last = own_command(matrix.command), axes = std::find(matrix.command.begin(), last, "--axis");
  if (!is_of(matrix, "matrix") || axes == last) return "";
  Words words = {"reprise", "bisect"};
  for (auto word = matrix.command.begin() + 2; word != last; ++word) {
    if (is_among(flags, *word)) continue;
    if (!is_among(of_matrix_alone, *word)) {
      words.push_back(*word);
      continue;
    }
    if (word->find('=') != std::string::npos) continue;
    if (word + 1 != last) ++word;
    // One --axis may name several.
    while (word + 1 != last && !(word + 1)->starts_with("-") && (word + 1)->find('=') != std::string::npos)
      ++word;
  }
  words.insert(words.end(), between.begin(), between.end());
  words.insert(words.end(), last, matrix.command.end());
  return shell_text(words);
}

// Every value of a configuration, as --between takes them: in the order in which the matrix set them. Nothing
// where one cannot be typed so.
std::optional<std::string> side_of(const Matrix& matrix, const Configuration& configuration) {
  std::vector<std::string> words;
  for (const auto& factor : matrix.factors) {
    const auto value = configuration.values.find(factor.name);
    if (factor.name == "repeat") continue;
    if (value == configuration.values.end() || value->second.find(' ') != std::string::npos)
      return std::nullopt;
    words.push_back(factor.name + "=" + value->second);
  }
  if (words.empty()) return std::nullopt;
  return join(words, " ");
}

// Where other samples, another seed or another learning rate come first, no operator is to be looked for.
// Where random streams part later, some call drew otherwise.
bool by_operators(const Divergence& first) {
  const bool is_setting = first.stage == "optimizer" && first.step == 0 && is_group_number(first.tensor);
  return !is_setting && !first.batch_order_from && first.stage != "data" && first.stage != "batch" &&
         (first.stage != "rng" || first.step > 0) && parting_of(first) == Parting::bits;
}

// "reprise bisect ..." for two runs, or "". Paths stand in it only where a person typed them: a report says
// the same wherever its runs lie.
std::string bisect_command(const Matrix& matrix, const std::string& name_a, const std::string& name_b) {
  const auto *a = configuration_named(matrix, name_a), *b = configuration_named(matrix, name_b);
  if (a == nullptr || b == nullptr) return "";
  if (is_of(matrix, "diff") && !a->folder.empty() && !b->folder.empty())
    return shell_text(Words{"reprise", "bisect", a->folder.string(), b->folder.string()});
  const auto side_a = side_of(matrix, *a), side_b = side_of(matrix, *b);
  if (!side_a || !side_b || *side_a == *side_b) return "";
  return bisect_recipe(matrix, {"--between", *side_a, *side_b});
}

bool bisected(const Diff& diff, const ClassDivergence& divergence, const std::vector<DivergenceText>& told) {
  for (const auto& one : told)
    if (one.a == diff.classes[divergence.a].letter && one.b == diff.classes[divergence.b].letter)
      return one.operation.has_value();
  return false;
}

std::string machine_of(const Matrix& matrix, const std::string& name) {
  const auto* configuration = configuration_named(matrix, name);
  if (configuration == nullptr) return "";
  const auto found = configuration->values.find("machine");
  return found == configuration->values.end() ? "" : found->second;
}

// One run of each class, both of one machine: a bisection reruns them on one. Nothing if there are none.
std::optional<std::pair<std::string, std::string>> sides_on_one_machine(const Diff& diff,
                                                                        const Matrix& matrix,
                                                                        const ClassDivergence& divergence) {
  for (const auto i : diff.classes[divergence.a].members)
    for (const auto j : diff.classes[divergence.b].members) {
      const auto &a = diff.traces[i].name, &b = diff.traces[j].name;
      if (machine_of(matrix, a) == machine_of(matrix, b)) return std::pair(a, b);
    }
  return std::nullopt;
}

NextStep bisect_step(const Diff& diff, const Matrix& matrix, const std::vector<DivergenceText>& divergences) {
  for (const auto& divergence : diff.divergences) {
    if (divergence.a != 0 || !by_operators(divergence.first) || bisected(diff, divergence, divergences))
      continue;
    const auto sides = sides_on_one_machine(diff, matrix, divergence);
    if (!sides) continue;
    const auto& [a, b] = *sides;
    const std::string command = bisect_command(matrix, a, b);
    if (!command.empty())
      return {fmt::format("{} {} from {}:",
                          divergence.first.stage == "rng" ? "Look for the call whose random numbers part"
                                                          : "Name the operator call that parts",
                          b, a),
              command};
  }
  return {};
}

// Of runs that cannot be made again on one machine.
NextStep window_step(const Diff& diff, const std::vector<DivergenceText>& divergences) {
  for (const auto& divergence : diff.divergences) {
    if (divergence.a != 0 || !by_operators(divergence.first) || bisected(diff, divergence, divergences))
      continue;
    const std::int64_t step = divergence.first.step;
    return {
        fmt::format("Let each machine make its run again with --set ops={}-{}, which traces the operators "
                    "of that step, and compare the folders of runs again: the call that parts them is then "
                    "named from the traces alone.",
                    step, step),
        ""};
  }
  return {};
}

// Two repeats of a plan, bisected. Where more than `repeat` was varied, another plan than the first may be
// the one that does not repeat: the matrix itself knows which.
std::string bisect_repeats(const Matrix& matrix) {
  const bool varied =
      std::ranges::any_of(matrix.factors, [](const Factor& factor) { return factor.name != "repeat"; });
  if (!varied) return bisect_recipe(matrix);
  Words words = matrix.command;
  const auto last = own_command(words), axes = std::find(words.cbegin(), last, "--axis");
  if (!is_of(matrix, "matrix") || axes == last || std::find(words.cbegin(), last, "--bisect") != last)
    return "";
  words.insert(axes, "--bisect");
  return shell_text(words);
}

// Whether a generator is known that nobody seeds: what else differs shows once it is seeded.
bool has_unseeded(const std::optional<OwnSeeds>& seeds) {
  return seeds && std::ranges::any_of(seeds->seeds.processes,
                                      [](const ProcessSeeds& process) { return !process.unseeded.empty(); });
}

NextStep repeat_step(const Diff& diff, const Matrix& matrix, const CloserLook& closer) {
  auto [sentence, bisection] = repeat_advice(diff, closer.bisections);
  if (has_unseeded(closer.seeds)) {
    bisection.clear();  // what else differs shows once it is seeded
    sentence =
        "Make a run repeat itself before any other factor is judged: give a seed to the generator that was "
        "made without one (its line stands under what reprise did for you) and make the runs again.";
  }
  const std::string command = bisection.empty() ? "" : bisect_repeats(matrix);
  return {command.empty() ? sentence : sentence + " " + bisection, command};
}

// No factor is the reason before a plan was seen to repeat.
NextStep repeat_first(const Matrix& matrix) {
  Words words = matrix.command;
  const auto axes = std::find(words.begin(), words.end(), "--axis");
  if (!is_of(matrix, "matrix") || axes >= own_command(words)) return {};
  words.insert(axes, {"--axis", "repeat=2"});
  return {"See whether a run repeats itself, before any factor is taken for the reason:", shell_text(words)};
}

// Where runs did not start alike, nothing else is worth looking for.
NextStep fresh_step(const Matrix& matrix) {
  const auto fresh = [](const std::string& word) { return word.starts_with("--fresh"); };
  if (std::any_of(matrix.command.begin(), own_command(matrix.command), fresh))
    return {
        "Find out where the file lies: --fresh covers the folder in which the command is started and nothing "
        "beside it. Delete or rename it between runs.",
        ""};
  const std::string text =
      "Let each run begin with its own view of the working folder, as it is now, so that all start alike:";
  if (!is_of(matrix, "matrix"))
    return {
        "Where one of them goes on from a checkpoint of the other, compare its step 1 with step K + 1: "
        "reprise "
        "diff WHOLE RESUMED --align K. Else let each run begin with its own view of the working folder: run "
        "them again with --fresh.",
        ""};
  Words words = matrix.command;
  words.insert(words.begin() + 2, "--fresh");
  return {text, shell_text(words)};
}

NextStep alike_step(const Verdict& verdict, const Matrix& matrix) {
  if (verdict.starts.find(": the variable ") == std::string::npos) return fresh_step(matrix);
  return {"Give that variable one value for all runs, or make an axis of it (--axis env:NAME=A,B).", ""};
}

bool any_inconclusive(const Verdict& verdict) {
  for (const auto& factor : verdict.factors)
    if (factor.finding == Finding::inconclusive) return true;
  return false;
}

std::string repeat_sentence(const Matrix& matrix) {
  if (is_of(matrix, "diff"))
    return "Make one of these runs once more (`reprise run --repeat 2`) and compare it too, to learn whether "
           "a "
           "run repeats itself at all.";
  return "Add --axis repeat=2 to learn whether a run repeats itself at all.";
}

// What was bisected already is not proposed again.
NextStep next_of(const Diff& diff, const Verdict& verdict, const Matrix& matrix, const CloserLook& closer) {
  if (verdict.failed > 0)
    return {fmt::format("See why {} did not finish (under untested runs), then give the same command again: "
                        "finished runs are not run twice.",
                        counted(verdict.failed, "run")),
            ""};
  if (diff.traces.empty()) return {};
  const auto divergences = class_divergences_of(diff, closer.bisections);
  if (!verdict.starts.empty()) return alike_step(verdict, matrix);
  const auto* repeat = factor_named(verdict, "repeat");
  if (repeat != nullptr && repeat->moved && repeat->kept)
    return {"Make the runs again with this version of reprise, which records the GPU that ran: --again.", ""};
  if ((repeat != nullptr && repeat->moved) || verdict.repeats_part) return repeat_step(diff, matrix, closer);
  if (repeat == nullptr && !std::ranges::all_of(verdict.factors, &FactorVerdict::shown))
    if (const NextStep step = repeat_first(matrix); !step.command.empty()) return step;
  if (const NextStep step = bisect_step(diff, matrix, divergences); !step.command.empty()) return step;
  if (matrix.factors.empty()) return {};
  if (const auto* machine = factor_named(verdict, "machine"); machine != nullptr && machine->moved) {
    if (const NextStep step = window_step(diff, divergences); !step.sentence.empty()) return step;
    return {
        "Find out what of the machines moves the bits: let each of them run the same matrix, such as --axis "
        "isa=auto,avx2 --axis mkl=default,compatible, and compare the folders of runs again.",
        ""};
  }
  if (repeat == nullptr && !diff.all_equal()) return {repeat_sentence(matrix), ""};
  if (any_inconclusive(verdict) && factor_named(verdict, "seed") == nullptr)
    return {
        "Add --axis seed=0,1,2 --design full for more runs a side, so that the metric's margin can be "
        "tested.",
        ""};
  return {};
}

NextStep void_step() {
  return {
      "Find out what escaped, and why, before anything here is used: see under self-test. "
      "`reprise run RECIPE --self-test` makes the self-test alone.",
      ""};
}

Section compose(const Judged& judged) {
  const auto& [diff, verdict, matrix, metric, closer, head] = judged;
  const NextStep next =
      closer.self_test && closer.self_test->is_void ? void_step() : next_of(diff, verdict, matrix, closer);
  Section section{.heading = "What to do next",

                  .members = {{"next", next.sentence}, {"next_command", next.command}}};
  if (!next.sentence.empty()) section.blocks.push_back({blocks::Prose{{next.sentence}}});
  if (!next.command.empty()) section.blocks.push_back({blocks::Command{next.command}});
  return section;
}

}  // namespace

extern const SectionComposer next{
    .summary = "what to do next",
    .order = {.page = 120},
    .compose = compose,
};

}  // namespace reprise::sections
