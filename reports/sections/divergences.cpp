// SPDX-License-Identifier: Apache-2.0
// Where pairs of classes part, and by which operator call, if that was looked for.
#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "reports/divergence_text.h"
#include "reports/members.h"
#include "reports/phrases.h"
#include "reports/section.h"
#include "reports/tables.h"

namespace reprise::sections {
namespace {

using blocks::Form;
using blocks::Prose;

constexpr std::size_t most_told = 5;  // of pairs that were not bisected

std::string distance_text(double distance) {
  return std::isnan(distance) ? std::string("-") : number_phrase(distance);
}

// Step by step: the two sides, and the control beside them.
void add_growth(const Growth& growth, std::vector<Block>& into) {
  if (growth.apart.empty()) return;
  blocks::Grid table;
  table.head = {"after step", "weights", "control", "gradients",
                "control",    "loss",    "control", "ULP of weights"};
  blocks::Apart drawn;
  drawn.caption =
      "B is side B, C is the control: side A with each weight moved by one ULP. Of each tensor at most 4,096 "
      "evenly spaced elements are compared.";
  for (std::size_t i = 0; i < growth.apart.size(); ++i) {
    const ApartAt &sides = growth.apart[i], &control = growth.control[i];
    const bool limit = sides.weights_ulp == std::numeric_limits<std::uint64_t>::max();
    table.rows.push_back(
        {std::to_string(sides.step), distance_text(sides.weights), distance_text(control.weights),
         distance_text(sides.gradients), distance_text(control.gradients), distance_text(sides.loss),
         distance_text(control.loss), limit ? "no number" : std::to_string(sides.weights_ulp)});
    table.marked.push_back(false);
    drawn.steps.push_back(sides.step);
    drawn.sides.push_back(sides.weights);
    drawn.control.push_back(control.weights);
  }
  into.push_back({drawn, Readers::pages});
  into.push_back({table_of(table, "Relative distances of the two sides, and of side A from the control"),
                  Readers::pages});
}

// What a bisection found is for everyone; the rest is too long for a terminal.
void add_operation(const OperatorPart& part, std::vector<Block>& into) {
  into.push_back({Prose{part.sentences}});
  if (!part.calls.empty()) into.push_back({blocks::Calls{part.calls}});
  if (part.distances)
    into.push_back({table_of(*part.distances, "Outputs of " + part.distances_of + " that differ")});
  if (part.growth) add_growth(*part.growth, into);
  if (part.remedies) into.push_back({table_of(*part.remedies, "What was pinned to try", {24, 26, 22})});
}

Block block_of(const DivergenceText& divergence, bool first) {
  blocks::Part part;
  part.title = {
      {divergence.a, Form::letter}, {" and "}, {divergence.b, Form::letter}, {": " + divergence.title}};
  part.open = first;
  part.blocks.push_back({Prose{divergence.sentences}, Readers::pages});
  if (divergence.operation) add_operation(*divergence.operation, part.blocks);
  if (divergence.distances) {
    auto table =
        table_of(*divergence.distances, "Distances of tensors, " + divergence.a + " and " + divergence.b);
    table.caption = divergence.operation ? "Distances of tensors at the checkpoint" : "";
    part.blocks.push_back({table, Readers::pages});
  }
  for (auto& block : part.blocks)  // a page names each table once, whatever pairs of classes it tells of
    if (auto* table = std::get_if<blocks::Table>(&block.content))
      table->label += fmt::format(" ({} and {})", divergence.a, divergence.b);
  return {part, divergence.operation ? Readers::everyone : Readers::pages};
}

Json members_of(const OperatorPart& part) {
  Json calls = Json::array();
  for (const auto& call : part.calls)
    calls.push_back({{"state", call.state},
                     {"order", call.order},
                     {"depth", call.depth},
                     {"name", call.name},
                     {"phase", call.phase},
                     {"scope", call.scope},
                     {"place", call.place}});
  return {{"found", part.found},
          {"kind", part.kind},
          {"finding", part.finding},
          {"side_a", part.side_a},
          {"side_b", part.side_b},
          {"sentences", part.sentences},
          {"lines", part.lines},
          {"calls", calls},
          {"kernels", to_json(part.kernels)},
          {"distances_of", part.distances_of},
          {"distances", grid_members(part.distances)},
          {"remedies", grid_members(part.remedies)},
          {"growth", part.growth ? to_json(*part.growth) : Json()}};
}

Json members_of(const DivergenceText& divergence) {
  return {{"a", divergence.a},
          {"b", divergence.b},
          {"title", divergence.title},
          {"sentences", divergence.sentences},
          {"distances", grid_members(divergence.distances)},
          {"operator", divergence.operation ? members_of(*divergence.operation) : Json()}};
}

Section compose(const Judged& judged) {
  const auto divergences = class_divergences_of(judged.diff, judged.closer.bisections);
  const std::size_t left_out = judged.diff.divergences.size() - divergences.size();
  Section section{.heading = "Where they part"};
  Json list = Json::array();
  for (const auto& divergence : divergences) {
    section.blocks.push_back(block_of(divergence, list.empty()));
    list.push_back(members_of(divergence));
  }
  if (left_out > 0)
    section.blocks.push_back({Prose{{fmt::format("{} more pairs of classes are not written out; the JSON "
                                                 "report holds where every pair parts.",
                                                 left_out)},
                                    true},
                              Readers::pages});
  const auto& waiting = judged.closer.not_bisected;
  if (!waiting.empty()) {
    std::vector<std::string> told(waiting.begin(), waiting.begin() + std::min(waiting.size(), most_told));
    if (waiting.size() > told.size())
      told.push_back(fmt::format("{} more pairs were not bisected either.", waiting.size() - told.size()));
    section.blocks.push_back({Prose{told, true}});
  }
  section.members = {{"partings", list}, {"partings_left_out", left_out}, {"not_bisected", waiting}};
  return section;
}

}  // namespace

extern const SectionComposer divergences{
    .summary = "where pairs of classes part, and by which operator call",
    .order = {.page = 70},
    .compose = compose,
};

}  // namespace reprise::sections
