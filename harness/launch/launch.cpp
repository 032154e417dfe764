// SPDX-License-Identifier: Apache-2.0
#include "harness/launch/launch.h"

#include <algorithm>
#include <list>
#include <set>
#include <thread>
#include <utility>

#include "harness/base/error.h"
#include "harness/base/files.h"
#include "harness/base/text.h"
#include "harness/launch/elsewhere.h"
#include "harness/launch/executor.h"
#include "harness/launch/run_folder.h"
#include "harness/launch/run_making.h"
#include "harness/machine/cpu.h"
#include "harness/plan/batch_order.h"
#include "harness/plan/devices.h"
#include "harness/plan/environment.h"
#include "harness/plan/node_kind.h"
#include "harness/plan/worker_event.h"
#include "harness/watch/command_evidence.h"
#include "harness/watch/opened_files.h"
#include "harness/watch/run_processes.h"
#include "harness/watch/run_start.h"

namespace reprise {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::milliseconds poll_interval{10};

// One run to make, for every place in the list that asks for it.
struct Job {
  Run run;
  fs::path folder;
  int cores;  // that it may keep busy
  std::size_t place;
  RunResult result;
  bool settled = false;
};

struct Child {
  Job* job;
  RunLock lock;
  std::unique_ptr<Execution> process;
  EventTail events;
};

Outcome untested(Ending ending, std::string reason) {
  Outcome outcome;
  outcome.ending = ending;
  outcome.reason = std::move(reason);
  return outcome;
}

// A run that says it was made on another kind of machine would be a false witness.
std::string no_such_machine(const Plan& plan) {
  const std::string kind = kind_of(plan);
  if (kind.empty()) return "";
  return fmt::format(
      "its plan wants a machine of the kind {}, which this one does not claim to be; name an executor that "
      "finds "
      "one: --executor slurm --site FILE",
      kind);
}

// Two runs of a command side by side would write to the same files, unless each is told where: they go one
// after the other.
// A command that reads from a view of its own may still write elsewhere.
bool writes_where_it_likes(const Plan& plan) {
  if (!plan.command) return false;
  return std::ranges::none_of(
      plan.command->words, [](const std::string& word) { return word.find("{out}") != std::string::npos; });
}

// As many as the plan says; how many a command takes, only the command knows.
std::int64_t steps_of(const Plan& plan) { return plan.command ? 0 : last_step_of(plan); }

// A worker tells of the whole plan, though it may stop before.
std::int64_t steps_told(const Plan& plan, const WorkerEvent& event) {
  const std::int64_t last = steps_of(plan);
  return last > 0 ? std::min(event.steps, last) : event.steps;
}

class Launcher {
 public:
  explicit Launcher(const LaunchOptions& options)
      : options_(options), making_(options), cores_(options.cores > 0 ? options.cores : this_cpu().cores) {}

  std::vector<RunResult> launch(const std::vector<Run>& runs) {
    std::vector<Job*> asked;
    for (const auto& run : runs) asked.push_back(&job_for(run));
    tell_planned();
    for (auto& job : jobs_) settle_at_once(job);
    for (auto& job : jobs_)
      if (!job.settled && job.run.plan.command && job.run.plan.watch.fresh != Fresh::no)
        making_.find_way(job.run.plan, teller(job));
    while (!all_settled()) {
      if (options_.interrupted && options_.interrupted()) {
        give_up();
        break;
      }
      const bool moved = end_children() || start_children();
      if (moved || all_settled()) continue;
      std::this_thread::sleep_for(poll_interval);
      send(options_.progress, {.told = LaunchTold::time_passed});
    }
    tell_shared_files();
    std::vector<RunResult> results;
    for (const Job* job : asked) results.push_back(job->result);
    return results;
  }

  std::optional<Outcome> standing(const Run& run) {
    Job& job = job_for(run);
    const auto outcome = finished_run(job.folder);
    return outcome && why_anew(job).empty() ? outcome : std::nullopt;
  }

 private:
  Job& job_for(const Run& run) {
    check_plan(run.plan);
    executor_of(run.plan, options_);
    making_.no_processor(run.plan);  // refuses one that nobody knows
    if (run.plan.pins.at("batch-order") == "file") BatchOrder(run.plan);
    const fs::path folder = run_folder(options_.made_in.empty() ? options_.runs : options_.made_in, run);
    for (auto& job : jobs_)
      if (job.folder == folder) return job;
    // A run that asks for more than there is takes all, and so runs alone.
    const auto threads = to_integer(run.plan.pins.at("threads")).value_or(1);
    int cores = static_cast<int>(std::min<std::int64_t>(threads * run.plan.placement.ranks, cores_));
    // A GPU's memory is not shared out either.
    if (writes_where_it_likes(run.plan) || wants_gpu(run.plan)) cores = cores_;
    jobs_.push_back({run, folder, cores, jobs_.size(), {folder, {}, false}, false});
    return jobs_.back();
  }

  bool all_settled() const {
    return std::all_of(jobs_.begin(), jobs_.end(), [](const Job& job) { return job.settled; });
  }

  void tell_planned() const {
    LaunchEvent event{.told = LaunchTold::planned};
    event.cores = cores_;
    for (const auto& job : jobs_) event.planned.push_back({job.run.name, steps_of(job.run.plan), job.cores});
    send(options_.progress, std::move(event));
  }

  void tell(const Job& job, LaunchEvent event) const {
    event.run = job.place;
    event.name = job.run.name;
    event.folder = job.folder;
    event.outcome = job.result.outcome;
    send(options_.progress, std::move(event));
  }

  Tell teller(const Job& job) const {
    return [this, &job](const std::string& words) { tell(job, {.told = LaunchTold::note, .text = words}); };
  }

  void settle(Job& job, const Outcome& outcome) {
    job.result.outcome = outcome;
    job.settled = true;
    tell(job, {.told = LaunchTold::ended});
  }

  // True if it settled something without a child.
  bool settle_at_once(Job& job) {
    if (const auto outcome = options_.again ? std::nullopt : finished_run(job.folder)) {
      const std::string changed = why_anew(job);
      if (changed.empty()) {
        job.result = {job.folder, *outcome, true};
        job.settled = true;
        tell(job, {.told = LaunchTold::reused});
        return true;
      }
      if (job.result.anew.empty()) tell(job, {.told = LaunchTold::anew, .text = changed});
      job.result.anew = changed;
    }
    std::string reason = options_.right_kind ? "" : no_such_machine(job.run.plan);
    if (reason.empty()) reason = cannot_run(job.run.plan);
    if (reason.empty()) reason = making_.no_processor(job.run.plan);
    if (reason.empty()) reason = making_.other_torch(job.run.plan);
    if (reason.empty()) return false;
    settle(job, untested(Ending::skipped, reason));
    return true;
  }

  // "" if the finished run in the job's folder stands for it.
  std::string why_anew(const Job& job) {
    const std::string execution = execution_of(job.folder, job.run.plan);
    const auto first = executions_.emplace(execution, job.folder).first->second;
    if (!execution.empty() && first != job.folder)
      return fmt::format("{} is a copy of {}", job.folder.string(), first.string());
    return what_changed(job.folder, making_.now_of(job.run.plan, teller(job)));
  }

  bool running(const Job& job) const {
    return std::any_of(children_.begin(), children_.end(), [&job](const Child& c) { return c.job == &job; });
  }

  bool start_children() {
    bool moved = false;
    for (auto& job : jobs_) {
      if (job.settled || running(job)) continue;
      int busy = 0;
      for (const auto& child : children_) busy += child.job->cores;
      if (busy + job.cores <= cores_) moved = start(job) || moved;
    }
    return moved;
  }

  // False if another process is making this very run: then its result is waited for.
  bool start(Job& job) {
    if (!job.run.plan.command) making_.worker(job.run.plan);
    RunLock lock(job.folder);
    if (!lock.held()) {
      if (waiting_.insert(&job).second) tell(job, {.told = LaunchTold::waiting});
      return false;
    }
    take_back(job.folder);
    // It may have been finished between the first look and the lock.
    if (settle_at_once(job)) return true;
    prepare_run(job.folder, job.run);
    const fs::path folder = fs::absolute(job.folder);
    const ProcessStart how = making_.start_of(job.run.plan, folder, teller(job));
    for (const auto& child : children_) beside_.emplace_back(child.job, &job);
    const Executor& executor = executor_of(job.run.plan, options_);
    lock.hand_on(true);
    auto process = executor.start(how, options_.time_limit);
    lock.hand_on(false);
    children_.push_back({&job, std::move(lock), std::move(process), EventTail(folder / events_file_name)});
    tell(job, {.told = LaunchTold::started});
    return true;
  }

  bool end_children() {
    bool moved = false;
    for (auto child = children_.begin(); child != children_.end();) {
      const auto end = child->process->poll();
      for (const auto& event : child->events.news())
        if (event.told == Told::step || event.told == Told::passed)
          tell(*child->job, {.told = event.told == Told::step ? LaunchTold::checkpoint : LaunchTold::step,
                             .step = event.step,
                             .steps = steps_told(child->job->run.plan, event),
                             .loss = event.loss});
      if (!end) {
        ++child;
        continue;
      }
      Job& job = *child->job;
      const Outcome outcome = making_.outcome_of_run(job.run.plan, job.folder, *end);
      write_outcome(job.folder, outcome);
      settle(job, outcome);
      child = children_.erase(child);
      moved = true;
    }
    return moved;
  }

  // Runs that went side by side and wrote to the same files may have moved each other.
  void tell_shared_files() {
    for (auto& [a, b] : beside_) {
      if (!a->run.plan.command || !b->run.plan.command) continue;
      const auto both = written_by_both(a->folder, b->folder);
      if (both.empty()) continue;
      for (Job* job : {a, b}) {
        if (!job->result.outcome.done()) continue;
        job->result.outcome.notes.push_back(
            fmt::format("another run ran at the same time as this one and wrote to the same file, {}: they "
                        "may have affected each other",
                        both.front()));
        write_outcome(job->folder, job->result.outcome);
      }
    }
  }

  void give_up() {
    end_children();
    for (auto& child : children_) {
      child.process->stop();
      settle_processes(fs::absolute(child.job->folder), true);
      if (const Plan& plan = child.job->run.plan; plan.command)
        end_evidence(plan, fs::absolute(child.job->folder), fs::absolute(options_.runs));
      const Outcome outcome = untested(Ending::interrupted, "interrupted before it was done; run it again");
      write_outcome(child.job->folder, outcome);
      settle(*child.job, outcome);
    }
    children_.clear();
    for (auto& job : jobs_)
      if (!job.settled)
        settle(job, untested(Ending::interrupted, "interrupted before it began; run it again"));
  }

  const LaunchOptions& options_;
  RunMaking making_;
  int cores_;
  std::map<std::string, fs::path> executions_;  // of runs found finished
  std::vector<std::pair<Job*, Job*>> beside_;   // runs that went side by side
  std::list<Job> jobs_;                         // a list, since children and callers point into it
  std::list<Child> children_;
  std::set<const Job*> waiting_;  // of which it was said that another process has them
};

}  // namespace

std::vector<RunResult> launch(const std::vector<Run>& runs, const LaunchOptions& options) {
  std::vector<Run> here, elsewhere;
  for (const auto& run : runs) (is_made_elsewhere(run.plan, options) ? elsewhere : here).push_back(run);
  if (elsewhere.empty()) return Launcher(options).launch(runs);
  auto handed = launch_elsewhere(elsewhere, options), made = Launcher(options).launch(here);
  std::vector<RunResult> results;
  for (auto from_here = made.begin(), from_elsewhere = handed.begin(); const auto& run : runs)
    results.push_back(std::move(*(is_made_elsewhere(run.plan, options) ? from_elsewhere++ : from_here++)));
  return results;
}

std::optional<Outcome> standing_run(const Run& run, const LaunchOptions& options) {
  return is_made_elsewhere(run.plan, options) ? standing_elsewhere(run, options)
                                              : Launcher(options).standing(run);
}

}  // namespace reprise
