// SPDX-License-Identifier: Apache-2.0
// The equivalence classes: runs in one class are equal bit for bit.
#include <fmt/core.h>

#include <algorithm>

#include "reports/lookup.h"
#include "reports/members.h"
#include "reports/phrases.h"
#include "reports/section.h"

namespace reprise::sections {
namespace {

using blocks::Form;

struct ClassTold {
  std::string letter;
  std::vector<std::string> configurations;
  std::string final_weights;  // digest, 32 hexadecimal digits
  std::string chain;          // of the whole training
  std::string final_loss;     // "0.4412"
  std::string metric;         // "test_accuracy 92.3 %", or ""
  std::string parts;          // "step 1, gradients, fc2.weight, leaf 0 of 3"; "" for the first class
};

std::vector<ClassTold> classes_of(const Diff& diff, const std::optional<Metric>& metric) {
  std::vector<ClassTold> classes;
  for (std::size_t i = 0; i < diff.classes.size(); ++i) {
    const auto& one = diff.classes[i];
    const auto& first = diff.traces[one.members.front()];
    ClassTold told;
    told.letter = one.letter;
    for (const auto member : one.members) told.configurations.push_back(diff.traces[member].name);
    told.final_weights = to_text(first.final_weights);
    told.chain = to_text(first.chain);
    told.final_loss = number_phrase(first.final_loss);
    if (metric) told.metric = metric_phrase(diff, one.members, *metric);
    if (const ClassDivergence* divergence = from_first(diff, i)) told.parts = parts_phrase(divergence->first);
    classes.push_back(std::move(told));
  }
  return classes;
}

blocks::Table table_of(const std::vector<ClassTold>& classes) {
  const bool metric = !std::ranges::all_of(classes, &std::string::empty, &ClassTold::metric);
  blocks::Table table{.label = "Equivalence classes", .style = "classes"};
  table.columns = {{"class", 5}, {"runs", 34}, {"final weights", 0}, {"final loss", 0}};
  if (metric) table.columns.push_back({"metric", 0});
  table.columns.push_back({"parts from class " + classes.front().letter, 33});
  for (const auto& one : classes) {
    blocks::Row row{{{one.letter, Form::letter},
                     {"", Form::names, one.configurations},
                     {one.final_weights, Form::digest},
                     {one.final_loss, Form::number}}};
    if (metric) row.cells.push_back({one.metric});
    row.cells.push_back({one.parts.empty() ? "first class" : one.parts});
    table.rows.push_back(row);
  }
  return table;
}

Json members_of(const std::vector<ClassTold>& classes) {
  Json lists = Json::array(), details = Json::array();
  for (const auto& one : classes) {
    lists.push_back(one.configurations);
    details.push_back({{"letter", one.letter},
                       {"configurations", one.configurations},
                       {"final_weights", one.final_weights},
                       {"chain", one.chain},
                       {"final_loss", one.final_loss},
                       {"metric", one.metric},
                       {"parts", one.parts}});
  }
  return {{"classes", lists}, {"class_details", details}};
}

Section compose(const Judged& judged) {
  const auto classes = classes_of(judged.diff, judged.metric);
  Section section{.heading = "Classes", .members = members_of(classes)};
  if (!classes.empty()) section.blocks.push_back({table_of(classes)});
  return section;
}

}  // namespace

extern const SectionComposer classes{
    .summary = "the equivalence classes and their runs",
    .order = {.page = 20},
    .compose = compose,
};

}  // namespace reprise::sections
