// SPDX-License-Identifier: Apache-2.0
#pragma once
// The reproducibility manifest: what has to be known to run a recipe again and to get equal bits. Neither the
// Open Source AI Definition nor the Model Openness Framework asks for all of it; each field names its
// nearest item and component there.
#include <span>
#include <string_view>

#include "harness/base/words.h"

namespace reprise {

// What is lost where a field is not published.
enum class NeededFor { running, equal_bits, checking };
std::span<const Word<NeededFor>> words_of(NeededFor needed);

struct Field {
  std::string_view name, content;
  std::string_view osaid;      // "C2"; "" where that definition has nothing of it
  std::string_view component;  // of the Model Openness Framework; "" where that has none
  NeededFor needed_for;
};

std::span<const Field> field_table();
const Field& field_named(std::string_view name);  // an Error for any other name, with the nearest one

}  // namespace reprise
