// SPDX-License-Identifier: Apache-2.0
#include "harness/terminal/ranks_told.h"

#include <fmt/core.h>

#include <algorithm>

#include "harness/base/error.h"
#include "harness/judge/compare/ranks.h"
#include "harness/options/word_checks.h"

namespace reprise {

void add_ranks_option(CommandOptions& app, int& ranks) {
  app.add_option("--ranks", ranks,
                 "Of a script: train in N processes of this machine, as torchrun does, which must hold equal "
                 "weights after each step")
      ->type_name("N")
      ->check(number_between(1, 4096));
}

Plan with_ranks(Plan plan, int ranks) {
  if (ranks > 0) set_ranks(plan, ranks);
  return plan;
}

void add_ranks(const RunTraces& run, nlohmann::ordered_json& described) {
  if (const auto held = ranks_held(run))
    described["ranks"] = {
        {"hold", held->hold()}, {"parts", held->parts.has_value()}, {"sentence", sentence_of(*held)}};
}

void add_parted_ranks(const std::filesystem::path& folder, nlohmann::ordered_json& described) {
  if (!manifest_in(folder)) return;
  try {
    const RunTraces run = read_run(folder);
    if (const auto held = ranks_held(run); held && held->parts) add_ranks(run, described);
  } catch (const Error&) {
    // What a run that failed left need not be whole, and why it failed is told without it.
  }
}

void print_ranks(const nlohmann::ordered_json& described) {
  if (described.contains("ranks"))
    fmt::print("  ranks    {}\n", described["ranks"]["sentence"].get<std::string>());
}

int ranks_exit_code(const nlohmann::ordered_json& runs) {
  int code = 0;
  for (const auto& run : runs) {
    const bool told = run.contains("ranks");
    if (told && run["ranks"]["hold"].get<bool>()) continue;
    code = std::max(code, told && run["ranks"]["parts"].get<bool>() ? 1 : 2);
  }
  return code;
}

}  // namespace reprise
