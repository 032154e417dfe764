// SPDX-License-Identifier: Apache-2.0
#include "harness/plan/command_table.h"

#include "harness/base/error.h"
#include "harness/base/text.h"

namespace reprise {
namespace {

// A pin that a native recipe acts on itself; a script cannot be told so.
void wanted_usual(const Plan& plan, std::string_view pin, std::string_view usual) {
  const std::string_view value = pin_value(plan.pins, pin);
  if (!value.empty() && value != usual)
    fail("wanted {}={} for a command, found {}; only a native recipe can be told so", pin, usual, value);
}

std::optional<std::string> value_of(const Plan& plan, const std::string& name, const std::string& out) {
  if (name == "out") return out;
  if (const auto found = plan.parameters.find(name); found != plan.parameters.end())
    return to_plain(found->second);
  if (const auto found = plan.pins.find(name); found != plan.pins.end()) return found->second;
  return std::nullopt;
}

std::vector<std::string> assignments(const CommandLine& command) {
  std::vector<std::string> texts;
  for (const auto& [name, value] : command.variables) texts.push_back(name + "=" + value);
  return texts;
}

}  // namespace

std::string filled_word(const Plan& plan, const std::string& word, const std::string& out) {
  std::string text;
  for (std::size_t at = 0; at < word.size();) {
    const auto end = word[at] == '{' ? word.find('}', at) : std::string::npos;
    const auto value =
        end == std::string::npos ? std::nullopt : value_of(plan, word.substr(at + 1, end - at - 1), out);
    text += value ? *value : word.substr(at, 1);
    at = value ? end + 1 : at + 1;
  }
  return text;
}

std::string command_text(const CommandLine& command, bool with_folder) {
  std::string text =
      fmt::format("\n[command]\nwords = {}\nseed = {}\nkeep_env = {}\n", quoted_texts(command.words),
                  quoted_text(to_text(command.seeding)), quoted_texts(command.keep_env));
  if (!command.variables.empty()) text += fmt::format("variables = {}\n", quoted_texts(assignments(command)));
  if (with_folder) text += fmt::format("folder = {}\n", quoted_text(command.folder));
  return text;
}

CommandLine read_command(TomlTable& table) {
  CommandLine command{table.texts("words"), read_word<Seeding>(table, "seed"), table.texts("keep_env"),
                      table.text_or("folder", "")};
  if (table.has("variables"))
    for (const auto& text : table.texts("variables")) {
      const auto equals = text.find('=');
      if (equals == std::string::npos || equals == 0)
        table.refuse("variables", fmt::format("wanted texts as NAME=VALUE, found {}", quoted_text(text)));
      command.variables[text.substr(0, equals)] = text.substr(equals + 1);
    }
  table.finish();
  return command;
}

void check_command(const Plan& plan) {
  const CommandLine& command = *plan.command;
  if (command.words.empty() || command.words[0].empty())
    fail("wanted a command of at least one word, found none; write reprise run -- python train.py");
  if (plan.steps != 0 || plan.batch != 0 || plan.samples != 0)
    fail("wanted no steps, batch or samples for a command, which decides these itself, found {}, {} and {}",
         plan.steps, plan.batch, plan.samples);
  if (plan.resume_at != 0 || plan.watch.from != 0)
    fail("wanted a command to run from its beginning; only a native recipe can be resumed");
  wanted_usual(plan, "batch-order", "seeded");
  wanted_usual(plan, "precision", "float32");
}

std::vector<std::string> filled_words(const Plan& plan, const std::string& out) {
  std::vector<std::string> words;
  for (const auto& word : plan.command->words) words.push_back(filled_word(plan, word, out));
  return words;
}

}  // namespace reprise
