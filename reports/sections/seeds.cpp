// SPDX-License-Identifier: Apache-2.0
// What reprise did for a script: who seeds its generators, whether it repeats on its own, and what is equal
// in it that is mostly meant to differ.
#include <fmt/core.h>

#include <nlohmann/json.hpp>

#include "reports/members.h"
#include "reports/phrases.h"
#include "reports/section.h"

namespace reprise::sections {
namespace {

Mood mood_of(const OwnPair& pair) {
  switch (pair.result) {
    case OwnRepeat::repeats:
      return Mood::good;
    case OwnRepeat::parts:
      return Mood::bad;
    default:
      return Mood::neutral;
  }
}

void add_process(const std::string& who, const ProcessSeeds& process, blocks::Marks& found) {
  if (!process.untested.empty())
    found.marks.push_back({Mood::neutral, who + "who seeds is untested: " + process.untested});
  for (const auto& generator : process.generators)
    found.marks.push_back(
        {generator.by == SeededBy::script ? Mood::good : Mood::neutral, who + generator.sentence});
  for (const auto& text : process.unseeded) found.marks.push_back({Mood::bad, who + text});
}

blocks::Marks generators_of(const OwnSeeds& told) {
  blocks::Marks found;
  const auto add = [&](const std::string& configuration, const Seeds& seeds) {
    for (const auto& process : seeds.processes)
      add_process(configuration + (process.process.empty() ? "" : process.process + ", "), process, found);
  };
  add("", told.seeds);
  for (const auto& other : told.others) add("with " + other.configuration + ", ", other.seeds);
  return found;
}

// What it means, of each plan that is told otherwise.
blocks::Prose meaning_of(const OwnSeeds& told) {
  blocks::Prose prose;
  if (const std::string meaning = told.seeds.sentence(); !meaning.empty()) prose.sentences.push_back(meaning);
  for (const auto& other : told.others)
    if (const std::string meaning = other.seeds.sentence(); !meaning.empty())
      prose.sentences.push_back(fmt::format("With {}: {}", other.configuration, meaning));
  return prose;
}

blocks::Marks findings_of(const OwnSeeds& told) {
  blocks::Marks found;
  if (!told.pair.sentence.empty()) found.marks.push_back({mood_of(told.pair), told.pair.sentence});
  for (const auto& one : told.alike)
    found.marks.push_back({one.finding ? Mood::bad : Mood::neutral, one.sentence});
  return found;
}

Section compose(const Judged& judged) {
  const auto& told = judged.closer.seeds;
  Section section{.heading = "What reprise did for you",
                  .members = {{"seeds", told ? to_json(*told) : Json()}}};
  if (!told) return section;
  section.blocks.push_back({generators_of(*told)});
  if (const auto meaning = meaning_of(*told); !meaning.sentences.empty()) section.blocks.push_back({meaning});
  section.blocks.push_back({findings_of(*told)});
  if (!told->pinned.empty()) section.blocks.push_back({blocks::Prose{{told->pinned}, true}, Readers::pages});
  return section;
}

}  // namespace

extern const SectionComposer seeds{
    .summary = "who seeds a script's random generators, and whether it repeats on its own",
    .order = {.page = 78, .terminal = 77, .data = 130},
    .compose = compose,
};

}  // namespace reprise::sections
