// SPDX-License-Identifier: Apache-2.0
#include "harness/terminal/night_making.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <fstream>
#include <iostream>
#include <set>

#include "harness/base/error.h"
#include "harness/base/files.h"
#include "harness/base/sha256.h"
#include "harness/base/text.h"
#include "harness/judge/baseline/checked_runs.h"
#include "harness/judge/baseline/given_runs.h"
#include "harness/terminal/interrupt.h"
#include "harness/terminal/night_rows.h"
#include "harness/terminal/reporting.h"
#include "reports/nights/nights_page.h"

namespace reprise {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t most_summary_bytes = 1024 * 1024;  // GitHub drops a step summary above it

std::string this_machine() {
  std::array<char, 256> name{};
  if (::gethostname(name.data(), name.size() - 1) != 0) return "machine";
  return name.data();
}

void tell(const std::vector<std::string>& sentences) {
  for (const auto& sentence : sentences) std::cerr << "reprise: " << sentence << '\n';
}

// Beside what other steps of the job wrote there already.
void add_step_summary(const std::string& markdown) {
  const std::string path = environment_text("GITHUB_STEP_SUMMARY");
  if (path.empty()) return;
  std::error_code none;
  const auto there = fs::file_size(path, none);
  const std::size_t used = none ? 0 : static_cast<std::size_t>(there);
  std::ofstream out(path, std::ios::app | std::ios::binary);
  out << cut_summary(markdown, used < most_summary_bytes ? most_summary_bytes - used : 0);
  if (!out.flush())
    tell({fmt::format("the step summary {} could not be written; it stands in night.md", path)});
}

class NightRunning {
 public:
  NightRunning(const NightOrder& order, const NightContext& context, NightFound& found)
      : order_(order), context_(context), found_(found) {}

  // False if a person ended it.
  bool run(const MatrixEntry& entry, const TimeBudget& whole) {
    const TimeBudget budget = sooner(whole, budget_of(entry.budget));
    const MatrixOrder matrix = order_of(entry, order_.launch);
    std::cerr << "reprise: " << entry.name << " (" << entry.where << ")\n";
    fs::path folder = night_folder(order_.history, context_.machine, context_.night.number) / entry.name;
    const MatrixMade made = make_matrix(matrix, budget, folder);
    if (made.interrupted) return false;
    auto formats = entry.formats;
    if (std::ranges::find(formats, "html") == formats.end()) formats.emplace_back("html");
    write_reports(report_of(made), formats, folder);
    auto runs = night_runs(context_, entry, made);
    LaunchOptions how = launch_options(matrix.launch);
    how.interrupted = [budget] { return was_interrupted() || budget.over(); };
    bisect_mismatches(runs, made, entry.bisect, budget, how, found_.not_bisected);
    end_progress();
    if (was_interrupted()) return false;
    append_rows(order_.history, context_.machine, new_rows(context_.history, runs));
    for (std::size_t i = 0; i < runs.size(); ++i)
      if (runs[i].row.found == Held::no_baseline) keep_for_record(made.matrix.configurations[i].folder);
    for (auto& one : runs) found_.runs.push_back(std::move(one));
    return true;
  }

  // What the runs without a baseline gave, each plan once; none of a plan whose runs differ from each other.
  std::vector<Baseline> unrecorded() const {
    std::vector<Baseline> all;
    for (const auto& one : gave_)
      if (!unlike_.contains(file_name(one))) all.push_back(one);
    return all;
  }

 private:
  void keep_for_record(const fs::path& folder) {
    const auto given = given_runs({folder.string()}).front();
    if (!given.gave) return;
    const auto* known = find_baseline(*given.gave, gave_);
    if (known == nullptr)
      gave_.push_back(*given.gave);
    else if (run_digest(*known) != run_digest(*given.gave) && unlike_.insert(file_name(*known)).second)
      found_.night.notes.push_back(fmt::format(
          "Nothing of {} can be kept as its baseline: its runs differ from each other.", called(*known)));
  }

  const NightOrder& order_;
  const NightContext& context_;
  NightFound& found_;
  std::vector<Baseline> gave_;
  std::set<std::string> unlike_;  // by the names of their files
};

// One command for all of them.
void add_record_command(const NightOrder& order, const std::vector<Baseline>& unrecorded, NightFound& found) {
  if (unrecorded.empty() || order.record) return;
  std::vector<std::string> words = {"reprise", "baseline", "record"};
  for (const auto& one : unrecorded) words.push_back(one.run);
  words.insert(words.end(), {"--baselines", order.baselines});
  for (auto& run : found.runs)
    if (run.row.found == Held::no_baseline && run.next.empty()) run.next = shell_text(words);
}

void record(const NightOrder& order, const std::vector<Baseline>& unrecorded) {
  if (unrecorded.empty() || !order.record) return;
  make_folder(order.baselines);
  for (const auto& one : unrecorded) {
    write_atomically(fs::path(order.baselines) / file_name(one), to_toml(one));
    tell({fmt::format("recorded {}", (fs::path(order.baselines) / file_name(one)).string())});
  }
}

// Each night's runs lie apart: a run that exists would not be made again.
NightOrder with_own_runs(NightOrder order, const Night& night) {
  order.launch.runs = (fs::path(order.launch.runs) / order.machine / night_runs_name(night.number)).string();
  return order;
}

}  // namespace

NightMade make_night(const NightOrder& typed) {
  NightOrder order = typed;
  order.machine = machine_name(order.machine.empty() ? this_machine() : order.machine);
  const MatrixFile file = read_matrix_file(find_matrix_file(order.matrix), matrix_file_words());
  const auto kept =
      fs::is_directory(order.baselines) ? baselines_in(order.baselines) : std::vector<Baseline>();
  const NightLock lock(order.history, order.machine);
  const History history = read_history(order.history);
  tell(history.damage);
  NightFound found;
  found.machine = order.machine;
  found.night = begin_night(order.history, order.machine, sha256_text(read_file(file.path, "matrix file")),
                            history, std::chrono::system_clock::now());
  tell(found.night.notes);
  order = with_own_runs(order, found.night);
  const NightContext context{order.history, order.machine, found.night, history, kept};
  const TimeBudget whole = budget_of(file.budget);
  NightRunning running(order, context, found);
  for (const auto& entry : file.entries)
    if (!running.run(entry, whole)) return {{}, {}, true};
  add_record_command(order, running.unrecorded(), found);
  NightMade made{night_report(found), {}, false};
  made.files = write_reports(made.report, {"html", "md", "junit", "json"},
                             night_folder(order.history, order.machine, found.night.number), "night");
  add_step_summary(rendered(made.report, "md"));
  for (auto& path : write_page(order.history)) made.files.push_back(std::move(path));
  finish_night(order.history, order.machine);
  // Only now: a night that goes on must not find its own runs as their baselines.
  record(order, running.unrecorded());
  return made;
}

std::vector<fs::path> write_page(const fs::path& folder) {
  const History history = read_history(folder);
  if (history.rows == 0)
    fail(
        "wanted a history with history-*.jsonl in {}, found no row of one; `reprise nightly MATRIX` makes it",
        folder.string());
  const Badge badge = nights_badge(history);
  const std::pair<const char*, std::string> files[] = {{"index.html", rendered(nights_page(history), "html")},
                                                       {"badge.svg", badge_svg(badge)},
                                                       {"badge.json", badge_json(badge)}};
  std::vector<fs::path> paths;
  for (const auto& [name, text] : files) {
    write_atomically(folder / name, text);
    paths.push_back(folder / name);
  }
  return paths;
}

}  // namespace reprise
