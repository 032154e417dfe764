// SPDX-License-Identifier: Apache-2.0
#include "reports/layout/svg.h"

#include <fmt/core.h>

#include "reports/layout/names.h"

namespace reprise::svg {

std::string picture(std::string_view style, double width, double height, std::string_view label,
                    std::string_view marks) {
  return fmt::format(
      "<svg class=\"{}\" viewBox=\"0 0 {:.0f} {:.0f}\" role=\"img\" aria-label=\"{}\">{}</svg>\n", style,
      width, height, escaped(label), marks);
}

std::string mark(std::string_view title, std::string_view content) {
  return fmt::format("<g><title>{}</title>{}</g>\n", escaped(title), content);
}

std::string text(std::string_view style, double x, double y, std::string_view words) {
  return fmt::format("<text class=\"{}\" x=\"{:.1f}\" y=\"{:.1f}\">{}</text>", style, x, y, escaped(words));
}

std::string box(std::string_view style, double x, double y, double width, double height, double radius) {
  const std::string corner = radius > 0 ? fmt::format(" rx=\"{:.1f}\"", radius) : "";
  return fmt::format("<rect class=\"{}\" x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\"{}/>",
                     style, x, y, width, height, corner);
}

std::string path(std::string_view style, std::string_view places, std::string_view title) {
  if (title.empty()) return fmt::format("<path class=\"{}\" d=\"{}\"/>", style, places);
  return fmt::format("<path class=\"{}\" d=\"{}\"><title>{}</title></path>\n", style, places, escaped(title));
}

double drawn_width(std::string_view words) {
  constexpr std::string_view narrow = " !'(),-./:;I[]`fijlrt|", wide = "%&@MWmw";
  double width = 0;
  for (const char letter : words) {
    const auto byte = static_cast<unsigned char>(letter);
    if ((byte & 0xC0U) == 0x80U) continue;  // goes on with the letter before
    if (narrow.find(letter) != std::string_view::npos)
      width += 5;
    else if (wide.find(letter) != std::string_view::npos || byte >= 0x80)
      width += 12;
    else
      width += letter >= 'A' && letter <= 'Z' ? 9.5 : 7.7;
  }
  return width;
}

std::string folded_name(std::string_view first, std::size_t count) {
  return count < 2 ? std::string(first) : fmt::format("{} and {} more", first, count - 1);
}

}  // namespace reprise::svg
