// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/history/history_row.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

namespace reprise {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::pair<const char*, std::string HistoryRow::*> texts[] = {
    {"date", &HistoryRow::date},
    {"machine", &HistoryRow::machine},
    {"environment", &HistoryRow::environment},
    {"hardware", &HistoryRow::hardware},
    {"matrix", &HistoryRow::matrix},
    {"recipe", &HistoryRow::recipe},
    {"run", &HistoryRow::run},
    {"plan", &HistoryRow::plan},
    {"chain", &HistoryRow::chain},
    {"metric", &HistoryRow::metric},
    {"facts", &HistoryRow::facts},
    {"sentence", &HistoryRow::sentence},
    {"operator", &HistoryRow::operation},
    {"report", &HistoryRow::report}};

// Straight into a row, without a document in between: a history has hundreds of thousands of lines. What a
// later version adds beside these keys is passed over.
class RowReader : public nlohmann::json_sax<Json> {
 public:
  HistoryRow row;
  bool whole() const {
    return format_ && found_ && row.night > 0 && !row.machine.empty() && !row.run.empty();
  }

  bool key(std::string& name) override {
    if (depth_ == 1) key_ = name;
    return true;
  }
  bool string(std::string& value) override {
    if (depth_ == 2 && key_ == "changed") row.changed.push_back(value);
    if (depth_ != 1) return true;
    if (key_ == "schema") return format_ = value == history_format;
    if (key_ == "found") {
      for (const auto& word : words_of(Held{}))
        if (word.text == value) row.found = word.value, found_ = true;
      return found_;
    }
    for (const auto& [name, member] : texts)
      if (key_ == name) {
        row.*member = std::move(value);
        break;
      }
    return true;
  }
  bool number_integer(number_integer_t value) override { return number(static_cast<double>(value)); }
  bool number_unsigned(number_unsigned_t value) override {
    if (depth_ == 1 && key_ == "night") row.night = static_cast<std::int64_t>(value);
    return number(static_cast<double>(value));
  }
  bool number_float(number_float_t value, const string_t& /*text*/) override { return number(value); }
  bool null() override { return true; }
  bool boolean(bool /*value*/) override { return true; }
  bool binary(binary_t& /*value*/) override { return true; }
  bool start_object(std::size_t /*size*/) override { return ++depth_ > 0; }
  bool end_object() override { return depth_-- > 0; }
  bool start_array(std::size_t /*size*/) override { return ++depth_ > 1; }
  bool end_array() override { return depth_-- > 0; }
  bool parse_error(std::size_t /*at*/, const std::string& /*token*/,
                   const nlohmann::detail::exception& /*why*/) override {
    return false;
  }

 private:
  bool number(double value) {
    if (depth_ == 1 && key_ == "value") row.value = value;
    return true;
  }

  std::string key_;
  int depth_ = 0;
  bool format_ = false, found_ = false;
};

}  // namespace

std::string to_line(const HistoryRow& row) {
  Json line = {{"schema", history_format}, {"night", row.night}, {"found", to_text(row.found)}};
  for (const auto& [name, member] : texts)
    if (!(row.*member).empty()) line[name] = row.*member;
  if (row.value && std::isfinite(*row.value)) line["value"] = *row.value;
  if (!row.changed.empty()) line["changed"] = row.changed;
  return line.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::optional<HistoryRow> row_from_line(std::string_view line) {
  RowReader reader;
  if (!Json::sax_parse(line.begin(), line.end(), &reader) || !reader.whole()) return std::nullopt;
  return std::move(reader.row);
}

}  // namespace reprise
