// SPDX-License-Identifier: Apache-2.0
#pragma once
// --ranks of `reprise run`: several processes that train together, and whether they hold equal weights.
#include <filesystem>
#include <nlohmann/json.hpp>

#include "harness/options/command_options.h"
#include "harness/plan/ranks.h"
#include "harness/trace/run_traces.h"

namespace reprise {

// Zero: it was not typed.
void add_ranks_option(CommandOptions& app, int& ranks);
Plan with_ranks(Plan plan, int ranks);
// Of a run with several ranks its key "ranks": "hold", "parts", "sentence".
void add_ranks(const RunTraces& run, nlohmann::ordered_json& described);
// The same of a run that failed, if its ranks are seen to have held other weights before that.
void add_parted_ranks(const std::filesystem::path& folder, nlohmann::ordered_json& described);
// Its line, if it has that key.
void print_ranks(const nlohmann::ordered_json& described);
// Of runs whose ranks were asked for: 0 if they hold equal weights, 1 if not, 2 where that is untested.
int ranks_exit_code(const nlohmann::ordered_json& runs);

}  // namespace reprise
