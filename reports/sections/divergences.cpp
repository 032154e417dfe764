// SPDX-License-Identifier: Apache-2.0
// Where pairs of classes part, and by which operator call, if that was looked for.
#include <fmt/core.h>

#include "reports/divergence_text.h"
#include "reports/members.h"
#include "reports/section.h"
#include "reports/tables.h"

namespace reprise::sections {
namespace {

using blocks::Form;
using blocks::Prose;

// What a bisection found is for everyone; the rest is too long for a terminal.
void add_operation(const OperatorPart& part, std::vector<Block>& into) {
  into.push_back({Prose{part.sentences}});
  if (!part.calls.empty()) into.push_back({blocks::Calls{part.calls}});
  if (part.distances)
    into.push_back({table_of(*part.distances, "Outputs of " + part.distances_of + " that differ")});
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
    auto table = table_of(*divergence.distances, "Distances of tensors");
    table.caption = divergence.operation ? "Distances of tensors at the checkpoint" : "";
    part.blocks.push_back({table, Readers::pages});
  }
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
          {"remedies", grid_members(part.remedies)}};
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
  section.members = {{"partings", list}, {"partings_left_out", left_out}};
  return section;
}

}  // namespace

extern const SectionComposer divergences{
    .summary = "where pairs of classes part, and by which operator call",
    .order = {.page = 70},
    .compose = compose,
};

}  // namespace reprise::sections
