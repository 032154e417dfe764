// SPDX-License-Identifier: Apache-2.0
// JSON and CSV, and which kind of file it is.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "harness/judge/claim/numbers.h"

namespace reprise {
namespace {

using Json = nlohmann::json;

// Discarded where it is no JSON. An Error for a key that stands twice in one object: one of two numbers would
// be taken.
Json parsed(std::string_view text) {
  std::vector<std::set<std::string>> keys;
  return Json::parse(
      text,
      [&](int, Json::parse_event_t event, Json& value) {
        if (event == Json::parse_event_t::object_start) keys.emplace_back();
        if (event == Json::parse_event_t::object_end) keys.pop_back();
        if (event == Json::parse_event_t::key && !keys.back().insert(value.get<std::string>()).second)
          fail("its key '{}' stands twice in one object", value.get<std::string>());
        return true;
      },
      false);
}

// The value at "val.loss": a key of that name, or key by key.
const Json* value_at(const Json& object, const std::string& key) {
  if (!object.is_object()) return nullptr;
  if (const auto found = object.find(key); found != object.end()) return &*found;
  for (auto dot = key.find('.'); dot != std::string::npos; dot = key.find('.', dot + 1))
    if (const auto found = object.find(key.substr(0, dot)); found != object.end())
      if (const Json* inner = value_at(*found, key.substr(dot + 1))) return inner;
  return nullptr;
}

void add_numbers(const Json& found, const std::string& key, std::vector<double>& values) {
  if (found.is_array()) {
    for (const auto& one : found) add_numbers(one, key, values);
  } else if (found.is_number()) {
    values.push_back(found.get<double>());
  } else {
    fail("wanted a number at '{}', found {}", key, found.is_null() ? "null" : found.type_name());
  }
}

void add_from(const Json& document, const std::string& key, std::vector<double>& values) {
  if (document.is_array()) {
    for (const auto& one : document) add_from(one, key, values);
  } else if (const Json* found = value_at(document, key)) {
    add_numbers(*found, key, values);
  }
}

std::vector<std::string> cells_of(std::string_view line) {
  std::vector<std::string> cells(1);
  bool quoted = false;
  for (const char c : line) {
    if (c == '"')
      quoted = !quoted;
    else if (c == ',' && !quoted)
      cells.emplace_back();
    else
      cells.back() += c;
  }
  for (auto& cell : cells) cell = std::string(trim(cell));
  return cells;
}

}  // namespace

std::vector<double> numbers_in_json(std::string_view text, const std::string& key) {
  std::vector<double> values;
  if (const Json whole = parsed(text); !whole.is_discarded()) {
    add_from(whole, key, values);
  } else {
    std::size_t number = 0;
    for (const auto& line : split(text, '\n')) {
      ++number;
      if (trim(line).empty()) continue;
      const Json one = parsed(line);
      if (one.is_discarded()) fail("it is neither JSON nor JSON lines: line {} cannot be read", number);
      add_from(one, key, values);
    }
  }
  if (values.empty()) fail("it has no number at '{}'", key);
  return values;
}

std::vector<double> numbers_in_csv(std::string_view text, const std::string& key) {
  const auto lines = split(text, '\n');
  const auto head = cells_of(lines.front());
  const auto column = static_cast<std::size_t>(std::ranges::find(head, key) - head.begin());
  if (column == head.size()) fail("{}", unknown_name("column", key, head));
  if (std::ranges::count(head, key) > 1) fail("it has several columns '{}'", key);
  std::vector<double> values;
  for (std::size_t i = 1; i < lines.size(); ++i) {
    const auto cells = cells_of(lines[i]);
    // Loggers leave cells empty where a row is about something else.
    if (column >= cells.size() || cells[column].empty()) continue;
    const auto number = to_number(cells[column]);
    if (!number) fail("wanted a number in column '{}' of line {}, found '{}'", key, i + 1, cells[column]);
    values.push_back(*number);
  }
  if (values.empty()) fail("its column '{}' holds no number", key);
  return values;
}

std::vector<double> numbers_in_file(std::string_view bytes, const NumberPlace& place) {
  if (!place.pattern.empty()) return numbers_in_text(bytes, place.pattern);
  if (place.file.find("tfevents") != std::string::npos)
    return numbers_in_events(std::as_bytes(std::span(bytes)), place.key);
  const auto start = trim(bytes);
  const bool json = start.starts_with('{') || start.starts_with('[');
  return json ? numbers_in_json(bytes, place.key) : numbers_in_csv(bytes, place.key);
}

}  // namespace reprise
