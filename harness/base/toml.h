// SPDX-License-Identifier: Apache-2.0
#pragma once
// TOML read strictly: the caller asks for each key, and finish() refuses every key nobody asked for, with the
// nearest known name. Each Error names file, line, what was wanted and what was found. The parser (toml++)
// stays hidden.
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/base/scalar.h"
#include "harness/base/words.h"

namespace reprise {

class TomlTable {
 public:
  // Parses a document; `where` names it in Errors (a path). Duplicate keys and bad syntax are Errors with the
  // line.
  static TomlTable parse(std::string_view text, std::string_view where);

  bool has(std::string_view key) const;
  // A missing key or a wrong type is an Error. A whole number is taken for a number.
  std::string text(std::string_view key);
  std::int64_t integer(std::string_view key);
  double number(std::string_view key);
  bool truth(std::string_view key);
  std::vector<std::string> texts(std::string_view key);  // an array of texts
  // The same with a value for when the key is missing.
  std::string text_or(std::string_view key, std::string_view fallback);
  std::int64_t integer_or(std::string_view key, std::int64_t fallback);

  TomlTable table(std::string_view key);                          // an Error if missing
  std::optional<TomlTable> optional_table(std::string_view key);  // nothing if missing
  std::vector<TomlTable> tables(std::string_view key);            // [[key]]; empty if missing
  // Every key of this table with a scalar value, in the order of their names; marks them all as asked for.
  std::vector<std::pair<std::string, Scalar>> scalars();

  // Refuses what nobody asked for, here (not in sub-tables: they have a finish() of their own).
  void finish() const;
  // An Error that names the file, this table and, if it has one, the key's line.
  [[noreturn]] void refuse(std::string_view key, std::string_view sentence) const;

  struct Node;  // hides toml++

 private:
  explicit TomlTable(std::shared_ptr<Node> node) : node_(std::move(node)) {}
  std::shared_ptr<Node> node_;
};

// A word of a closed set (words.h); any other is refused with its line.
template <class E>
E read_word(TomlTable& table, std::string_view key) {
  try {
    return word_from<E>(table.text(key), key);
  } catch (const Error& error) {
    table.refuse(key, error.what());
  }
}

}  // namespace reprise
