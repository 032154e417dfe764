// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/seeds/alike.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "harness/base/text.h"
#include "harness/judge/compare/divergence_words.h"

namespace reprise {
namespace {

using Sharers =
    std::map<std::pair<std::string, std::string>, std::set<std::string>>;  // generator, state -> who

std::string who_of(const ChildSeen& child) {
  return child.worker ? std::to_string(*child.worker) : child.name;
}

// Who drew from one state, in each generator.
Sharers sharers(const std::vector<const ChildSeen*>& children, std::vector<ChildDraw> ChildSeen::*draws) {
  Sharers found;
  for (const ChildSeen* child : children)
    for (const auto& draw : child->*draws)
      if (draw.drawn && !draw.from.empty() && (child->worker || draw.inherited))
        found[{draw.name, draw.from}].insert(who_of(*child));
  return found;
}

std::string names_of(const std::set<std::string>& who) {
  return listed(std::vector<std::string>(who.begin(), who.end()));
}

void add_once(std::vector<Alike>& found, const Alike& one) {
  if (std::ranges::find(found, one) == found.end()) found.push_back(one);
}

void add_workers(const std::vector<const ChildSeen*>& workers, std::vector<Alike>& found) {
  for (const auto& [what, who] : sharers(workers, &ChildSeen::generators))
    if (who.size() > 1)
      add_once(found,
               {AlikeKind::workers, true,
                fmt::format(
                    "workers {} of a DataLoader drew from {} beginning in one and the same state: they drew "
                    "equal random numbers",
                    names_of(who), generator_for_people(what.first))});
  for (const auto& [what, who] : sharers(workers, &ChildSeen::own))
    if (who.size() > 1)
      add_once(
          found,
          {AlikeKind::workers, true,
           fmt::format(
               "workers {} of a DataLoader drew from {}, of which each has a copy in the same state: they "
               "drew equal random numbers",
               names_of(who), what.first)});
}

std::vector<std::string> generators_alike(const Trace& a, const Trace& b, const Seeds& seeds) {
  std::set<std::string> alike, apart;
  const std::int64_t last = std::min(a.last_step(), b.last_step());
  for (const std::int64_t step : {std::int64_t{0}, last}) {
    std::map<std::string, Digest> other;
    const auto of_a = a.tensors(step), of_b = b.tensors(step);
    for (std::size_t i = 0; i < of_b.size(); ++i)
      if (b.columns()[i].stage == Stage::rng) other[b.columns()[i].name] = of_b[i];
    for (std::size_t i = 0; i < of_a.size(); ++i)
      if (const auto& column = a.columns()[i]; column.stage == Stage::rng)
        (other.contains(column.name) && other[column.name] == of_a[i] ? alike : apart)
            .insert(column.name.substr(0, column.name.find('.')));
  }
  std::vector<std::string> names;
  if (!seeds.processes.empty())
    for (const auto& generator : seeds.processes.front().generators)
      if (const auto kind = generator.name.substr(0, generator.name.find('.'));
          generator.drawn_by && alike.contains(kind) && !apart.contains(kind))
        names.push_back(generator_for_people(generator.name));
  return names;
}

// In how many steps both had a batch, and whether all of these were equal.
std::pair<std::int64_t, bool> batches_alike(const Trace& a, const Trace& b) {
  const std::int64_t last = std::min(a.last_step(), b.last_step());
  std::int64_t steps = 0;
  if (last < 1) return {0, false};
  const auto of_a = a.stage_column(Stage::batch, 1, last), of_b = b.stage_column(Stage::batch, 1, last);
  for (std::size_t i = 0; i < of_a.size(); ++i) {
    if (of_a[i] == Digest{} && of_b[i] == Digest{}) continue;
    if (of_a[i] != of_b[i]) return {steps, false};
    ++steps;
  }
  return {steps, steps > 0};
}

}  // namespace

std::string_view to_text(AlikeKind kind) {
  constexpr std::string_view words[] = {"epochs", "workers", "ranks"};
  return words[static_cast<std::size_t>(kind)];
}

std::vector<Alike> alike_workers(const RandomSeen& seen) {
  std::map<std::string, std::vector<const ChildSeen*>> rounds;
  std::vector<const ChildSeen*> others;
  for (const auto& child : seen.children) (child.worker ? rounds[child.round] : others).push_back(&child);
  std::vector<Alike> found;
  for (const auto& [round, workers] : rounds) add_workers(workers, found);
  for (const auto& [what, who] : sharers(others, &ChildSeen::generators))
    if (who.size() > 1)
      add_once(
          found,
          {AlikeKind::workers, true,
           fmt::format(
               "{} forked processes ({}) drew from {} in the state that they took over from their parent: "
               "they drew equal random numbers",
               who.size(), names_of(who), generator_for_people(what.first))});
  return found;
}

std::vector<Alike> alike_ranks(const RunTraces& run, const Seeds& seeds) {
  std::vector<Alike> found;
  const auto& all = run.processes;
  if (all.size() < 2 || all.front().who.rank.empty()) return found;
  std::vector<std::string> alike{all.front().who.rank};
  std::int64_t steps = 0;
  for (std::size_t i = 1; i < all.size(); ++i) {
    if (all[i].who.rank.empty()) continue;
    const auto [equal, whole] = batches_alike(all.front().trace, all[i].trace);
    if (!whole) continue;
    steps = alike.size() == 1 ? equal : std::min(steps, equal);
    alike.push_back(all[i].who.rank);
  }
  if (alike.size() > 1)
    found.push_back(
        {AlikeKind::ranks, true,
         fmt::format(
             "ranks {} were given equal batches in all {} that they had one in: they do the same work, "
             "unless each holds a part of one model",
             listed(alike), counted(static_cast<std::size_t>(steps), "step"))});
  const auto generators = generators_alike(all.front().trace, all[1].trace, seeds);
  if (!generators.empty() && !all[1].who.rank.empty())
    found.push_back(
        {AlikeKind::ranks, false,
         fmt::format(
             "{} {} in the same state in ranks {} and {}, before training and after the last step: what "
             "they draw there is equal (usual for the initial weights, mostly not meant for dropout)",
             listed(generators), generators.size() == 1 ? "is" : "are", all[0].who.rank, all[1].who.rank)});
  return found;
}

std::vector<Alike> alike_in(const RunTraces& run, const Seeds& seeds) {
  std::vector<Alike> found;
  for (const auto& process : run.processes) {
    const auto seen = random_seen(process.trace.path().parent_path());
    if (!seen) continue;
    for (const auto& one : alike_epochs(*seen, process.trace)) add_once(found, one);
    for (const auto& one : alike_workers(*seen)) add_once(found, one);
  }
  for (const auto& one : alike_ranks(run, seeds)) add_once(found, one);
  return found;
}

}  // namespace reprise
