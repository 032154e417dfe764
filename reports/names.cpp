// SPDX-License-Identifier: Apache-2.0
#include "reports/names.h"

namespace reprise {

std::string_view name_of(Mood mood) {
  switch (mood) {
    case Mood::good:
      return "good";
    case Mood::bad:
      return "bad";
    case Mood::neutral:
      break;
  }
  return "neutral";
}

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      case '\n':
      case '\t':
        out += c;
        break;
      default:
        out += byte < 0x20 || byte == 0x7F ? '?' : c;
    }
  }
  return out;
}

}  // namespace reprise
