// SPDX-License-Identifier: Apache-2.0
#include "harness/launch/run_folder.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>

#include "harness/base/error.h"
#include "harness/base/files.h"
#include "harness/base/text.h"
#include "harness/left/kept_beside.h"
#include "harness/plan/worker_event.h"
#include "harness/trace/call_file.h"
#include "harness/trace/run_manifest.h"
#include "harness/trace/trace.h"

namespace reprise {

namespace fs = std::filesystem;

fs::path run_folder(const fs::path& runs, const Run& run) {
  return runs / plan_id(run.plan) / std::to_string(run.repeat);
}

std::optional<Outcome> finished_run(const fs::path& folder) {
  const fs::path file = folder / "outcome.toml";
  if (!fs::is_regular_file(file) || !fs::is_regular_file(folder / "trace.h5")) return std::nullopt;
  try {
    Outcome outcome = outcome_from_toml(read_file(file, "outcome"), file.string());
    return outcome.done() ? std::optional(outcome) : std::nullopt;
  } catch (const Error&) {
    // A file that somebody damaged is not evidence of a run: it is made anew.
    return std::nullopt;
  }
}

namespace {

// Of a run that says nothing of itself; "" if its trace cannot be read, as whoever reads it will say.
std::string plan_of_trace(const fs::path& folder) {
  try {
    return plan_id(Trace(folder / "trace.h5", Reading::as_it_stands).plan());
  } catch (const Error&) {
    return "";
  }
}

}  // namespace

std::string execution_of(const fs::path& folder, const Plan& plan) {
  const auto manifest = manifest_in(folder);
  const std::string wanted = plan_id(plan);
  const std::string found = manifest ? manifest->plan_id : plan_of_trace(folder);
  if (!found.empty() && found != wanted)
    fail(
        "wanted a run of plan {} in {}, found one of plan {}; move it back to a folder of that name, or "
        "remove "
        "it",
        wanted, folder.string(), found);
  return manifest ? manifest->execution : "";
}

fs::path set_aside(const fs::path& folder) {
  return folder.parent_path() / (folder.filename().string() + ".before");
}

bool is_set_aside(const fs::path& folder) { return folder.extension() == ".before"; }

void take_back(const fs::path& folder) {
  if (finished_run(folder) || !finished_run(set_aside(folder))) return;
  std::error_code error;
  fs::remove_all(folder, error);
  if (!error) fs::rename(set_aside(folder), folder, error);
  if (error)
    fail("cannot bring the finished run {} back to {}: {}; move it there", set_aside(folder).string(),
         folder.string(), error.message());
}

void prepare_run(const fs::path& folder, const Run& run) {
  std::error_code error;
  if (finished_run(folder)) {
    fs::remove_all(set_aside(folder), error);
    if (!error) fs::rename(folder, set_aside(folder), error);
  } else {
    fs::remove_all(folder, error);
  }
  if (error)
    fail("cannot empty the run folder {}: {}; name another with --runs", folder.string(), error.message());
  make_folder(folder);
  if (run.plan.order) write_atomically(folder / order_file_name, *run.plan.order->text);
  if (run.plan.watch.from > 0) {
    fs::copy_file(run.start_file, folder / start_file_name, error);
    if (error)
      fail("cannot copy the checkpoint {} to {}: {}", run.start_file.string(), folder.string(),
           error.message());
  }
  write_atomically(folder / "plan.toml", to_toml(run.plan));
}

std::optional<double> step_milliseconds(const fs::path& folder) {
  for (const auto& event : events_in(folder / events_file_name))
    if (event.told == Told::step_time) return event.milliseconds;
  return std::nullopt;
}

void write_outcome(const fs::path& folder, const Outcome& outcome) {
  const fs::path before = set_aside(folder);
  if (outcome.ending == Ending::interrupted && fs::exists(before)) {
    fs::remove_all(folder);
    fs::rename(before, folder);
    return;
  }
  if (outcome.done()) write_beside(folder);
  write_atomically(folder / "outcome.toml", to_toml(outcome));
  fs::remove_all(before);
}

RunLock::RunLock(const fs::path& folder) {
  make_folder(folder.parent_path());
  const fs::path path = folder.parent_path() / (folder.filename().string() + ".lock");
  const int opened = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  // A program that it is handed to has descriptors of its own up to that of its events.
  const int file = opened < 0 ? -1 : ::fcntl(opened, F_DUPFD_CLOEXEC, events_descriptor + 1);
  if (file < 0)
    fail("cannot write {}: {}; name another folder with --runs", path.string(), ::strerror(errno));
  ::close(opened);
  if (::flock(file, LOCK_EX | LOCK_NB) == 0)
    file_ = file;
  else
    ::close(file);
}

RunLock::RunLock(RunLock&& other) noexcept : file_(other.file_) { other.file_ = -1; }

RunLock::~RunLock() {
  if (file_ < 0) return;
  ::flock(file_, LOCK_UN);
  ::close(file_);
}

void RunLock::hand_on(bool to_programs) {
  check(held(), "a lock that is handed on is held");
  ::fcntl(file_, F_SETFD, to_programs ? 0 : FD_CLOEXEC);
}

}  // namespace reprise
