// SPDX-License-Identifier: Apache-2.0
#include "reports/layout/names.h"

#include "reports/layout/wrap.h"

namespace reprise {
namespace {

constexpr std::size_t colours = 8;

// "A" 0, ..., "Z" 25, "AA" 26.
std::size_t index_of(std::string_view letter) {
  std::size_t index = 0;
  for (const char c : letter)
    if (c >= 'A' && c <= 'Z') index = index * 26 + static_cast<std::size_t>(c - 'A') + 1;
  return index == 0 ? 0 : index - 1;
}

std::string_view entity_of(char c) {
  switch (c) {
    case '&':
      return "&amp;";
    case '<':
      return "&lt;";
    case '>':
      return "&gt;";
    case '"':
      return "&quot;";
    case '\'':
      return "&#39;";
    default:
      return {};
  }
}

}  // namespace

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
  for (const char c : clean(text)) {
    const auto entity = entity_of(c);
    if (entity.empty())
      out += c;
    else
      out += entity;
  }
  return out;
}

std::size_t colour_of(std::string_view letter) { return index_of(letter) % colours; }
bool is_dashed(std::string_view letter) { return index_of(letter) >= colours; }

}  // namespace reprise
