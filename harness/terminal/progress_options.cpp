// SPDX-License-Identifier: Apache-2.0
#include "harness/terminal/progress_options.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <iostream>

namespace reprise {
namespace {

using Clock = std::chrono::steady_clock;

bool to_terminal() { return ::isatty(STDERR_FILENO) == 1; }

std::size_t terminal_columns() {
  winsize size{};
  return ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

}  // namespace

void Progress::open(bool quiet, const std::string& events) {
  if (opened_) return;
  if (!events.empty()) events_.emplace(events, Clock::now());
  if (!quiet) lines_.emplace(std::cerr, ProgressLines::Place{to_terminal(), terminal_columns});
  opened_ = true;
}

void Progress::take(const LaunchEvent& event) {
  if (lines_) lines_->take(event);
  if (events_) events_->take(event);
}

void Progress::count(std::size_t done, std::size_t all, std::string_view what) {
  if (lines_) lines_->count(done, all, what, Clock::now());
}

void Progress::verdict(int exit_code, const std::string& sentence,
                       const std::vector<std::filesystem::path>& files) {
  if (events_) events_->verdict(exit_code, sentence, files, Clock::now());
}

void add_progress_options(CommandOptions& app, ProgressChoices& choices) {
  app.add_flag("--quiet", choices.quiet, "Show no progress; errors and the answer stay");
  app.add_option("--events", choices.events,
                 "Write what happens to this file while it happens, one JSON object a line (docs/events.md)")
      ->type_name("FILE");
}

Progress& progress_of(const ProgressChoices& choices) {
  choices.shown->open(choices.quiet, choices.events);
  return *choices.shown;
}

void tell_verdict(const ProgressChoices& choices, int exit_code, const std::string& sentence,
                  const std::vector<std::filesystem::path>& files) {
  choices.shown->verdict(exit_code, sentence, files);
}

void end_progress() {
  if (to_terminal()) std::cerr << "\r\x1b[K" << std::flush;
}

}  // namespace reprise
