// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/probe/probe_json.h"

#include "harness/base/error.h"

namespace reprise {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* schema = "reprise.probes/1";

Json described(const ProbeCell& cell) {
  return {{"cause", to_text(cell.cause)},
          {"finding", to_text(cell.finding)},
          {"calls", cell.calls},
          {"sentence", cell.sentence}};
}

}  // namespace

Json to_json(const std::vector<ProbeVerdict>& verdicts, const ProbeOrder& order) {
  Json document = {{"schema", schema}, {"reprise", REPRISE_VERSION}};
  document["repeats"] = order.repeats;
  document["processes"] = order.processes;
  document["causes"] = Json::array();
  for (const auto& word : words_of(Cause{}))
    document["causes"].push_back({{"name", word.text}, {"summary", summary_of(word.value)}});
  document["operators"] = Json::array();
  for (const auto& verdict : verdicts) {
    Json cells = Json::array();
    for (const auto& cell : verdict.cells) cells.push_back(described(cell));
    document["operators"].push_back({{"name", verdict.probe}, {"cells", cells}});
  }
  return document;
}

}  // namespace reprise
