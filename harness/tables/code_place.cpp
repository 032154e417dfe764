// SPDX-License-Identifier: Apache-2.0
#include "harness/tables/code_place.h"

#include <fmt/format.h>

namespace reprise {

std::string short_text(const CodePlace& place) {
  if (place.line > 0) return fmt::format("{}:{}", place.file, place.line);
  return fmt::format("{} in {} (compiled, so which line is not known)", place.file, place.function);
}

std::string to_text(const CodePlace& place) {
  if (place.line <= 0) return short_text(place);
  std::string text = short_text(place);
  if (!place.function.empty() && place.function != "<module>") text += " in " + place.function;
  if (!place.source.empty()) text += ": " + place.source;
  return text;
}

}  // namespace reprise
