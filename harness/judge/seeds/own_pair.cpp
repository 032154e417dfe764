// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/seeds/own_pair.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "harness/base/text.h"
#include "harness/judge/compare/divergence_words.h"
#include "harness/judge/compare/process_match.h"

namespace reprise {
namespace {

constexpr std::int64_t fewest_steps = 10, most_steps = 50;

// The generator to which a column of the stage rng belongs.
std::string generator_of(const std::string& column) {
  for (const char* name : {"python", "numpy"})
    if (column.starts_with(std::string(name) + ".")) return std::string(name) + ".random";
  return column.starts_with("torch.cuda") ? "torch.cuda" : column;
}

std::set<std::string> generators_apart(const Trace& a, const Trace& b, std::int64_t step) {
  std::map<std::string, Digest> other;
  const auto of_b = b.tensors(step);
  for (std::size_t i = 0; i < b.columns().size(); ++i)
    if (b.columns()[i].stage == Stage::rng) other[b.columns()[i].name] = of_b[i];
  std::set<std::string> apart;
  const auto of_a = a.tensors(step);
  for (std::size_t i = 0; i < a.columns().size(); ++i)
    if (const auto& column = a.columns()[i]; column.stage == Stage::rng)
      if (const auto found = other.find(column.name); found == other.end() || found->second != of_a[i])
        apart.insert(generator_of(column.name));
  return apart;
}

std::vector<std::string> stages_apart(const Trace& a, const Trace& b, std::int64_t step) {
  std::vector<std::string> apart;
  const auto of_a = a.stages(step), of_b = b.stages(step);
  for (std::size_t stage = 0; stage < stage_count; ++stage)
    if (static_cast<Stage>(stage) != Stage::rng && of_a[stage] != of_b[stage])
      apart.emplace_back(stage_names[stage]);
  return apart;
}

// Those whose numbers rest on reprise, or on nobody.
std::set<std::string> in_question(const Seeds& seeds) {
  std::set<std::string> names;
  for (const auto& process : seeds.processes)
    for (const auto& generator : process.generators)
      if (!generator.is_own()) names.insert(generator.name);
  return names;
}

// What makes the pair no evidence, whatever its digests say.
std::string lacking(const std::vector<ProcessPair>& processes) {
  for (const auto& [label, a, b] : processes) {
    const std::string who = label.empty() ? "" : label + ": ";
    if (!a || !b) return who + "one of the two runs has no such process";
    if (!a->finished() || !b->finished()) return who + "the trace of one of the two runs is incomplete";
    if (a->first_step() != 0 || b->first_step() != 0)
      return who + "one of the two does not begin at the start";
    if (std::min(a->last_step(), b->last_step()) < 1) return who + "no step was made";
  }
  return "";
}

void compare_process(const ProcessPair& pair, const std::set<std::string>& asked, OwnPair& found) {
  const Trace &a = *pair.a, &b = *pair.b;
  const std::int64_t last = std::min(a.last_step(), b.last_step());
  for (std::int64_t step = 0; step <= last; ++step) {
    const auto stages = stages_apart(a, b, step);
    if (stages.empty() && step > 0 && step < last) continue;
    for (const auto& name : generators_apart(a, b, step))
      if (asked.contains(name) && std::ranges::find(found.generators, name) == found.generators.end())
        found.generators.push_back(name);
    if (stages.empty()) continue;
    if (!found.parts_at || step < *found.parts_at) {
      found.parts_at = step;
      found.stages = stages;
    }
    return;
  }
}

std::string generators_phrase(const std::vector<std::string>& generators) {
  std::vector<std::string> names;
  for (const auto& name : generators) names.push_back(generator_for_people(name));
  return listed(names);
}

// Pairs of an older reprise kept the hash seed.
bool leaves_hash_seed(const Trace& trace) {
  return pin_value(trace.plan().pins, "python-hash-seed") == "random";
}

void say_parts(bool hash_seed_free, OwnPair& found) {
  found.result = OwnRepeat::parts;
  found.sentence =
      fmt::format("The script does not repeat on its own: two runs with seeding=script part {} ({})",
                  when(*found.parts_at), join(found.stages, ", "));
  if (!found.generators.empty())
    found.sentence +=
        fmt::format("; the state of {} differs between them", generators_phrase(found.generators));
  found.sentence +=
      hash_seed_free ? "; Python's hash seed, which orders sets of texts, was left free as well." : ".";
}

void say_repeats(bool hash_seed_free, OwnPair& found) {
  found.result = OwnRepeat::repeats;
  found.sentence = fmt::format(
      "The script's training repeats on its own in {}: in two runs with seeding=script all batches, losses, "
      "gradients, "
      "weights and optimizer states that were observed are equal; everything but seeds{} was pinned as "
      "before.",
      counted(static_cast<std::size_t>(found.steps), "step"),
      hash_seed_free ? " and Python's hash seed" : "");
  if (!found.generators.empty())
    found.sentence +=
        fmt::format(" The state of {} differs between them; it did not reach the training in these steps.",
                    generators_phrase(found.generators));
}

// The generators in question that the pair is too short for.
std::string drawn_later(const Seeds& seeds, std::int64_t steps) {
  for (const auto& process : seeds.processes)
    for (const auto& generator : process.generators)
      if (!generator.is_own() && generator.drawn_by && *generator.drawn_by > steps)
        return fmt::format("{} is drawn from by step {} only, and the two runs of the pair end after step {}",
                           generator_for_people(generator.name), *generator.drawn_by, steps);
  return "";
}

}  // namespace

std::string_view to_text(OwnRepeat result) {
  constexpr std::string_view words[] = {"repeats", "parts", "untested", "not needed", "not made"};
  return words[static_cast<std::size_t>(result)];
}

OwnPair untested_pair(const std::string& reason) {
  OwnPair pair;
  pair.result = OwnRepeat::untested;
  pair.sentence = fmt::format("Whether the script repeats on its own is untested: {}.", reason);
  return pair;
}

OwnPair compare_own(const RunTraces& a, const RunTraces& b, const Seeds& seeds, std::int64_t until) {
  if (a.cut_short || b.cut_short) return untested_pair("a run of the pair was cut short");
  const auto match = match_processes({a, b});
  const auto processes = paired(a.processes, match.labels[0], b.processes, match.labels[1], match.by_content);
  if (const std::string reason = lacking(processes); !reason.empty()) return untested_pair(reason);
  OwnPair found;
  found.steps = until;
  const auto asked = in_question(seeds);
  for (const auto& pair : processes) {
    found.steps = std::min({found.steps, pair.a->last_step(), pair.b->last_step()});
    compare_process(pair, asked, found);
  }
  const Trace &first = *processes.front().a, &second = *processes.front().b;
  if (found.parts_at) {
    say_parts(leaves_hash_seed(first), found);
  } else if (processes.size() == 1 && first.last_step() != second.last_step()) {
    // What ends processes of one run beside each other is not only the script.
    found.parts_at = found.steps;
    found.stages = {"length"};
    found.result = OwnRepeat::parts;
    found.sentence = fmt::format(
        "The script does not repeat on its own: of two runs with seeding=script one ends after step {}, the "
        "other goes on.",
        found.steps);
  } else if (const std::string later = drawn_later(seeds, found.steps); !later.empty()) {
    return untested_pair(later);
  } else {
    say_repeats(leaves_hash_seed(first), found);
  }
  return found;
}

std::optional<OwnPair> no_pair(const Seeds& seeds) {
  OwnPair pair;
  pair.result = OwnRepeat::not_needed;
  if (!seeds.imposed) {
    pair.sentence =
        "Nothing was seeded by reprise (seeding=script): the runs themselves show whether the training "
        "repeats "
        "on its own, but for Python's hash seed, which the pin python-hash-seed sets.";
    return pair;
  }
  if (!seeds.is_known()) return untested_pair("who seeds its generators was not noted");
  if (!seeds.all_own()) return std::nullopt;
  pair.sentence =
      "The script seeds each global generator that it was seen to draw from, before it draws, so no pair of "
      "runs "
      "with "
      "seeding=script was made.";
  return pair;
}

std::int64_t steps_of_own_pair(const Seeds& seeds) {
  std::int64_t steps = fewest_steps;
  for (const auto& process : seeds.processes)
    for (const auto& generator : process.generators)
      if (!generator.is_own() && generator.drawn_by) steps = std::max(steps, *generator.drawn_by + 1);
  return std::min(steps, most_steps);
}

}  // namespace reprise
