// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/probe/probe_json.h"

#include "harness/base/error.h"

namespace reprise {
namespace {

using Json = nlohmann::ordered_json;

[[noreturn]] void refuse(const std::string& where, const std::string& found) {
  fail("wanted what `reprise probe --json` printed (schema {}) in {}, found {}", probe_schema, where, found);
}

ProbeCell cell_from(const Json& json) {
  ProbeCell cell{.cause = word_from<Cause>(json.at("cause").get<std::string>(), "a cause"),
                 .finding = word_from<ProbeFinding>(json.at("finding").get<std::string>(), "a finding"),
                 .calls = json.at("calls").get<std::int64_t>(),
                 .sentence = json.at("sentence").get<std::string>(),
                 .whole = json.at("whole").get<bool>(),
                 .tries = json.value("tries", std::int64_t{-1}),
                 .differ = json.value("differ", std::int64_t{-1})};
  if (json.contains("v_ermv") && json.at("v_ermv").is_number())
    cell.distance = {json.at("v_ermv").get<double>(), json.at("v_c").get<double>()};
  return cell;
}

ProbeVerdict verdict_from(const Json& json) {
  ProbeVerdict verdict{json.at("name").get<std::string>(),
                       {},
                       json.at("bits").get<std::string>(),
                       json.at("processor").get<std::string>(),
                       json.at("libtorch").get<std::string>()};
  for (const auto& cell : json.at("cells")) verdict.cells.push_back(cell_from(cell));
  return verdict;
}

Json described(const ProbeCell& cell) {
  Json json = {{"cause", to_text(cell.cause)},
               {"finding", to_text(cell.finding)},
               {"calls", cell.calls},
               {"tries", cell.tries},
               {"differ", cell.differ},
               {"sentence", cell.sentence},
               {"whole", cell.whole},
               {"v_ermv", nullptr},
               {"v_c", nullptr}};
  if (cell.distance) {
    json["v_ermv"] = cell.distance->v_ermv;
    json["v_c"] = cell.distance->v_c;
  }
  return json;
}

}  // namespace

Json to_json(const std::vector<ProbeVerdict>& verdicts, const ProbeOrder& order) {
  Json document = {{"schema", probe_schema}, {"reprise", REPRISE_VERSION}};
  document["repeats"] = order.repeats;
  document["processes"] = order.processes;
  document["pins"] = order.pins;
  document["causes"] = Json::array();
  for (const auto& word : words_of(Cause{}))
    document["causes"].push_back({{"name", word.text}, {"summary", summary_of(word.value)}});
  document["operators"] = Json::array();
  for (const auto& verdict : verdicts) {
    Json cells = Json::array();
    for (const auto& cell : verdict.cells) cells.push_back(described(cell));
    Json row = {{"name", verdict.probe},        {"bits", verdict.bits}, {"processor", verdict.processor},
                {"libtorch", verdict.libtorch}, {"cost", nullptr},      {"cells", cells}};
    if (verdict.cost) row["cost"] = {{"ratio", verdict.cost->ratio}, {"noise", verdict.cost->noise}};
    document["operators"].push_back(std::move(row));
  }
  return document;
}

ProbeTable probe_table(std::string_view text, const std::string& where) {
  const Json document = Json::parse(text, nullptr, false);
  if (!document.is_object()) refuse(where, "no JSON document");
  const std::string found = document.value("schema", std::string("none"));
  if (found != probe_schema) refuse(where, "the schema " + found);
  try {
    ProbeTable table{document.at("pins").get<Pins>(), {}};
    for (const auto& one : document.at("operators")) table.verdicts.push_back(verdict_from(one));
    return table;
  } catch (const Json::exception& error) {
    refuse(where, std::string("one without what it must hold: ") + error.what());
  }
}

}  // namespace reprise
