// SPDX-License-Identifier: Apache-2.0
#include "harness/launch/slurm_submission.h"

#include <algorithm>
#include <map>
#include <thread>

#include "harness/base/error.h"
#include "harness/base/files.h"
#include "harness/base/sha256.h"
#include "harness/base/text.h"
#include "harness/cluster/batch.h"
#include "harness/cluster/slurm.h"
#include "harness/launch/run_folder.h"
#include "harness/launch/slurm_record.h"
#include "harness/plan/node_kind.h"
#include "harness/trace/run_manifest.h"

namespace reprise {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t surely_allowed = 100;  // tasks in one array, without asking
constexpr std::chrono::milliseconds lock_interval{100};

class Submission {
 public:
  Submission(const LaunchOptions& options, const std::function<void(const std::string&)>& tell)
      : options_(options), tell_(tell), program_(program_folder() / "reprise") {}

  std::vector<SlurmTask> submit(const std::vector<Run>& runs) {
    const RunLock lock = wait_for_lock();
    for (const auto& run : runs) tasks_.push_back({run, run_folder(options_.runs, run), "", "", 0});
    for (auto& task : tasks_) find_again(task);
    drop_lost();
    std::map<std::string, std::vector<SlurmTask*>> kinds;
    for (auto& task : tasks_)
      if (task.batch.empty()) kinds[kind_of(task.run.plan)].push_back(&task);
    for (const auto& [kind, list] : kinds) pick_kind(options_.cluster.site, kind);
    for (const auto& [kind, list] : kinds) submit_kind(kind, list);
    return std::move(tasks_);
  }

 private:
  RunLock wait_for_lock() {
    while (true) {
      RunLock lock(options_.runs / "slurm" / "submitting");
      if (lock.held()) return lock;
      if (options_.interrupted && options_.interrupted())
        fail("interrupted while another process was handing in jobs");
      std::this_thread::sleep_for(lock_interval);
    }
  }

  const BatchList* batch(const std::string& name) {
    if (const auto known = batches_.find(name); known != batches_.end())
      return known->second ? &*known->second : nullptr;
    auto& list = batches_[name];
    try {
      list = read_batch(batch_folder(options_.runs, name));
    } catch (const Error&) {
      return nullptr;  // somebody removed it
    }
    return &*list;
  }

  const std::string& job(const std::string& name) {
    if (const auto known = jobs_.find(name); known != jobs_.end()) return known->second;
    const fs::path folder = batch_folder(options_.runs, name);
    std::string job = job_of(folder);
    if (job.empty()) {
      // The submitter died between asking sbatch and noting its answer.
      job = find_job(array_name(name)).value_or("");
      if (!job.empty()) write_job(folder, job);
    }
    return jobs_[name] = job;
  }

  void find_again(SlurmTask& task) {
    const auto record = record_of(task.folder);
    if (!record) return;
    const BatchList* list = batch(record->batch);
    const bool fits = list && record->leg < list->legs.size() &&
                      plan_id(list->legs[record->leg].plan) == plan_id(task.run.plan) &&
                      list->legs[record->leg].repeat == task.run.repeat;
    if (!fits || job(record->batch).empty()) return;
    task.batch = record->batch;
    task.job = job(record->batch);
    task.leg = record->leg;
  }

  // Those whose jobs ended without a run, while nobody looked, are handed in again.
  void drop_lost() {
    std::vector<std::string> jobs;
    for (const auto& [name, job] : jobs_)
      if (!job.empty()) jobs.push_back(job);
    const Queue queue = states_of(jobs);
    if (!queue.trouble.empty()) return;  // it cannot be known yet
    for (auto& task : tasks_) {
      if (task.job.empty()) continue;
      const auto state = queue.states.find(task.id());
      const JobPhase phase = state == queue.states.end() ? JobPhase::lost : phase_of(state->second);
      const fs::path batch = task.batch_place(options_.runs);
      const bool made =
          wrong_result(batch / "results" / fmt::format("{}.toml", task.leg),
                       run_folder(batch / "made", task.run), plan_id(task.run.plan), task.run.repeat)
              .empty();
      const bool gone = state == queue.states.end() && !made;
      if (gone ||
          (state != queue.states.end() && (phase == JobPhase::lost || phase == JobPhase::cancelled))) {
        tell_(fmt::format("{}: its job {} was lost ({}); it is handed in again", task.run.name, task.id(),
                          gone ? "Slurm knows it no more" : to_sentence(state->second)));
        task.batch.clear();
        task.job.clear();
      } else {
        tell_(fmt::format("{}: job {} has it already", task.run.name, task.id()));
      }
    }
  }

  void submit_kind(const std::string& kind, const std::vector<SlurmTask*>& list) {
    const std::size_t most =
        list.size() > surely_allowed ? std::max<std::size_t>(most_tasks(), 1) : list.size();
    for (std::size_t begin = 0; begin < list.size(); begin += most) {
      const auto end = std::min(begin + most, list.size());
      submit_array(kind, {list.begin() + static_cast<std::ptrdiff_t>(begin),
                          list.begin() + static_cast<std::ptrdiff_t>(end)});
    }
  }

  SlurmOptions options_of(const std::string& kind) const {
    const ClusterOptions& cluster = options_.cluster;
    return joined_options(joined_options(parse_slurm_options(cluster.site.slurm),
                                         parse_slurm_options(pick_kind(cluster.site, kind).slurm)),
                          parse_slurm_options(cluster.slurm));
  }

  std::string script_of(const fs::path& folder) const {
    std::vector<std::string> words = {"leg",
                                      folder.string(),
                                      "$task",
                                      "--runs",
                                      fs::absolute(options_.runs).string(),
                                      "--made-in",
                                      (folder / "made").string(),
                                      "--result",
                                      (folder / "results").string() + "/$task.toml"};
    if (!options_.worker.empty())
      words.insert(words.end(), {"--worker", fs::absolute(options_.worker).string()});
    if (!options_.torch.empty())
      words.insert(words.end(), {"--torch", fs::absolute(options_.torch).string()});
    if (options_.time_limit.count() > 0)
      words.insert(words.end(), {"--time-limit", std::to_string(options_.time_limit.count())});
    if (options_.copy_any) words.emplace_back("--copy-any");
    // The number of the task is the one thing that a shell has to fill in.
    const std::string line = replace_all(shell_text(words), "$task", "'\"$SLURM_ARRAY_TASK_ID\"'");
    const std::string head = "#!/bin/sh\n# Made by reprise: one task makes one run.\n";
    const fs::path& bundle = options_.cluster.bundle;
    if (bundle.empty()) return head + "exec " + shell_word(program_.string()) + " " + line + "\n";
    return head + "place=$(mktemp -d \"${SLURM_TMPDIR:-${TMPDIR:-/tmp}}/reprise.XXXXXX\") || exit 1\n" +
           "trap 'rm -rf \"$place\"' EXIT\ntrap 'exit 143' INT TERM\n" + "tar -xf " +
           shell_word(fs::absolute(bundle).string()) + " -C \"$place\" || exit 1\n" +
           "\"$place\"/*/bin/reprise " + line + "\n";
  }

  void submit_array(const std::string& kind, const std::vector<SlurmTask*>& list) {
    const std::string name = new_execution().substr(0, 12);
    const fs::path folder = batch_folder(options_.runs, name);
    std::vector<Leg> legs;
    for (const SlurmTask* task : list)
      legs.push_back({task->run.name, task->run.plan, task->run.repeat, task->run.start_file});
    write_batch(folder, legs, sha256_file(program_));
    for (const char* part : {"made", "results", "logs"}) make_folder(folder / part);
    write_atomically(folder / "job.sh", script_of(folder));
    JobArray array{array_name(name),  {},     options_.cluster.at_once,  options_of(kind),
                   folder / "job.sh", folder, folder / "logs" / "%a.txt"};
    for (std::size_t leg = 0; leg < list.size(); ++leg) {
      array.tasks.push_back(leg);
      write_record(list[leg]->folder, {name, leg});
    }
    const Submitted done = reprise::submit(array);
    if (!done.job.empty()) write_job(folder, done.job);
    for (std::size_t leg = 0; leg < list.size(); ++leg) {
      SlurmTask& task = *list[leg];
      task.batch = name;
      task.job = done.job;
      task.leg = leg;
      task.refused = done.no_nodes;
      if (done.job.empty()) remove_record(task.folder);
    }
    if (done.job.empty())
      fs::remove_all(folder);
    else
      tell_(fmt::format("slurm: handed in job {} with {} run{}{}", done.job, list.size(),
                        list.size() == 1 ? "" : "s", kind.empty() ? "" : " for " + kind));
  }

  const LaunchOptions& options_;
  const std::function<void(const std::string&)>& tell_;
  fs::path program_;
  std::vector<SlurmTask> tasks_;
  std::map<std::string, std::optional<BatchList>> batches_;
  std::map<std::string, std::string> jobs_;  // batch -> its array's number; "": there is none
};

}  // namespace

std::string SlurmTask::id() const { return fmt::format("{}_{}", job, leg); }

fs::path SlurmTask::batch_place(const fs::path& runs) const { return batch_folder(runs, batch); }

std::vector<SlurmTask> submit_runs(const std::vector<Run>& runs, const LaunchOptions& options,
                                   const std::function<void(const std::string&)>& tell) {
  return Submission(options, tell).submit(runs);
}

}  // namespace reprise
