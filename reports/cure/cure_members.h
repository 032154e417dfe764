// SPDX-License-Identifier: Apache-2.0
#pragma once
// A cure as keys of its JSON document (docs/cure.md). What is unknown is null.
#include <nlohmann/json.hpp>

#include "harness/judge/cure/cure.h"

namespace reprise {

// "recipe", "axis", "sides", "answer", "first", ..., "front": each with its pins, price and what to paste.
nlohmann::ordered_json front_members(const Cure& cure);
// "tries", "notes", "complete", "runs_made", "runs_reused", "seconds".
nlohmann::ordered_json tries_members(const Cure& cure);
// What parts the sides with all candidates set; null where that was not looked for.
nlohmann::ordered_json resists_member(const Cure& cure);

}  // namespace reprise
