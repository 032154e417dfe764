// SPDX-License-Identifier: Apache-2.0
#pragma once
// The pieces of HTML that the page is made of. Every text is escaped here; what is called `html` is HTML
// already.
#include <string>
#include <string_view>
#include <vector>

#include "reports/layout/blocks.h"

namespace reprise::page {

std::string chip(std::string_view letter);  // a class's letter on its colour
// A word longer than a narrow column may break, behind a mark inside it where there is one.
std::string breakable(std::string_view text);
std::string code(std::string_view text);                               // breakable
std::string paragraph(std::string_view style, std::string_view text);  // nothing for an empty text
std::string heading(std::string_view id, std::string_view text);
// A part that may be wider than the page scrolls by itself, and a keyboard can reach it.
std::string scrolling(std::string_view label, std::string_view html);
// Such parts are landmarks, which a screen reader lists by name: the second of one name gets "(2)", and so
// on.
std::string with_numbered_regions(std::string_view html);
enum class Fold { open, closed, always };  // closed ones open in print, always-folded ones do not
std::string details(Fold fold, std::string_view summary_html, std::string_view html);

// A table: `head` is text, cells are HTML; the first cell of a row is its heading. `style` names its widths.
// Each cell has its column's title with it, for narrow screens, where a row is a block of such lines.
std::string table(std::string_view style, std::string_view label, const std::vector<std::string>& head,
                  const std::string& rows);
std::string row(std::string_view style, const std::vector<std::string>& head,
                const std::vector<std::string>& cells);

// One column per class. Rows whose values differ in full, or all of them, those that are equal on one line.
std::string class_table(std::string_view label, const blocks::Grid& grid, bool only_marked);

}  // namespace reprise::page
