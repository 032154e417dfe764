// SPDX-License-Identifier: Apache-2.0
#include "harness/launch/slurm_runs.h"

#include <algorithm>
#include <map>
#include <set>

#include "harness/base/error.h"
#include "harness/base/files.h"
#include "harness/base/text.h"
#include "harness/cluster/batch.h"
#include "harness/cluster/slurm.h"
#include "harness/launch/run_folder.h"
#include "harness/launch/slurm_record.h"
#include "harness/launch/slurm_submission.h"
#include "harness/plan/worker_event.h"
#include "harness/watch/log_tail.h"

namespace reprise {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

// A shared disk may show a file later than the queue shows the end of its job.
constexpr int looks_for_result = 5;
constexpr std::ptrdiff_t lines_kept = 10;

Outcome untested(Ending ending, std::string reason) {
  Outcome outcome;
  outcome.ending = ending;
  outcome.reason = std::move(reason);
  return outcome;
}

class SlurmRuns : public Handed {
 public:
  SlurmRuns(const std::vector<Run>& runs, const LaunchOptions& options) : options_(options) {
    for (auto& task : submit_runs(runs, options, [this](const std::string& line) { tell(line); })) {
      const std::size_t place = watched_.size();
      const fs::path events = made(task) / events_file_name;
      if (task.job.empty())
        refused_.emplace_back(
            place,
            untested(Ending::skipped, fmt::format("the cluster has no such machine: {}", task.refused)));
      watched_.push_back({task, EventTail(events), "", 0, task.job.empty()});
    }
  }

  std::vector<std::pair<std::size_t, Outcome>> ended() override {
    ended_ = std::exchange(refused_, {});
    if (Clock::now() >= next_look_) {
      look();
      next_look_ = Clock::now() + pause();
    }
    return std::exchange(ended_, {});
  }

  void stop() override {
    std::set<std::string> jobs;
    for (const auto& one : watched_)
      if (!one.ended) jobs.insert(one.task.id());
    const std::string trouble = cancel({jobs.begin(), jobs.end()});
    if (!trouble.empty())
      return tell(fmt::format(
          "the jobs could not be cancelled ({}) and go on; the same command finds them again", trouble));
    for (const auto& one : watched_)
      if (!one.ended) remove_record(one.task.folder);
  }

 private:
  struct Watched {
    SlurmTask task;
    EventTail events;
    std::string told;
    int looks;  // in vain, for its job or its result
    bool ended;
    bool started = false;
  };

  // Of the queue as a whole.
  void tell(const std::string& words) const {
    send(options_.progress, {.told = LaunchTold::note, .name = "slurm", .text = words});
  }

  void tell(std::size_t place, LaunchEvent event) const {
    event.run = place;
    event.name = watched_[place].task.run.name;
    send(options_.progress, std::move(event));
  }

  // Short runs are told soon, and long ones do not burden the controller.
  Clock::duration pause() const {
    const auto waited = Clock::now() - began_;
    return std::clamp<Clock::duration>(waited / 20, std::chrono::milliseconds(500), std::chrono::seconds(10));
  }

  fs::path made(const SlurmTask& task) const {
    return run_folder(task.batch_place(options_.runs) / "made", task.run);
  }

  fs::path result(const SlurmTask& task) const {
    return task.batch_place(options_.runs) / "results" / fmt::format("{}.toml", task.leg);
  }

  std::string wrong(const SlurmTask& task) const {
    return wrong_result(result(task), made(task), plan_id(task.run.plan), task.run.repeat);
  }

  void look() {
    std::set<std::string> jobs;
    for (std::size_t i = 0; i < watched_.size(); ++i) {
      if (watched_[i].ended) continue;
      jobs.insert(watched_[i].task.job);
      for (const auto& event : watched_[i].events.news())
        if (event.told == Told::step)
          tell(
              i,
              {.told = LaunchTold::checkpoint, .step = event.step, .steps = event.steps, .loss = event.loss});
    }
    const Queue queue = states_of({jobs.begin(), jobs.end()});
    if (queue.trouble != trouble_) {
      trouble_ = queue.trouble;
      tell(trouble_.empty() ? "it answers again"
                            : fmt::format("no answer ({}); the jobs go on, waiting", trouble_));
    }
    if (!queue.trouble.empty()) return;
    for (std::size_t i = 0; i < watched_.size(); ++i) {
      if (watched_[i].ended) continue;
      const auto state = queue.states.find(watched_[i].task.id());
      if (state == queue.states.end())
        look_for_unknown(i);
      else
        take(i, state->second);
    }
    tell_queue(queue);
  }

  void tell_queue(const Queue& queue) {
    std::map<std::string, int> counts;
    for (const auto& one : watched_) {
      if (one.ended) continue;
      const auto state = queue.states.find(one.task.id());
      if (state != queue.states.end())
        ++counts[phase_of(state->second) == JobPhase::waiting ? "wait" : "run"];
    }
    const auto done = std::ranges::count_if(watched_, &Watched::ended);
    const std::string line =
        fmt::format("{} run, {} wait, {} of {} ended", counts["run"], counts["wait"], done, watched_.size());
    if (line != queue_told_) tell(queue_told_ = line);
  }

  void take(std::size_t place, const JobState& state) {
    Watched& one = watched_[place];
    switch (phase_of(state)) {
      case JobPhase::waiting:
        if (state.reason == "BadConstraints") {
          cancel({one.task.id()});
          return end(place,
                     untested(Ending::skipped, "the cluster has no such machine any more (BadConstraints)"));
        }
        [[fallthrough]];
      case JobPhase::running:
        tell_state(place, state);
        return;
      case JobPhase::completed:
        return take_completed(place);
      case JobPhase::failed:
        return take_failed(place, state);
      default:
        return end(place, outcome_without_run(one.task, state));
    }
  }

  void tell_state(std::size_t place, const JobState& state) {
    Watched& one = watched_[place];
    const std::string words = to_sentence(state);
    if (words == one.told) return;
    one.told = words;
    tell(place, {.told = LaunchTold::note, .text = fmt::format("job {} {}", one.task.id(), words)});
    if (phase_of(state) == JobPhase::running && !one.started) tell(place, {.told = LaunchTold::started});
    one.started = one.started || phase_of(state) == JobPhase::running;
  }

  void take_completed(std::size_t place) {
    Watched& one = watched_[place];
    const std::string fault = wrong(one.task);
    if (fault.empty()) return end(place, put_in_place(one.task));
    if (++one.looks < looks_for_result) return;
    end(place,
        untested(Ending::failed, fmt::format("job {} ended as COMPLETED, but {}", one.task.id(), fault)));
  }

  // The run may have left why it is not done.
  void take_failed(std::size_t place, const JobState& state) {
    const SlurmTask& task = watched_[place].task;
    if (wrong(task).empty()) {
      const Outcome outcome = outcome_in(made(task));
      if (!outcome.done()) {
        put_in_place(task);
        return end(place, outcome);
      }
    }
    end(place, outcome_without_run(task, state));
  }

  // Slurm forgets jobs after a while (MinJobAge) where no accounting keeps them.
  void look_for_unknown(std::size_t place) {
    Watched& one = watched_[place];
    if (++one.looks < looks_for_result) return;
    if (wrong(one.task).empty()) {
      Outcome outcome = put_in_place(one.task);
      outcome.notes.push_back(fmt::format(
          "Slurm no longer knows how job {} ended; the run's files are all as its result names them",
          one.task.id()));
      write_outcome(one.task.folder, outcome);
      return end(place, outcome);
    }
    end(place, untested(Ending::failed,
                        fmt::format("job {} is lost: Slurm does not know it any more, and it left no run; "
                                    "the same command hands it in again",
                                    one.task.id())));
  }

  Outcome outcome_without_run(const SlurmTask& task, const JobState& state) const {
    const std::string job = fmt::format("job {}{}", task.id(), state.node.empty() ? "" : " on " + state.node);
    Outcome outcome;
    switch (phase_of(state)) {
      case JobPhase::lost:
        outcome =
            untested(Ending::failed, fmt::format("{} was lost with its node ({}); the same command hands "
                                                 "it in again",
                                                 job, state.word));
        break;
      case JobPhase::timed_out:
        outcome =
            untested(Ending::timed_out,
                     fmt::format("Slurm ended {} as its time was up ({}); ask for more: --slurm time=...",
                                 job, state.word));
        break;
      case JobPhase::no_memory:
        outcome =
            untested(Ending::killed, fmt::format("{} used more memory than it had asked for (OUT_OF_MEMORY); "
                                                 "ask for more: --slurm mem=...",
                                                 job));
        break;
      case JobPhase::cancelled:
        outcome = untested(
            Ending::interrupted,
            fmt::format("{} was cancelled ({}); the same command hands it in again", job, state.word));
        break;
      default:
        outcome =
            untested(Ending::failed, fmt::format("{} ended as {}{} without a run", job, state.word,
                                                 state.exit.empty() ? "" : ", exit code " + state.exit));
    }
    outcome.last_lines =
        end_of_log(task.batch_place(options_.runs) / "logs" / fmt::format("{}.txt", task.leg));
    if (std::ssize(outcome.last_lines) > lines_kept)
      outcome.last_lines.erase(outcome.last_lines.begin(), outcome.last_lines.end() - lines_kept);
    return outcome;
  }

  static Outcome outcome_in(const fs::path& folder) {
    const fs::path file = folder / "outcome.toml";
    return outcome_from_toml(read_file(file, "outcome"), file.string());
  }

  // A link stays, as the run may name files of its own by where it was made.
  Outcome put_in_place(const SlurmTask& task) const {
    const fs::path from = made(task), to = fs::absolute(task.folder);
    std::error_code error;
    fs::remove_all(to, error);
    make_folder(to.parent_path());
    fs::rename(from, to, error);
    if (error) fail("cannot move the run {} to {}: {}", from.string(), to.string(), error.message());
    fs::create_directory_symlink(to.lexically_relative(from.parent_path()), from, error);
    return outcome_in(to);
  }

  void end(std::size_t place, const Outcome& outcome) {
    Watched& one = watched_[place];
    one.ended = true;
    remove_record(one.task.folder);
    std::error_code ignored;
    // What a job without a result left is no evidence of a run.
    if (!fs::is_symlink(made(one.task))) fs::remove_all(made(one.task), ignored);
    ended_.emplace_back(place, outcome);
  }

  const LaunchOptions& options_;
  std::vector<Watched> watched_;
  std::vector<std::pair<std::size_t, Outcome>> refused_, ended_;
  Clock::time_point began_ = Clock::now(), next_look_ = began_;
  std::string trouble_, queue_told_;
};

}  // namespace

std::unique_ptr<Handed> hand_to_slurm(const std::vector<Run>& runs, const LaunchOptions& options) {
  return std::make_unique<SlurmRuns>(runs, options);
}

}  // namespace reprise
