// SPDX-License-Identifier: Apache-2.0
#include "harness/watch/process_outcome.h"

#include <algorithm>
#include <array>
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
std::string given_reason(const std::vector<WorkerEvent>& events) {
  for (auto event = events.rbegin(); event != events.rend(); ++event)
    if (event->told == Told::ended) return cleaned_line(event->text);
  return "";
}

std::string exit_words(int code, const std::string& reason, const fs::path& product,
                       const std::vector<std::string>& lines) {
  if (!reason.empty()) return reason;
  if (code == 0)
    return fmt::format("the worker ended as if it were done but left no {}; its log may say why",
                       product.filename().string());
  return fmt::format("the worker ended with exit code {} and gave no reason; {}", code, telling_line(lines));
}

// The loader, C++ and LibTorch each say in words of their own that they did not get the memory they asked
// for.
std::string memory_words(const std::string& reason, const std::vector<std::string>& lines) {
  constexpr std::array<std::string_view, 4> signs = {"std::bad_alloc", "failed to map segment",
                                                     "can't allocate memory", "Cannot allocate memory"};
  for (const std::string_view sign : signs) {
    const auto has = [sign](const std::string& line) { return line.find(sign) != std::string::npos; };
    const auto last = lines.end() - std::min<std::ptrdiff_t>(std::ssize(lines), 2);
    if (has(reason) || std::any_of(last, lines.end(), has))
      return fmt::format(
          "; it did not get the memory that it asked for ({}): free some, or raise its limit (ulimit -v)",
          sign);
  }
  return "";
}

// What a worker said that a reader of its trace must know.
std::vector<std::string> notes_in(const std::vector<WorkerEvent>& events) {
  std::vector<std::string> notes;
  for (const auto& event : events)
    if (event.told == Told::note) notes.push_back(cleaned_line(event.text));
  return notes;
}

}  // namespace

Outcome outcome_of(const ProcessEnd& end, const fs::path& product, const fs::path& log,
                   std::chrono::seconds time_limit, const std::vector<WorkerEvent>& events) {
  Outcome outcome;
  outcome.seconds = end.seconds;
  outcome.peak_bytes = end.peak_bytes;
  auto lines = end_of_log(log);
  if (end.signal == 0 && !end.timed_out && end.exit_code == 0 && fs::is_regular_file(product)) {
    outcome.ending = Ending::done;
    outcome.notes = notes_in(events);
    return outcome;
  }
  if (end.timed_out) {
    outcome.ending = Ending::timed_out;
    outcome.reason = fmt::format("not done within its time limit of {} s", time_limit.count());
  } else if (end.signal != 0) {
    outcome.ending = Ending::killed;
    outcome.reason = signal_words(end.signal);
  } else {
    outcome.ending = end.exit_code == 3 ? Ending::skipped : Ending::failed;
    outcome.reason =
        exit_words(end.exit_code, end.exit_code == 0 ? "" : given_reason(events), product, lines);
  }
  if (!end.timed_out) outcome.reason += memory_words(outcome.reason, lines);
  if (lines.size() > lines_kept) lines.erase(lines.begin(), lines.end() - lines_kept);
  outcome.last_lines = lines;
  return outcome;
}

}  // namespace reprise
