// SPDX-License-Identifier: Apache-2.0
// What was varied, what each factor promises, and what came of it.
#include <fmt/format.h>

#include <algorithm>

#include "harness/base/text.h"
#include "harness/judge/compare/divergence_words.h"
#include "reports/divergence_text.h"
#include "reports/layout/names.h"
#include "reports/lookup.h"
#include "reports/members.h"
#include "reports/section.h"

namespace reprise::sections {
namespace {

using blocks::Form;

std::string finding_text(const ValueVerdict& value) {
  if (value.finding == Finding::identical_until && value.step && value.parting != Parting::bits)
    return value.parting == Parting::process ? "other processes"
           : value.parting == Parting::layout
               ? fmt::format("equal weights up to step {}, in other parts", *value.step)
           : value.parting == Parting::length
               ? fmt::format("identical up to step {}, other length", *value.step)
               : "identical steps, other files";
  if (value.finding == Finding::identical_until && value.step)
    return *value.step == 0 ? "different before training"
                            : fmt::format("identical until step {}", *value.step);
  return std::string(to_text(value.finding));
}

bool is_broken(const FactorVerdict& factor, const ValueVerdict& value) {
  if (value.finding == Finding::untested) return false;
  if (factor.factor.promise == Promise::none) return false;
  if (factor.factor.promise == Promise::statistical) return !value.step.has_value();
  if (factor.factor.promise == Promise::bitwise) return value.step.has_value();
  return value.finding == Finding::different;
}

Mood mood_of(const FactorVerdict& factor) {
  if (!factor.kept) return Mood::bad;
  if (factor.factor.promise == Promise::none && factor.shown) return Mood::neutral;
  switch (factor.finding) {
    case Finding::identical:
    case Finding::equivalent:
      return Mood::good;
    case Finding::as_meant:
      return Mood::neutral;
    default:
      return Mood::bad;
  }
}

// The words of the worst value, which is the one that speaks for the factor: of several the one that parts
// first, and bits before lengths.
std::string verdict_text(const FactorVerdict& factor) {
  const ValueVerdict* worst = nullptr;
  for (const auto& value : factor.values) {
    if (value.finding != factor.finding) continue;
    const bool says_more = worst != nullptr && value.step && value.parting == worst->parting
                               ? !worst->step || *value.step < *worst->step
                               : value.parting == Parting::bits;
    if (worst == nullptr || says_more) worst = &value;
  }
  return worst == nullptr ? std::string(to_text(factor.finding)) : finding_text(*worst);
}

std::string explaining_sentence(const Diff& diff, const Verdict& verdict) {
  if (diff.classes.size() < 2 || verdict.factors.empty()) return "";
  if (!std::ranges::all_of(verdict.factors, &FactorVerdict::shown)) return "";
  if ((!verdict.explained || verdict.explaining_sets.empty()) && !verdict.starts.empty())
    return "No set of the factors explains the classes, as is to be expected: the runs did not start alike.";
  if (!verdict.starts.empty()) return "";  // what they began with may decide it as well
  if (!verdict.explained || verdict.explaining_sets.empty())
    return "No set of the factors explains the classes: runs with equal values of all of them differ.";
  std::vector<std::string> sets;
  for (const auto& set : verdict.explaining_sets) sets.push_back(listed(set));
  const bool one = verdict.explaining_sets.front().size() == 1;
  std::string text = fmt::format("{} alone {} every run's class", sets.front(), one ? "decides" : "decide");
  sets.erase(sets.begin());
  if (!sets.empty()) text += "; so would " + join(sets, ", or ");
  return text + ".";
}

// What the words in the column of promises mean, of those that stand there.
std::string promises_sentence(const Verdict& verdict) {
  constexpr std::pair<Promise, std::string_view> meanings[] = {
      {Promise::bitwise, "must not move the bits"},
      {Promise::numeric, "may, while the metric stays within its margin"},
      {Promise::statistical, "is meant to"},
      {Promise::none, "makes no promise"}};
  std::vector<std::string> told;
  for (const auto& [promise, meaning] : meanings)
    if (std::ranges::any_of(verdict.factors, [&](const auto& one) { return one.factor.promise == promise; }))
      told.push_back(fmt::format("{} {}", to_text(promise), meaning));
  const bool only_none = told.size() == 1 && verdict.factors.front().factor.promise == Promise::none;
  return only_none ? "No promise (none): what such a factor does is a finding."
                   : "Promises: " + join(told, "; ") + ".";
}

const Configuration* side(const Judged& judged, const std::string& name) {
  return configuration_named(judged.matrix, name);
}

// Whether the two sides of a bisection differ in this factor alone, one having its first value, the other
// `value`.
bool is_of(const Judged& judged, const Bisection& found, const Factor& factor, const std::string& value) {
  const auto *a = side(judged, found.side_a), *b = side(judged, found.side_b);
  if (a == nullptr || b == nullptr) return false;
  for (const auto& other : judged.matrix.factors) {
    const auto left = a->values.find(other.name), right = b->values.find(other.name);
    if (left == a->values.end() || right == b->values.end()) return false;
    if ((other.name == factor.name) == (left->second == right->second)) return false;
    if (other.name != factor.name) continue;
    const std::string& baseline = factor.values.front();
    if (!(left->second == baseline && right->second == value) &&
        !(left->second == value && right->second == baseline))
      return false;
  }
  return true;
}

// How far apart the bits are that this value moved, where a bisection measured it: beside the verdict, which
// it does not change.
std::string remark(const Judged& judged, const Factor& factor, const std::string& value) {
  for (const auto& found : judged.closer.bisections)
    if (found.growth && is_of(judged, found, factor, value)) return remark_of(*found.growth);
  return "";
}

std::string note_of(const Judged& judged, const FactorVerdict& factor, const ValueVerdict& value) {
  const std::string more = remark(judged, factor.factor, value.value);
  return more.empty() ? value.sentence : value.sentence + "; " + more;
}

blocks::Table table_of(const Judged& judged) {
  const auto& verdict = judged.verdict;
  blocks::Table table{.label = "Factors", .style = "factors"};
  table.columns = {{"factor", 14}, {"values", 0}, {"promise", 11}, {"found", 22}, {"verdict", 23}};
  for (const auto& factor : verdict.factors) {
    const auto& name = factor.factor.name;
    blocks::Row row{{{name, Form::code},
                     {join(factor.factor.values, ", ")},
                     {std::string(to_text(factor.factor.promise))},
                     {factor.found},
                     {verdict_text(factor), Form::verdict, {}, mood_of(factor)}}};
    row.marked = factor.moved;
    for (const auto& value : factor.values)
      if (value.step || value.finding == Finding::untested || is_broken(factor, value) ||
          value.sentence.find(';') != std::string::npos)
        row.notes.push_back({value.value, name + "=" + value.value, note_of(judged, factor, value)});
    table.rows.push_back(row);
  }
  return table;
}

// A broken promise fails; what is untested or cannot be decided is skipped.
blocks::Checks checks_of(const FactorVerdict& factor) {
  blocks::Checks suite{.suite =
                           factor.factor.name + " promises " + std::string(to_text(factor.factor.promise))};
  for (const auto& value : factor.values) {
    const bool open = value.finding == Finding::untested || value.finding == Finding::inconclusive;
    suite.checks.push_back({.name = factor.factor.name + "=" + value.value,
                            .mood = is_broken(factor, value) ? Mood::bad
                                    : open                   ? Mood::neutral
                                                             : Mood::good,
                            .message = finding_text(value),
                            .text = value.sentence});
  }
  return suite;
}

// Without factors the only promise is that the traces are the same.
blocks::Checks equal_bits(const Judged& judged) {
  std::string where;
  for (const auto& divergence : class_divergences_of(judged.diff, judged.closer.bisections))
    where += divergence.a + " and " + divergence.b + ": " + divergence.title + "\n";
  const Mood mood = judged.head.exit_code == 0 ? Mood::good : Mood::bad;
  return {.suite = "traces",
          .checks = {{.name = "equal bits", .mood = mood, .message = judged.head.headline, .text = where}}};
}

Json members_of(const Judged& judged, const FactorVerdict& factor) {
  Json values = Json::array();
  for (const auto& value : factor.values)
    values.push_back({{"value", value.value},
                      {"finding", finding_text(value)},
                      {"step", step_or_null(value.step)},
                      {"broken", is_broken(factor, value)},
                      {"sentence", value.sentence},
                      {"distance", remark(judged, factor.factor, value.value)}});
  return {{"name", factor.factor.name},
          {"values", join(factor.factor.values, ", ")},
          {"owes", to_text(factor.factor.promise)},
          {"moved", factor.moved},
          {"kept", factor.kept},
          {"found", factor.found},
          {"verdict", verdict_text(factor)},
          {"mood", name_of(mood_of(factor))},
          {"by_value", values}};
}

Section compose(const Judged& judged) {
  const auto& verdict = judged.verdict;
  Section section{.heading = "What moves the bits"};
  Json list = Json::array();
  for (const auto& factor : verdict.factors) {
    list.push_back(members_of(judged, factor));
    section.blocks.push_back({checks_of(factor), Readers::servers});
  }
  section.members = {
      {"factors", list}, {"explaining_sets", verdict.explaining_sets}, {"explained", verdict.explained}};
  if (verdict.factors.empty()) {
    section.blocks.push_back({equal_bits(judged), Readers::servers});
    return section;
  }
  section.blocks.push_back({table_of(judged)});
  const std::string explaining = explaining_sentence(judged.diff, verdict);
  blocks::Prose remarks{{promises_sentence(verdict)}, true};
  if (!explaining.empty()) remarks.sentences.insert(remarks.sentences.begin(), explaining);
  section.blocks.push_back({remarks});
  return section;
}

}  // namespace

extern const SectionComposer factors{
    .summary = "what was varied, and what moves the bits",
    .order = {.page = 30},
    .compose = compose,
};

}  // namespace reprise::sections
