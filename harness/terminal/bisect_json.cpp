// SPDX-License-Identifier: Apache-2.0
#include "harness/terminal/bisect_json.h"

#include <nlohmann/json.hpp>

namespace reprise {
namespace {

using Json = nlohmann::ordered_json;

Json described(const KnownPlace& place) {
  if (!place) return nullptr;
  Json json;
  json["file"] = place->file;
  json["line"] = place->line > 0 ? Json(place->line) : Json(nullptr);
  json["function"] = place->function;
  json["source"] = place->source;
  json["part"] = place->part;
  json["module"] = place->module;
  json["through"] = place->through;
  return json;
}

Json described(const std::optional<OpCall>& call) {
  if (!call) return nullptr;
  Json json;
  json["operator"] = call->name;
  json["step"] = call->step;
  json["role"] = call->role;
  json["thread"] = call->thread;
  json["order"] = call->order;
  json["depth"] = call->depth;
  json["phase"] = name_of(call->phase);
  json["scope"] = call->scope;
  json["scalars"] = call->scalars;
  json["place"] = described(call->place);
  json["forward"] = described(call->forward);
  return json;
}

Json described(const OutputDistance& output) {
  Json json;
  json["output"] = output.output;
  json["shape"] = output.shape;
  json["elements"] = output.distance.elements;
  json["differing"] = output.distance.differing;
  json["max_ulp"] = output.distance.max_ulp;
  json["first"] = nullptr;
  if (output.first)
    json["first"] = {{"index", output.first->index},
                     {"a", output.first->a},
                     {"b", output.first->b},
                     {"hex_a", output.first->hex_a},
                     {"hex_b", output.first->hex_b}};
  json["ulp"] = Json::array();
  for (const auto& bin : output.ulp)
    json["ulp"].push_back({{"low", bin.low}, {"high", bin.high}, {"elements", bin.elements}});
  json["correctly_rounded"] = nullptr;
  if (output.rounded)
    json["correctly_rounded"] = {{"elements", output.rounded->elements},
                                 {"a", output.rounded->right_a},
                                 {"b", output.rounded->right_b}};
  return json;
}

Json described(const std::optional<CallDistance>& distance) {
  if (!distance) return nullptr;
  Json json;
  json["operator"] = distance->name;
  json["inputs_equal"] = distance->inputs_equal;
  json["outputs_compared"] = distance->outputs_compared;
  json["outputs"] = Json::array();
  for (const auto& output : distance->outputs) json["outputs"].push_back(described(output));
  return json;
}

Json described(const RemedyTried& remedy) {
  Json json;
  json["remedy"] = remedy.remedy;
  json["tried"] = remedy.tried;
  json["equal"] = remedy.tried ? Json(remedy.equal) : Json(nullptr);
  json["until_step"] = remedy.until;
  json["step_time_ratio"] = remedy.step_time ? Json(*remedy.step_time) : Json(nullptr);
  json["reason"] = remedy.reason;
  return json;
}

void describe_first(const std::optional<Divergence>& first, Json& json) {
  json["step"] = first ? Json(first->step) : Json(nullptr);
  json["stage"] = first ? Json(first->stage) : Json(nullptr);
  json["tensor"] = first ? Json(first->tensor) : Json(nullptr);
}

}  // namespace

std::string bisection_json(const Bisection& found, const std::string& recipe,
                           const std::optional<SelfTest>& self_test) {
  Json json;
  json["schema"] = "reprise.bisect/1";
  json["recipe"] = recipe;
  json["sides"] = {found.side_a, found.side_b};
  json["found"] = to_text(found.found);
  json["sentence"] = found.sentence;
  describe_first(found.first, json);
  json["kind"] = to_text(found.divergence.kind);
  json["operator"] = found.call_a   ? Json(found.call_a->name)
                     : found.call_b ? Json(found.call_b->name)
                                    : Json(nullptr);
  json["call_a"] = described(found.call_a);
  json["call_b"] = described(found.call_b);
  json["made_at"] = described(found.made_at);
  json["lines"] = found.lines;
  json["kernels"] = to_json(found.kernels);
  json["distance"] = described(found.distance);
  json["reasons"] = Json::array();
  for (const auto& reason : found.reasons)
    json["reasons"].push_back({{"reason", reason.sentence}, {"source", reason.source}});
  json["remedies"] = Json::array();
  for (const auto& remedy : found.remedies) json["remedies"].push_back(described(remedy));
  json["growth"] = found.growth ? to_json(*found.growth) : nullptr;
  json["rounds"] = found.rounds;
  json["firsts"] = Json::array();
  for (const auto& first : found.firsts)
    json["firsts"].push_back({{"operator", first.name},
                              {"step", first.step},
                              {"role", first.role},
                              {"order", first.order},
                              {"rounds", first.rounds}});
  json["reruns"] = {found.reruns_a, found.reruns_b};
  json["started_from"] = found.started_from;
  json["notes"] = found.notes;
  json["self_test"] = nullptr;
  if (self_test) json["self_test"] = {{"void", self_test->is_void}, {"sentence", self_test->sentence}};
  return json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace reprise
