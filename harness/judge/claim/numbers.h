// SPDX-License-Identifier: Apache-2.0
#pragma once
// Numbers that a program printed or left in a file: by a pattern from its lines, by a key from JSON, by a
// column from CSV, by a tag from a TensorBoard event file. What cannot be told is an Error, never a guess.
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/words.h"

namespace reprise {

// Which of the values that one run reports is its result.
enum class Take { last, first, min, max, mean, median };
std::span<const Word<Take>> words_of(Take take);
// An Error for no value, and for one that is not a finite number.
double taken(std::span<const double> values, Take take);

struct NumberPlace {
  std::string pattern;  // with one group, "val loss ([0-9.]+)": in what was printed, or in the file
  std::string file;     // that the run leaves, "{out}/metrics.json", "logs/*tfevents*"; "": what it printed
  std::string key;      // of a file: "val.loss" in JSON, a column of CSV, a tag of TensorBoard
};
// An Error for a pattern without exactly one group, or a file of which nothing is named.
void check_place(const NumberPlace& place);

// By lines, in order. An Error where no line matches, where one line matches twice, where a match is no
// number.
std::vector<double> numbers_in_text(std::string_view text, const std::string& pattern);
// The number at the key, or one number for each element of a list of objects, or each line of JSON lines.
std::vector<double> numbers_in_json(std::string_view text, const std::string& key);
std::vector<double> numbers_in_csv(std::string_view text, const std::string& key);
// TFRecord frames (lengths and CRC32C checked) of protocol buffers Event: every scalar of the tag, by its
// place in the file.
std::vector<double> numbers_in_events(std::span<const std::byte> bytes, const std::string& key);

// What stands in a file of any of the kinds, told by its content and name.
std::vector<double> numbers_in_file(std::string_view bytes, const NumberPlace& place);

}  // namespace reprise
