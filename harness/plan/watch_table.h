// SPDX-License-Identifier: Apache-2.0
#pragma once
// The [watch] table of a plan: what of a run is looked at. What is at its usual value is not written, so that
// a plan without a closer look keeps the text, and the id, that it always had.
#include <string>

#include "harness/base/toml.h"
#include "harness/plan/plan.h"

namespace reprise {

std::string watch_text(const Watch& watch);
Watch read_watch(TomlTable& root);
// "all" or "small", as hash-files takes it: whether every file that is read is digested.
bool hashes_all(std::string_view text);
// The part of check_plan that speaks of `watch` and `resume_at`.
void check_watch(const Plan& plan);

}  // namespace reprise
