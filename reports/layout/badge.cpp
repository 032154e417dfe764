// SPDX-License-Identifier: Apache-2.0
#include "reports/layout/badge.h"

#include <fmt/core.h>

#include <nlohmann/json.hpp>

#include "reports/layout/names.h"
#include "reports/layout/wrap.h"

namespace reprise {
namespace {

// Dark enough for white words.
const char* shade_of(Mood mood) {
  return mood == Mood::good ? "#1a7f37" : mood == Mood::bad ? "#b3261e" : "#59636e";
}

}  // namespace

std::string badge_svg(const Badge& badge) {
  const double left = 10 + 7 * static_cast<double>(width_of(badge.label));
  const double right = 12 + 6.6 * static_cast<double>(width_of(badge.message));
  const std::string words = escaped(badge.message);
  return fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0:.0f}\" height=\"20\" role=\"img\" "
      "aria-label=\"{1}: "
      "{2}\"><title>{1}: {2}</title><rect width=\"{3:.0f}\" height=\"20\" fill=\"#3d444d\"/><rect "
      "x=\"{3:.0f}\" "
      "width=\"{4:.0f}\" height=\"20\" fill=\"{5}\"/><g fill=\"#fff\" text-anchor=\"middle\" "
      "font-family=\"Verdana,DejaVu Sans,sans-serif\" font-size=\"11\"><text x=\"{6:.1f}\" "
      "y=\"14\">{1}</text><text x=\"{7:.1f}\" y=\"14\">{2}</text></g></svg>\n",
      left + right, escaped(badge.label), words, left, right, shade_of(badge.mood), left / 2,
      left + right / 2);
}

std::string badge_json(const Badge& badge) {
  const char* color = badge.mood == Mood::good  ? "brightgreen"
                      : badge.mood == Mood::bad ? "red"
                                                : "lightgrey";
  nlohmann::ordered_json json = {
      {"schemaVersion", 1}, {"label", badge.label}, {"message", badge.message}, {"color", color}};
  if (badge.mood == Mood::bad) json["isError"] = true;
  return json.dump(1) + "\n";
}

}  // namespace reprise
