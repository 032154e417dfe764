// SPDX-License-Identifier: Apache-2.0
#include "harness/terminal/night_rows.h"

#include <algorithm>

#include "harness/base/error.h"
#include "harness/base/files.h"
#include "harness/base/scalar.h"
#include "harness/base/sha256.h"
#include "harness/base/text.h"
#include "harness/base/toml.h"
#include "harness/judge/baseline/checked_runs.h"
#include "harness/judge/baseline/environment.h"
#include "harness/judge/baseline/given_runs.h"
#include "harness/judge/compare/run_divergence.h"
#include "harness/search/claim/claim_numbers.h"
#include "harness/terminal/bisect_sides.h"
#include "harness/trace/run_traces.h"

namespace reprise {

namespace fs = std::filesystem;

namespace {

// Facts are kept by their digest, so that a history holds each set of them once.
fs::path facts_file(const fs::path& folder, const std::string& digest) {
  return folder / "facts" / (digest + ".toml");
}

std::string kept_facts(const fs::path& folder, const Facts& facts) {
  std::string text;
  for (const auto& [name, value] : facts)
    text += fmt::format("{} = {}\n", quoted_text(name), quoted_text(value));
  const std::string digest = sha256_text(text).substr(0, 12);
  const fs::path file = facts_file(folder, digest);
  if (fs::exists(file)) return digest;
  make_folder(file.parent_path());
  write_atomically(file, text);
  return digest;
}

// Nothing where the file was not gathered with the history.
std::optional<Facts> facts_of(const fs::path& folder, const std::string& digest) {
  const fs::path file = facts_file(folder, digest);
  if (digest.empty() || !fs::exists(file)) return std::nullopt;
  Facts facts;
  for (const auto& [name, value] : TomlTable::parse(read_file(file, "facts"), file.string()).scalars())
    facts[name] = to_plain(value);
  return facts;
}

// The last of that run before this night that told its software.
std::string facts_before(const NightContext& context, const HistoryRow& row) {
  std::string digest;
  for (const auto& series : context.history.series) {
    if (series.machine != row.machine || series.matrix != row.matrix || series.recipe != row.recipe ||
        series.run != row.run)
      continue;
    for (const auto& entry : series.entries)
      if (entry.night < row.night && entry.facts != 0) digest = context.history.texts.at(entry.facts);
  }
  return digest;
}

void add_facts(const NightContext& context, const Baseline& gave, HistoryRow& row) {
  row.facts = kept_facts(context.folder, gave.software);
  const std::string before = facts_before(context, row);
  if (before.empty() || before == row.facts) return;
  const auto old_facts = facts_of(context.folder, before);
  if (!old_facts) {
    row.changed = {
        fmt::format("the software, but its facts before ({}.toml) are not in this history", before)};
    return;
  }
  for (const auto& name : differing(*old_facts, gave.software))
    row.changed.push_back(change_words(name, *old_facts, gave.software));
}

void add_metric(const MatrixMade& made, const Configuration& configuration, const Baseline& gave,
                HistoryRow& row) {
  if (const auto typed = typed_metric_in(made.matrix.command)) {
    const Claim claim = metric_claim_of(*typed);
    const RunTraces run = read_run(configuration.folder);
    try {
      row.value = taken(
          placed_numbers(*claim.place, run.processes.front().trace.plan(), configuration.folder), claim.take);
      row.metric = claim.metric;
    } catch (const Error&) {
      return;  // the matrix's report says that it left no such number
    }
    return;
  }
  const auto& metrics = gave.processes.front().metrics;
  if (metrics.empty()) return;
  row.metric = metrics.begin()->first;
  row.value = to_number(metrics.begin()->second);
}

GivenRun given_of(const Configuration& configuration, const std::string& recipe) {
  if (!configuration.outcome.done())
    return {configuration.folder, recipe, std::nullopt,
            fmt::format("{}: {}", to_text(configuration.outcome.ending), configuration.outcome.reason)};
  return given_runs({configuration.folder.string()}).front();
}

NightRun night_run(const NightContext& context, const MatrixEntry& entry, const MatrixMade& made,
                   const Configuration& configuration) {
  const GivenRun given = given_of(configuration, made.matrix.recipe);
  const CheckedRun checked = checked_run(given, context.kept);
  NightRun run;
  HistoryRow& row = run.row;
  row.night = context.night.number;
  row.date = context.night.begun;
  row.machine = context.machine;
  row.matrix = entry.name;
  row.recipe = made.matrix.recipe;
  row.run = configuration.name;
  row.plan = configuration.plan_id.substr(0, 16);
  row.found = checked.check.held;
  if (row.found != Held::match) row.sentence = checked.check.sentence;
  row.report =
      fmt::format("nights/{}/{:04}/{}/report.html", context.machine, context.night.number, entry.name);
  if (given.gave) {
    row.chain = run_digest(*given.gave);
    row.environment = environment_id(given.gave->hardware);
    row.hardware = environment_words(given.gave->hardware);
    add_facts(context, *given.gave, row);
    add_metric(made, configuration, *given.gave, row);
  }
  run.since_baseline = checked.check.changed;
  run.nearest = checked.check.nearest;
  run.next = checked.next;
  return run;
}

Side side_of(const std::string& name, const fs::path& folder, int repeat) {
  const RunTraces run = read_run(folder);
  Side side;
  side.name = name;
  side.folder = folder;
  side.run = {name, without_closer_look(run.processes.front().trace.plan()), repeat};
  return side;
}

// `next` is "reprise bisect OLD NEW" exactly where both runs lie there and are what the baseline says.
struct Pair {
  fs::path before, now;
};
std::optional<Pair> pair_of(const NightRun& run) {
  if (run.row.found != Held::mismatch || run.next.empty()) return std::nullopt;
  const auto words = shell_words(run.next);
  if (words.size() != 4) return std::nullopt;
  return Pair{words[2], words[3]};
}

// Of the step at which they part.
bool hold_operators(const Pair& pair) {
  const RunTraces before = read_run(pair.before), now = read_run(pair.now);
  const auto first = divergence_of(before, now);
  return first && before.processes.front().trace.plan().watch.ops.holds(first->step) &&
         now.processes.front().trace.plan().watch.ops.holds(first->step);
}

// A sentence for the row where something was named, else the reason why not.
std::string bisected(const Pair& pair, NightRun& run, const LaunchOptions& options) {
  try {
    const Side before = side_of("the baseline", pair.before, 1), now = side_of("this night", pair.now, 2);
    auto found = hold_operators(pair) ? bisect_on_disk(before, now) : std::nullopt;
    if (!found && !run.since_baseline.empty())
      return fmt::format(
          "the baseline's software is not here any more, so its side cannot be run again; a matrix with set "
          "= "
          "[\"ops=1-2\"] keeps the operators of its first steps ({})",
          run.since_baseline.front());
    if (!found) found = bisect(before, now, {}, options);
    if (found->found == Found::call || found->found == Found::batch || found->found == Found::data ||
        found->found == Found::draws) {
      run.row.operation = found->sentence;
      return "";
    }
    return found->sentence;
  } catch (const Error& error) {
    return error.what();
  }
}

}  // namespace

std::vector<NightRun> night_runs(const NightContext& context, const MatrixEntry& entry,
                                 const MatrixMade& made) {
  std::vector<NightRun> runs;
  for (const auto& configuration : made.matrix.configurations)
    runs.push_back(night_run(context, entry, made, configuration));
  return runs;
}

void bisect_mismatches(std::vector<NightRun>& runs, const MatrixMade& made, Bisecting how,
                       const TimeBudget& budget, const LaunchOptions& options,
                       std::vector<std::string>& not_bisected) {
  if (how == Bisecting::off) return;
  const std::size_t most = how == Bisecting::first ? 1
                           : how == Bisecting::few ? most_bisections
                                                   : runs.size();
  std::vector<const NightRun*> done;
  for (auto& run : runs) {
    const auto pair = pair_of(run);
    if (!pair) continue;
    // Repeats of one plan with one result part from the baseline alike.
    const auto like = std::ranges::find_if(done, [&](const NightRun* one) {
      return one->row.plan == run.row.plan && one->row.chain == run.row.chain;
    });
    if (like != done.end()) {
      run.row.operation = (*like)->row.operation;
      continue;
    }
    std::string why;
    if (done.size() >= most)
      why = fmt::format("bisect = \"{}\" takes {} of a matrix", to_text(how),
                        most == 1 ? "one mismatch" : "a few");
    else if (budget.over())
      why = budget.words();
    else
      why = bisected(*pair, run, options);
    if (done.size() < most) done.push_back(&run);
    if (!why.empty())
      not_bisected.push_back(
          fmt::format("No operator was named for {} of {}: {}.", run.row.run, made.matrix.recipe, why));
  }
}

std::vector<HistoryRow> new_rows(const History& history, const std::vector<NightRun>& runs) {
  const auto is_there = [&](const HistoryRow& row) {
    return std::ranges::any_of(history.series, [&](const NightSeries& series) {
      if (series.machine != row.machine || series.matrix != row.matrix || series.recipe != row.recipe ||
          series.run != row.run)
        return false;
      return std::ranges::any_of(series.entries, [&](const NightEntry& entry) {
        return entry.night == row.night && entry.found == row.found &&
               history.texts.at(entry.chain) == row.chain &&
               history.texts.at(entry.operation) == row.operation &&
               history.texts.at(entry.sentence) == row.sentence;
      });
    });
  };
  std::vector<HistoryRow> rows;
  for (const auto& run : runs)
    if (!is_there(run.row)) rows.push_back(run.row);
  return rows;
}

}  // namespace reprise
