// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/seeds/seeds.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/judge/compare/process_match.h"
#include "harness/judge/seeds/seed_words.h"

namespace reprise {
namespace {

using Notes = std::vector<std::optional<RandomSeen>>;  // of one process, in each run

// How many forked processes ended without a word.
std::int64_t silent_children(const RandomSeen& seen) {
  const auto told = std::ranges::count_if(
      seen.children, [](const ChildSeen& child) { return child.ended || child.worker.has_value(); });
  return std::max<std::int64_t>(0, seen.forks - told);
}

bool drawn_in_children(const RandomSeen& seen, const std::string& name) {
  return std::ranges::any_of(seen.children, [&](const ChildSeen& child) {
    return std::ranges::any_of(child.generators, [&](const ChildDraw& draw) {
      return draw.name == name && draw.drawn && draw.inherited;
    });
  });
}

const SeedCall* seeding_of_kind(const GeneratorSeen& seen, std::string_view kind) {
  const auto found = std::ranges::find(seen.seedings, kind, &SeedCall::kind);
  return found == seen.seedings.end() ? nullptr : &*found;
}

// Whether another run of the plan was seeded with another number there.
bool varies(const SeedCall& seeding, const std::string& generator, const Notes& runs) {
  for (const auto& run : runs) {
    if (!run) continue;
    for (const auto& other : run->generators)
      for (const auto& one : other.seedings)
        if (other.name == generator && one.call == seeding.call && one.place == seeding.place &&
            one.through == seeding.through && one.kind == seeding.kind && one.value != seeding.value)
          return true;
  }
  return false;
}

const SeedCall* varying(const GeneratorSeen& seen, const Notes& runs) {
  for (const auto& seeding : seen.seedings)
    if (varies(seeding, seen.name, runs)) return &seeding;
  return nullptr;
}

struct Decided {
  SeededBy by;
  const SeedCall* seeding = nullptr;
};

Decided decided(const GeneratorSeen& seen, const RandomSeen& process, const Notes& runs) {
  const bool drawn = seen.drawn || drawn_in_children(process, seen.name);
  if (!drawn && silent_children(process) == 0) return {SeededBy::not_drawn};
  if (!drawn && seen.seedings.empty()) return {SeededBy::untold};
  if (seen.seedings.empty()) return {process.imposed ? SeededBy::reprise : SeededBy::nobody};
  const SeedCall& first = seen.seedings.front();
  if (const SeedCall* one = seeding_of_kind(seen, "entropy")) return {SeededBy::entropy, one};
  if (const SeedCall* one = varying(seen, runs)) return {SeededBy::varying, one};
  // A state that is put back later came from the script's own seed: the recorder takes back what is undone.
  if (first.kind == "state") return {SeededBy::unclear, &first};
  if (!seen.drawn_before_seeding) return {SeededBy::unclear, &first};
  if (*seen.drawn_before_seeding) return {SeededBy::late, &first};
  return {SeededBy::script, &first};
}

ProcessSeeds seeds_of_process(const std::string& label, const Notes& runs) {
  ProcessSeeds found{label, "", {}, {}};
  const auto& first = runs.front();
  if (!first) {
    found.untested =
        "nothing was noted of its random numbers: the run is of an older reprise (--again makes it again), "
        "no Python trained in it, or it ended before it could tell";
    return found;
  }
  for (const auto& generator : first->generators) {
    const auto [by, seeding] = decided(generator, *first, runs);
    GeneratorSeeds seeds{generator.name, by, {}, generator.drawn_by, ""};
    if (seeding != nullptr) seeds.seeding = *seeding;
    seeds.sentence = seeds_sentence(seeds, silent_children(*first));
    found.generators.push_back(seeds);
  }
  for (const auto& one : first->unseeded) found.unseeded.push_back(unseeded_sentence(one));
  return found;
}

}  // namespace

bool Seeds::is_known() const {
  return std::ranges::all_of(processes, [](const ProcessSeeds& one) { return one.untested.empty(); });
}

bool Seeds::all_own() const {
  return std::ranges::all_of(processes, [](const ProcessSeeds& one) {
    return one.unseeded.empty() && std::ranges::all_of(one.generators, &GeneratorSeeds::is_own);
  });
}

Seeds seeds_of(const std::vector<RunTraces>& runs) {
  Seeds seeds;
  const auto match = match_processes(runs);
  for (std::size_t i = 0; i < runs.front().processes.size(); ++i) {
    const std::string& label = match.labels.front()[i];
    Notes notes;
    // Where processes cannot be told apart, another run's may well be seeded otherwise.
    for (std::size_t run = 0; run < (match.by_content ? 1 : runs.size()); ++run)
      for (std::size_t k = 0; k < runs[run].processes.size(); ++k)
        if (match.labels[run][k] == label)
          notes.push_back(random_seen(runs[run].processes[k].trace.path().parent_path()));
    if (notes.front()) seeds.imposed = notes.front()->imposed;
    seeds.processes.push_back(seeds_of_process(label, notes));
  }
  return seeds;
}

}  // namespace reprise
