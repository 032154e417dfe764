// SPDX-License-Identifier: Apache-2.0
#include "harness/terminal/unexpected.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <vector>

#include "harness/base/error.h"
#include "harness/base/text.h"

namespace reprise {

std::vector<std::string> options_of(const CLI::App& command) {
  std::vector<std::string> names;
  for (const auto* option : command.get_options())
    if (!option->get_group().empty())  // the others are not for people
      for (const auto& name : option->get_lnames()) names.push_back("--" + name);
  std::ranges::sort(names);
  return names;
}

namespace {

std::string no_option(const CLI::App& root, const CLI::App& command, const std::string& name) {
  std::string text = fmt::format("`reprise {}` has no option {}", command.get_name(), name);
  if (const auto near = nearest(name, options_of(command)))
    return text + fmt::format("; did you mean {}?", *near);
  std::vector<std::string> having;
  for (const auto* other : root.get_subcommands({})) {
    const auto names = options_of(*other);
    if (std::ranges::find(names, name) != names.end())
      having.push_back(fmt::format("`reprise {}`", other->get_name()));
  }
  if (!having.empty())
    return text + fmt::format("; {} {} it", join(having, ", "), having.size() == 1 ? "has" : "have");
  return text + fmt::format("; `reprise {} --help` shows those that it has", command.get_name());
}

bool takes_command(const CLI::App& command) { return command.get_option_no_throw("--word") != nullptr; }

}  // namespace

std::string unexpected_words(const CLI::App& root, const CLI::App& command) {
  constexpr std::string_view behind = "--word=";
  const auto words = command.remaining();
  for (const auto& word : words) {
    if (word.starts_with(behind))
      return fmt::format("`reprise {}` takes no command behind --, found '{}'", command.get_name(),
                         word.substr(behind.size()));
    if (word.starts_with("-")) return no_option(root, command, word.substr(0, word.find('=')));
  }
  if (takes_command(command))
    return fmt::format(
        "`reprise {}` does not expect '{}'; a command that trains stands behind --: "
        "reprise {} -- python train.py",
        command.get_name(), join(words, " "), command.get_name());
  return fmt::format("`reprise {}` does not expect '{}'; `reprise {} --help` shows what it takes",
                     command.get_name(), join(words, " "), command.get_name());
}

namespace {

// "baseline check", of a command below another.
std::string whole_name(const CLI::App& command) {
  const CLI::App* above = command.get_parent();
  const bool below_root = above == nullptr || above->get_parent() == nullptr;
  return below_root ? command.get_name() : whole_name(*above) + " " + command.get_name();
}

std::string missing(const CLI::App& command) {
  const std::string name = whole_name(command);
  for (const auto* option : command.get_options()) {
    if (!option->get_required() || option->count() != 0) continue;
    const bool named = !option->get_lnames().empty();
    return fmt::format("`reprise {0}` wants {1}{2}, found none; `reprise {0} --help` shows how", name,
                       option->get_name(), named ? " " + option->get_type_name() : "");
  }
  std::vector<std::string> words;
  for (const auto* one : command.get_subcommands({})) words.push_back(one->get_name());
  return fmt::format("`reprise {0}` wants one of {1}; `reprise {0} --help` says what each does", name,
                     join(words, ", "));
}

// "--axis: 1 required NAME=V1,V2,... missing" begins with the option; what it wants is said by the option.
std::string nothing_behind(const CLI::App& command, const std::string& said) {
  const std::string name = said.substr(0, said.find(':'));
  const auto* option = command.get_option_no_throw(name);
  if (option == nullptr) return said;
  const auto wanted = option->get_type_name();
  return fmt::format("{} wants {}, as in `{} {}`; the command line has too few words behind it", name, wanted,
                     name, wanted);
}

}  // namespace

std::string misuse_words(const CLI::App& root, const CLI::ParseError& error) {
  const auto chosen = root.get_subcommands();
  if (chosen.empty())
    return "wanted a command, such as `reprise run waves`; `reprise --help` lists the commands";
  const CLI::App* deepest = chosen.front();
  while (!deepest->get_subcommands().empty()) deepest = deepest->get_subcommands().front();
  const CLI::App& command = *deepest;
  const std::string said = error.what();
  if (dynamic_cast<const CLI::RequiredError*>(&error) != nullptr) return missing(command);
  if (dynamic_cast<const CLI::ArgumentMismatch*>(&error) != nullptr) return nothing_behind(command, said);
  constexpr std::string_view excludes = " excludes ";
  if (const auto at = said.find(excludes); dynamic_cast<const CLI::ExcludesError*>(&error) != nullptr)
    return fmt::format("wanted one of {} and {}, found both", said.substr(0, at),
                       said.substr(at + excludes.size()));
  return fmt::format("{}; `reprise {} --help` shows what it takes", said, whole_name(command));
}

}  // namespace reprise
