// SPDX-License-Identifier: Apache-2.0
#pragma once
// The options of one command, behind few words: the parser (CLI11) is a header of 10,000 lines that each file
// which includes it compiles anew, so only the files of this room and those that look into the parser include
// it.
#include <functional>
#include <string>

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace reprise {

// An empty text where `word` can be taken, else what was wanted and what was found.
using WordCheck = std::function<std::string(const std::string& word)>;

// An option that was just added; each function says one more thing of it.
class AddedOption {
 public:
  explicit AddedOption(CLI::Option& option) : option_(&option) {}
  AddedOption* operator->() { return this; }

  AddedOption type_name(const std::string& name);  // what stands behind it in the help, as "STEPS"
  AddedOption required();
  AddedOption check(WordCheck check);
  AddedOption expected(int words);  // how many words it takes
  AddedOption expected(int least, int most);
  AddedOption allow_extra_args(bool allowed);  // whether one option takes every word up to the next one
  AddedOption capture_default_str();           // the help shows the value that it has now
  AddedOption excludes(const std::string& other);
  AddedOption hidden();  // not for people: no help shows it
  std::size_t count() const;

 private:
  CLI::Option* option_;
};

// Looks at a command of the parser, which must outlive it.
class CommandOptions {
 public:
  explicit CommandOptions(CLI::App& parser) : parser_(&parser) {}

  AddedOption add_flag(const std::string& name, bool& value, const std::string& help = "");
  // "--fresh{yes}": a flag that stands for a word, or has another behind =.
  AddedOption add_flag(const std::string& name, std::string& value, const std::string& help);
  // T: one of those for which command_line.cpp makes it. A `name` without dashes is a word at a place of its
  // own.
  template <typename T>
  AddedOption add_option(const std::string& name, T& value, const std::string& help = "");
  CommandOptions add_subcommand(const std::string& name, const std::string& help);
  void require_subcommand();
  void footer(const std::string& text);
  void hide(const std::string& option);

  // After the command line was read: how often an option of that name was given, and the name of the command
  // below this one that was chosen.
  std::size_t count(const std::string& option) const;
  std::string chosen_subcommand() const;

  CLI::App& parser() const { return *parser_; }

 private:
  CLI::App* parser_;
};

}  // namespace reprise
