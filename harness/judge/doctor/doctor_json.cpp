// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/doctor/doctor_json.h"

#include <nlohmann/json.hpp>

#include "harness/base/error.h"

namespace reprise {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* schema = "reprise.doctor/1";

Json described(const std::string& name, const std::string& value, const Plan& plan) {
  Json one = {{"name", name}, {"value", value}};
  const MovingFact* row = moving_fact(name);
  one["moves_bits"] = row == nullptr ? Json() : Json(to_text(row->moves));
  if (row == nullptr) return one;
  one["pins"] = pins_named(row->pins);
  one["held_by"] = held_by(row->pins, plan);
  one["open"] = left_open(row->pins, plan);
  one["reason"] = row->reason;
  one["source"] = row->source;
  return one;
}

}  // namespace

Json to_json(const Examination& found, const Plan& plan) {
  Json document = {{"schema", schema}, {"reprise", REPRISE_VERSION}, {"subject", found.subject}};
  document["facts"] = Json::array();
  for (const auto& [name, value] : found.facts) document["facts"].push_back(described(name, value, plan));
  document["variables"] = Json::array();
  for (const auto& one : found.variables)
    document["variables"].push_back({{"name", one.name},
                                     {"value", one.value},
                                     {"found", to_text(one.reaches)},
                                     {"pin", one.pin},
                                     {"in_run", one.in_run.empty() ? Json() : Json(one.in_run)}});
  document["warnings"] = Json::array();
  for (const auto& one : found.warnings)
    document["warnings"].push_back({{"sentence", one.sentence}, {"remedy", one.remedy}});
  return document;
}

Facts facts_from_json(std::string_view text, std::string_view where) {
  const Json document = Json::parse(text, nullptr, false);
  if (document.is_discarded() || !document.is_object())
    fail(
        "wanted an examination ({}), found no whole JSON document in {}; write it again with `reprise "
        "doctor --json`",
        schema, where);
  const auto name = document.find("schema");
  if (name == document.end() || !name->is_string() || *name != schema)
    fail("wanted an examination ({}), found {} in {}; write one with `reprise doctor --json`", schema,
         name != document.end() && name->is_string() ? name->get<std::string>() : "no schema", where);
  const auto list = document.find("facts");
  if (list == document.end() || !list->is_array())
    fail("the examination in {} is damaged: it has no list of facts", where);
  Facts facts;
  for (const auto& one : *list) {
    if (!one.is_object() || !one.contains("name") || !one.contains("value") || !one["name"].is_string() ||
        !one["value"].is_string())
      fail("the examination in {} is damaged: a fact has no name or no value", where);
    if (!facts.emplace(one["name"].get<std::string>(), one["value"].get<std::string>()).second)
      fail("the examination in {} is damaged: it tells {} twice", where, one["name"].get<std::string>());
  }
  return facts;
}

Json to_json(const MachineDiff& diff) {
  Json document = {{"schema", "reprise.doctor-diff/1"}, {"a", diff.a}, {"b", diff.b}};
  document["differences"] = Json::array();
  for (const auto& one : diff.differences)
    document["differences"].push_back({{"name", one.name},
                                       {"a", one.a},
                                       {"b", one.b},
                                       {"moves_bits", to_text(one.moves)},
                                       {"reason", one.reason},
                                       {"source", one.source}});
  document["equal"] = diff.equal;
  document["only_a"] = diff.only_a;
  document["only_b"] = diff.only_b;
  document["remarks"] = diff.remarks;
  return document;
}

}  // namespace reprise
