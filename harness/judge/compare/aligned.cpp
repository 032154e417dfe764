// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/compare/aligned.h"

#include <algorithm>
#include <functional>
#include <map>

#include "harness/base/error.h"
#include "harness/evidence/told_apart.h"
#include "harness/judge/compare/divergence_words.h"
#include "harness/judge/compare/process_match.h"
#include "harness/judge/compare/read_ahead.h"
#include "harness/judge/compare/run_divergence.h"

namespace reprise {
namespace {

using Digests = std::map<std::string, Digest>;
using Wanted = std::function<bool(const std::string&)>;

// What a row holds of a stage, by name.
Digests row_of(const Trace& trace, Stage stage, std::int64_t step, const Wanted& wanted) {
  const auto row = trace.tensors(step);
  Digests digests;
  for (std::size_t i = 0; i < row.size(); ++i) {
    const Column& column = trace.columns()[i];
    if (column.stage == stage && row[i].present() && wanted(column.name))
      digests.emplace(column.name, row[i]);
  }
  return digests;
}

// What scales the losses of half precision.
bool is_of_scaler(const std::string& name) { return name.starts_with("scaler"); }

constexpr std::string_view group_numbers = "numbers of the optimizer's groups";

const Wanted any = [](const std::string&) { return true; };

// Two runs side by side.
struct Beside {
  const Trace &a, &b;
  std::int64_t align;
  std::vector<std::string>& unseen;

  // Row `step` of the second and its counterpart; of weights, and of modules that no optimizer has, what both
  // hold: where several optimizers step in turn, a row holds the weights of the one that stepped.
  std::array<Digests, 2> rows(Stage stage, std::int64_t step, const Wanted& wanted = any) const {
    std::array<Digests, 2> both{row_of(a, stage, step + align, wanted), row_of(b, stage, step, wanted)};
    if (stage == Stage::auxiliary || stage == Stage::weights) {
      drop_lone(both[0], both[1]);
      drop_lone(both[1], both[0]);
    }
    if (stage == Stage::batch && step == 1 && read_alike(a, step + align, b)) both[1] = both[0];
    if (stage == Stage::optimizer && step == 0) {
      const auto weights = rows(Stage::weights, 0)[0];
      drop_foreign(both[0], both[1], weights);
      drop_foreign(both[1], both[0], weights);
    }
    return both;
  }

  // States that one side alone has, of weights that the rows of the two do not share. Of weights that they
  // share, a state that one side lacks was not restored.
  void drop_foreign(Digests& from, const Digests& other, const Digests& weights) const {
    Digests kept = other;
    for (const auto& [name, digest] : from)
      if (std::ranges::any_of(weights, [&](const auto& one) { return name.starts_with(one.first + "."); }))
        kept.emplace(name, digest);
    drop_lone(from, kept);
  }

  void drop_lone(Digests& from, const Digests& other) const {
    std::erase_if(from, [&](const auto& entry) {
      if (other.contains(entry.first)) return false;
      if (std::ranges::find(unseen, entry.first) == unseen.end()) unseen.push_back(entry.first);
      return true;
    });
  }
};

Restored restored(const std::array<Digests, 2>& rows, Stage stage, std::string_view part, bool after_step) {
  Restored found{stage, part, {}, 0, after_step};
  const auto& [a, b] = rows;
  Digests all = a;
  all.insert(b.begin(), b.end());
  found.compared = all.size();
  for (const auto& [name, unused] : all) {
    const auto left = a.find(name), right = b.find(name);
    if (left == a.end() || right == b.end() || left->second != right->second) found.differing.push_back(name);
  }
  return found;
}

// The state that the second began with beside the first's after step `align`.
std::vector<Restored> restored_at(const Beside& beside) {
  const Wanted group = is_group_number, scaler = is_of_scaler,
               state = [](const std::string&name) { return !is_group_number(name) && !is_of_scaler(name); };
  struct Part {
    Stage stage;
    std::string_view name;
    const Wanted& wanted;
    std::int64_t row;
  };
  std::vector<Restored> all;
  for (const auto& [stage, name, wanted, row] :
       {Part{Stage::weights, "weights", any, 0}, Part{Stage::optimizer, "optimizer state", state, 0},
        Part{Stage::auxiliary, "modules that no optimizer has", any, 0},
        Part{Stage::optimizer, group_numbers, group, 1}, Part{Stage::optimizer, "loss scale", scaler, 1},
        Part{Stage::rng, "random streams", any, 1}, Part{Stage::batch, "batches", any, 1}}) {
    auto found = restored(beside.rows(stage, row, wanted), stage, name, row > 0);
    if (found.compared > 0) all.push_back(std::move(found));
  }
  return all;
}

// The first step and stage that differ in what both sides were seen to have.
std::optional<Divergence> first_of(const Beside& beside, std::int64_t steps) {
  for (std::int64_t step = 1; step <= steps; ++step) {
    const auto stages_a = beside.a.stages(step + beside.align), stages_b = beside.b.stages(step);
    for (std::size_t i = 0; i < stage_count; ++i) {
      if (stages_a[i] == stages_b[i]) continue;
      const auto stage = static_cast<Stage>(i);
      const auto found = restored(beside.rows(stage, step), stage, name_of(stage), true);
      const bool may_differ = stage == Stage::auxiliary || (stage == Stage::batch && step == 1);
      if (may_differ && found.differing.empty()) continue;
      Divergence divergence;
      divergence.step = step;
      divergence.stage = stage_names[i];
      divergence.tensors_compared = found.compared;
      divergence.tensors_differing = found.differing.size();
      if (!found.differing.empty()) divergence.tensor = found.differing.front();
      return divergence;
    }
  }
  return std::nullopt;
}

std::optional<Restored> numbers_of(const Beside& beside, const std::optional<Divergence>& first) {
  if (!first || first->step < 2) return std::nullopt;
  auto found = restored(beside.rows(Stage::optimizer, first->step, is_group_number), Stage::optimizer,
                        group_numbers, true);
  return found.differing.empty() ? std::nullopt : std::optional(std::move(found));
}

// An average that is updated after each step is ahead of the row where the second began. What is equal after
// its first step was restored all the same.
void drop_what_was_ahead(const Beside& beside, std::vector<Restored>& all) {
  for (auto& part : all) {
    if (part.stage != Stage::auxiliary || part.differing.empty()) continue;
    const auto [a, b] = beside.rows(Stage::auxiliary, 1);
    std::erase_if(part.differing, [&a, &b](const std::string& name) {
      const auto left = a.find(name), right = b.find(name);
      return left != a.end() && right != b.end() && left->second == right->second;
    });
  }
}

// Where every compared step agrees but one side goes on, although nobody asked it for less.
std::optional<Divergence> lengths_part(const Trace& a, const Trace& b, std::int64_t align, bool asked_less) {
  if (asked_less || a.last_step() - align == b.last_step()) return std::nullopt;
  Divergence divergence;
  divergence.stage = "length";
  divergence.step = std::min(a.last_step() - align, b.last_step());
  divergence.last_steps = {a.last_step(), b.last_step()};
  return divergence;
}

std::optional<std::int64_t> step_with_weights(const Trace& a, const Trace& b) {
  const Digest wanted = b.stages(0)[static_cast<std::size_t>(Stage::weights)];
  const auto column = a.stage_column(Stage::weights, 0, a.last_step());
  const auto found = std::ranges::find(column, wanted);
  if (!wanted.present() || found == column.end()) return std::nullopt;
  return found - column.begin();
}

AlignedProcess compare_pair(const ProcessPair& pair, std::int64_t align, bool asked_less) {
  AlignedProcess process;
  process.label = pair.label;
  process.lone = !pair.a || !pair.b;
  if (process.lone) return process;
  const Trace &a = *pair.a, &b = *pair.b;
  process.steps = std::min(a.last_step() - align, b.last_step());
  if (process.steps < 1)
    fail(
        "wanted --align to be a step after which the first run still has steps, found {}: {}, and the second "
        "after step {}; {}",
        align,
        a.last_step() > 1
            ? fmt::format("it ends after step {}, so 1 to {} can be", a.last_step(), a.last_step() - 1)
            : fmt::format("it ends after step {}", a.last_step()),
        b.last_step(),
        a.last_step() < b.last_step() ? "name the longer run first"
                                      : "name the step after which the second was resumed");
  const Beside beside{a, b, align, process.unseen};
  process.restored = restored_at(beside);
  process.first = first_of(beside, process.steps);
  process.numbers = numbers_of(beside, process.first);
  if (process.first) drop_what_was_ahead(beside, process.restored);
  if (!process.first) process.first = lengths_part(a, b, align, asked_less);
  if (!process.restored.empty() && process.restored.front().stage == Stage::weights &&
      !process.restored.front().differing.empty())
    process.better = step_with_weights(a, b);
  return process;
}

void refuse_what_has_no_steps(const NamedTrace& named) {
  if (named.trace.first_step() > 0)
    fail("{} begins after step {}: it is a closer look and no whole run; name the run it was made for",
         named.name, named.trace.first_step());
  if (named.trace.columns().empty())
    fail("no step of {} was seen, so none can be compared with a step of another run", named.name);
}

}  // namespace

// Where every step agrees, what differed before the first of them was made good by then.
bool AlignedProcess::same() const { return !lone && !first; }

bool Aligned::same() const { return std::ranges::all_of(processes, &AlignedProcess::same); }

std::vector<std::string> not_restored(const AlignedProcess& process) {
  std::vector<std::string> names;
  if (process.same()) return names;
  for (const auto& part : process.restored)
    if (!part.differing.empty()) names.emplace_back(part.part);
  if (process.numbers) names.emplace_back("learning rate schedule");
  return names;
}

Aligned compare_aligned(const NamedTrace& first, const NamedTrace& second, std::int64_t align) {
  if (align < 1)
    fail("wanted a step of at least 1 for --align, found {}; without it step 1 is step 1", align);
  if (const auto why = sources_difference(first.trace.plan(), second.trace.plan()); !why.empty())
    fail(
        "cannot compare {} and {}: they train different things ({}); with --across their weights alone are "
        "compared",
        first.name, second.name, why);
  refuse_what_has_no_steps(first);
  refuse_what_has_no_steps(second);
  if (first.trace.stages_held() != second.trace.stages_held())
    fail(
        "cannot compare {} and {}: modules that no optimizer has were not observed in one of them, which an "
        "older reprise made; make it again",
        first.name, second.name);
  const RunTraces a = run_of(first), b = run_of(second);
  const auto match = match_processes({a, b});
  const bool asked_less = prefix_of({a}).has_value() || prefix_of({b}).has_value();
  Aligned aligned{align, {}, !first.trace.artifacts().empty() || !second.trace.artifacts().empty()};
  for (const auto& pair :
       paired(a.processes, match.labels[0], b.processes, match.labels[1], match.by_content))
    aligned.processes.push_back(compare_pair(pair, align, asked_less));
  return aligned;
}

}  // namespace reprise
