// SPDX-License-Identifier: Apache-2.0
#pragma once
// What `--set` takes beside a recipe's own parameters: one table of names, for the command line, its help,
// its completion, and recipes (which may not call a parameter so).
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/plan/plan.h"

namespace reprise {

enum class SettingOf { any, native, command };

struct Setting {
  std::string_view name;
  std::string_view value;    // for people: "STEPS", "none|last|all"
  std::string_view summary;  // one line for people
  SettingOf of = SettingOf::any;
  // An Error for a value that it does not take.
  void (*apply)(Plan& plan, const std::string& text);
};

std::span<const Setting> setting_table();  // sorted by name
// Whether the plan can be set so.
bool takes_setting(const Plan& plan, std::string_view name);
std::vector<std::string> setting_names(const Plan& plan);
void apply_setting(Plan& plan, std::string_view name, const std::string& text);

}  // namespace reprise
