// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/history/night.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <ctime>

#include "harness/base/error.h"
#include "harness/base/files.h"
#include "harness/base/scalar.h"
#include "harness/base/text.h"
#include "harness/base/toml.h"

namespace reprise {

namespace fs = std::filesystem;

NightLock::NightLock(const fs::path& folder, std::string_view machine) {
  make_folder(folder);
  const fs::path path = folder / fmt::format("night-{}.lock", machine);
  file_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (file_ < 0)
    fail("cannot write {}: {}; name another folder with --history", path.string(), ::strerror(errno));
  if (::flock(file_, LOCK_EX | LOCK_NB) == 0) return;
  ::close(file_);
  fail(
      "another night of {} is running on the history {}: wait until it has ended, or give this one another "
      "--history or --machine",
      machine, folder.string());
}

NightLock::~NightLock() { ::close(file_); }

std::string date_text(std::chrono::system_clock::time_point time) {
  const std::time_t seconds = std::chrono::system_clock::to_time_t(time);
  std::tm parts{};
  ::gmtime_r(&seconds, &parts);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", parts.tm_year + 1900, parts.tm_mon + 1,
                     parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec);
}

std::string machine_name(std::string_view host) {
  std::string name;
  for (const char c : host) {
    const bool fits = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                      c == '-' || c == '_' || c == '.';
    name += fits ? c : '-';
  }
  return name.empty() || name.front() == '.' ? "machine" + name : name;
}

fs::path night_folder(const fs::path& folder, std::string_view machine, std::int64_t number) {
  return folder / "nights" / machine / fmt::format("{:04}", number);
}

namespace {

struct Begun {
  std::int64_t number = 0;
  std::string begun, matrix;
};

fs::path state_file(const fs::path& folder, std::string_view machine) {
  return folder / fmt::format("night-{}.toml", machine);
}

void write_state(const fs::path& file, const Begun& begun) {
  write_atomically(file,
                   fmt::format("# The night that runs, or was ended in the middle; `reprise nightly` goes on "
                               "with it.\nnight = {}\nbegun = {}\nmatrix = {}\n",
                               begun.number, quoted_text(begun.begun), quoted_text(begun.matrix)));
}

Begun read_state(const fs::path& file) {
  auto table = TomlTable::parse(read_file(file, "night"), file.string());
  Begun begun{table.integer("night"), table.text("begun"), table.text("matrix")};
  if (begun.number < 1) table.refuse("night", "wanted a night's number from 1");
  table.finish();
  return begun;
}

struct Last {
  std::int64_t number = 0;
  std::string date, latest;  // of the last night by number, and the latest of all
  std::int64_t latest_number = 0;
};

// Rows may have been lost, so the folders of reports count too.
Last last_of(const fs::path& folder, std::string_view machine, const History& history) {
  Last last;
  for (const auto& series : history.series) {
    if (series.machine != machine) continue;
    for (const auto& entry : series.entries) {
      const std::string& date = history.texts.at(entry.date);
      if (entry.night > last.number) last.number = entry.night, last.date = date;
      if (date > last.latest) last.latest = date, last.latest_number = entry.night;
    }
  }
  for (const auto& path : list_folder(folder / "nights" / machine))
    last.number = std::max(last.number, to_integer(path.filename().string()).value_or(0));
  return last;
}

}  // namespace

Night begin_night(const fs::path& folder, std::string_view machine, std::string_view matrix,
                  const History& history, std::chrono::system_clock::time_point now) {
  const fs::path file = state_file(folder, machine);
  Night night;
  Last last = last_of(folder, machine, history);
  if (fs::exists(file)) {
    const Begun begun = read_state(file);
    if (begun.matrix == matrix) {
      night = {begun.number, begun.begun, true, {}};
      night.notes.push_back(fmt::format("Night {} was ended in the middle and goes on; it began at {}.",
                                        begun.number, begun.begun));
      return night;
    }
    night.notes.push_back(fmt::format(
        "Night {} was ended in the middle, and the matrix file changed since: it is left as it is.",
        begun.number));
    last.number = std::max(last.number, begun.number);
  }
  night.number = last.number + 1;
  night.begun = date_text(now);
  if (night.begun < last.latest)
    night.notes.push_back(fmt::format(
        "The clock says {}, but night {} began at {}: it was set back. Nights are ordered by their "
        "numbers.",
        night.begun, last.latest_number, last.latest));
  write_state(file, {night.number, night.begun, std::string(matrix)});
  return night;
}

void finish_night(const fs::path& folder, std::string_view machine) {
  std::error_code gone;
  fs::remove(state_file(folder, machine), gone);
}

}  // namespace reprise
