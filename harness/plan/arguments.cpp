// SPDX-License-Identifier: Apache-2.0
#include "harness/plan/arguments.h"

#include <algorithm>
#include <cctype>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/plan/command_words.h"
#include "harness/plan/scripts_named.h"

namespace reprise {
namespace {

constexpr std::string_view present = "present", absent = "absent";

bool is_place(std::string_view name) {
  return !name.empty() &&
         std::ranges::all_of(name, [](char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; });
}

const CommandLine& command_of(const Plan& plan, std::string_view axis) {
  if (!plan.command)
    fail("wanted a command for axis {}, found the native recipe {}; its parameters are set by --set", axis,
         plan.recipe);
  return *plan.command;
}

// The word at that place behind what is run, whatever it is to the program.
std::size_t word_at(const Plan& plan, std::string_view name) {
  const auto& words = plan.command->words;
  const std::size_t source = source_word(plan);
  const auto place = to_integer(name).value_or(0);
  const std::size_t behind = words.size() - source - 1;
  if (place < 1 || static_cast<std::size_t>(place) > behind)
    fail("the command has {} word{} behind {}, so arg:{} is none of them; write the word in the command",
         behind, behind == 1 ? "" : "s", words[source], name);
  return source + static_cast<std::size_t>(place);
}

std::string how_to_add(std::string_view name) {
  if (name.starts_with('-')) return fmt::format("write it there, with the value it has now: {} VALUE", name);
  return fmt::format("write it there ({0}=VALUE or --{0} VALUE), or name the word by its place: arg:1", name);
}

const Argument& argument_named(const std::vector<Argument>& all, std::string_view name) {
  std::vector<std::string> known;
  const Argument* found = nullptr;
  for (const auto& argument : all) {
    if (argument.form == ArgumentForm::placed) continue;
    known.push_back(argument.name);
    if (argument.name != name) continue;
    if (found) fail("the command has {} twice, so which one arg:{} means is open; leave one out", name, name);
    found = &argument;
  }
  if (found) return *found;
  const auto near = nearest(name, known);
  fail("the command has no argument {}; {}", name,
       near ? fmt::format("did you mean arg:{}? To vary {} itself, {}", *near, name, how_to_add(name))
            : how_to_add(name));
}

// A word that a parameter or a pin fills in is varied by that, else the plan would say two things.
void refuse_filled(const Plan& plan, std::string_view name, const std::string& value) {
  for (const auto& [parameter, unused] : plan.parameters)
    if (value.find("{" + parameter + "}") != std::string::npos)
      fail("{} takes the parameter {} of the recipe; write arg:{}", name, parameter, parameter);
  for (const auto& [pin, unused] : plan.pins)
    if (value.find("{" + pin + "}") != std::string::npos)
      fail("{} takes the pin {}; write pin:{}", name, pin, pin);
}

// A script that the command no longer names is no part of it, and one that it names now is.
void rename_sources(Plan& plan, const std::vector<std::string>& words_before) {
  const CommandLine& command = *plan.command;
  const auto names = [](const std::vector<std::string>& words, const std::string& name) {
    return std::ranges::find(words, name) != words.end();
  };
  std::erase_if(plan.data, [&](const DataFile& file) {
    return names(words_before, file.name) && !names(command.words, file.name);
  });
  add_named_files(plan);
}

void set_flag(Plan& plan, const Argument& flag, std::string_view value) {
  if (value != present && value != absent)
    fail(
        "{0} has no value in the command; write it there ({0} VALUE), or vary whether it stands there: "
        "arg:{0}=present,absent",
        flag.name);
  auto& words = plan.command->words;
  if (value == absent) words.erase(words.begin() + static_cast<std::ptrdiff_t>(flag.word));
}

void set_named(Plan& plan, std::string_view name, std::string_view value) {
  const auto arguments = arguments_of(plan);
  const Argument& argument = argument_named(arguments, name);
  if (argument.form == ArgumentForm::flag) return set_flag(plan, argument, value);
  if (value == present || value == absent)
    fail(
        "whether {} is the value of {} or a word of its own is known to the program alone, so {} cannot be "
        "{}; write {} last in the command if it takes no value",
        argument.value, name, name, value, name);
  refuse_filled(plan, name, argument.value);
  auto& words = plan.command->words;
  if (argument.form == ArgumentForm::joined)
    words[argument.word] = argument.name + "=" + std::string(value);
  else
    words[argument.word + 1] = value;
}

}  // namespace

void set_argument(Plan& plan, std::string_view name, std::string_view value) {
  command_of(plan, fmt::format("arg:{}", name));
  if (const auto found = plan.parameters.find(std::string(name)); found != plan.parameters.end()) {
    found->second = scalar_like(found->second, std::string(value), std::string(name));
    return;
  }
  const auto before = plan.command->words;
  if (is_place(name)) {
    const std::size_t word = word_at(plan, name);
    refuse_filled(plan, fmt::format("word {}", name), before[word]);
    plan.command->words[word] = value;
  } else {
    set_named(plan, name, value);
  }
  rename_sources(plan, before);
}

void set_variable(Plan& plan, std::string_view name, std::string_view value) {
  command_of(plan, fmt::format("env:{}", name));
  const bool named = std::ranges::all_of(
      name, [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; });
  if (!named || std::isdigit(static_cast<unsigned char>(name[0])) != 0)
    fail("wanted the name of a variable, of letters, digits and _, found '{}'; write env:NAME", name);
  for (const auto& pin : pin_table())
    if (sets_variable(pin, name))
      fail("reprise sets {} itself, by the pin {}; write pin:{} instead of env:{}", name, pin.name, pin.name,
           name);
  if (name.starts_with("REPRISE_"))
    fail("reprise sets {} for itself; a variable of your command has another name", name);
  plan.command->variables[std::string(name)] = value;
}

}  // namespace reprise
