// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/card/yaml.h"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <cctype>
#include <set>

#include "harness/base/error.h"
#include "harness/base/text.h"

namespace reprise {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t most_nodes = 100000;

class Reading {
 public:
  explicit Reading(std::string_view where) : where_(where) {}

  Json tree(const YAML::Node& node) {
    if (++nodes_ > most_nodes) fail("{} holds more than {} nodes; no card is so large", where_, most_nodes);
    if (node.IsMap()) return map(node);
    if (node.IsSequence()) {
      Json list = Json::array();
      for (const auto& one : node) list.push_back(tree(one));
      return list;
    }
    return node.IsScalar() ? Json(node.Scalar()) : Json();
  }

 private:
  Json map(const YAML::Node& node) {
    Json members = Json::object();
    for (const auto& entry : node) {
      const YAML::Node& key = entry.first;
      if (!key.IsScalar()) fail("{}: wanted texts for keys, found a list or a map", where_);
      if (members.contains(key.Scalar())) fail("{}: the key '{}' stands there twice", where_, key.Scalar());
      members[key.Scalar()] = tree(entry.second);
    }
    return members;
  }

  std::string where_;
  std::size_t nodes_ = 0;
};

// Plain is what no reader takes for a number, a date, a truth value, null or syntax.
bool is_plain(const std::string& text) {
  static const std::set<std::string> words = {"true", "false", "yes", "no", "on", "off", "null", "y", "n"};
  std::string lower = text;
  std::ranges::transform(lower, lower.begin(), [](unsigned char c) { return std::tolower(c); });
  const auto fits = [](unsigned char c) {
    return std::isalnum(c) || c == ' ' || c == '-' || c == '_' || c == '.';
  };
  return !text.empty() && std::isalpha(static_cast<unsigned char>(text.front())) && text.back() != ' ' &&
         std::ranges::all_of(text, fits) && !words.contains(lower);
}

void emit(YAML::Emitter& out, const Json& tree) {
  if (tree.is_object()) {
    out << YAML::BeginMap;
    for (const auto& [key, value] : tree.items()) {
      out << YAML::Key;
      emit(out, Json(key));
      out << YAML::Value;
      emit(out, value);
    }
    out << YAML::EndMap;
  } else if (tree.is_array()) {
    out << YAML::BeginSeq;
    for (const auto& one : tree) emit(out, one);
    out << YAML::EndSeq;
  } else if (tree.is_string()) {
    const auto text = tree.get<std::string>();
    if (!is_plain(text)) out << YAML::DoubleQuoted;
    out << text;
  } else {
    out << tree.dump();  // a number, a truth value or null, as JSON writes it
  }
}

}  // namespace

Json yaml_tree(std::string_view text, std::string_view where) {
  try {
    const auto documents = YAML::LoadAll(std::string(text));
    if (documents.size() != 1) fail("{}: wanted one YAML document, found {}", where, documents.size());
    return Reading(where).tree(documents.front());
  } catch (const YAML::Exception& error) {
    fail("{}: wanted YAML, found a fault in line {}: {}", where, error.mark.line + 1, error.msg);
  }
}

std::string yaml_text(const Json& tree) {
  YAML::Emitter out;
  emit(out, tree);
  check(out.good(), "a tree of texts can be written as YAML");
  return std::string(out.c_str()) + "\n";
}

}  // namespace reprise
