// SPDX-License-Identifier: Apache-2.0
#pragma once
// The few SVG elements that the charts are made of. Coordinates are written with one decimal.
#include <algorithm>
#include <string>
#include <string_view>

#include "reports/layout/wrap.h"

namespace reprise::svg {

// role=img with a label, as a screen reader wants it.
std::string picture(std::string_view style, double width, double height, std::string_view label,
                    std::string_view marks);
// A mark with its title.
std::string mark(std::string_view title, std::string_view content);
std::string text(std::string_view style, double x, double y, std::string_view words);
std::string box(std::string_view style, double x, double y, double width, double height, double radius = 0);
std::string path(std::string_view style, std::string_view places, std::string_view title = "");

// How wide words are drawn at most, in the units of the picture: 12 px letters of a sans-serif face.
double drawn_width(std::string_view words);
// The room for labels of at most `most` characters each (wrap.h, shortened), at least that for 8.
template <class Rows>
double room_for_labels(const Rows& rows, std::size_t most) {
  double room = 56;
  for (const auto& row : rows) room = std::max(room, drawn_width(shortened(row.name, most)));
  return room;
}

// Rows that fold together: "threads=2 and 5 more".
std::string folded_name(std::string_view first, std::size_t count);

}  // namespace reprise::svg
