// SPDX-License-Identifier: Apache-2.0
#include "reports/nights/night_report.h"

#include <algorithm>
#include <array>
#include <map>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/judge/compare/divergence_words.h"
#include "reports/nights/found_words.h"

namespace reprise {
namespace {

using Json = nlohmann::ordered_json;

std::size_t count_of(const NightFound& found, Held held) {
  return static_cast<std::size_t>(
      std::ranges::count_if(found.runs, [&](const NightRun& one) { return one.row.found == held; }));
}

std::string headline_of(const NightFound& found) {
  const auto matches = count_of(found, Held::match), mismatches = count_of(found, Held::mismatch);
  if (found.runs.empty())
    return fmt::format("Night {} of {}: nothing was run.", found.night.number, found.machine);
  if (matches == found.runs.size())
    return fmt::format("Night {} of {}: all of {} match their baselines.", found.night.number, found.machine,
                       counted(matches, "run"));
  std::string text = fmt::format("Night {} of {}: {} of {} match", found.night.number, found.machine, matches,
                                 counted(found.runs.size(), "run"));
  if (mismatches > 0) text += fmt::format(", {} left the baseline", mismatches);
  if (const auto none = count_of(found, Held::no_baseline); none > 0)
    text += fmt::format(", {} without a baseline", none);
  if (const auto untested = count_of(found, Held::untested); untested > 0)
    text += fmt::format(", {} untested", untested);
  return text + ".";
}

// From the night's folder, HISTORY/nights/MACHINE/0007, to a page below HISTORY.
std::string link_of(const HistoryRow& row) { return row.report.empty() ? "" : "../../../" + row.report; }

std::string told(const NightRun& run) {
  if (run.row.found == Held::match) return "the same bits as its baseline";
  std::string text = run.row.sentence;
  if (!run.row.operation.empty()) text += "; bisected: " + run.row.operation;
  return text;
}

blocks::Table table_of(const NightFound& found) {
  blocks::Table table{.label = "Runs of this night", .style = "numbers"};
  table.columns = {{"run", 24}, {"found", 14}, {"what", 34}};
  for (const auto& run : found.runs) {
    const auto& row = run.row;
    blocks::Words name{row.matrix + ", " + row.run};
    name.link = link_of(row);
    blocks::Row line{{name, found_words(row.found), {told(run)}}};
    for (const auto& change : run.since_baseline)
      line.notes.push_back({"changed", row.matrix + ", " + row.run + " changed", change});
    for (const auto& difference : run.nearest)
      line.notes.push_back({"nearest", row.matrix + ", " + row.run + " nearest", difference});
    line.marked = row.found == Held::mismatch;
    table.rows.push_back(std::move(line));
  }
  return table;
}

// One suite for each matrix, in the order in which they were run.
std::vector<blocks::Checks> suites_of(const NightFound& found) {
  std::vector<blocks::Checks> suites;
  for (const auto& run : found.runs) {
    const std::string name = found.machine + "." + run.row.matrix;
    if (suites.empty() || suites.back().suite != name) suites.push_back({.suite = name});
    std::vector<std::string> lines = run.since_baseline;
    lines.insert(lines.end(), run.nearest.begin(), run.nearest.end());
    if (!run.next.empty()) lines.push_back("next: " + run.next);
    suites.back().checks.push_back({.name = run.row.run,
                                    .mood = mood_of(run.row.found),
                                    .message = fmt::format("{}: {}", to_text(run.row.found), told(run)),
                                    .text = join(lines, "\n")});
  }
  return suites;
}

Json members_of(const NightFound& found) {
  Json runs = Json::array();
  for (const auto& run : found.runs) {
    const auto& row = run.row;
    runs.push_back({{"matrix", row.matrix},
                    {"recipe", row.recipe},
                    {"run", row.run},
                    {"plan", row.plan},
                    {"found", to_text(row.found)},
                    {"sentence", row.sentence},
                    {"operator", row.operation.empty() ? Json() : Json(row.operation)},
                    {"chain", row.chain.empty() ? Json() : Json(row.chain)},
                    {"metric", row.metric.empty() ? Json() : Json(row.metric)},
                    {"value", row.value ? Json(*row.value) : Json()},
                    {"changed", row.changed},
                    {"changed_since_baseline", run.since_baseline},
                    {"nearest", run.nearest},
                    {"next_command", run.next.empty() ? Json() : Json(run.next)},
                    {"report", link_of(row)}});
  }
  return {{"machine", found.machine},
          {"night", found.night.number},
          {"begun", found.night.begun},
          {"match", count_of(found, Held::match)},
          {"mismatch", count_of(found, Held::mismatch)},
          {"no_baseline", count_of(found, Held::no_baseline)},
          {"untested", count_of(found, Held::untested)},
          {"not_bisected", found.not_bisected},
          {"runs", runs}};
}

Section next_section(const NightFound& found) {
  Section section{.heading = "What to do next", .key = "next", .order = {.page = 20}};
  std::vector<std::string> told_already;
  for (const auto& run : found.runs) {
    if (run.next.empty() || std::ranges::find(told_already, run.next) != told_already.end()) continue;
    told_already.push_back(run.next);
    if (told_already.size() > 10) break;
    section.blocks.push_back({blocks::Command{run.next}});
  }
  if (!section.blocks.empty())
    section.blocks.insert(section.blocks.begin(),
                          {blocks::Prose{{"These say more, or keep what this night gave:"}}});
  return section;
}

}  // namespace

int exit_code_of(const NightFound& found) {
  if (count_of(found, Held::mismatch) > 0) return 1;
  return found.runs.empty() || count_of(found, Held::match) < found.runs.size() ? 2 : 0;
}

Report night_report(const NightFound& found) {
  Report report;
  report.schema = "reprise.night/1";
  report.kind = "A night's report";
  report.closing = "Every run of this night stands in the history, and all nights on its page, index.html.";
  report.recipe = "nightly";
  report.title = fmt::format("Night {} of {}", found.night.number, found.machine);
  report.subtitle =
      fmt::format("{}, begun at {}, {}", found.machine, found.night.begun, counted(found.runs.size(), "run"));
  report.headline = headline_of(found);
  report.verdict = {
      "A match has the lengths, chains of digests and data of a baseline of the same plan on the same kind "
      "of machine."};
  report.verdict.insert(report.verdict.end(), found.night.notes.begin(), found.night.notes.end());
  report.verdict.insert(report.verdict.end(), found.not_bisected.begin(), found.not_bisected.end());
  report.exit_code = exit_code_of(found);
  report.mood = report.exit_code == 0 ? Mood::good : report.exit_code == 1 ? Mood::bad : Mood::neutral;
  Section runs{.heading = "Runs", .key = "runs", .order = {.page = 10}};
  runs.blocks = {{table_of(found)}};
  // On a page these stand among the verdict's sentences.
  std::vector<std::string> remarks = found.night.notes;
  remarks.insert(remarks.end(), found.not_bisected.begin(), found.not_bisected.end());
  for (const auto& remark : remarks) runs.blocks.push_back({blocks::Prose{{remark}}, Readers::terminal});
  for (auto& suite : suites_of(found)) runs.blocks.push_back({std::move(suite), Readers::servers});
  runs.members = members_of(found);
  report.sections = {runs, next_section(found)};
  return report;
}

std::string cut_summary(const std::string& markdown, std::size_t most_bytes) {
  if (markdown.size() <= most_bytes) return markdown;
  const std::string said = "\nThe rest does not fit into a step summary; it stands in night.md.\n";
  if (most_bytes <= said.size()) return "";
  const auto end = markdown.rfind('\n', most_bytes - said.size() - 1);
  return markdown.substr(0, end == std::string::npos ? 0 : end + 1) + said;
}

}  // namespace reprise
