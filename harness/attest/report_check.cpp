// SPDX-License-Identifier: Apache-2.0
#include "harness/attest/report_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

namespace reprise {
namespace {

using Json = nlohmann::ordered_json;

// Keys whose values are written for people: another version may word them otherwise, and a bisection adds to
// them.
constexpr std::array<std::string_view, 8> words = {"title", "headline", "verdict",      "mood",
                                                   "marks", "next",     "next_command", "command"};

bool is_words(std::string_view key) { return std::ranges::find(words, key) != words.end(); }

std::string shortened(const Json& value) {
  std::string text = value.dump(-1, ' ', false, Json::error_handler_t::replace);
  constexpr std::size_t shown = 80;
  if (text.size() > shown) text = text.substr(0, shown) + "...";
  return text;
}

// The first place where two values differ, "/runs/0/chain", and what stands there on both sides.
struct Difference {
  std::string place;
  Json left, right;
};

Difference first_difference(const Json& left, const Json& right, const std::string& place) {
  if (left.type() == right.type() && left.is_object())
    for (const auto& [key, value] : left.items()) {
      if (!right.contains(key)) return {place + "/" + key, value, nullptr};
      if (right[key] != value) return first_difference(value, right[key], place + "/" + key);
    }
  if (left.type() == right.type() && left.is_array() && left.size() == right.size())
    for (std::size_t i = 0; i < left.size(); ++i)
      if (left[i] != right[i]) return first_difference(left[i], right[i], fmt::format("{}/{}", place, i));
  return {place, left, right};
}

const Json& operator_of(const Json& report, std::size_t parting) {
  static const Json none;
  const auto partings = report.find("partings");
  if (partings == report.end() || parting >= partings->size()) return none;
  const auto found = (*partings)[parting].find("operator");
  return found == (*partings)[parting].end() ? none : *found;
}

// Operators that the traces by themselves do not tell.
bool is_bisected(const Json& report, const Json& again) {
  const auto partings = report.find("partings");
  if (partings == report.end() || !partings->is_array()) return false;
  for (std::size_t i = 0; i < partings->size(); ++i)
    if (!operator_of(report, i).is_null() && operator_of(again, i).is_null()) return true;
  return false;
}

// Without what a bisection adds.
Json bare(Json report) {
  for (auto& parting : report["partings"])
    if (parting.contains("operator")) parting["operator"] = nullptr;
  for (auto& factor : report["factors"])
    for (auto& value : factor["by_value"])
      if (value.contains("distance")) value["distance"] = "";
  return report;
}

std::string wanted_found(const Json& report, const Json& again, const std::string& key) {
  const Json none;
  const auto found = first_difference(report.contains(key) ? report[key] : none,
                                      again.contains(key) ? again[key] : none, "/" + key);
  return fmt::format("the traces say {} at {}, the report says {}", shortened(found.right), found.place,
                     shortened(found.left));
}

// Where a key differs: whether it is told apart by what cannot be made again here.
void check_key(const Json& report, const Json& again, const std::string& key, const std::string& excuse,
               Verification& found) {
  if (report.contains(key) && again.contains(key) && report[key] == again[key]) return;
  const bool both = report.contains(key) && again.contains(key);
  if (!excuse.empty() && (is_words(key) || !both))
    return found.leave("report " + key, fmt::format("{}; {}", wanted_found(report, again, key), excuse));
  found.fail("report " + key, wanted_found(report, again, key));
}

}  // namespace

bool has_bisection(const Json& report) { return is_bisected(report, Json::object()); }

void check_report(const Json& signed_report, const Json& again, const ReportVersions& versions,
                  Verification& found) try {
  const bool bisected = is_bisected(signed_report, again);
  const Json report = bisected ? bare(signed_report) : signed_report, other = bisected ? bare(again) : again;
  std::string excuse;
  if (bisected) excuse = "it holds what reruns of a bisection found, of which no trace is here";
  if (versions.signed_with != versions.here)
    excuse = fmt::format("reprise {} wrote it, and this is {}, which may word it otherwise",
                         versions.signed_with, versions.here);
  std::set<std::string> keys;
  for (const auto* one : {&report, &other})
    for (const auto& [key, value] : one->items()) keys.insert(key);
  const std::size_t failed = found.count(CheckEnd::failed);
  for (const auto& key : keys) check_key(report, other, key, excuse, found);
  if (bisected)
    found.leave(
        "report operators",
        "what a bisection found rests on reruns, of which no trace is among the evidence; `reprise bisect` "
        "makes them again");
  if (found.count(CheckEnd::failed) > failed)
    return found.fail("report", "the report does not say what its traces say");
  found.pass("report",
             "judged again from the traces: classes, divergences, findings and metrics are those that "
             "the report tells");
} catch (const nlohmann::json::exception& error) {
  found.fail("report", fmt::format("wanted a report as docs/report-json.md describes it, found another: {}",
                                   error.what()));
}

void check_page(const std::string& name, std::string_view signed_text, std::string_view again,
                const ReportVersions& versions, bool bisected, Verification& found) {
  if (signed_text == again)
    return found.pass("page " + name, "composed again from the traces, byte for byte");
  if (bisected)
    return found.leave("page " + name,
                       "it shows what a bisection found, of which no trace is among the evidence");
  if (versions.signed_with != versions.here)
    return found.leave("page " + name,
                       fmt::format("reprise {} wrote it, and this is {}, which may lay it out otherwise",
                                   versions.signed_with, versions.here));
  const auto differs = std::ranges::mismatch(signed_text, again);
  found.fail("page " + name,
             fmt::format("it does not show what the traces say: it differs from the page composed "
                         "again at byte {}",
                         differs.in1 - signed_text.begin()));
}

}  // namespace reprise
