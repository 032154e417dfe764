// SPDX-License-Identifier: Apache-2.0
#include "reports/cure/cure_members.h"

#include "harness/judge/cure/paste.h"

namespace reprise {

using Json = nlohmann::ordered_json;

namespace {

Json pins_member(const PinSet& set) {
  Json pins = Json::object();
  for (const auto& [pin, value] : set) pins[pin] = value;
  return pins;
}

Json ratio_member(const std::optional<double>& ratio) { return ratio ? Json(*ratio) : Json(); }

std::string_view word_of(Attempt::Result result) {
  return result == Attempt::Result::equal ? "equal" : result == Attempt::Result::parts ? "parts" : "untested";
}

Json attempt_member(const Attempt& attempt) {
  return {{"result", word_of(attempt.result)},
          {"step", attempt.result == Attempt::Result::not_run ? Json() : Json(attempt.step)},
          {"ratio", ratio_member(attempt.ratio)},
          {"reason", attempt.reason}};
}

Json try_member(const CureTry& one) {
  return {{"pins", pins_member(one.pins)},
          {"state", to_text(one.state())},
          {"step_time_ratio", ratio_member(one.ratio())},
          {"axis_itself", one.own_axis},
          {"few_steps", attempt_member(one.few)},
          {"whole_run", one.whole ? attempt_member(*one.whole) : Json()}};
}

}  // namespace

Json front_members(const Cure& cure) {
  Json front = Json::array();
  for (const auto index : cure.front) {
    const CureTry& one = cure.tries[index];
    front.push_back({{"pins", pins_member(one.pins)},
                     {"state", to_text(one.state())},
                     {"step_time_ratio", ratio_member(one.ratio())},
                     {"axis_itself", one.own_axis},
                     {"paste", cure.is_command ? script_text(one.pins) : pins_block(one.pins)}});
  }
  Json first;
  if (cure.first) first = {{"step", cure.first->step}, {"stage", cure.first->stage}};
  return {{"recipe", cure.recipe},
          {"recipe_id", cure.recipe_id},
          {"axis", cure.axis},
          {"sides", cure.sides},
          {"answer", to_text(cure.answer)},
          {"first", first},
          {"few_steps", cure.few_steps},
          {"last_step", cure.last_step > 0 ? Json(cure.last_step) : Json()},
          {"repeats", cure.repeats},
          {"noise", cure.noise},
          {"front", front}};
}

Json tries_members(const Cure& cure) {
  Json tries = Json::array();
  for (const auto& one : cure.tries) tries.push_back(try_member(one));
  return {{"tries", tries},
          {"notes", cure.notes},
          {"complete", cure.complete},
          {"runs_made", cure.runs_made},
          {"runs_reused", cure.runs_reused},
          {"seconds", cure.seconds}};
}

Json resists_member(const Cure& cure) {
  if (!cure.resists) return {};
  const Bisection& found = *cure.resists;
  Json op;
  if (found.call_a) op = found.call_a->name;
  return {{"pins", pins_member(cure.together)},
          {"found", to_text(found.found)},
          {"operator", op},
          {"sentence", found.sentence},
          {"lines", found.lines}};
}

}  // namespace reprise
