// SPDX-License-Identifier: Apache-2.0
#include "harness/terminal/ranks_told.h"

#include <algorithm>

#include "harness/judge/compare/ranks.h"
#include "harness/terminal/unexpected.h"

namespace reprise {

void add_ranks_option(CLI::App& app, int& ranks) {
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
