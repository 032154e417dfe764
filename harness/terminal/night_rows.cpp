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
#include "harness/judge/compare/starts.h"
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

// Of that run, the last before this night that told its software.
struct NightBefore {
  std::int64_t night = 0;  // 0: none
  std::string facts = {};
};
NightBefore night_before(const NightContext& context, const HistoryRow& row) {
  NightBefore before;
  for (const auto& series : context.history.series) {
    if (series.machine != row.machine || series.matrix != row.matrix || series.recipe != row.recipe ||
        series.run != row.run)
      continue;
    for (const auto& entry : series.entries)
      if (entry.night < row.night && entry.facts != 0)
        before = {entry.night, context.history.texts.at(entry.facts)};
  }
  return before;
}

// RUNS/MACHINE/night-0007/PLAN/1 as it is called in another night.
fs::path in_night(const fs::path& run, std::int64_t here, std::int64_t night) {
  fs::path other;
  const std::string own = night_runs_name(here);
  for (const auto& part : run) other /= part == own ? fs::path(night_runs_name(night)) : part;
  return other;
}

// What the run found otherwise than in the night before, where that run still lies here.
void add_unlike_start(const fs::path& run, const NightBefore& before, HistoryRow& row) {
  const fs::path old_run = in_night(run, row.night, before.night);
  if (before.night == 0 || old_run == run || !fs::is_directory(old_run)) return;
  try {
    Starts starts;
    if (const auto unlike = starts.difference(old_run, run))
      row.changed.push_back(to_words(*unlike, fmt::format("night {}", before.night), "this night"));
  } catch (const Error&) {
    return;  // a run that somebody damaged since: nothing is known of it
  }
}

void add_changes(const NightContext& context, const Baseline& gave, const fs::path& run, HistoryRow& row) {
  row.facts = kept_facts(context.folder, gave.software);
  const NightBefore before = night_before(context, row);
  add_unlike_start(run, before, row);
  if (before.facts.empty() || before.facts == row.facts) return;
  const auto old_facts = facts_of(context.folder, before.facts);
  if (!old_facts) {
    row.changed.push_back(
        fmt::format("the software, but its facts before ({}.toml) are not in this history", before.facts));
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
    add_changes(context, *given.gave, configuration.folder, row);
    add_metric(made, configuration, *given.gave, row);
  }
  run.since_baseline = checked.check.changed;
  run.nearest = checked.check.nearest;
  run.next = checked.next;
  run.pair = checked.pair;
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

// A sentence for the row where something was named, else the reason why not. What was asked once needs no
// command to ask it again.
std::string bisected(NightRun& run, const LaunchOptions& options) {
  try {
    const Side before = side_of("the baseline", run.pair.before, 1),
               now = side_of("this night", run.pair.now, 2);
    auto found = run.pair.hold_operators ? bisect_on_disk(before, now) : std::nullopt;
    if (!found && !run.since_baseline.empty()) {
      run.next.clear();
      return fmt::format(
          "the operators that both runs hold name none, and the baseline's side cannot be run again ({})",
          run.since_baseline.front());
    }
    if (!found) found = bisect(before, now, {}, options);
    run.next.clear();
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

// Why no operator was named, with the runs of a matrix of which it is said.
class Reasons {
 public:
  void add(const std::string& why, const NightRun& run) {
    const auto known = std::ranges::find(reasons_, why, &Reason::why);
    (known == reasons_.end() ? reasons_.emplace_back(why) : *known).runs.push_back(run.row.run);
  }
  // One sentence each.
  void tell(const std::string& recipe, std::vector<std::string>& told) const {
    constexpr std::size_t shown = 3;
    for (const auto& [why, runs] : reasons_) {
      std::vector<std::string> names = runs;
      names.resize(std::min(shown, runs.size()));
      const std::string more =
          runs.size() > shown ? fmt::format(" and {} more", runs.size() - shown) : std::string();
      told.push_back(fmt::format("No operator was named for {}{} of {}: {}{}", join(names, ", "), more,
                                 recipe, why, why.ends_with('.') ? "" : "."));
    }
  }

 private:
  struct Reason {
    std::string why;
    std::vector<std::string> runs = {};
  };
  std::vector<Reason> reasons_;
};

}  // namespace

std::string night_runs_name(std::int64_t night) { return fmt::format("night-{:04}", night); }

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
  if (how == Bisecting::off) {
    Reasons off;
    for (const auto& run : runs)
      if (run.row.found == Held::mismatch) off.add("bisect = \"off\" looks for none", run);
    return off.tell(made.matrix.recipe, not_bisected);
  }
  const std::size_t most = how == Bisecting::first ? 1
                           : how == Bisecting::few ? most_bisections
                                                   : runs.size();
  std::vector<const NightRun*> done;
  Reasons reasons;
  for (auto& run : runs) {
    if (run.row.found != Held::mismatch) continue;
    if (!run.pair.why_not.empty()) reasons.add(run.pair.why_not, run);
    if (!run.pair.why_not.empty() || run.pair.before.empty()) continue;
    // Repeats of one plan with one result part from the baseline alike.
    const auto like = std::ranges::find_if(done, [&](const NightRun* one) {
      return one->row.plan == run.row.plan && one->row.chain == run.row.chain;
    });
    if (like != done.end()) {
      run.row.operation = (*like)->row.operation;
      run.next = (*like)->next;
      continue;
    }
    if (done.size() >= most) {
      reasons.add(fmt::format("bisect = \"{}\" takes {} of a matrix", to_text(how),
                              most == 1 ? "one mismatch" : "a few"),
                  run);
      continue;
    }
    const std::string why = budget.over() ? budget.words() : bisected(run, options);
    done.push_back(&run);
    if (!why.empty()) reasons.add(why, run);
  }
  reasons.tell(made.matrix.recipe, not_bisected);
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
