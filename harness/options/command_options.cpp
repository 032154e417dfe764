// SPDX-License-Identifier: Apache-2.0
#include "harness/options/command_options.h"

#include <CLI/CLI.hpp>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <vector>

namespace reprise {

AddedOption AddedOption::type_name(const std::string& name) { return option_->type_name(name), *this; }
AddedOption AddedOption::required() { return option_->required(), *this; }
AddedOption AddedOption::expected(int words) { return option_->expected(words), *this; }
AddedOption AddedOption::expected(int least, int most) { return option_->expected(least, most), *this; }
AddedOption AddedOption::allow_extra_args(bool allowed) { return option_->allow_extra_args(allowed), *this; }
AddedOption AddedOption::capture_default_str() { return option_->capture_default_str(), *this; }
AddedOption AddedOption::excludes(const std::string& other) { return option_->excludes(other), *this; }
AddedOption AddedOption::hidden() { return option_->group(""), *this; }
std::size_t AddedOption::count() const { return option_->count(); }

AddedOption AddedOption::check(WordCheck check) {
  option_->check(CLI::Validator([check = std::move(check)](std::string& word) { return check(word); }, ""));
  return *this;
}

AddedOption CommandOptions::add_flag(const std::string& name, bool& value, const std::string& help) {
  return AddedOption(*parser_->add_flag(name, value, help));
}

AddedOption CommandOptions::add_flag(const std::string& name, std::string& value, const std::string& help) {
  return AddedOption(*parser_->add_flag(name, value, help));
}

template <typename T>
AddedOption CommandOptions::add_option(const std::string& name, T& value, const std::string& help) {
  return AddedOption(*parser_->add_option(name, value, help));
}

template AddedOption CommandOptions::add_option(const std::string&, std::string&, const std::string&);
template AddedOption CommandOptions::add_option(const std::string&, std::filesystem::path&,
                                                const std::string&);
template AddedOption CommandOptions::add_option(const std::string&, int&, const std::string&);
template AddedOption CommandOptions::add_option(const std::string&, std::int64_t&, const std::string&);
template AddedOption CommandOptions::add_option(const std::string&, std::uint64_t&, const std::string&);
template AddedOption CommandOptions::add_option(const std::string&, double&, const std::string&);
template AddedOption CommandOptions::add_option(const std::string&, std::optional<double>&,
                                                const std::string&);
template AddedOption CommandOptions::add_option(const std::string&, std::optional<std::uint64_t>&,
                                                const std::string&);
template AddedOption CommandOptions::add_option(const std::string&, std::vector<std::string>&,
                                                const std::string&);
template AddedOption CommandOptions::add_option(const std::string&, std::vector<std::filesystem::path>&,
                                                const std::string&);

CommandOptions CommandOptions::add_subcommand(const std::string& name, const std::string& help) {
  return CommandOptions(*parser_->add_subcommand(name, help));
}

void CommandOptions::require_subcommand() { parser_->require_subcommand(1); }
void CommandOptions::footer(const std::string& text) { parser_->footer(text); }
void CommandOptions::hide(const std::string& option) { parser_->get_option(option)->group(""); }
std::size_t CommandOptions::count(const std::string& option) const { return parser_->count(option); }
std::string CommandOptions::chosen_subcommand() const {
  return parser_->get_subcommands().front()->get_name();
}

}  // namespace reprise
