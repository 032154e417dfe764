// SPDX-License-Identifier: Apache-2.0
#include "harness/plan/pins.h"

#include <algorithm>
#include <set>

#include "harness/base/error.h"
#include "harness/base/text.h"

namespace reprise {
namespace {

AllowedValue allowed_of(std::string_view word) {
  constexpr std::string_view any_text = "<text>";
  if (word == "<integer>") return {AllowedValue::Kind::integer, ""};
  if (word.ends_with(any_text))
    return {AllowedValue::Kind::text, std::string(word.substr(0, word.size() - any_text.size()))};
  return {AllowedValue::Kind::word, std::string(word)};
}

// "VALUE:NAME=TEXT NAME=TEXT". A value may hold ':' itself, but no variable's name does.
EnvironmentRule rule_of(const PinRow& row, const std::string& text) {
  const auto equals = text.find('='), colon = text.rfind(':', equals);
  check(colon != std::string::npos, "a pin's rule begins with the value that it is for");
  EnvironmentRule rule;
  if (const std::string value = text.substr(0, colon); value != "*") rule.value = value;
  for (const auto& assignment : split(text.substr(colon + 1), ' ')) {
    if (assignment.empty()) continue;
    const auto at = assignment.find('=');
    if (at == std::string::npos)
      fail("pin {}: wanted NAME=TEXT in its rule, found '{}'", row.name, assignment);
    rule.variables.emplace_back(assignment.substr(0, at), assignment.substr(at + 1));
  }
  return rule;
}

std::vector<Pin> read_rows() {
  std::vector<Pin> pins;
  for (const auto& [name, group] : pin_groups_shelf())
    for (const auto& row : group->rows) pins.emplace_back(row);
  std::ranges::sort(pins, {}, &Pin::name);
  return pins;
}

// The rule of this value, else the one for all values without their own.
const EnvironmentRule* rule_for(const Pin& pin, std::string_view value) {
  const EnvironmentRule* general = nullptr;
  for (const auto& rule : pin.rules) {
    if (!rule.value)
      general = &rule;
    else if (*rule.value == value)
      return &rule;
  }
  return general;
}

bool is_count(std::string_view text) {
  const auto number = to_integer(text);
  return number && *number >= 1 && std::to_string(*number) == text;
}

bool allows(const AllowedValue& allowed, std::string_view value) {
  switch (allowed.kind) {
    case AllowedValue::Kind::integer:
      return is_count(value);
    case AllowedValue::Kind::text:
      return value.size() > allowed.word.size() && value.starts_with(allowed.word);
    case AllowedValue::Kind::word:
      break;
  }
  return value == allowed.word;
}

}  // namespace

Pin::Pin(const PinRow& row) : PinRow(row) {
  for (const auto& word : split(row.values, ' ')) allowed.push_back(allowed_of(word));
  if (row.environment.empty()) return;
  for (const auto& text : split(row.environment, ';')) rules.push_back(rule_of(row, text));
}

std::span<const Pin> pin_table() {
  static const std::vector<Pin> pins = read_rows();
  return pins;
}

const Pin* find_pin(std::string_view name) {
  const auto table = pin_table();
  const auto found = std::ranges::lower_bound(table, name, {}, &Pin::name);
  return found != table.end() && found->name == name ? &*found : nullptr;
}

const Pin& pick_pin(std::string_view name) {
  if (const Pin* pin = find_pin(name)) return *pin;
  std::vector<std::string> names;
  for (const auto& pin : pin_table()) names.emplace_back(pin.name);
  const auto near = nearest(name, names);
  fail("no pin named '{}'{}; `reprise list pins` shows all {}", name,
       near ? fmt::format("; did you mean '{}'?", *near) : std::string(), names.size());
}

void check_pin(const Pin& pin, std::string_view value) {
  if (std::ranges::any_of(pin.allowed, [&](const AllowedValue& one) { return allows(one, value); })) return;
  const auto allowed = split(pin.values, ' ');
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

std::string_view pin_value(const Pins& pins, std::string_view name) {
  const auto found = pins.find(std::string(name));
  return found == pins.end() ? std::string_view() : std::string_view(found->second);
}

std::int64_t pin_integer(const Pins& pins, std::string_view name) {
  const auto number = to_integer(pin_value(pins, name));
  if (!number) fail("wanted a whole number for pin {}, found '{}'", name, pin_value(pins, name));
  return *number;
}

void add_later_pins(Pins& pins) {
  for (const auto& pin : pin_table())
    if (!pin.before.empty()) pins.emplace(pin.name, pin.before);
}

bool is_unsaid(std::string_view name, std::string_view value) {
  const Pin* pin = find_pin(name);
  return pin != nullptr && !pin->before.empty() && pin->before == value;
}

std::map<std::string, std::string> pin_environment(const Pins& pins) {
  std::map<std::string, std::string> variables;
  for (const auto& [name, value] : pins)
    if (const EnvironmentRule* rule = rule_for(pick_pin(name), value))
      for (const auto& [variable, text] : rule->variables)
        variables[variable] = replace_all(text, "{}", value);
  return variables;
}

bool sets_variable(const Pin& pin, std::string_view variable) {
  return std::ranges::any_of(pin.rules, [&](const EnvironmentRule& rule) {
    return std::ranges::any_of(rule.variables, [&](const auto& one) { return one.first == variable; });
  });
}

std::vector<std::string> pinned_variables() {
  std::set<std::string> names;
  for (const auto& pin : pin_table())
    for (const auto& rule : pin.rules)
      for (const auto& [variable, text] : rule.variables) names.insert(variable);
  return {names.begin(), names.end()};
}

}  // namespace reprise
