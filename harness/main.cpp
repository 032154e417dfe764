// SPDX-License-Identifier: Apache-2.0
// `reprise`: attach the commands, parse, run the one chosen, catch trouble once.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <deque>
#include <exception>
#include <functional>
#include <iostream>
#include <map>
#include <string>
#include <vector>

#include "harness/base/error.h"
#include "harness/commands/command.h"
#include "harness/terminal/unexpected.h"
#include "harness/watch/fresh_view.h"

// What stands behind -- is somebody's command, with options of its own: the parser gets each word wrapped,
// last word first, as it wants them.
std::vector<std::string> parser_words(int argc, char** argv) {
  std::vector<std::string> words;
  bool command = false;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    if (!command && word == "--")
      command = true;
    else
      words.push_back(command ? "--word=" + word : word);
  }
  std::reverse(words.begin(), words.end());
  return words;
}

int main(int argc, char** argv) {
  if (argc > 1 && std::string(argv[1]) == reprise::view_word)
    return reprise::enter_view({argv + 1, argv + argc});
  CLI::App app("reprise runs a training recipe again and says, with evidence, how reproducible it is.",
               "reprise");
  app.set_version_flag("--version", "reprise " REPRISE_VERSION);
  app.require_subcommand(1);
  app.get_formatter()->column_width(34);
  app.footer(
      "Exit codes, as in diff(1): 0 the same, 1 different, 2 trouble. 130 after an interrupt.\n"
      "Start with:  reprise matrix waves --axis repeat=2 --axis threads=1,2");
  std::deque<reprise::CommandOptions> lines;
  std::map<const CLI::App*, std::function<int()>> actions;
  for (const auto& [name, command] : reprise::verbs_shelf()) {
    CLI::App* sub = app.add_subcommand(std::string(name), command->summary);
    actions[sub] = command->attach(lines.emplace_back(*sub));
  }
  try {
    app.parse(parser_words(argc, argv));
    return actions.at(app.get_subcommands().front())();
  } catch (const CLI::ExtrasError& error) {
    const auto chosen = app.get_subcommands();
    if (chosen.empty()) return app.exit(error) == 0 ? 0 : 2;
    std::cerr << "reprise: " << reprise::unexpected_words(app, *chosen.front()) << '\n';
    return 2;
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app.exit(error);  // --help, --version
    std::cerr << "reprise: " << reprise::misuse_words(app, error) << '\n';
    return 2;
  } catch (const std::exception& error) {
    std::cerr << "reprise: " << error.what() << '\n';
    return 2;
  }
}
