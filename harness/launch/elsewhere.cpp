// SPDX-License-Identifier: Apache-2.0
#include "harness/launch/elsewhere.h"

#include <algorithm>
#include <list>
#include <map>
#include <thread>

#include "harness/base/error.h"
#include "harness/base/sha256.h"
#include "harness/launch/executor.h"
#include "harness/launch/run_folder.h"
#include "harness/launch/worker_torch.h"
#include "harness/plan/batch_order.h"
#include "harness/watch/command_evidence.h"

namespace reprise {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::milliseconds poll_interval{50};
constexpr const char* worker_fact = "worker";

std::string why_anew(const Run& run, const fs::path& folder, const LaunchOptions& options) {
  execution_of(folder, run.plan);  // an Error for a run of another plan
  const FilesSeen seen = files_seen(folder);
  const auto given = [&] {
    Facts now = seen.start->given;
    if (now.contains(worker_fact)) now[worker_fact] = sha256_file(worker_of(worker_for(run.plan, options)));
    return now;
  };
  GivenNow now;
  if (run.plan.command) now = command_now(run.plan, [](const std::string&) {});
  now.given = given;
  return what_changed(folder, now);
}

// One run, for every place in the list that asks for it.
struct Asked {
  Run run;
  RunResult result;
  std::size_t place = 0;  // among all runs of the launch
  bool settled = false;
};

class Elsewhere {
 public:
  explicit Elsewhere(const LaunchOptions& options) : options_(options) {}

  std::vector<RunResult> launch(const std::vector<Run>& runs) {
    std::vector<Asked*> places;
    for (const auto& run : runs) places.push_back(&asked_for(run));
    tell_planned();
    for (auto& one : asked_) settle_if_it_exists(one);
    hand_over();
    tell_shared_files();
    std::vector<RunResult> results;
    for (const Asked* one : places) results.push_back(one->result);
    return results;
  }

 private:
  Asked& asked_for(const Run& run) {
    check_plan(run.plan);
    if (run.plan.pins.at("batch-order") == "file") BatchOrder(run.plan);
    const fs::path folder = run_folder(options_.runs, run);
    for (auto& one : asked_)
      if (one.result.folder == folder) return one;
    asked_.push_back({run, {folder, {}, false}, asked_.size(), false});
    return asked_.back();
  }

  void tell_planned() const {
    LaunchEvent event{.told = LaunchTold::planned};
    // How many machines make them at a time is the scheduler's.
    event.cores = static_cast<int>(asked_.size());
    for (const auto& one : asked_)
      event.planned.push_back({one.run.name, one.run.plan.command ? 0 : last_step_of(one.run.plan), 1});
    send(options_.progress, std::move(event));
  }

  void tell(const Asked& one, LaunchTold told, const std::string& text = "") const {
    LaunchEvent event{.told = told, .text = text};
    event.run = one.place;
    event.name = one.run.name;
    event.folder = one.result.folder;
    event.outcome = one.result.outcome;
    send(options_.progress, std::move(event));
  }

  void settle_if_it_exists(Asked& one) {
    const auto outcome = options_.again ? std::nullopt : finished_run(one.result.folder);
    if (!outcome) return;
    one.result.anew = why_anew(one.run, one.result.folder, options_);
    if (!one.result.anew.empty()) return tell(one, LaunchTold::anew, one.result.anew);
    one.result.outcome = *outcome;
    one.result.reused = one.settled = true;
    tell(one, LaunchTold::reused);
  }

  void settle(Asked& one, const Outcome& outcome) {
    one.result.outcome = outcome;
    one.settled = true;
    tell(one, LaunchTold::ended);
  }

  bool interrupted() const { return options_.interrupted && options_.interrupted(); }

  void hand_over() {
    std::map<const Executor*, std::vector<Asked*>> lists;
    for (auto& one : asked_)
      if (!one.settled) lists[&executor_of(one.run.plan, options_)].push_back(&one);
    for (auto& [executor, list] : lists) wait_for(*executor, list);
  }

  void wait_for(const Executor& executor, const std::vector<Asked*>& list) {
    std::vector<Run> runs;
    for (const Asked* one : list) runs.push_back(one->run);
    LaunchOptions own = options_;  // outlives what is handed over
    if (own.progress)
      own.progress = [this, &list](LaunchEvent event) {
        if (event.run < list.size()) {
          event.folder = list[event.run]->result.folder;
          event.run = list[event.run]->place;
        }
        options_.progress(event);
      };
    const auto handed = interrupted() ? nullptr : executor.hand_over(runs, own);
    while (handed && !interrupted()) {
      for (const auto& [place, outcome] : handed->ended()) settle(*list.at(place), outcome);
      if (std::ranges::all_of(list, &Asked::settled)) return;
      std::this_thread::sleep_for(poll_interval);
    }
    if (handed) handed->stop();
    Outcome outcome;
    outcome.ending = Ending::interrupted;
    outcome.reason = "interrupted before it was done; run it again";
    for (Asked* one : list)
      if (!one->settled) settle(*one, outcome);
  }

  // Jobs may have gone side by side, and commands write where they like.
  void tell_shared_files() {
    for (auto a = asked_.begin(); a != asked_.end(); ++a)
      for (auto b = std::next(a); b != asked_.end(); ++b) {
        if (!may_share(*a) || !may_share(*b)) continue;
        const auto both = written_by_both(a->result.folder, b->result.folder);
        if (both.empty()) continue;
        for (Asked* one : {&*a, &*b}) {
          one->result.outcome.notes.push_back(
              fmt::format("another run, which may have run at the same time as this one, wrote to the same "
                          "file, {}: they "
                          "may have affected each other; let the command write to {{out}}",
                          both.front()));
          write_outcome(one->result.folder, one->result.outcome);
        }
      }
  }

  static bool may_share(const Asked& one) {
    return one.run.plan.command && !one.result.reused && one.result.outcome.done();
  }

  const LaunchOptions& options_;
  std::list<Asked> asked_;  // a list, since callers point into it
};

}  // namespace

std::vector<RunResult> launch_elsewhere(const std::vector<Run>& runs, const LaunchOptions& options) {
  return Elsewhere(options).launch(runs);
}

std::optional<Outcome> standing_elsewhere(const Run& run, const LaunchOptions& options) {
  const fs::path folder = run_folder(options.runs, run);
  const auto outcome = finished_run(folder);
  return outcome && why_anew(run, folder, options).empty() ? outcome : std::nullopt;
}

}  // namespace reprise
