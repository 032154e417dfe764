// SPDX-License-Identifier: Apache-2.0
#pragma once
// Evidence made by hand: diffs, verdicts and matrices as the judge gives them, with numbers that are the same
// in every run and on every machine.
#include <nlohmann/json.hpp>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "harness/judge/compare/diff.h"
#include "harness/judge/verdict/verdict.h"
#include "harness/matrix/matrix.h"
#include "reports/compose.h"
#include "reports/layout/format.h"
#include "reports/layout/report.h"

namespace reprise {

struct Evidence {
  Diff diff;
  Verdict verdict;
  Matrix matrix;
  std::optional<Metric> metric;
  CloserLook closer;
  Report report() const { return compose(diff, verdict, matrix, metric, closer); }
};

// Eight runs in four classes: threads=2 leaves at step 1 (mkl=strict holds it; bisected to aten::addmm),
// isa=default and seed=1 before training; two more runs are untested, one of them crashed. The self-test
// passed.
Evidence sample();
// Every row as expected, but the row `name`: `result`.
SelfTest sample_self_test(Caught result = Caught::caught, const std::string& name = "flip-bit");
// One call with equal inputs and other outputs, its distance, a reason and two remedies.
Bisection sample_bisection(const std::string& side_a, const std::string& side_b);
// Two runs, one class, no factors: what `reprise diff` compares.
Evidence two_equal();
// `equal` runs that never leave the baseline and `parted` classes of `members` runs each.
Evidence many(std::size_t equal, std::size_t parted, std::size_t members);
// Every name, value and line an attack on HTML, XML, Markdown and terminals.
Evidence hostile();
// No run was done.
Evidence nothing_done();

inline std::string rendered(const Report& report, const std::string& format) {
  std::ostringstream text;
  pick(formats_shelf(), format, "format").render(report, text);
  return std::move(text).str();
}

// The JSON report, in which every number and word of the sections stands.
inline nlohmann::json json_of(const Report& report) {
  return nlohmann::json::parse(rendered(report, "json"));
}
inline nlohmann::json json_of(const Evidence& evidence) { return json_of(evidence.report()); }

template <class Kind>
void collect(const std::vector<Block>& blocks, std::vector<Kind>& found) {
  for (const auto& block : blocks) {
    if (const auto* one = std::get_if<Kind>(&block.content)) found.push_back(*one);
    if (const auto* part = std::get_if<blocks::Part>(&block.content)) collect(part->blocks, found);
  }
}

// The formats that show all of a report's words: those of the shelf but the one for servers, which counts.
std::vector<std::string> formats_for_people();
// Text without line breaks and indents, so that words can be looked for where they wrap.
std::string unwrapped(const std::string& text);

// Every block of a kind, those inside parts too, in the order of a page.
template <class Kind>
std::vector<Kind> all_of(const Report& report) {
  std::vector<Kind> found;
  for (const auto& section : report.sections) collect(section.blocks, found);
  return found;
}

// Whether some mark has that mood and holds those words.
bool marked(const Report& report, Mood mood, const std::string& words);

}  // namespace reprise
