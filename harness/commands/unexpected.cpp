// SPDX-License-Identifier: Apache-2.0
#include "harness/commands/unexpected.h"

#include <algorithm>
#include <vector>

#include "harness/base/error.h"
#include "harness/base/text.h"

namespace reprise {

std::vector<std::string> options_of(const CLI::App& command) {
  std::vector<std::string> names;
  for (const auto* option : command.get_options())
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

bool takes_command(const CLI::App& command) {
  const auto names = options_of(command);
  return std::ranges::find(names, "--word") != names.end();
}

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

}  // namespace reprise
