// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/seeds/seed_words.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "harness/judge/compare/divergence_words.h"

namespace reprise {
namespace {

std::string drawn_phrase(const GeneratorSeeds& seeds) {
  if (!seeds.drawn_by) return "drawn from in forked processes";
  // Row 0 is taken at the first forward pass, when the numbers of step 1 may be drawn already.
  return fmt::format("drawn from by step {}", std::max<std::int64_t>(1, *seeds.drawn_by));
}

// What of it is known, without the generator's name.
std::string what_seeded(const GeneratorSeeds& seeds, std::int64_t silent) {
  const std::string call = seeds.seeding ? call_for_people(*seeds.seeding) : "";
  const std::string with =
      seeds.seeding && !seeds.seeding->value.empty() ? " with " + seeds.seeding->value : "";
  switch (seeds.by) {
    case SeededBy::not_drawn:
      return "not drawn from";
    case SeededBy::script:
      return fmt::format("seeded by the script{} ({})", with, call);
    case SeededBy::late:
      return fmt::format(
          "seeded by the script ({}) after it had been drawn from; what came before, only reprise seeded",
          call);
    case SeededBy::reprise:
      return "seeded only by reprise, and " + drawn_phrase(seeds);
    case SeededBy::nobody:
      return "seeded by nobody, and " + drawn_phrase(seeds);
    case SeededBy::entropy:
      return fmt::format("seeded by the script with a number from the operating system ({})", call);
    case SeededBy::varying:
      return fmt::format("seeded by the script with another number in another run ({})", call);
    case SeededBy::unclear:
      return seeds.seeding && seeds.seeding->kind == "state"
                 ? fmt::format(
                       "set by the script to a state that was kept ({}); where that came from is not known",
                       call)
                 : fmt::format("seeded by the script{} ({}); whether it was drawn from before is not known",
                               with, call);
    case SeededBy::untold:
      return fmt::format("not drawn from in this process; what {} drew is not known",
                         counted(static_cast<std::size_t>(silent), "forked process"));
  }
  return "";
}

std::string names_by(const Seeds& seeds, SeededBy by) {
  std::vector<std::string> names;
  for (const auto& process : seeds.processes)
    for (const auto& generator : process.generators)
      if (const auto name = generator_for_people(generator.name);
          generator.by == by && std::ranges::find(names, name) == names.end())
        names.push_back(name);
  return listed(names);
}

}  // namespace

std::string_view to_text(SeededBy by) {
  constexpr std::string_view words[] = {"not drawn from", "script",  "script, late", "only reprise", "nobody",
                                        "entropy",        "varying", "unclear",      "untold"};
  return words[static_cast<std::size_t>(by)];
}

std::string generator_for_people(const std::string& name) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 4> known{
      {{"torch.cpu", "torch on the CPU"},
       {"torch.cuda", "torch on the GPU"},
       {"numpy.random", "NumPy"},
       {"python.random", "Python's random"}}};
  for (const auto& [generator, words] : known)
    if (generator == name) return std::string(words);
  return name;
}

std::string line_for_people(const std::string& place) {
  const auto colon = place.rfind(':');
  return colon == std::string::npos ? place : place.substr(0, colon) + " line " + place.substr(colon + 1);
}

std::string call_for_people(const SeedCall& seeding) {
  if (seeding.call.empty()) return "by a call that is not watched";
  std::string text =
      seeding.place.empty() ? seeding.call : line_for_people(seeding.place) + ": " + seeding.call;
  if (!seeding.through.empty()) text += " in " + line_for_people(seeding.through);
  return text;
}

std::string seeds_sentence(const GeneratorSeeds& seeds, std::int64_t silent) {
  return generator_for_people(seeds.name) + ": " + what_seeded(seeds, silent);
}

std::string unseeded_sentence(const SeedCall& made) {
  return fmt::format(
      "a generator was made without a seed ({}): reprise does not seed it, and its numbers are others in "
      "every run",
      call_for_people(made));
}

std::string Seeds::sentence() const {
  const std::string only = names_by(*this, SeededBy::reprise), late = names_by(*this, SeededBy::late);
  std::string text;
  if (!only.empty())
    text = fmt::format(
        "Without reprise, the numbers of {} would differ from run to run: nothing else that was seen seeds "
        "{}.",
        only, only.find(" and ") == std::string::npos ? "it" : "them");
  if (!late.empty())
    text += fmt::format(
        "{}Without reprise, the first numbers of {} would differ from run to run: they are drawn before the "
        "script seeds.",
        text.empty() ? "" : " ", late);
  return text;
}

}  // namespace reprise
