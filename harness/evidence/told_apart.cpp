// SPDX-License-Identifier: Apache-2.0
#include "harness/evidence/told_apart.h"

#include <algorithm>
#include <set>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/plan/command_words.h"

namespace reprise {
namespace {

using Values = std::map<std::string, std::string>;
using Plans = std::vector<const Plan*>;

bool names(const CommandLine& command, const std::string& name) {
  return std::ranges::find(command.words, name) != command.words.end();
}

// Files that one command alone names are what it is told; both name the others.
void drop_files_of_one(Plan& plan, const Plan& other) {
  const std::size_t source = source_word(plan);
  const std::string script = plan.command->words[source];
  std::erase_if(plan.data, [&](const DataFile& file) {
    return file.name != script && names(*plan.command, file.name) && !names(*other.command, file.name);
  });
}

bool same_parameters(const Plan& a, const Plan& b) {
  return std::ranges::equal(
      a.parameters, b.parameters, {}, [](const auto& one) { return one.first; },
      [](const auto& one) { return one.first; });
}

// The arguments by name; nothing where a name stands twice, or a word goes by its place before the program.
std::optional<Values> by_name(const Plan& plan) {
  Values values;
  for (const auto& argument : arguments_of(plan))
    if (!values.emplace(argument.name, argument.value).second) return std::nullopt;
  return values;
}

bool is_named(const Argument& argument) { return argument.form != ArgumentForm::placed; }

// Of the names that all have, the order must be one, and words that go by their place are everywhere.
bool in_one_order(const Plans& plans, const std::vector<Values>& values) {
  std::optional<std::vector<std::string>> first;
  for (const Plan* plan : plans) {
    std::vector<std::string> order;
    for (const auto& argument : arguments_of(*plan)) {
      const bool everywhere =
          std::ranges::all_of(values, [&](const Values& one) { return one.contains(argument.name); });
      if (!everywhere && !is_named(argument)) return false;
      if (everywhere) order.push_back(argument.name);
    }
    if (first && order != *first) return false;
    first = order;
  }
  return true;
}

// What stands behind the program and is not what is run.
std::string all_words(const Plan& plan) {
  const auto& words = plan.command->words;
  return words.size() < 2 ? "(none)" : shell_text({words.begin() + 1, words.end()});
}

// Whether plans with other words have other values, and no word before the program is among these, for which
// there is no name.
bool tells_all(const Plans& plans, const std::vector<Values>& values) {
  for (const auto& [name, value] : values.front())
    for (const auto& other : values)
      if (name.starts_with(before_source) && other.at(name) != value) return false;
  for (std::size_t i = 0; i < plans.size(); ++i)
    for (std::size_t j = i + 1; j < plans.size(); ++j)
      if (values[i] == values[j] && plans[i]->command->words != plans[j]->command->words) return false;
  return true;
}

std::vector<Values> arguments_apart(const Plans& plans) {
  std::vector<Values> values;
  for (const Plan* plan : plans) {
    auto named = by_name(*plan);
    if (!named) break;
    values.push_back(std::move(*named));
  }
  if (values.size() == plans.size() && in_one_order(plans, values)) {
    std::set<std::string> known;
    for (const auto& one : values)
      for (const auto& [name, value] : one) known.insert(name);
    for (auto& one : values)
      for (const auto& name : known) one.emplace(name, "absent");
    if (tells_all(plans, values)) {
      std::vector<Values> prefixed(values.size());
      for (std::size_t i = 0; i < values.size(); ++i)
        for (const auto& [name, value] : values[i]) prefixed[i]["arg:" + name] = value;
      return prefixed;
    }
  }
  values.assign(plans.size(), {});
  for (std::size_t i = 0; i < plans.size(); ++i) values[i]["arguments"] = all_words(*plans[i]);
  return values;
}

// Of the recipe's parameters, the variables that are set, and those that are handed on.
void add_settings(const Plans& plans, std::vector<Values>& values) {
  std::set<std::string> variables;
  for (const Plan* plan : plans)
    for (const auto& [name, value] : plan->command->variables) variables.insert(name);
  for (std::size_t i = 0; i < plans.size(); ++i) {
    for (const auto& [name, value] : plans[i]->parameters) values[i]["arg:" + name] = to_plain(value);
    for (const auto& name : variables) {
      const auto found = plans[i]->command->variables.find(name);
      values[i]["env:" + name] = found == plans[i]->command->variables.end() ? "(unset)" : found->second;
    }
    const auto& kept = plans[i]->command->keep_env;
    values[i]["keep-env"] = kept.empty() ? "(none)" : join(kept, ",");
  }
}

void drop_what_is_equal(std::vector<Values>& values) {
  std::set<std::string> known;
  for (const auto& one : values)
    for (const auto& [name, value] : one) known.insert(name);
  for (auto& one : values)
    for (const auto& name : known) one.emplace(name, "absent");
  const Values first = values.front();
  for (const auto& [name, value] : first)
    if (std::ranges::all_of(values, [&](const Values& one) { return one.at(name) == first.at(name); }))
      for (auto& one : values) one.erase(name);
}

}  // namespace

std::string sources_difference(const Plan& a, const Plan& b) {
  Plan left = a, right = b;
  if (!a.command || !b.command || a.command->words.front() != b.command->words.front() ||
      a.command->words[source_word(a)] != b.command->words[source_word(b)])
    return recipe_difference(a, b);
  drop_files_of_one(left, b);
  drop_files_of_one(right, a);
  right.command->words = left.command->words;
  right.command->keep_env = left.command->keep_env;
  right.command->variables = left.command->variables;
  if (same_parameters(a, b)) right.parameters = left.parameters;
  return recipe_difference(left, right);
}

std::vector<Values> told_apart(const Plans& plans) {
  const bool commands =
      std::ranges::all_of(plans, [](const Plan* plan) { return plan->command.has_value(); });
  if (plans.empty() || !commands) return std::vector<Values>(plans.size());
  auto values = arguments_apart(plans);
  add_settings(plans, values);
  drop_what_is_equal(values);
  return values;
}

}  // namespace reprise
