// SPDX-License-Identifier: Apache-2.0
// reprise completion: a script for the shell, made from the commands themselves, so that it cannot fall
// behind.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>
#include <memory>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/commands/command.h"
#include "harness/matrix/axis.h"
#include "harness/options/word_checks.h"
#include "harness/plan/recipe.h"
#include "harness/plan/settings.h"
#include "harness/terminal/unexpected.h"
#include "reports/layout/format.h"

namespace reprise::verbs {
namespace {

bool takes_recipe(const CLI::App& command) {
  const auto options = command.get_options();
  return std::ranges::any_of(options, [](const CLI::Option* one) {
    return one->get_positional() && one->get_description().starts_with("A recipe");
  });
}

std::string bash(const CLI::App& root) {
  std::vector<std::string> verbs, recipe_verbs, recipe_names, axis_words, set_words, pin_words;
  std::string cases;
  for (const auto* sub : root.get_subcommands({})) {
    verbs.push_back(sub->get_name());
    if (takes_recipe(*sub)) recipe_verbs.push_back(sub->get_name());
    cases += fmt::format("    {}) words=\"{}\" ;;\n", sub->get_name(), join(options_of(*sub), " "));
  }
  for (const auto& recipe : all_recipes()) recipe_names.push_back(recipe.name);
  for (const auto& [name, axis] : axes_shelf())
    axis_words.push_back(std::string(name) + (axis->of == nullptr ? "=" : ":"));
  for (const auto& setting : setting_table()) set_words.push_back(std::string(setting.name) + "=");
  for (const auto& pin : pin_table()) pin_words.push_back(std::string(pin.name) + "=");
  return fmt::format(
      "# bash completion for reprise; made by `reprise completion bash`\n"
      "_reprise() {{\n"
      "  local word=${{COMP_WORDS[COMP_CWORD]}} before=${{COMP_WORDS[COMP_CWORD-1]}} words=\n"
      "  if [ \"$COMP_CWORD\" -eq 1 ]; then\n"
      "    COMPREPLY=($(compgen -W \"{}\" -- \"$word\"))\n    return\n  fi\n"
      "  case $before in\n"
      "    --axis) COMPREPLY=($(compgen -W \"{}\" -- \"$word\")); compopt -o nospace; return ;;\n"
      "    --set) COMPREPLY=($(compgen -W \"{}\" -- \"$word\")); compopt -o nospace; return ;;\n"
      "    --pin) COMPREPLY=($(compgen -W \"{}\" -- \"$word\")); compopt -o nospace; return ;;\n"
      "    --format) COMPREPLY=($(compgen -W \"{}\" -- \"$word\")); return ;;\n"
      "    --design) COMPREPLY=($(compgen -W \"{}\" -- \"$word\")); return ;;\n"
      "    {}) [[ $word == -* ]] || {{ COMPREPLY=($(compgen -W \"{}\" -- \"$word\") $(compgen "
      "-f -- \"$word\")); return; }} ;;\n"
      "  esac\n"
      "  case ${{COMP_WORDS[1]}} in\n{}  esac\n"
      "  if [[ $word == -* ]]; then COMPREPLY=($(compgen -W \"$words\" -- \"$word\")); else "
      "COMPREPLY=($(compgen -f -- \"$word\")); fi\n"
      "}}\n"
      "complete -F _reprise reprise\n",
      join(verbs, " "), join(axis_words, " "), join(set_words, " "), join(pin_words, " "),
      join(names_of(formats_shelf()), " "), join(all_words<Design>(), " "), join(recipe_verbs, "|"),
      join(recipe_names, " "), cases);
}

}  // namespace

extern const Command completion{
    .summary = "Print a completion script for the shell",
    .attach = [](CommandOptions& app) -> std::function<int()> {
      auto shell = std::make_shared<std::string>("bash");
      app.add_option("shell", *shell, "The shell: bash (zsh reads the same script after bashcompinit)")
          ->check(one_of({"bash"}))
          ->capture_default_str();
      app.footer("Use it:  source <(reprise completion bash)");
      // `shell` is captured because the parser writes to it after this function has returned.
      return [&app, shell] {
        std::cout << bash(*app.parser().get_parent());
        return 0;
      };
    },
};

}  // namespace reprise::verbs
