// SPDX-License-Identifier: Apache-2.0
#include "reports/probes/probe_report.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/base/text.h"
#include "harness/judge/compare/divergence_words.h"
#include "harness/judge/probe/probe_json.h"

namespace reprise {
namespace {

Mood mood_of(ProbeFinding finding) {
  return finding == ProbeFinding::repeats  ? Mood::good
         : finding == ProbeFinding::varies ? Mood::bad
                                           : Mood::neutral;
}

bool was_asked(const ProbeAnswer& answer, Cause cause) {
  return std::ranges::find(answer.causes, cause) != answer.causes.end();
}

std::size_t count(const ProbeAnswer& answer, ProbeFinding finding) {
  std::size_t found = 0;
  for (const auto& verdict : answer.verdicts)
    for (const auto& cell : verdict.cells)
      found += was_asked(answer, cell.cause) && cell.finding == finding ? 1 : 0;
  return found;
}

// Where results differ between two plans, also how far.
std::string seen_in(const ProbeCell& cell) {
  if (!cell.distance) return cell.sentence;
  return fmt::format("{}: {:.2g} of the elements, by {:.2g} of their size on average", cell.sentence,
                     cell.distance->v_c, cell.distance->v_ermv);
}

blocks::Presence picture_of(const ProbeAnswer& answer) {
  blocks::Presence picture;
  picture.caption = "Each operator against each cause. A cell tells more where the pointer rests on it.";
  picture.label = "Operators by causes";
  picture.tells = "For each operator, which causes move its bits";
  picture.states = {{"repeats", "=", "= the same bits in all calls that were made", 4},
                    {"varies", "\u2260", "\u2260 other bits were seen", 0},
                    {"untested", "?", "? untested", -1}};
  for (const auto& word : words_of(Cause{}))
    if (was_asked(answer, word.value))
      picture.columns.push_back(replace_all(std::string(word.text), "-", "- "));
  for (const auto& verdict : answer.verdicts) {
    blocks::PresenceRow row{verdict.probe, {}};
    for (const auto& cell : verdict.cells)
      if (was_asked(answer, cell.cause))
        row.cells.push_back({std::string(to_text(cell.finding)), seen_in(cell)});
    picture.rows.push_back(std::move(row));
  }
  return picture;
}

// Operators with a cell that is `wanted`, cell by cell.
blocks::Table cells_table(const ProbeAnswer& answer, ProbeFinding wanted, const std::string& label) {
  blocks::Table table{.label = label};
  table.columns = {{"operator", 22}, {"cause", 12}, {"finding", 8}, {"what was seen", 34}};
  for (const auto& verdict : answer.verdicts)
    for (const auto& cell : verdict.cells)
      if (was_asked(answer, cell.cause) && cell.finding == wanted)
        table.rows.push_back(
            {{{verdict.probe, blocks::Form::code},
              {std::string(to_text(cell.cause))},
              {std::string(to_text(cell.finding)), blocks::Form::verdict, {}, mood_of(cell.finding)},
              {seen_in(cell)}}});
  return table;
}

Section table_section(const ProbeAnswer& answer) {
  Section section{.heading = "Operators by causes", .key = "operators", .order = {.page = 10}};
  section.blocks.push_back({picture_of(answer), Readers::pages});
  section.members = to_json(answer.verdicts, answer.order);
  section.members.erase("schema");
  return section;
}

Section cells_section(const ProbeAnswer& answer, ProbeFinding wanted, const std::string& heading, int place) {
  Section section{.heading = heading, .key = std::string(to_text(wanted)), .order = {.page = place}};
  auto table = cells_table(answer, wanted, heading);
  if (table.rows.empty()) section.heading.clear();
  if (wanted == ProbeFinding::repeats)
    section.blocks.push_back(
        {blocks::Part{{{counted(table.rows.size(), "cell")}}, false, {{std::move(table)}}}, Readers::pages});
  else if (!table.rows.empty())
    section.blocks.push_back({std::move(table)});
  if (section.heading.empty()) section.blocks.clear();
  return section;
}

Section costs_section(const ProbeAnswer& answer) {
  Section section{.heading = "What deterministic mode costs", .key = "cost", .order = {.page = 45}};
  blocks::Table table{.label = "Time of a call with deterministic mode, as a ratio to that without"};
  table.columns = {{"operator", 24}, {"time with deterministic mode", 16}, {"equal runs differ by", 20}};
  for (const auto& verdict : answer.verdicts)
    if (verdict.cost)
      table.rows.push_back({{{verdict.probe, blocks::Form::code},
                             {fmt::format("{:.2f} times", verdict.cost->ratio), blocks::Form::number},
                             {fmt::format("{:.0f} %", 100 * verdict.cost->noise), blocks::Form::number}}});
  if (table.rows.empty())
    section.heading.clear();
  else
    section.blocks.push_back({std::move(table)});
  return section;
}

nlohmann::ordered_json described(const ComparedProbes& found, const std::string& against) {
  nlohmann::ordered_json json = {
      {"against", against}, {"compared", found.compared}, {"not_compared", found.uncompared}};
  json["changes"] = nlohmann::ordered_json::array();
  for (const auto& one : found.changes)
    json["changes"].push_back(
        {{"operator", one.probe}, {"what", one.what}, {"there", one.there}, {"here", one.here}});
  return json;
}

std::string compared_words(const ProbeAnswer& answer) {
  return fmt::format("{} of {} verdicts and results differ from those of {}.",
                     answer.compared->changes.size(), answer.compared->compared, answer.against);
}

Section against_section(const ProbeAnswer& answer) {
  Section section{.heading = "Against another table", .key = "against", .order = {.page = 20}};
  section.members = {{"compared", nullptr}};
  if (!answer.compared) {
    section.heading.clear();
    return section;
  }
  section.members["compared"] = described(*answer.compared, answer.against);
  blocks::Table table{.label = "What changed"};
  table.columns = {{"operator", 22}, {"what", 12}, {"there", 22}, {"here", 22}};
  for (const auto& change : answer.compared->changes)
    table.rows.push_back(
        {{{change.probe, blocks::Form::code}, {change.what}, {change.there}, {change.here}}});
  section.blocks.push_back({blocks::Prose{{compared_words(answer)}}});
  if (!table.rows.empty()) section.blocks.push_back({std::move(table)});
  if (!answer.compared->uncompared.empty()) {
    section.blocks.push_back({blocks::Prose{{"Not compared:"}, true}});
    section.blocks.push_back({blocks::Listing{answer.compared->uncompared}});
  }
  return section;
}

std::string made_by(const ProbeAnswer& answer) {
  for (const auto& verdict : answer.verdicts)
    if (!verdict.processor.empty())
      return fmt::format("{}, LibTorch {}", verdict.processor, verdict.libtorch);
  return "nothing could be run";
}

}  // namespace

Report probe_report(const ProbeAnswer& answer, const std::vector<std::string>& command) {
  Report report;
  const std::size_t repeats = count(answer, ProbeFinding::repeats),
                    varies = count(answer, ProbeFinding::varies),
                    untested = count(answer, ProbeFinding::untested);
  report.schema = probe_schema;
  report.kind = "What moves the bits of operators";
  report.closing = "Every cell stands in the JSON document beside this page.";
  report.title = fmt::format("{}: other bits in {} of {} cells", counted(answer.verdicts.size(), "operator"),
                             varies, repeats + varies + untested);
  report.headline = fmt::format(
      "Of {} cells of operator and cause, {} gave the same bits in all calls that were made, {} gave other "
      "bits, {} "
      "{} untested.",
      repeats + varies + untested, repeats, varies, untested, untested == 1 ? "is" : "are");
  report.subtitle = made_by(answer);
  report.verdict = {
      fmt::format("{} calls in a process, {} fresh processes; that a cell repeats is known of these "
                  "calls and of these sizes alone.",
                  answer.order.repeats, answer.order.processes)};
  if (answer.compared) report.verdict.push_back(compared_words(answer));
  report.exit_code = answer.compared ? answer.compared->exit_code() : 0;
  report.mood = report.exit_code == 1 ? Mood::bad : Mood::neutral;
  report.sections = {table_section(answer),
                     against_section(answer),
                     cells_section(answer, ProbeFinding::varies, "What moves bits", 30),
                     cells_section(answer, ProbeFinding::untested, "What is untested", 40),
                     costs_section(answer),
                     cells_section(answer, ProbeFinding::repeats, "What repeats", 50),
                     again_section(command)};
  return report;
}

}  // namespace reprise
