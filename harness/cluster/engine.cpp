// SPDX-License-Identifier: Apache-2.0
#include "harness/cluster/engine.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace reprise {

std::vector<std::pair<std::string, std::vector<std::size_t>>> legs_by_kind(const Emission& emission) {
  std::map<std::string, std::vector<std::size_t>> kinds;
  for (std::size_t i = 0; i < emission.legs.size(); ++i) kinds[emission.legs[i].kind].push_back(i);
  return {kinds.begin(), kinds.end()};
}

std::string yaml_text(const std::string& text) {
  return nlohmann::json(text).dump(-1, ' ', true, nlohmann::json::error_handler_t::replace);
}

std::string yaml_texts(const std::vector<std::string>& texts) {
  std::vector<std::string> parts;
  for (const auto& text : texts) parts.push_back(yaml_text(text));
  return "[" + join(parts, ", ") + "]";
}

std::string job_word(const std::string& text) {
  std::string word;
  for (const char c : text) {
    const bool upper = c >= 'A' && c <= 'Z';
    const bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    word += plain ? c : upper ? static_cast<char>(c - 'A' + 'a') : '-';
  }
  while (!word.empty() && word.back() == '-') word.pop_back();
  return word.empty() ? "any" : word;
}

}  // namespace reprise
