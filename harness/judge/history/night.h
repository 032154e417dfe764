// SPDX-License-Identifier: Apache-2.0
#pragma once
// A night has a number, one more than the last of its machine, and is unfinished until all of its matrices
// were run and written down: the same command goes on with an unfinished night. Nights are ordered by their
// numbers, since a clock may be set back.
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "harness/judge/history/history.h"

namespace reprise {

// Holds a machine's history while a night runs. An Error where another process holds it. The kernel lets go
// of it when the process ends, however it ends.
class NightLock {
 public:
  NightLock(const std::filesystem::path& folder, std::string_view machine);
  NightLock(const NightLock&) = delete;
  NightLock& operator=(const NightLock&) = delete;
  ~NightLock();

 private:
  int file_ = -1;
};

struct Night {
  std::int64_t number = 1;
  std::string begun;               // "2026-11-28T03:00:01Z"
  bool goes_on = false;            // it was begun by an earlier call
  std::vector<std::string> notes;  // what a reader must know of it, a sentence each
};

// "2026-11-28T03:00:01Z".
std::string date_text(std::chrono::system_clock::time_point time);
// A machine's name as files can be called: letters, digits, '-', '_' and '.'.
std::string machine_name(std::string_view host);

// The unfinished night of that machine, or a new one, which is written down before it is returned. `matrix`:
// the digest of the matrix file; a night that was begun with another one is left as it is.
Night begin_night(const std::filesystem::path& folder, std::string_view machine, std::string_view matrix,
                  const History& history, std::chrono::system_clock::time_point now);
void finish_night(const std::filesystem::path& folder, std::string_view machine);

// HISTORY/nights/MACHINE/0007: its reports.
std::filesystem::path night_folder(const std::filesystem::path& folder, std::string_view machine,
                                   std::int64_t number);

}  // namespace reprise
