// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/seeds/random_seen.h"

#include <nlohmann/json.hpp>

#include "harness/base/error.h"
#include "harness/base/files.h"

namespace reprise {
namespace {

using Json = nlohmann::json;

template <class Value>
std::optional<Value> known(const Json& json, const char* key) {
  const auto found = json.find(key);
  return found == json.end() || found->is_null() ? std::nullopt : std::optional(found->get<Value>());
}

std::string text(const Json& json, const char* key) { return known<std::string>(json, key).value_or(""); }

SeedCall seeding_of(const Json& json) {
  return {text(json, "call"),      text(json, "kind"),    text(json, "value"),
          text(json, "place"),     text(json, "through"), json.value("row", std::int64_t{0}),
          json.value("same", true)};
}

GeneratorSeen generator_of(const std::string& name, const Json& json) {
  GeneratorSeen seen{name, json.at("drawn").get<bool>(), known<std::int64_t>(json, "drawn_by_row"),
                     known<bool>(json, "drawn_before_seeding")};
  for (const auto& one : json.at("seedings")) seen.seedings.push_back(seeding_of(one));
  return seen;
}

std::vector<ChildDraw> draws_of(const Json& json) {
  std::vector<ChildDraw> draws;
  for (const auto& [name, draw] : json.items()) {
    const auto inherited = draw.contains("inherited") ? known<bool>(draw, "inherited") : false;
    draws.push_back({name, draw.at("drawn").get<bool>(), inherited.value_or(true), text(draw, "from")});
  }
  return draws;
}

ChildSeen child_of(const Json& json) {
  return {text(json, "name"),         known<std::int64_t>(json, "worker"), text(json, "round"),
          json.value("ended", false), draws_of(json.at("generators")),     draws_of(json.at("own"))};
}

EpochSeen epoch_of(const Json& json) {
  EpochSeen seen{json.at("loader"),
                 json.at("dataset"),
                 text(json, "sampler"),
                 known<bool>(json, "shuffles"),
                 known<std::int64_t>(json, "epoch"),
                 text(json, "place"),
                 text(json, "order"),
                 json.at("samples"),
                 json.at("whole"),
                 json.at("batches"),
                 {}};
  if (const auto& rows = json.at("rows"); !rows.is_null()) {
    seen.rows.emplace();
    for (const auto& row : rows) seen.rows->push_back({row.at(0), row.at(1), row.at(2)});
  }
  return seen;
}

RandomSeen seen_of(const Json& json) {
  RandomSeen seen;
  seen.imposed = json.at("imposed");
  seen.forks = json.at("forks");
  for (const auto& [name, generator] : json.at("generators").items())
    seen.generators.push_back(generator_of(name, generator));
  for (const auto& one : json.at("unseeded")) seen.unseeded.push_back(seeding_of(one));
  for (const auto& one : json.at("children")) seen.children.push_back(child_of(one));
  for (const auto& one : json.at("epochs")) seen.epochs.push_back(epoch_of(one));
  return seen;
}

}  // namespace

std::optional<RandomSeen> random_seen(const std::filesystem::path& process) {
  const auto file = process / "observed.json";
  if (!std::filesystem::is_regular_file(file)) return std::nullopt;
  try {
    const auto json = Json::parse(read_file(file, "observation"));
    const auto found = json.find("random");
    if (found == json.end()) return std::nullopt;
    return seen_of(*found);
  } catch (const Error&) {
    return std::nullopt;
  } catch (const Json::exception&) {  // damaged
    return std::nullopt;
  }
}

}  // namespace reprise
