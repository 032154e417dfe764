// SPDX-License-Identifier: Apache-2.0
#include "harness/base/toml.h"

#define TOML_HEADER_ONLY 0
#include <toml++/toml.h>

#include <algorithm>

#include "harness/base/error.h"
#include "harness/base/text.h"

namespace reprise {

struct TomlTable::Node {
  std::shared_ptr<toml::table> document;  // keeps the whole document alive
  const toml::table* table;
  std::string where, path;
  std::vector<std::string> asked;

  const toml::node* find(std::string_view key) {
    if (std::find(asked.begin(), asked.end(), key) == asked.end()) asked.emplace_back(key);
    return table->get(key);
  }
  std::string name(std::string_view key) const {
    return path.empty() ? std::string(key) : path + "." + std::string(key);
  }
};

namespace {

std::string type_name(const toml::node& node) {
  switch (node.type()) {
    case toml::node_type::table:
      return "a table";
    case toml::node_type::array:
      return "an array";
    case toml::node_type::string:
      return "a text";
    case toml::node_type::integer:
      return "a whole number";
    case toml::node_type::floating_point:
      return "a number";
    case toml::node_type::boolean:
      return "true or false";
    default:
      return "a date or time";
  }
}

}  // namespace

TomlTable TomlTable::parse(std::string_view text, std::string_view where) {
  try {
    auto document = std::make_shared<toml::table>(toml::parse(text, where));
    const toml::table* table = document.get();
    return TomlTable(std::make_shared<Node>(Node{std::move(document), table, std::string(where), "", {}}));
  } catch (const toml::parse_error& error) {
    fail("{}:{}: this is not valid TOML: {}", where, error.source().begin.line, error.description());
  }
}

bool TomlTable::has(std::string_view key) const { return node_->table->contains(key); }

void TomlTable::refuse(std::string_view key, std::string_view sentence) const {
  const auto* found = node_->table->get(key);
  const auto line = found ? found->source().begin.line : node_->table->source().begin.line;
  fail("{}:{}: {}: {}", node_->where, line, key.empty() ? node_->path : node_->name(key), sentence);
}

namespace {

// A key that nobody asked for so far, that begins alike and is spelled nearly so, is what was meant: its line
// is the one to mend. Others may be asked for later.
[[noreturn]] void refuse_missing(const TomlTable& self, const TomlTable::Node& node, std::string_view key,
                                 const std::string& sentence) {
  std::vector<std::string> unasked;
  for (const auto& [name, value] : *node.table)
    if (std::string one(name.str()); one.substr(0, 2) == key.substr(0, 2) &&
                                     std::find(node.asked.begin(), node.asked.end(), one) == node.asked.end())
      unasked.push_back(std::move(one));
  if (const auto near = nearest(key, unasked))
    self.refuse(*near, fmt::format("no key named '{}'; did you mean '{}'?", *near, key));
  self.refuse(key, sentence);
}

// The node of `key` if it is of the type wanted, by TOML type predicate.
template <class T>
T required(TomlTable& self, TomlTable::Node& node, std::string_view key, std::string_view wanted) {
  const auto* found = node.find(key);
  if (!found) refuse_missing(self, node, key, fmt::format("wanted {}, found no such key; add it", wanted));
  // Exact types only, but for a whole number given where a number is wanted.
  const auto value = std::is_same_v<T, double> ? found->value<T>() : found->value_exact<T>();
  if (!value || (std::is_same_v<T, double> && found->is_boolean()))
    self.refuse(key, fmt::format("wanted {}, found {}", wanted, type_name(*found)));
  return *value;
}

}  // namespace

std::string TomlTable::text(std::string_view key) {
  return required<std::string>(*this, *node_, key, "a text");
}
std::int64_t TomlTable::integer(std::string_view key) {
  return required<std::int64_t>(*this, *node_, key, "a whole number");
}
double TomlTable::number(std::string_view key) { return required<double>(*this, *node_, key, "a number"); }
bool TomlTable::truth(std::string_view key) { return required<bool>(*this, *node_, key, "true or false"); }

std::vector<std::string> TomlTable::texts(std::string_view key) {
  const auto* found = node_->find(key);
  if (!found) refuse_missing(*this, *node_, key, "wanted an array of texts, found no such key");
  const auto* array = found->as_array();
  if (!array) refuse(key, fmt::format("wanted an array of texts, found {}", type_name(*found)));
  std::vector<std::string> values;
  for (const auto& element : *array) {
    const auto value = element.value_exact<std::string>();
    if (!value) refuse(key, fmt::format("wanted texts only, found {} among them", type_name(element)));
    values.push_back(*value);
  }
  return values;
}

std::string TomlTable::text_or(std::string_view key, std::string_view fallback) {
  return node_->find(key) ? text(key) : std::string(fallback);
}
std::int64_t TomlTable::integer_or(std::string_view key, std::int64_t fallback) {
  return node_->find(key) ? integer(key) : fallback;
}
TomlTable TomlTable::table(std::string_view key) {
  const auto* found = node_->find(key);
  const auto* table = found ? found->as_table() : nullptr;
  if (!table)
    refuse(key, fmt::format("wanted a table [{}], found {}", node_->name(key),
                            found ? type_name(*found) : "none"));
  return TomlTable(std::make_shared<Node>(Node{node_->document, table, node_->where, node_->name(key), {}}));
}

std::optional<TomlTable> TomlTable::optional_table(std::string_view key) {
  return node_->find(key) ? std::optional(table(key)) : std::nullopt;
}

std::vector<TomlTable> TomlTable::tables(std::string_view key) {
  std::vector<TomlTable> result;
  const auto* found = node_->find(key);
  if (!found) return result;
  const auto* array = found->as_array();
  if (!array) refuse(key, fmt::format("wanted tables [[{}]], found {}", node_->name(key), type_name(*found)));
  for (const auto& element : *array) {
    if (!element.is_table())
      refuse(key, fmt::format("wanted tables only, found {} among them", type_name(element)));
    result.push_back(TomlTable(std::make_shared<Node>(
        Node{node_->document, element.as_table(), node_->where, node_->name(key), {}})));
  }
  return result;
}

std::vector<std::pair<std::string, Scalar>> TomlTable::scalars() {
  std::vector<std::pair<std::string, Scalar>> values;
  for (const auto& [name, value] : *node_->table) {
    const std::string key(name.str());
    node_->find(key);
    if (value.is_boolean())
      values.emplace_back(key, truth(key));
    else if (value.is_integer())
      values.emplace_back(key, integer(key));
    else if (value.is_floating_point())
      values.emplace_back(key, number(key));
    else if (value.is_string())
      values.emplace_back(key, text(key));
    else
      refuse(key, fmt::format("wanted a text, a number, true or false, found {}", type_name(value)));
  }
  std::sort(values.begin(), values.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  return values;
}

void TomlTable::finish() const {
  for (const auto& [name, value] : *node_->table) {
    const std::string key(name.str());
    const auto& asked = node_->asked;
    if (std::find(asked.begin(), asked.end(), key) == asked.end())
      refuse(key, unknown_name("key", key, asked));
  }
}

}  // namespace reprise
