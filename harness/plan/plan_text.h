// SPDX-License-Identifier: Apache-2.0
#pragma once
// The names of a plan, computed from its text as a trace holds it: so a text that was changed no longer fits
// the names that stand beside it, whatever pins today's program knows.
#include <string>
#include <string_view>

namespace reprise {

struct PlanNames {
  std::string plan_id, recipe_id;  // 32 hexadecimal digits each
};

// Of the canonical text (to_toml), as docs/trace-format.md says: without the places where data and commands
// lie; the recipe's also without everything from [pins] on.
PlanNames names_of_plan_text(std::string_view text);

// The digest of a text as one tensor of bytes: 32 hexadecimal digits.
std::string digest_of_text(const std::string& text);

}  // namespace reprise
