// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/doctor/machine_diff.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <tuple>

#include "harness/base/error.h"
#include "harness/base/files.h"
#include "harness/base/text.h"
#include "harness/judge/doctor/doctor_json.h"
#include "harness/trace/run_traces.h"

namespace reprise {
namespace {

namespace fs = std::filesystem;

bool is_json(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  char first = 0;
  while (in.get(first))
    if (first != ' ' && first != '\n' && first != '\r' && first != '\t') return first == '{' || first == '[';
  return path.extension() == ".json";
}

std::size_t row_of(const MachineDifference& one) {
  const auto rows = moving_facts();
  const auto found =
      std::ranges::find_if(rows, [&one](const MovingFact& row) { return row.reason == one.reason; });
  return static_cast<std::size_t>(found - rows.begin());
}

void sort(std::vector<MachineDifference>& differences) {
  std::ranges::sort(differences, {}, [](const MachineDifference& one) {
    return std::tuple(one.moves, row_of(one), one.name);
  });
}

bool had_driver(const Facts& facts) {
  return std::ranges::any_of(facts, [](const auto& fact) {
    return fact.first.starts_with("library.libcuda.so") || fact.first.starts_with("cuda.");
  });
}

bool tells_gpu(const Facts& facts) { return facts.contains("gpu.name"); }

void add_remarks(const MachineSide& a, const MachineSide& b, MachineDiff& diff) {
  for (const auto* side : {&a, &b})
    if (side->used_gpu && !tells_gpu(side->facts))
      diff.remarks.push_back(
          fmt::format("{} had a GPU's driver loaded and does not tell of which card: cards are not compared",
                      side->name));
}

std::vector<std::string> words_only_in(const std::string& list, const std::string& other) {
  const auto known = split(other, ' ');
  std::vector<std::string> words;
  for (const auto& word : split(list, ' '))
    if (!word.empty() && std::ranges::find(known, word) == known.end()) words.push_back(word);
  return words;
}

std::string list_words(const std::vector<std::string>& words) {
  constexpr std::size_t most = 12;
  if (words.empty()) return "nothing more";
  const auto shown = std::span(words).first(std::min(words.size(), most));
  return join(shown, " ") +
         (words.size() > most ? fmt::format(" and {} more", words.size() - most) : std::string());
}

std::string shortened(const std::string& value) {
  constexpr std::size_t longest = 60, start = 12;
  if (value.empty()) return "nothing";
  return value.size() > longest ? value.substr(0, start) + "..." : value;
}

}  // namespace

MachineSide machine_side(const std::string& path) {
  if (!fs::exists(path))
    fail(
        "no such file or folder: {}; name a file that `reprise doctor --json` wrote, a run's folder or a "
        "trace",
        path);
  MachineSide side{path, {}};
  if (fs::is_regular_file(path) && is_json(path)) {
    side.facts = facts_from_json(read_file(path, "examination"), path);
    return side;
  }
  const RunTraces run = read_run(path);
  side.facts = run.processes.front().trace.facts();
  side.used_gpu = had_driver(side.facts);
  return side;
}

MachineDiff compare_machines(const MachineSide& a, const MachineSide& b) {
  MachineDiff diff;
  diff.a = a.name;
  diff.b = b.name;
  for (const auto& [name, value] : a.facts) {
    const MovingFact* row = moving_fact(name);
    if (row == nullptr) continue;
    const auto other = b.facts.find(name);
    if (other == b.facts.end())
      diff.only_a.push_back(name);
    else if (other->second == value)
      ++diff.equal;
    else
      diff.differences.push_back(
          {name, value, other->second, row->moves, std::string(row->reason), std::string(row->source)});
  }
  for (const auto& [name, value] : b.facts)
    if (!a.facts.contains(name) && moving_fact(name) != nullptr) diff.only_b.push_back(name);
  if (diff.equal == 0 && diff.differences.empty())
    fail("wanted two machines to compare, but {} and {} tell no fact in common", a.name, b.name);
  sort(diff.differences);
  add_remarks(a, b, diff);
  return diff;
}

std::string difference_words(const MachineDifference& difference) {
  const auto& [name, a, b] = std::tie(difference.name, difference.a, difference.b);
  if (name == "cpu.flags")
    return fmt::format("the first has {}; the second has {}", list_words(words_only_in(a, b)),
                       list_words(words_only_in(b, a)));
  return shortened(a) + " and " + shortened(b);
}

}  // namespace reprise
