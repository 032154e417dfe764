// SPDX-License-Identifier: Apache-2.0
#include "harness/watch/process_outcome.h"

#include <csignal>
#include <cstring>

#include "harness/base/error.h"
#include "harness/watch/log_tail.h"

namespace reprise {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t lines_kept = 10;

std::string signal_words(int signal) {
  const char* name = ::sigabbrev_np(signal);
  std::string words = fmt::format("killed by signal {} (SIG{})", signal, name ? name : "?");
  if (signal == SIGKILL) words += "; if nobody did so, the machine may have run out of memory";
  if (signal == SIGILL) words += "; this processor lacks an instruction that the worker used";
  return words;
}

// The reason that the worker gave last, if it gave one.
std::string given_reason(const std::vector<std::string>& lines) {
  constexpr std::string_view prefix = "reprise-worker: ";
  for (auto line = lines.rbegin(); line != lines.rend(); ++line)
    if (line->starts_with(prefix)) return line->substr(prefix.size());
  return "";
}

std::string exit_words(int code, const std::string& reason, const fs::path& product) {
  if (!reason.empty()) return reason;
  if (code == 0)
    return fmt::format("the worker ended as if it were done but left no {}; its log may say why",
                       product.filename().string());
  return fmt::format("the worker ended with exit code {} and gave no reason; its log may say more", code);
}

// What a worker said that a reader of its trace must know.
std::vector<std::string> notes_in(const std::vector<std::string>& lines) {
  constexpr std::string_view begin = "note: ";
  std::vector<std::string> notes;
  for (const auto& line : lines)
    if (line.starts_with(begin)) notes.push_back(line.substr(begin.size()));
  return notes;
}

}  // namespace

Outcome outcome_of(const ProcessEnd& end, const fs::path& product, const fs::path& log,
                   std::chrono::seconds time_limit) {
  Outcome outcome;
  outcome.seconds = end.seconds;
  outcome.peak_bytes = end.peak_bytes;
  auto lines = end_of_log(log);
  if (end.signal == 0 && !end.timed_out && end.exit_code == 0 && fs::is_regular_file(product)) {
    outcome.status = "done";
    outcome.notes = notes_in(lines);
    return outcome;
  }
  if (end.timed_out) {
    outcome.kind = "timed-out";
    outcome.reason = fmt::format("not done within its time limit of {} s", time_limit.count());
  } else if (end.signal != 0) {
    outcome.kind = "killed";
    outcome.reason = signal_words(end.signal);
  } else {
    outcome.kind = end.exit_code == 3 ? "skipped" : "failed";
    outcome.reason = exit_words(end.exit_code, end.exit_code == 0 ? "" : given_reason(lines), product);
  }
  if (lines.size() > lines_kept) lines.erase(lines.begin(), lines.end() - lines_kept);
  outcome.last_lines = lines;
  return outcome;
}

}  // namespace reprise
