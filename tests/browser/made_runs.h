// SPDX-License-Identifier: Apache-2.0
#pragma once
// Runs made by hand whose names, values and lines are as long as people have them, and longer.
#include <filesystem>
#include <string>

#include "judge/drawn_trace.h"

namespace reprise {

extern const std::string without_break;  // a word that no line holds
extern const std::string long_module;

Facts many_facts(const std::string& processor);
// A run on a GPU that traced step 4, where the outputs of one call, and what follows, depend on `output`.
DrawnTrace traced_on(const std::string& gpu, const std::string& output);
// Writes the run of a Python script that goes its own way from step 4 on.
void write_script_run(const std::filesystem::path& folder, const std::string& output);
// A matrix of many factors in RUNS/matrix.toml, with its runs, some of which part and one of which failed.
void write_matrix_of_many(const std::filesystem::path& runs);
// Runs gathered from two machines, which differ in many pins.
void write_gathered_runs(const std::filesystem::path& runs);

}  // namespace reprise
