// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/baseline/environment.h"

#include <algorithm>
#include <array>
#include <set>
#include <string_view>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/machine/fact_names.h"

namespace reprise {
namespace {

constexpr std::array<std::string_view, 8> hardware_names = {"cpu.architecture", "cpu.flags",     "cpu.model",
                                                            "gpu.capability",   "gpu.ecc",       "gpu.memory",
                                                            "gpu.name",         "gpu.processors"};

bool is_hardware(std::string_view name) {
  return std::ranges::find(hardware_names, name) != hardware_names.end();
}

// A library's size says less than its digest; a card's number names one card of a kind.
bool is_software(std::string_view name) {
  return fact_of(name) == FactOf::machine && !is_hardware(name) && !name.ends_with(".bytes") &&
         name != "gpu.uuid" && name != "cpu.cores";
}

constexpr std::size_t most_words = 8;  // that are listed

std::vector<std::string> words_only_in(const std::string& list, const std::string& other) {
  const auto known = split(other, ' ');
  std::vector<std::string> words;
  for (const auto& word : split(list, ' '))
    if (std::ranges::find(known, word) == known.end()) words.push_back(word);
  return words;
}

std::string value_in(const Facts& facts, const std::string& name) {
  const auto found = facts.find(name);
  if (found == facts.end()) return "none";
  constexpr std::size_t longest = 40, shown = 12;
  return found->second.size() > longest ? found->second.substr(0, shown) + "..." : found->second;
}

}  // namespace

Facts hardware_of(const Facts& facts) {
  Facts hardware;
  for (const auto& [name, value] : facts)
    if (is_hardware(name)) hardware.emplace(name, value);
  return hardware;
}

Facts software_of(const Facts& facts) {
  Facts software;
  for (const auto& [name, value] : facts)
    if (is_software(name)) software.emplace(name, value);
  return software;
}

std::string environment_words(const Facts& hardware) {
  std::vector<std::string> words;
  for (const auto* name : {"gpu.name", "cpu.model", "cpu.architecture"})
    if (const auto found = hardware.find(name); found != hardware.end() && !found->second.empty())
      if (words.empty() || std::string_view(name) != "cpu.architecture") words.push_back(found->second);
  return words.empty() ? "an unknown machine" : join(words, ", ");
}

std::vector<std::string> differing(const Facts& a, const Facts& b) {
  std::set<std::string> names;
  for (const auto& [name, value] : a)
    if (const auto other = b.find(name); other == b.end() || other->second != value) names.insert(name);
  for (const auto& [name, value] : b)
    if (!a.contains(name)) names.insert(name);
  return {names.begin(), names.end()};
}

std::string change_words(const std::string& name, const Facts& before, const Facts& now) {
  // Of two lists, such as a processor's instruction sets, the words that differ.
  if (before.contains(name) && now.contains(name) && before.at(name).find(' ') != std::string::npos &&
      now.at(name).find(' ') != std::string::npos) {
    const auto gone = words_only_in(before.at(name), now.at(name));
    const auto come = words_only_in(now.at(name), before.at(name));
    const std::string lost = gone.empty() ? "" : " without " + join(gone, " ");
    const std::string won = come.empty() ? "" : " with " + join(come, " ");
    const bool alike = gone.size() < split(before.at(name), ' ').size();  // else they are no lists
    if (alike && gone.size() + come.size() <= most_words && !(gone.empty() && come.empty()))
      return fmt::format("{}: now{}{}{}", name, lost, lost.empty() || won.empty() ? "" : " and", won);
  }
  return fmt::format("{}: {}, now {}", name, value_in(before, name), value_in(now, name));
}

}  // namespace reprise
