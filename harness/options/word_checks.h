// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the word behind an option may be, each with a sentence for those that are not.
#include <vector>

#include "harness/options/command_options.h"

namespace reprise {

// A number from `low` to `high`, both counted in; the sentence of a misuse says so without six decimals.
WordCheck number_between(double low, double high);
WordCheck one_of(std::vector<std::string> words);

}  // namespace reprise
