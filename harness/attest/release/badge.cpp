// SPDX-License-Identifier: Apache-2.0
#include "harness/attest/release/badge.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

namespace reprise {
namespace {

constexpr const char* label = "reprise";

// Dark enough for white letters.
const char* color_of(TestEnd result) {
  if (result == TestEnd::passed) return "#1a7f37";
  return result == TestEnd::warned ? "#8a5a00" : "#b42318";
}

}  // namespace

std::string badge_words(TestEnd result) {
  if (result == TestEnd::passed) return "all promises kept";
  return result == TestEnd::warned ? "nothing broken, not all shown" : "a promise is broken";
}

std::string badge_svg(TestEnd result) {
  const std::string words = badge_words(result);
  constexpr int left = 56;
  const int right = static_cast<int>(words.size()) * 7 + 12, width = left + right;
  return fmt::format(
      R"(<svg xmlns="http://www.w3.org/2000/svg" width="{0}" height="20" role="img" aria-label="{1}: {2}">
<title>{1}: {2}</title>
<rect width="{3}" height="20" fill="#444"/>
<rect x="{3}" width="{4}" height="20" fill="{5}"/>
<g fill="#fff" font-family="DejaVu Sans,Verdana,sans-serif" font-size="11" text-anchor="middle">
<text x="{6}" y="14">{1}</text>
<text x="{7}" y="14">{2}</text>
</g>
</svg>
)",
      width, label, words, left, right, color_of(result), left / 2, left + right / 2);
}

std::string badge_endpoint(TestEnd result) {
  const nlohmann::ordered_json endpoint = {
      {"schemaVersion", 1}, {"label", label}, {"message", badge_words(result)}, {"color", color_of(result)}};
  return endpoint.dump(1) + "\n";
}

}  // namespace reprise
