// SPDX-License-Identifier: Apache-2.0
#include "harness/launch/launch.h"

#include <unistd.h>

#include <algorithm>
#include <list>
#include <set>
#include <thread>
#include <utility>

#include "harness/base/cpu.h"
#include "harness/base/error.h"
#include "harness/base/files.h"
#include "harness/base/process.h"
#include "harness/base/text.h"
#include "harness/launch/command_run.h"
#include "harness/launch/devices.h"
#include "harness/launch/log_tail.h"
#include "harness/launch/run_folder.h"
#include "harness/launch/run_processes.h"
#include "harness/launch/worker_torch.h"
#include "harness/trace/batch_order.h"

namespace reprise {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::milliseconds poll_interval{10};

// One run to make, for every place in the list that asks for it.
struct Job {
  Run run;
  fs::path folder;
  int cores;  // that it may keep busy
  RunResult result;
  bool settled = false;
};

struct Child {
  Job* job;
  RunLock lock;
  Process process;
  LogTail log;
};

Outcome untested(std::string kind, std::string reason) {
  Outcome outcome;
  outcome.kind = std::move(kind);
  outcome.reason = std::move(reason);
  return outcome;
}

// Two runs of a command side by side would write to the same files, unless each is told where: they go one
// after the other.
bool writes_where_it_likes(const Plan& plan) {
  if (!plan.command) return false;
  return std::ranges::none_of(
      plan.command->words, [](const std::string& word) { return word.find("{out}") != std::string::npos; });
}

class Launcher {
 public:
  explicit Launcher(const LaunchOptions& options)
      : options_(options), cores_(options.cores > 0 ? options.cores : this_cpu().cores) {}

  std::vector<RunResult> launch(const std::vector<Run>& runs) {
    std::vector<Job*> asked;
    for (const auto& run : runs) asked.push_back(&job_for(run));
    for (auto& job : jobs_) settle_at_once(job);
    while (!all_settled()) {
      if (options_.interrupted && options_.interrupted()) {
        give_up();
        break;
      }
      const bool moved = end_children() || start_children();
      if (!moved && !all_settled()) std::this_thread::sleep_for(poll_interval);
    }
    std::vector<RunResult> results;
    for (const Job* job : asked) results.push_back(job->result);
    return results;
  }

 private:
  Job& job_for(const Run& run) {
    check_plan(run.plan);
    if (run.plan.pins.at("batch-order") == "file") BatchOrder(run.plan, run.order_file);
    const fs::path folder = run_folder(options_.runs, run);
    for (auto& job : jobs_)
      if (job.folder == folder) return job;
    // A run that asks for more than there is takes all, and so runs alone.
    const auto threads = to_integer(run.plan.pins.at("threads")).value_or(1);
    int cores = static_cast<int>(std::min<std::int64_t>(threads, cores_));
    // A GPU's memory is not shared out either.
    if (writes_where_it_likes(run.plan) || wants_gpu(run.plan)) cores = cores_;
    jobs_.push_back({run, folder, cores, {folder, {}, false}, false});
    return jobs_.back();
  }

  bool all_settled() const {
    return std::all_of(jobs_.begin(), jobs_.end(), [](const Job& job) { return job.settled; });
  }

  void tell(const Job& job, const std::string& words) const {
    if (options_.progress) options_.progress(job.run.name + ": " + words);
  }

  void settle(Job& job, const Outcome& outcome) {
    job.result.outcome = outcome;
    job.settled = true;
    tell(job, outcome.done() ? fmt::format("done in {:.1f} s", outcome.seconds)
                             : fmt::format("untested ({}): {}", outcome.kind, outcome.reason));
  }

  // True if it settled something without a child.
  bool settle_at_once(Job& job) {
    if (const auto outcome = options_.again ? std::nullopt : finished_run(job.folder)) {
      job.result = {job.folder, *outcome, true};
      job.settled = true;
      tell(job, "exists already");
      return true;
    }
    const std::string reason = cannot_run(job.run.plan);
    if (reason.empty()) return false;
    settle(job, untested("skipped", reason));
    return true;
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

  ProcessStart start_of(const Job& job, const fs::path& folder) const {
    if (job.run.plan.command)
      return command_start(job.run.plan, folder, [&](const std::string& words) { tell(job, words); });
    auto variables = run_environment(job.run.plan);
    for (const auto& [name, value] : torch_variables_) variables[name] = value;
    return {{worker_.string(), (folder / "plan.toml").string(), (folder / "trace.h5").string()},
            variables,
            folder / "log.txt",
            {}};
  }

  Outcome outcome_of_job(const Job& job, const ProcessEnd& end) const {
    const auto settled = settle_processes(fs::absolute(job.folder), end.timed_out);
    if (job.run.plan.command) return command_outcome(end, job.folder, settled, options_.time_limit);
    return outcome_of(end, job.folder / "trace.h5", job.folder / "log.txt", options_.time_limit);
  }

  // False if another process is making this very run: then its result is waited for.
  bool start(Job& job) {
    if (worker_.empty() && !job.run.plan.command) {
      torch_variables_ = torch_variables(options_);
      worker_ = worker_of(options_);
    }
    RunLock lock(job.folder);
    if (!lock.held()) {
      if (waiting_.insert(&job).second) tell(job, "another process is running it; waiting");
      return false;
    }
    // It may have been finished between the first look and the lock.
    if (settle_at_once(job)) return true;
    prepare_run(job.folder, job.run);
    const fs::path folder = fs::absolute(job.folder);
    const ProcessStart how = start_of(job, folder);
    children_.push_back(
        {&job, std::move(lock), Process(how, options_.time_limit), LogTail(folder / "log.txt")});
    tell(job, "started");
    return true;
  }

  bool end_children() {
    bool moved = false;
    for (auto child = children_.begin(); child != children_.end();) {
      const auto end = child->process.poll();
      for (const auto& line : child->log.new_lines())
        if (line.starts_with("step ")) tell(*child->job, line);
      if (!end) {
        ++child;
        continue;
      }
      Job& job = *child->job;
      const Outcome outcome = outcome_of_job(job, *end);
      write_outcome(job.folder, outcome);
      settle(job, outcome);
      child = children_.erase(child);
      moved = true;
    }
    return moved;
  }

  void give_up() {
    end_children();
    for (auto& child : children_) {
      child.process.stop();
      settle_processes(fs::absolute(child.job->folder), true);
      const Outcome outcome = untested("interrupted", "interrupted before it was done; run it again");
      write_outcome(child.job->folder, outcome);
      settle(*child.job, outcome);
    }
    children_.clear();
    for (auto& job : jobs_)
      if (!job.settled) settle(job, untested("interrupted", "interrupted before it began; run it again"));
  }

  const LaunchOptions& options_;
  int cores_;
  fs::path worker_;
  std::map<std::string, std::string> torch_variables_;
  std::list<Job> jobs_;  // a list, since children and callers point into it
  std::list<Child> children_;
  std::set<const Job*> waiting_;  // of which it was said that another process has them
};

}  // namespace

fs::path worker_of(const LaunchOptions& options) {
  const fs::path worker =
      options.worker.empty() ? program_folder() / "reprise-worker" : fs::absolute(options.worker);
  if (::access(worker.c_str(), X_OK) != 0)
    fail("no worker at {}; build it (cmake --build build --target reprise-worker) or name one with --worker",
         worker.string());
  return worker;
}

std::vector<RunResult> launch(const std::vector<Run>& runs, const LaunchOptions& options) {
  return Launcher(options).launch(runs);
}

}  // namespace reprise
