// SPDX-License-Identifier: Apache-2.0
#include "harness/lines/line_times.h"

#include <algorithm>
#include <string>
#include <vector>

namespace reprise {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

char at(std::string_view text, std::size_t place) { return place < text.size() ? text[place] : char{0}; }

std::size_t digits_at(std::string_view text, std::size_t from) {
  std::size_t size = 0;
  while (is_digit(at(text, from + size))) ++size;
  return size;
}

int value_of(std::string_view digits) {
  int value = 0;
  for (const char c : digits) value = value * 10 + (c - '0');
  return value;
}

bool contains(std::initializer_list<std::string_view> words, std::string_view word) {
  return std::ranges::find(words, word) != words.end();
}

bool is_month(std::string_view word) {
  return word.size() >= 3 &&
         contains({"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"},
                  word.substr(0, 3));
}

std::size_t letters_at(std::string_view text, std::size_t from = 0) {
  std::size_t size = 0;
  while (is_letter(at(text, from + size))) ++size;
  return size;
}

// "12:34", "12:34:56.789", with "Z", "+00:00" or "PM".
std::size_t clock_at(std::string_view text) {
  const std::size_t hours = digits_at(text, 0);
  if (hours < 1 || hours > 3 || at(text, hours) != ':') return 0;
  std::size_t end = hours;
  for (int parts = 0; parts < 2 && at(text, end) == ':' && digits_at(text, end + 1) == 2; ++parts) {
    if (value_of(text.substr(end + 1, 2)) > 59) return 0;
    end += 3;
  }
  if (end == hours || is_letter(at(text, end)) != (at(text, end) == 'Z')) return 0;
  if (at(text, end) == '.' || at(text, end) == ',')
    if (const auto fraction = digits_at(text, end + 1)) end += 1 + fraction;
  if (at(text, end) == 'Z') return end + 1;
  if (contains({" AM", " PM", " am", " pm"}, text.substr(std::min(end, text.size()), 3))) return end + 3;
  const bool zone = (at(text, end) == '+' || at(text, end) == '-') && digits_at(text, end + 1) == 2 &&
                    at(text, end + 3) == ':' && digits_at(text, end + 4) == 2;
  return zone ? end + 6 : end;
}

bool is_day(int month, int day) { return month >= 1 && month <= 12 && day >= 1 && day <= 31; }

// "2026-11-28", "2026/11/28", "28.11.2026".
std::size_t date_at(std::string_view text) {
  const std::size_t first = digits_at(text, 0);
  const char sign = at(text, first);
  if ((first != 4 && first != 2) || (sign != '-' && sign != '/' && sign != '.')) return 0;
  if (digits_at(text, first + 1) != 2 || at(text, first + 3) != sign) return 0;
  const std::size_t last = digits_at(text, first + 4);
  if (last != (first == 4 ? 2 : 4)) return 0;
  const int a = value_of(text.substr(first == 4 ? 5 : 0, 2)),
            b = value_of(text.substr(first == 4 ? 8 : 3, 2));
  return is_day(a, b) || is_day(b, a) ? first + 4 + last : 0;
}

// "Nov 28", "28 Nov 2026", "Sat Nov 28", "Sat, 28 Nov 2026".
std::size_t worded_date_at(std::string_view text) {
  std::size_t from = 0;
  if (contains({"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"}, text.substr(0, letters_at(text)))) {
    from = 3 + (at(text, 3) == ',' ? 1 : 0);
    if (at(text, from++) != ' ') return 0;
  }
  const std::size_t day = digits_at(text, from);
  const bool day_first = (day == 1 || day == 2) && at(text, from + day) == ' ';
  const std::size_t month = from + (day_first ? day + 1 : 0), letters = letters_at(text, month);
  if (!is_month(text.substr(std::min(month, text.size()), letters))) return 0;
  std::size_t end = month + letters;
  if (!day_first) {
    while (at(text, end) == ' ') ++end;
    const std::size_t digits = digits_at(text, end);
    if (digits < 1 || digits > 2 || end == month + letters) return 0;
    end += digits;
  }
  if (at(text, end) == ',') ++end;
  return at(text, end) == ' ' && digits_at(text, end + 1) == 4 ? end + 5 : end;
}

}  // namespace

std::size_t compact_date_at(std::string_view text) {
  if (digits_at(text, 0) != 8 || !text.starts_with("20")) return 0;
  if (!is_day(value_of(text.substr(4, 2)), value_of(text.substr(6, 2)))) return 0;
  const char sign = at(text, 8);
  return (sign == '-' || sign == '_' || sign == 'T') && digits_at(text, 9) == 6 ? 15 : 8;
}

std::size_t moment_at(std::string_view text) {
  if (!is_digit(at(text, 0)) && !is_letter(at(text, 0))) return 0;
  std::size_t date = date_at(text);
  if (date == 0) date = compact_date_at(text);
  if (date == 0) date = worded_date_at(text);
  // "W1128 03:17:42.5" of C++ libraries.
  if (date == 0 && contains({"I", "W", "E", "F"}, text.substr(0, letters_at(text))) &&
      digits_at(text, 1) == 4 && at(text, 5) == ' ' && clock_at(text.substr(6)) > 0)
    date = 5;
  const char between = at(text, date);
  const bool more = date > 0 && (between == ' ' || between == 'T' || between == '_' || between == '-');
  const std::size_t front = date + (more ? 1 : 0);
  const std::size_t clock = date > 0 && !more ? 0 : clock_at(text.substr(std::min(front, text.size())));
  if (clock == 0) return date;
  const std::size_t end = front + clock;
  const bool year = date > 0 && at(text, end) == ' ' && digits_at(text, end + 1) == 4 &&
                    (text.substr(end + 1, 2) == "20" || text.substr(end + 1, 2) == "19");
  return year ? end + 5 : end;
}

namespace {

bool is_time_unit(std::string_view word) {
  return contains({"s",       "sec",         "secs",         "second",       "seconds",    "ms",    "msec",
                   "msecs",   "us",          "usec",         "ns",           "min",        "mins",  "minute",
                   "minutes", "h",           "hr",           "hrs",          "hour",       "hours", "day",
                   "days",    "millisecond", "milliseconds", "microseconds", "nanoseconds"},
                  word);
}

// "0.5 min 0.1": a name of the number behind it, no unit.
bool names_what_follows(std::string_view behind) {
  const auto next = behind.find_first_not_of(" :=");
  if (next == std::string_view::npos || next == 0 || !is_digit(behind[next])) return false;
  std::size_t end = next;
  while (is_digit(at(behind, end)) || at(behind, end) == '.') ++end;
  while (at(behind, end) == ' ') ++end;
  return !is_time_unit(behind.substr(std::min(end, behind.size()), letters_at(behind, end)));
}

// "/s", " per second" behind a word; how much.
std::size_t per_time_at(std::string_view behind, bool of_time) {
  const std::size_t sign = behind.starts_with('/') ? 1 : behind.starts_with(" per ") ? 5 : 0;
  const std::size_t letters = letters_at(behind, sign);
  if (sign == 0 || letters == 0) return 0;
  return of_time || is_time_unit(behind.substr(sign, letters)) ? sign + letters : 0;
}

}  // namespace

std::size_t time_unit_at(std::string_view behind) {
  std::size_t space = 0;
  while (space < 2 && at(behind, space) == ' ') ++space;
  if (behind.substr(std::min(space, behind.size())).starts_with("\xc2\xb5s")) return space + 3;
  const std::size_t letters = letters_at(behind, space), end = space + letters;
  const std::string_view word = behind.substr(std::min(space, behind.size()), letters);
  if (letters == 0) return 0;
  if ((word == "m" || word == "h") && space == 0 && is_digit(at(behind, end))) return end;  // "2m03s"
  if ((word == "m" || word == "h") && at(behind, end) == ' ' && is_digit(at(behind, end + 1))) {
    const std::size_t digits = digits_at(behind, end + 1);
    const char unit = at(behind, end + 1 + digits);
    if (unit == 's' || unit == 'm') return end;
  }
  const bool of_time = is_time_unit(word);
  if (const std::size_t rate = per_time_at(behind.substr(end), of_time)) return end + rate;
  if (!of_time || is_digit(at(behind, end)) || at(behind, end) == '_') return 0;
  return space > 0 && names_what_follows(behind.substr(end)) ? 0 : end;
}

bool names_time(std::string_view name) {
  std::string low;
  for (const char c : name) low += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  if (low.find("per_sec") != std::string::npos || low.ends_with("/s") || low.ends_with("/sec")) return true;
  const auto last = low.find_last_of("_-./");
  const std::string_view word = std::string_view(low).substr(last == std::string::npos ? 0 : last + 1);
  return contains({"time",   "elapsed", "runtime", "walltime", "duration",   "eta",    "took", "seconds",
                   "second", "secs",    "sec",     "latency",  "throughput", "speed",  "fps",  "timestamp",
                   "pid",    "tid",     "port",    "mfu",      "flops",      "tflops", "ms"},
                  word);
}

}  // namespace reprise
