// SPDX-License-Identifier: Apache-2.0
#include "harness/lines/line_parts.h"

#include <algorithm>
#include <cctype>

#include "harness/lines/line_times.h"

namespace reprise {
namespace {

bool is_one_of(char c, std::string_view chars) { return chars.find(c) != std::string_view::npos; }

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_word(char c) { return is_digit(c) || is_letter(c); }

// What may stand in front of a path.
bool may_begin(char before) { return before == 0 || is_one_of(before, " \t\"'`([{<=:,|>"); }

std::size_t run_of(std::string_view text, std::string_view ends) {
  const auto end = text.find_first_of(ends);
  return end == std::string_view::npos ? text.size() : end;
}

// An absolute path, or an address with "://"; 0 if there is none at the front.
std::size_t place_at(std::string_view text) {
  std::size_t letters = 0;
  while (letters < text.size() && is_letter(text[letters])) ++letters;
  if (letters > 1 && text.substr(letters).starts_with("://")) return run_of(text, " \t\"'`)>]},|");
  if (!text.starts_with('/') && !text.starts_with("~/")) return 0;
  const std::size_t size = run_of(text, " \t\"'`()[]{}<>=:,;|");
  const bool named = std::ranges::any_of(text.substr(0, size), is_letter);
  return size > 1 && named ? size : 0;
}

std::size_t hex_digits(std::string_view text) {
  std::size_t size = 0;
  while (size < text.size() && std::isxdigit(static_cast<unsigned char>(text[size]))) ++size;
  return size;
}

// 0x7f3a1c, or a UUID.
std::size_t address_at(std::string_view text) {
  if (text.starts_with("0x") || text.starts_with("0X")) {
    const std::size_t digits = hex_digits(text.substr(2));
    return digits > 0 ? digits + 2 : 0;
  }
  std::size_t at = 0;
  for (const std::size_t wanted : {8u, 4u, 4u, 4u, 12u}) {
    if (at > 0 && (at >= text.size() || text[at++] != '-')) return 0;
    if (hex_digits(text.substr(at)) != wanted) return 0;
    at += wanted;
  }
  return at;
}

std::size_t digits_at(std::string_view text) {
  std::size_t size = 0;
  while (size < text.size() && is_digit(text[size])) ++size;
  return size;
}

// "-12", "0.75", ".5", "1e-3", "1,234" is two; 0 if none begins here.
std::size_t number_at(std::string_view text, char before) {
  std::size_t at = (text[0] == '-' || text[0] == '+') && !is_word(before) && before != ')' ? 1 : 0;
  const std::size_t whole = digits_at(text.substr(at));
  at += whole;
  std::size_t fraction = 0;
  if (at < text.size() && text[at] == '.') {
    fraction = digits_at(text.substr(at + 1));
    if (whole > 0 || fraction > 0) at += 1 + fraction;
  }
  if (whole + fraction == 0) return 0;
  if (at + 1 < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    const std::size_t sign = text[at + 1] == '-' || text[at + 1] == '+' ? 1 : 0;
    if (const std::size_t power = digits_at(text.substr(at + 1 + sign))) at += 1 + sign + power;
  }
  return at;
}

bool is_no_number(std::string_view word) {
  return word == "nan" || word == "NaN" || word == "inf" || word == "Infinity";
}

class Reading {
 public:
  explicit Reading(std::string_view line) : line_(line) {}

  std::vector<LinePart> parts() {
    while (at_ < line_.size()) step();
    return std::move(parts_);
  }

 private:
  char before() const { return at_ == 0 ? char{0} : line_[at_ - 1]; }
  std::string_view rest() const { return line_.substr(at_); }

  void add(PartKind kind, std::size_t size) {
    const std::string_view text = line_.substr(at_, size);
    at_ += size;
    if (kind == PartKind::text && !parts_.empty() && parts_.back().kind == PartKind::text)
      parts_.back().text = {parts_.back().text.data(), parts_.back().text.size() + size};
    else
      parts_.push_back({kind, text});
  }

  void step() {
    if (may_begin(before()))
      if (const auto size = place_at(rest())) return add(PartKind::left_out, size);
    if (!is_word(before()) && before() != '.') {
      if (const auto size = address_at(rest())) return add(PartKind::left_out, size);
      if (const auto size = moment_at(rest())) return add(PartKind::left_out, size);
    }
    if (before() == '_')
      if (const auto size = compact_date_at(rest())) return add(PartKind::left_out, size);
    if (is_letter(line_[at_])) return add_word();
    const std::size_t size = number_at(rest(), before());
    if (size == 0) return add(PartKind::text, 1);
    add_number(size);
  }

  // A word takes its digits with it, "fc2", but no date.
  void add_word() {
    std::size_t size = 1;
    while (at_ + size < line_.size() && is_word(line_[at_ + size])) {
      if (line_[at_ + size - 1] == '_' && compact_date_at(line_.substr(at_ + size)) > 0) break;
      ++size;
    }
    name_ = {at_, at_ + size};
    // Joined to the one before, "train/loss": the name is both.
    std::size_t first = at_;
    while (first > 0 && (is_word(line_[first - 1]) || is_one_of(line_[first - 1], "/.-"))) --first;
    name_.first = first;
    add(is_no_number(line_.substr(at_, size)) ? PartKind::number : PartKind::text, size);
  }

  // Behind a word that names a time, with nothing but signs between.
  bool is_named_as_time() const {
    const std::string_view between = line_.substr(name_.second, at_ - name_.second);
    const bool near = name_.second > 0 && between.size() <= 6 &&
                      between.find_first_not_of(" \t:='\"([") == std::string_view::npos;
    return near && names_time(line_.substr(name_.first, name_.second - name_.first));
  }

  void add_number(std::size_t size) {
    const std::size_t unit = time_unit_at(line_.substr(at_ + size));
    add(unit > 0 || is_named_as_time() ? PartKind::left_out : PartKind::number, size + unit);
  }

  std::string_view line_;
  std::size_t at_ = 0;
  std::pair<std::size_t, std::size_t> name_{0, 0};  // where the last word stands
  std::vector<LinePart> parts_;
};

}  // namespace

std::vector<LinePart> parts_of(std::string_view line) { return Reading(line).parts(); }

namespace {

// Without codes that move a terminal's pen.
std::string without_codes(std::string_view text) {
  std::string plain;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '\x1b') {
      plain += text[at];
      continue;
    }
    if (at + 1 < text.size() && text[at + 1] == '[') {
      at += 2;
      while (at < text.size() && (text[at] < '@' || text[at] > '~')) ++at;
    } else {
      ++at;
    }
  }
  return plain;
}

// The last piece that was drawn; one of blanks wiped the others out.
std::string_view last_drawn(std::string_view line) {
  while (line.ends_with('\r')) line.remove_suffix(1);
  const auto back = line.rfind('\r');
  return back == std::string_view::npos ? line : line.substr(back + 1);
}

// " 50%|#####     | 5/10 [00:01<00:01, 9.8it/s, loss=0.5]text": what is to be compared of it.
std::string without_bar(const std::string& text) {
  const auto bar = text.find("%|");
  if (bar == std::string::npos) return text;
  const auto close = text.find('|', bar + 2);
  const auto open = close == std::string::npos ? close : text.find('[', close);
  const auto end = open == std::string::npos ? open : text.find(']', open);
  if (end == std::string::npos) return text;
  const bool whole = bar >= 3 && text.compare(bar - 3, 3, "100") == 0;
  if (end + 1 < text.size()) return text.substr(end + 1);
  if (!whole) return "";
  std::string behind = text.substr(open + 1, end - open - 1);
  for (int times = 0; times < 2; ++times) {
    const auto comma = behind.find(", ");
    behind = comma == std::string::npos ? "" : behind.substr(comma + 2);
  }
  return text.substr(0, bar + 1) + " " + text.substr(close + 1, open - close - 1) + behind;
}

}  // namespace

std::string shown_at_end(std::string_view line) { return without_bar(without_codes(last_drawn(line))); }

}  // namespace reprise
