// SPDX-License-Identifier: Apache-2.0
#pragma once
// Pins: every setting that may move bits, by name, each with one value in a plan. The rows (pin_row.h) say
// how a value is imposed: by environment variables that a fresh process reads once, by LibTorch calls
// (harness/record does those), or both. Every pin is read back at the start, at each checkpoint and at the
// end of a run.
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/plan/pin_row.h"

namespace reprise {

// Every pin of the table -> its value, as it stands in the plan's text.
using Pins = std::map<std::string, std::string>;

// One word of the values that a pin takes.
struct AllowedValue {
  enum class Kind { word, integer, text } kind = Kind::word;
  std::string word;  // of a text: what it begins with
};

// The variables that one value sets; `value` is nothing where the rule is for every value without its own.
struct EnvironmentRule {
  std::optional<std::string> value;
  std::vector<std::pair<std::string, std::string>> variables;  // name -> text, {} for the value
};

// A row, read once.
struct Pin : PinRow {
  explicit Pin(const PinRow& row);
  std::vector<AllowedValue> allowed;
  std::vector<EnvironmentRule> rules;
};

std::span<const Pin> pin_table();  // sorted by name
const Pin& pick_pin(std::string_view name);
// Nothing for a pin of a newer version.
const Pin* find_pin(std::string_view name);
// An Error with the allowed values if `value` is not one of them.
void check_pin(const Pin& pin, std::string_view value);
Pins default_pins();
// The value, or "" where the pins do not name it.
std::string_view pin_value(const Pins& pins, std::string_view name);
// Of a pin that holds a whole number; an Error if it does not.
std::int64_t pin_integer(const Pins& pins, std::string_view name);
// Adds the pins that came after the plan was written, with the value that its run had.
void add_later_pins(Pins& pins);
// Whether a plan leaves this pin unsaid: so the plans from before it keep their texts, and their names.
bool is_unsaid(std::string_view name, std::string_view value);
// The variables that these pins set, and nothing else.
std::map<std::string, std::string> pin_environment(const Pins& pins);
// Whether some value of the pin sets that variable.
bool sets_variable(const Pin& pin, std::string_view variable);
// Every variable that some pin of the table may set, sorted: what a fresh environment must not inherit.
std::vector<std::string> pinned_variables();

}  // namespace reprise
