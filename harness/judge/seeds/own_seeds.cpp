// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/seeds/own_seeds.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "harness/judge/compare/divergence_words.h"

namespace reprise {
namespace {

using Json = nlohmann::ordered_json;

template <class Value>
Json or_null(const std::optional<Value>& value) {
  return value ? Json(*value) : Json();
}

Json generator_json(const GeneratorSeeds& generator) {
  Json json{{"generator", generator.name},
            {"seeded_by", to_text(generator.by)},
            {"drawn_by_step", or_null(generator.drawn_by)}};
  const bool told = generator.seeding.has_value();
  json["call"] = told ? generator.seeding->call : "";
  json["value"] = told ? generator.seeding->value : "";
  json["place"] = told ? generator.seeding->place : "";
  json["through"] = told ? generator.seeding->through : "";
  json["sentence"] = generator.sentence;
  return json;
}

Json process_json(const ProcessSeeds& process) {
  Json list = Json::array();
  for (const auto& generator : process.generators) list.push_back(generator_json(generator));
  return {{"process", process.process},
          {"untested", process.untested},
          {"generators", list},
          {"unseeded", process.unseeded}};
}

Json processes_json(const Seeds& seeds) {
  Json list = Json::array();
  for (const auto& process : seeds.processes) list.push_back(process_json(process));
  return list;
}

bool is_told_alike(const ProcessSeeds& a, const ProcessSeeds& b) {
  return a.process == b.process && a.untested == b.untested && a.unseeded == b.unseeded &&
         std::ranges::equal(a.generators, b.generators, {}, &GeneratorSeeds::sentence,
                            &GeneratorSeeds::sentence);
}

}  // namespace

bool is_told_alike(const Seeds& a, const Seeds& b) {
  return a.imposed == b.imposed &&
         std::ranges::equal(a.processes, b.processes, [](const ProcessSeeds& one, const ProcessSeeds& other) {
           return is_told_alike(one, other);
         });
}

Json to_json(const OwnSeeds& seeds) {
  Json others = Json::array(), alike = Json::array();
  for (const auto& other : seeds.others)
    others.push_back({{"configuration", other.configuration},
                      {"imposed", other.seeds.imposed},
                      {"processes", processes_json(other.seeds)},
                      {"sentence", other.seeds.sentence()}});
  for (const auto& one : seeds.alike)
    alike.push_back({{"kind", to_text(one.kind)}, {"finding", one.finding}, {"sentence", one.sentence}});
  const OwnPair& pair = seeds.pair;
  return {{"imposed", seeds.seeds.imposed},
          {"processes", processes_json(seeds.seeds)},
          {"sentence", seeds.seeds.sentence()},
          {"others", others},
          {"own",
           {{"result", to_text(pair.result)},
            {"steps", pair.steps},
            {"parts_at", or_null(pair.parts_at)},
            {"stages", pair.stages},
            {"generators", pair.generators},
            {"sentence", pair.sentence}}},
          {"alike", alike},
          {"pinned", seeds.pinned}};
}

std::string pinned_besides(const Plan& plan) {
  std::vector<std::string> pins;
  for (const char* name : {"python-hash-seed", "threads", "deterministic"})
    if (const auto pin = plan.pins.find(name); pin != plan.pins.end())
      pins.push_back(fmt::format("{}={}", name, pin->second));
  return pins.empty() ? ""
                      : fmt::format("Besides seeds, reprise pinned {} (all pins stand below).", listed(pins));
}

}  // namespace reprise
