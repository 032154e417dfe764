// SPDX-License-Identifier: Apache-2.0
#include "reports/claim_report.h"

#include <algorithm>

#include "harness/base/text.h"
#include "harness/judge/claim/held_words.h"
#include "harness/judge/compare/divergence_words.h"
#include "reports/claim_members.h"

namespace reprise {
namespace {

Mood mood_of(ClaimAnswer answer) {
  return answer == ClaimAnswer::stands           ? Mood::good
         : answer == ClaimAnswer::does_not_stand ? Mood::bad
                                                 : Mood::neutral;
}

blocks::Dots dots_of(const HeldClaim& held) {
  const Claim& claim = held.claim;
  blocks::Dots dots{claim.name + ": " + claim.metric + (claim.unit.empty() ? "" : ", " + claim.unit),
                    claim.value,
                    claim.margin,
                    {},
                    {}};
  for (const auto& run : held.runs)
    if (run.value) dots.dots.push_back({*run.value, run.name, run.counts()});
  for (const auto& one : held.readings) {
    const std::string as = held.readings.size() > 1 ? " (" + one.reading.name + ")" : "";
    if (claim.spread)
      dots.spans.push_back(
          {"published, 1 SD" + as, claim.value - one.reading.sd, claim.value + one.reading.sd, false});
    dots.spans.push_back({"ours, 90 % interval" + as, claim.value + one.test.interval_low,
                          claim.value + one.test.interval_high, true});
  }
  return dots;
}

std::string ended_words(const ClaimRun& run) {
  if (run.stopped) return "stopped: the time was used up";
  if (!run.outcome.done())
    return std::string(to_text(run.outcome.ending)) +
           (run.outcome.reason.empty() ? "" : ": " + run.outcome.reason);
  if (!run.trouble.empty()) return "done, but " + run.trouble;
  if (!run.same_as.empty()) return "does not count: the bits of " + run.same_as;
  if (!run.counted_with.empty()) return "done: counted with " + run.counted_with;
  return "done";
}

blocks::Table ledger_of(const HeldClaim& held) {
  blocks::Table table{.label = "Every run that was started for " + held.claim.name};
  const bool digest = held.claim.kind == ClaimKind::digest;
  const bool valued = !digest && held.claim.kind != ClaimKind::proof;
  table.columns = {{"run", 20}, {digest ? "SHA-256" : "value", 12}, {"bits", 0}, {"how it ended", 32}};
  for (const auto& run : held.runs) {
    blocks::Words value{run.value ? in_unit(*run.value, held.claim) : "", blocks::Form::number};
    if (digest) value = {run.artifact, run.artifact.empty() ? blocks::Form::text : blocks::Form::digest};
    table.rows.push_back(
        {.cells = {{run.name, blocks::Form::code},
                   value,
                   {run.identity, run.identity.empty() ? blocks::Form::text : blocks::Form::digest},
                   {ended_words(run)}},
         .marked = !run.counts() && run.counted_with.empty() && valued});
  }
  return table;
}

blocks::Table rows_of(const HeldClaim& held) {
  blocks::Table table{.label = "How much runs vary, by what was varied, for " + held.claim.name};
  table.columns = {{"varied", 20},
                   {"runs", 6},
                   {"accuracy SD, points", 10},
                   {"loss SD, nats", 12},
                   {"disagreement, %", 12}};
  for (const auto& row : held.rows)
    table.rows.push_back(
        {.cells = {{row.varied},
                   {std::to_string(row.runs), blocks::Form::number},
                   {fmt::format("{:.3f}", row.accuracy_sd), blocks::Form::number},
                   {row.loss_sd ? fmt::format("{:.4f}", *row.loss_sd) : "not reported", blocks::Form::number},
                   {fmt::format("{:.2f}", row.disagreement), blocks::Form::number}}});
  return table;
}

blocks::Table pairs_of(const HeldClaim& held) {
  blocks::Table table{.label = "Runs paired by example with the published predictions of " + held.claim.name};
  table.columns = {{"run", 20},
                   {"ours alone right", 10},
                   {"theirs alone right", 10},
                   {"p (McNemar)", 8},
                   {"p over all runs (Holm)", 8}};
  for (const auto& one : held.pairs)
    table.rows.push_back({.cells = {{one.run, blocks::Form::code},
                                    {std::to_string(one.ours_alone), blocks::Form::number},
                                    {std::to_string(one.theirs_alone), blocks::Form::number},
                                    {fmt::format("{:.4f}", one.p), blocks::Form::number},
                                    {fmt::format("{:.4f}", one.adjusted_p), blocks::Form::number}}});
  return table;
}

blocks::Table segments_of(const HeldClaim& held) {
  blocks::Table table{.label = "Segments that were trained again for " + held.claim.name};
  table.columns = {{"steps", 14},
                   {"moved the weights by (l2)", 12},
                   {"ends apart by l1", 10},
                   {"l2", 10},
                   {"maximum", 10},
                   {"cosine", 10},
                   {"result", 24}};
  const auto cell = [](double value) {
    return blocks::Words{fmt::format("{:.3g}", value), blocks::Form::number};
  };
  for (const auto& one : held.segments) {
    const bool seen = one.trouble.empty();
    const bool good = seen && (one.equal || within(one.apart, held.claim.proof.thresholds));
    std::vector<blocks::Words> cells = {{fmt::format("{} to {}", one.from, one.to)}, cell(one.moved.l2)};
    for (const double value : {one.apart.l1, one.apart.l2, one.apart.linf, one.apart.cos})
      cells.push_back(seen ? cell(value) : blocks::Words{""});
    cells.push_back({!seen       ? "untested: " + one.trouble
                     : one.equal ? "equal, bit for bit"
                     : good      ? "within the thresholds"
                                 : "beyond the thresholds"});
    table.rows.push_back({.cells = cells, .marked = !good});
  }
  return table;
}

std::vector<Block> blocks_of(const HeldClaim& held) {
  std::vector<Block> blocks;
  if (claims_number(held.claim) && !held.runs.empty()) blocks.push_back({dots_of(held), Readers::pages});
  std::vector<std::string> remarks = held.remarks;
  if (!held.claim.margin_reason.empty())
    remarks.push_back("Margin: " + in_unit(held.claim.margin, held.claim) + ", " + held.claim.margin_reason +
                      ".");
  std::string source = held.claim.repository;
  if (!held.claim.paper.empty()) source += (source.empty() ? "" : "; ") + held.claim.paper;
  if (!source.empty()) remarks.push_back("Source: " + source + ".");
  if (!held.plan.empty()) remarks.push_back("Planned: " + held.plan + ".");
  blocks.push_back({blocks::Prose{remarks, true}});
  if (!held.rows.empty()) blocks.push_back({rows_of(held)});
  if (!held.pairs.empty()) blocks.push_back({pairs_of(held)});
  if (!held.segments.empty()) blocks.push_back({segments_of(held)});
  blocks.push_back({ledger_of(held)});
  return blocks;
}

Section claims_section(const std::vector<HeldClaim>& claims) {
  Section section{.heading = "Claims", .key = "claims", .order = {.page = 10}};
  blocks::Checks suite{.suite = "claims"};
  Json members = Json::array();
  for (const auto& held : claims) {
    section.blocks.push_back({blocks::Part{
        .title = {{held.claim.name, blocks::Form::code},
                  {": "},
                  {std::string(to_text(held.answer)), blocks::Form::verdict, {}, mood_of(held.answer)}},
        .open = true,
        .blocks = blocks_of(held)}});
    suite.checks.push_back({.name = held.claim.name, .mood = mood_of(held.answer), .message = held.sentence});
    members.push_back(claim_members(held));
  }
  section.blocks.push_back({suite, Readers::servers});
  section.members = {{"claims", members}};
  return section;
}

Section bits_section(const std::vector<HeldClaim>& claims) {
  std::vector<std::string> bits, numbers;
  for (const auto& held : claims)
    (held.claim.kind == ClaimKind::digest ? bits : numbers).push_back(held.sentence + ".");
  if (bits.empty()) bits.push_back("Bits: no digest is claimed, so whether bits stand was not asked.");
  if (numbers.empty()) numbers.push_back("Numbers: no metric is claimed.");
  Section section{.heading = "", .key = "answers", .order = {.page = 5}};
  numbers.insert(numbers.end(), bits.begin(), bits.end());
  section.blocks.push_back({blocks::Prose{numbers}});
  return section;
}

std::string counts_of(const std::vector<HeldClaim>& claims) {
  std::vector<std::string> parts;
  for (const auto answer : {ClaimAnswer::stands, ClaimAnswer::does_not_stand, ClaimAnswer::cannot_tell}) {
    const auto count = std::ranges::count(claims, answer, &HeldClaim::answer);
    if (count > 0)
      parts.push_back(fmt::format("{} {}", count,
                                  answer == ClaimAnswer::stands ? count == 1 ? "stands" : "stand"
                                  : answer == ClaimAnswer::does_not_stand
                                      ? count == 1 ? "does not stand" : "do not stand"
                                      : "cannot be told"));
  }
  return join(parts, ", ");
}

}  // namespace

Report claim_report(const std::string& recipe, const std::string& recipe_id,
                    const std::vector<HeldClaim>& claims, const std::vector<std::string>& command) {
  std::size_t runs = 0;
  for (const auto& held : claims) runs += held.runs.size();
  Report report;
  report.recipe = recipe;
  report.recipe_id = recipe_id;
  report.exit_code = exit_code_of(claims);
  report.mood = report.exit_code == 0 ? Mood::good : report.exit_code == 1 ? Mood::bad : Mood::neutral;
  report.title = fmt::format("{}: {}: {}", recipe, counted(claims.size(), "claim"), counts_of(claims));
  report.headline = claims.size() == 1 ? fmt::format("The claim {} {}.", claims.front().claim.name,
                                                     to_text(claims.front().answer))
                                       : fmt::format("Of {} claims {}.", claims.size(), counts_of(claims));
  report.subtitle = fmt::format("recipe {} {}, {} held against {}", recipe, recipe_id.substr(0, 8),
                                counted(claims.size(), "claim"), counted(runs, "run"));
  report.sections = {bits_section(claims), claims_section(claims), again_section(command)};
  return report;
}

}  // namespace reprise
