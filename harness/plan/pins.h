// SPDX-License-Identifier: Apache-2.0
#pragma once
// Pins: every setting that may move bits, by name, each with one value in a plan. The table says how a value
// is imposed: by environment variables that a fresh process reads once, by LibTorch calls (harness/record
// does those), or both. Every pin is read back at the start, at each checkpoint and at the end of a run.
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace reprise {

using Pins = std::map<std::string, std::string>;  // every pin of the table -> its value

struct Pin {
  std::string_view name;
  std::string_view fallback;  // the value where neither recipe nor user says one
  // "on off" and so on: the values allowed, separated by spaces; "<integer>" a whole number >= 1;
  // "<text>" anything, "cuda:<text>" anything after "cuda:". Words in addition to "<...>" are allowed too, as
  // in "0 <integer>".
  std::string_view values;
  // "VALUE:NAME=TEXT NAME=TEXT;VALUE:..." : the environment that imposes a value; VALUE "*" stands for every
  // value without a rule of its own, and {} in TEXT for the value. A value without a rule sets nothing.
  std::string_view environment;
  std::string_view why;  // one line for people: what it decides
  // The value that every run had before there was this pin: what a plan means that does not name it. "" for a
  // pin that has always been there.
  std::string_view before = {};
};

std::span<const Pin> pin_table();  // sorted by name
const Pin& pick_pin(std::string_view name);
// An Error with the allowed values if `value` is not one of them.
void check_pin(const Pin& pin, std::string_view value);
Pins default_pins();
// Adds the pins that came after the plan was written, with the value that its run had.
void add_later_pins(Pins& pins);
// Whether a plan leaves this pin unsaid: so the plans from before it keep their texts, and their names.
bool is_unsaid(std::string_view name, std::string_view value);
// The variables that these pins set, and nothing else.
std::map<std::string, std::string> pin_environment(const Pins& pins);
// Every variable that some pin of the table may set, sorted: what a fresh environment must not inherit.
std::vector<std::string> pinned_variables();

}  // namespace reprise
