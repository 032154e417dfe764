// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/gathered/who_ran.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "harness/base/error.h"
#include "harness/base/sha256.h"
#include "harness/base/text.h"
#include "harness/machine/fact_names.h"

namespace reprise {
namespace {

bool tells_who_ran(std::string_view fact) { return fact_of(fact) == FactOf::machine; }

bool agree(const Facts& a, const Facts& b) {
  return std::ranges::none_of(a, [&](const auto& fact) {
    const auto other = b.find(fact.first);
    return other != b.end() && other->second != fact.second && tells_who_ran(fact.first);
  });
}

std::string value_of(const Facts& facts, const std::string& name) {
  const auto found = facts.find(name);
  return found == facts.end() ? std::string() : found->second;
}

std::string usual_name(const Facts& facts) {
  std::string processor = value_of(facts, "cpu.model");
  if (processor.empty()) processor = value_of(facts, "cpu.architecture");
  std::vector<std::string> parts = {value_of(facts, "gpu.name"), processor};
  if (const auto torch = value_of(facts, "libtorch.version"); !torch.empty())
    parts.push_back("LibTorch " + torch);
  std::erase(parts, "");
  return parts.empty() ? "an unknown machine" : join(parts, ", ");
}

// What a fact is called in a name; those that say most to a person are asked first.
struct Telling {
  std::string_view fact, words;
};
constexpr Telling tellings[] = {{"gpu.uuid", ""},
                                {"gpu.driver", "driver "},
                                {"cpu.architecture", ""},
                                {"cpu.cores", "cores: "},
                                {"libc.version", ""},
                                {"kernel.release", "kernel "},
                                {"reprise.version", "reprise "},
                                {"reprise.compiler", ""},
                                {"library.libtorch_cpu.so", "libtorch_cpu.so "},
                                {"library.libc.so.6", "libc.so.6 "}};

// A long value, such as a digest or a list, is told by the start of its own digest.
std::string words_for(const std::string& fact, const std::string& value) {
  constexpr std::size_t long_value = 40, shown = 8;
  const bool digest = value.size() == 64 && from_hex(value).has_value();
  const std::string text = digest                      ? value.substr(0, shown)
                           : value.size() > long_value ? sha256_text(value).substr(0, shown)
                                                       : value;
  for (const auto& telling : tellings)
    if (telling.fact == fact) return std::string(telling.words) + text;
  constexpr std::string_view library = "library.";
  return (fact.starts_with(library) ? fact.substr(library.size()) : fact) + " " + text;
}

bool differs_among(const std::vector<const Facts*>& machines, const std::string& fact) {
  std::set<std::string> values;
  for (const auto* facts : machines)
    if (const auto value = value_of(*facts, fact); !value.empty()) values.insert(value);
  return values.size() > 1;
}

// The fact that tells most about what parts machines of one name; a library's size says less than its digest.
std::optional<std::string> telling_fact(const std::vector<const Facts*>& machines) {
  for (const auto& telling : tellings)
    if (differs_among(machines, std::string(telling.fact))) return std::string(telling.fact);
  std::set<std::string> facts;
  for (const auto* one : machines)
    for (const auto& [fact, value] : *one)
      if (tells_who_ran(fact) && !fact.ends_with(".bytes")) facts.insert(fact);
  for (const auto& fact : facts)
    if (differs_among(machines, fact)) return fact;
  return std::nullopt;
}

struct Called {
  std::string usual;
  std::vector<std::string> more;  // what tells it from others of that name
  std::string name() const { return more.empty() ? usual : usual + " (" + join(more, ", ") + ")"; }
};

// Machines that are called alike, as indices; nothing if there are none.
std::vector<std::size_t> alike(const std::vector<Called>& called) {
  std::map<std::string, std::vector<std::size_t>> by_name;
  for (std::size_t i = 0; i < called.size(); ++i) by_name[called[i].name()].push_back(i);
  for (const auto& [name, members] : by_name)
    if (members.size() > 1) return members;
  return {};
}

void tell_apart(const std::vector<Facts>& machines, std::vector<Called>& called) {
  for (auto members = alike(called); !members.empty(); members = alike(called)) {
    std::vector<const Facts*> same;
    for (const auto i : members) same.push_back(&machines[i]);
    const auto fact = telling_fact(same);
    std::set<std::string> names;
    for (const auto i : members) {
      if (const auto value = fact ? value_of(machines[i], *fact) : ""; !value.empty())
        called[i].more.push_back(words_for(*fact, value));
      names.insert(called[i].name());
    }
    if (names.size() > 1) continue;
    // Facts that look alike although they are not: digests that differ further behind.
    for (std::size_t k = 0; k < members.size(); ++k) called[members[k]].more.push_back(std::to_string(k + 1));
  }
}

}  // namespace

Machines machines_of(const std::vector<Facts>& runs) {
  Machines machines;
  std::vector<std::vector<const Facts*>> members;
  for (const auto& facts : runs) {
    const auto home = std::ranges::find_if(members, [&](const auto& group) {
      return std::ranges::all_of(group, [&](const Facts* other) { return agree(facts, *other); });
    });
    machines.of_run.push_back(static_cast<std::size_t>(home - members.begin()));
    if (home == members.end())
      members.push_back({&facts});
    else
      home->push_back(&facts);
  }
  std::vector<Facts> all;
  std::vector<Called> called;
  for (const auto& group : members) {
    all.emplace_back();
    for (const auto* facts : group) all.back().insert(facts->begin(), facts->end());
    called.push_back({usual_name(all.back()), {}});
  }
  tell_apart(all, called);
  for (const auto& one : called) machines.names.push_back(one.name());
  return machines;
}

}  // namespace reprise
