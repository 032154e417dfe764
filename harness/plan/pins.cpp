// SPDX-License-Identifier: Apache-2.0
#include "harness/plan/pins.h"

#include <algorithm>
#include <set>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/plan/pin_rows.h"

namespace reprise {
namespace {

// The assignments "NAME=TEXT NAME=TEXT" of the rule that fits `value`; "" if none does.
std::string assignments_for(const Pin& pin, std::string_view value) {
  std::string general;
  if (pin.environment.empty()) return general;
  for (const auto& rule : split(pin.environment, ';')) {
    // A value may hold ':' itself, so the rule is compared from its front instead of being cut.
    if (rule.size() > value.size() && rule.starts_with(value) && rule[value.size()] == ':')
      return rule.substr(value.size() + 1);
    if (rule.starts_with("*:")) general = rule.substr(2);
  }
  return general;
}

bool is_count(std::string_view text) {
  const auto number = to_integer(text);
  return number && *number >= 1 && std::to_string(*number) == text;
}

// Whether one word of a pin's values allows `value`: "<text>" anything, "cuda:<text>" anything after "cuda:".
bool allows(std::string_view word, std::string_view value) {
  constexpr std::string_view any_text = "<text>";
  if (word == "<integer>") return is_count(value);
  if (!word.ends_with(any_text)) return word == value;
  const auto prefix = word.substr(0, word.size() - any_text.size());
  return value.size() > prefix.size() && value.starts_with(prefix);
}

}  // namespace

std::span<const Pin> pin_table() { return pin_rows(); }

const Pin& pick_pin(std::string_view name) {
  std::vector<std::string> names;
  for (const auto& pin : pin_table()) {
    if (pin.name == name) return pin;
    names.emplace_back(pin.name);
  }
  const auto near = nearest(name, names);
  fail("no pin named '{}'{}; `reprise list pins` shows all {}", name,
       near ? fmt::format("; did you mean '{}'?", *near) : std::string(), names.size());
}

void check_pin(const Pin& pin, std::string_view value) {
  const auto allowed = split(pin.values, ' ');
  for (const auto& word : allowed)
    if (allows(word, value)) return;
  if (allowed == std::vector<std::string>{"<integer>"})
    fail("wanted a whole number of at least 1 for pin {}, found '{}'", pin.name, value);
  if (allowed == std::vector<std::string>{"0", "<integer>"})
    fail("wanted a whole number of at least 0 for pin {}, found '{}'", pin.name, value);
  const auto near = nearest(value, allowed);
  fail("wanted one of {} for pin {}, found '{}'{}", join(allowed, ", "), pin.name, value,
       near ? fmt::format("; did you mean '{}'?", *near) : std::string());
}

Pins default_pins() {
  Pins pins;
  for (const auto& pin : pin_table()) pins.emplace(pin.name, pin.fallback);
  return pins;
}

void add_later_pins(Pins& pins) {
  for (const auto& pin : pin_table())
    if (!pin.before.empty()) pins.emplace(pin.name, pin.before);
}

bool is_unsaid(std::string_view name, std::string_view value) {
  return std::ranges::any_of(pin_table(), [&](const Pin& pin) {
    return pin.name == name && !pin.before.empty() && pin.before == value;
  });
}

std::map<std::string, std::string> pin_environment(const Pins& pins) {
  std::map<std::string, std::string> variables;
  for (const auto& [name, value] : pins) {
    const std::string assignments = assignments_for(pick_pin(name), value);
    if (assignments.empty()) continue;
    for (const auto& assignment : split(assignments, ' ')) {
      const auto equals = assignment.find('=');
      check(equals != std::string::npos, "a pin's rule assigns");
      variables[assignment.substr(0, equals)] = replace_all(assignment.substr(equals + 1), "{}", value);
    }
  }
  return variables;
}

std::vector<std::string> pinned_variables() {
  std::set<std::string> names;
  for (const auto& pin : pin_table()) {
    for (const auto& rule : split(pin.environment, ';')) {
      for (const auto& part : split(rule, ' ')) {
        const auto assignment = std::string_view(part).substr(0, part.find('='));
        if (assignment.size() == part.size()) continue;
        // The first part of a rule still carries "VALUE:" in front, where VALUE may hold ':' too.
        const auto colon = assignment.rfind(':');
        names.emplace(colon == std::string_view::npos ? assignment : assignment.substr(colon + 1));
      }
    }
  }
  return {names.begin(), names.end()};
}

}  // namespace reprise
