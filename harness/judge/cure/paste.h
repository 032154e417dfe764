// SPDX-License-Identifier: Apache-2.0
#pragma once
// A set of pins as it is written down for good: the block of a recipe, or what a script's own user sets.
#include <string>
#include <vector>

#include "harness/judge/cure/pin_set.h"

namespace reprise {

// "[pins]" and a line for each, as a recipe has them (docs/recipes.md).
std::string pins_block(const PinSet& set);

struct ScriptLines {
  std::vector<std::string> environment;  // "MKL_CBWR=AUTO,STRICT": before Python starts
  std::vector<std::string> python;       // after `import torch`
  std::vector<std::string> neither;      // pins that only `reprise` can set: "vector-math-warmup=on"
};
ScriptLines script_lines(const PinSet& set);
// The same as a shell and a Python take it, with a remark above each part.
std::string script_text(const PinSet& set);

}  // namespace reprise
