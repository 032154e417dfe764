// SPDX-License-Identifier: Apache-2.0
#pragma once
// Progress for programs: one JSON object a line, schema reprise.events/1, each written whole and at once
// (docs/events.md says which keys there are). Moments are seconds since the file was opened.
#include <chrono>
#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "harness/launch/progress.h"

namespace reprise {

class EventsFile {
 public:
  using Moment = std::chrono::steady_clock::time_point;
  // An Error if it cannot be written, or holds something that is not events. What it held is replaced.
  EventsFile(const std::filesystem::path& path, Moment now);
  EventsFile(const EventsFile&) = delete;
  EventsFile& operator=(const EventsFile&) = delete;
  ~EventsFile();

  void take(const LaunchEvent& event);
  void verdict(int exit_code, const std::string& sentence, const std::vector<std::filesystem::path>& files,
               Moment now);

 private:
  void write(nlohmann::ordered_json line, Moment at);

  std::string path_;
  int descriptor_;
  Moment opened_;
};

}  // namespace reprise
