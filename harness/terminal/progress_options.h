// SPDX-License-Identifier: Apache-2.0
#pragma once
// --quiet and --events, and where progress goes with them: to people on standard error, and to programs.
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "harness/launch/progress.h"
#include "harness/options/command_options.h"
#include "harness/terminal/events_file.h"
#include "harness/terminal/progress_lines.h"

namespace reprise {

// Whoever is told. Until it is opened it tells nobody.
class Progress {
 public:
  // Once; later calls do nothing. An Error if the file of events cannot be written.
  void open(bool quiet, const std::string& events);
  void take(const LaunchEvent& event);
  void count(std::size_t done, std::size_t all, std::string_view what);
  void verdict(int exit_code, const std::string& sentence, const std::vector<std::filesystem::path>& files);

 private:
  bool opened_ = false;
  std::optional<ProgressLines> lines_;
  std::optional<EventsFile> events_;
};

struct ProgressChoices {
  bool quiet = false;
  std::string events;
  std::shared_ptr<Progress> shown = std::make_shared<Progress>();
};

void add_progress_options(CommandOptions& app, ProgressChoices& choices);
// Opened, before anything runs.
Progress& progress_of(const ProgressChoices& choices);
// The answer was given: what it said, with which exit code, and the files it stands in.
void tell_verdict(const ProgressChoices& choices, int exit_code, const std::string& sentence,
                  const std::vector<std::filesystem::path>& files = {});
// Wipes the progress line off a terminal.
void end_progress();

}  // namespace reprise
