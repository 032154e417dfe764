// SPDX-License-Identifier: Apache-2.0
#include "harness/watch/compiler_complaint.h"

#include <algorithm>

#include "harness/base/text.h"

namespace reprise {

std::string compiler_complaint(const Said& said) {
  if (!said.ended.empty()) return said.ended;
  std::string last_resort;
  for (const auto& line : split(said.text, '\n')) {
    const auto holds = [&](const char* words) { return line.find(words) != line.npos; };
    if (holds("error: ld returned"))
      last_resort = line.substr(0, 300);
    else if (holds("error") || holds("not found") || holds("undefined reference") ||
             holds("multiple definition") || holds("cannot find"))
      return line.substr(0, 300);
  }
  if (!last_resort.empty()) return last_resort;
  const auto text = trim(said.text);
  return text.empty() ? "it printed nothing" : std::string(text.substr(0, 300));
}

}  // namespace reprise
