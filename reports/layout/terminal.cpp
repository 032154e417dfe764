// SPDX-License-Identifier: Apache-2.0
#include "reports/layout/terminal.h"

#include <algorithm>

#include "harness/base/text.h"
#include "reports/layout/wrap.h"

namespace reprise::terminal {
namespace {

constexpr std::size_t gap = 2;

// One row, as high as its highest cell.
std::string lines_of(const std::vector<std::string>& row, const std::vector<std::size_t>& widths,
                     const std::vector<std::size_t>& most, const std::string& margin) {
  Rows cells;
  std::size_t height = 1;
  for (std::size_t c = 0; c < row.size(); ++c) {
    cells.push_back(wrapped(row[c], c + 1 == row.size() ? most[c] : widths[c]));
    height = std::max(height, cells.back().size());
  }
  std::string out;
  for (std::size_t line = 0; line < height; ++line) {
    std::string text = margin;
    for (std::size_t c = 0; c < cells.size(); ++c) {
      const std::string cell = line < cells[c].size() ? cells[c][line] : "";
      text += cell + std::string(widths[c] > width_of(cell) ? widths[c] - width_of(cell) : 0, ' ') +
              std::string(gap, ' ');
    }
    out += text.substr(0, text.find_last_not_of(' ') + 1) + "\n";
  }
  return out;
}

std::string text_of(const blocks::Words& words) {
  if (words.form == blocks::Form::names) return join(words.names, ", ");
  return words.form == blocks::Form::digest ? words.text.substr(0, 16) : words.text;
}

std::size_t longest_word(const Rows& rows, std::size_t c) {
  std::size_t longest = 0;
  for (const auto& row : rows)
    for (const auto& word : split(printable(row[c]), ' ')) longest = std::max(longest, width_of(word));
  return longest;
}

// Names are not cut where there is room for them: first what no column fills, then what others can give
// without cutting a word of their own.
void make_room(const Rows& rows, std::vector<std::size_t>& most, std::size_t room) {
  std::vector<std::size_t> words;
  std::size_t filled = 0;
  for (std::size_t c = 0; c < most.size(); ++c) {
    words.push_back(longest_word(rows, c));
    std::size_t widest = 0;
    for (const auto& row : rows) widest = std::max(widest, width_of(row[c]));
    most[c] = std::min(most[c], widest);
    filled += most[c] + (c > 0 ? gap : 0);
  }
  std::size_t spare = room > filled ? room - filled : 0;
  for (std::size_t c = 0; c < most.size(); ++c) {
    std::size_t wanted = words[c] > most[c] ? words[c] - most[c] : 0;
    const std::size_t free = std::min(wanted, spare);
    most[c] += free;
    spare -= free;
    wanted -= free;
    for (std::size_t other = 0; other < most.size() && wanted > 0; ++other) {
      const std::size_t least = std::max<std::size_t>(words[other], 12);
      const std::size_t given = most[other] > least ? std::min(wanted, most[other] - least) : 0;
      most[other] -= given;
      most[c] += given;
      wanted -= given;
    }
  }
}

std::string turned(const Rows& rows, const std::string& margin) {
  std::string out;
  for (std::size_t i = 1; i < rows.size(); ++i) {
    Rows lines;
    for (std::size_t c = 0; c < rows[i].size(); ++c) lines.push_back({rows[0][c], rows[i][c]});
    out += (i == 1 ? "" : "\n") + table(lines, {24, columns - margin.size() - 24 - gap}, margin);
  }
  return out;
}

}  // namespace

std::string table(const Rows& rows, const std::vector<std::size_t>& most, const std::string& margin) {
  std::vector<std::size_t> widths(most.size(), 0);
  for (const auto& row : rows)
    for (std::size_t c = 0; c < row.size(); ++c)
      widths[c] = std::max(widths[c], std::min(most[c], width_of(row[c])));
  std::string out;
  for (const auto& row : rows) out += lines_of(row, widths, most, margin);
  return out;
}

std::string fitting_table(const blocks::Table& found, const std::string& margin) {
  Rows rows(1);
  std::vector<std::size_t> most;
  std::size_t width = margin.size();
  for (const auto& column : found.columns) {
    if (column.terminal == 0) continue;
    rows[0].push_back(column.title);
    most.push_back(column.terminal);
    width += column.terminal + gap;
  }
  for (const auto& row : found.rows) {
    rows.emplace_back();
    for (std::size_t c = 0; c < row.cells.size(); ++c)
      if (found.columns[c].terminal > 0) rows.back().push_back(text_of(row.cells[c]));
  }
  if (width - gap > columns) return turned(rows, margin);
  make_room(rows, most, columns - margin.size());
  return table(rows, most, margin);
}

std::string hanging(std::string_view text, const std::string& first, const std::string& others) {
  const auto lines = wrapped(text, columns - others.size());
  std::string out;
  for (std::size_t i = 0; i < lines.size(); ++i) out += (i == 0 ? first : others) + lines[i] + "\n";
  return out;
}

std::string command(std::string_view words, const std::string& margin) {
  const std::string text = printable(words);
  std::string out, line = margin.substr(1), word;
  bool quoted = false;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    if (i < text.size() && text[i] == '\'') quoted = !quoted;
    if (i < text.size() && (text[i] != ' ' || quoted)) {
      word += text[i];
      continue;
    }
    if (width_of(line) + 1 + width_of(word) + 2 > columns) {
      out += line + " \\\n";
      line = margin.substr(1) + "  ";
    }
    line += " " + word;
    word.clear();
  }
  return out + line + "\n";
}

}  // namespace reprise::terminal
