// SPDX-License-Identifier: Apache-2.0
#pragma once
// Two classes and where they part, in words: what the section on divergences lays out, and what other
// sections ask of it.
#include <optional>
#include <string>
#include <vector>

#include "harness/judge/compare/diff.h"
#include "harness/judge/explain/bisection.h"
#include "reports/layout/blocks.h"

namespace reprise {

struct OperatorPart {  // what a bisection found
  std::string found;  // "operator", "batch", "data", "unseen", "unobserved", "elsewhere", "equal", "untested"
  std::string kind;   // of an operator: "result", "calls", "numbers", "outside"; else "none"
  std::string finding;  // "aten::addmm, call 14 of step 1, backward"
  std::string side_a, side_b;
  std::vector<std::string> sentences;  // the sides first, and the finding where no title holds it
  std::vector<std::string> lines;      // of the script, among the sentences too
  std::vector<blocks::Call> calls;     // around the guilty one
  std::string distances_of;            // the operator whose outputs were compared, or ""
  std::optional<blocks::Grid> distances, remedies;
  LaunchedKernels kernels;
  std::optional<Growth> growth;
};

struct DivergenceText {  // two classes and where they part
  std::string a, b;      // letters
  std::string title;     // "step 1: gradients of fc2.weight"
  std::vector<std::string> sentences;
  std::optional<blocks::Grid> distances;       // of the last checkpoint both kept
  std::optional<OperatorPart> operation = {};  // if it was bisected
};

// Of the first pairs of classes, with what was found about those that were bisected.
std::vector<DivergenceText> class_divergences_of(const Diff& diff, const std::vector<Bisection>& bisections);
// The same without what was found.
std::vector<DivergenceText> divergence_paragraphs(const Diff& diff);

}  // namespace reprise
