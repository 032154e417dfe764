// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/claim/numbers.h"

#include <algorithm>
#include <cmath>
#include <regex>

#include "harness/judge/verdict/statistics.h"
#include "harness/lines/line_parts.h"
#include "harness/lines/text_lines.h"

namespace reprise {

std::span<const Word<Take>> words_of(Take /*take*/) {
  static constexpr Word<Take> words[] = {{Take::last, "last"}, {Take::first, "first"},
                                         {Take::min, "min"},   {Take::max, "max"},
                                         {Take::mean, "mean"}, {Take::median, "median"}};
  return words;
}

namespace {

double middle_of(std::vector<double> values) {
  std::ranges::sort(values);
  const std::size_t half = values.size() / 2;
  return values.size() % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
}

}  // namespace

double taken(std::span<const double> values, Take take) {
  if (values.empty()) fail("wanted at least one value, found none");
  // The smallest of values of which one is not a number would hide that the training came to nothing.
  for (std::size_t i = 0; i < values.size(); ++i)
    if (!std::isfinite(values[i]))
      fail("its value {} of {} is not a finite number ({})", i + 1, values.size(), number_text(values[i]));
  switch (take) {
    case Take::last:
      return values.back();
    case Take::first:
      return values.front();
    case Take::min:
      return *std::ranges::min_element(values);
    case Take::max:
      return *std::ranges::max_element(values);
    case Take::mean:
      return sample_of(values).mean;
    case Take::median:
      break;
  }
  return middle_of({values.begin(), values.end()});
}

namespace {

// What a line longer than this is, no metric is printed in; and a pattern takes stack for each character.
constexpr std::size_t longest_line = 4096;

std::regex expression(const std::string& pattern) {
  try {
    std::regex compiled(pattern, std::regex::ECMAScript);
    if (compiled.mark_count() == 1) return compiled;
    fail("wanted a pattern with one group around the number, 'val loss ([0-9.]+)', found {} groups in '{}'",
         compiled.mark_count(), pattern);
  } catch (const std::regex_error& error) {
    fail("'{}' is no regular expression: {}", pattern, error.what());
  }
}

double number_of(const std::string& text, std::string_view line) {
  if (const auto number = to_number(text)) return *number;
  if (const auto whole = to_integer(text)) return static_cast<double>(*whole);
  if (text == "nan" || text == "NaN") return NAN;
  fail("the pattern takes '{}', which is no number, out of the line '{}'", text, shown_line(line));
}

}  // namespace

void check_place(const NumberPlace& place) {
  if (!place.pattern.empty()) expression(place.pattern);
  if (!place.pattern.empty() && !place.key.empty())
    fail("wanted a pattern or a key, found both: '{}' and '{}'", place.pattern, place.key);
  if (place.pattern.empty() && place.file.empty())
    fail("wanted a file in which the key '{}' stands, found none", place.key);
  if (place.pattern.empty() && place.key.empty())
    fail("wanted what to read in {}: a pattern, a key of JSON, a column of CSV or a tag of TensorBoard",
         place.file);
}

std::vector<double> numbers_in_text(std::string_view text, const std::string& pattern) {
  const std::regex compiled = expression(pattern);
  std::vector<double> values;
  std::size_t number = 0;
  for (const auto& raw : split(text, '\n')) {
    ++number;
    const std::string line = shown_at_end(raw);
    if (line.size() > longest_line) continue;
    const std::sregex_iterator first(line.begin(), line.end(), compiled), end;
    const auto count = std::distance(first, end);
    if (count > 1)
      fail("'{}' matches {} times in line {}: '{}'; make it longer, so that it means one of them", pattern,
           count, number, shown_line(line));
    if (count == 1) values.push_back(number_of((*first)[1].str(), line));
  }
  if (values.empty()) fail("no line of the {} that there are matches '{}'", number, pattern);
  return values;
}

}  // namespace reprise
