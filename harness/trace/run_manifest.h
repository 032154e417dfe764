// SPDX-License-Identifier: Apache-2.0
#pragma once
// What one execution of a plan is: its own name, and the processes that trained in it. It lies beside the
// traces as RUN/run.toml, since traces of equal executions are equal under cmp. Written when the run has
// ended, before its outcome.
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace reprise {

inline constexpr const char* manifest_name = "run.toml";

// What tells the processes of a run apart, and so which of them is which in another run of the plan.
enum class ToldBy {
  alone,   // there is one
  rank,    // its rank among the processes that train together
  place,   // where it stands in the tree of starts: the second that the first one started
  time,    // they trained one after the other, never at once
  content  // nothing: they started alike and trained at once
};
std::string_view to_text(ToldBy told);

struct ProcessEntry {
  std::string folder;      // below the run's: "." or "rank-1"
  std::string rank;        // "" where it has none
  std::string place;       // in the tree of starts, "1.2"; "" for the command itself
  std::string arguments;   // the words after the program's name
  std::string ended;       // "signal 9" or "exit code 1", as its parent saw it; "" where nothing was wrong
  std::int64_t steps = 0;  // that its trace holds
  std::int64_t made = 0;   // that it made: a process that was killed may have made more
  std::string chain;       // digest at its last step
  bool finished = false;
};

struct RunManifest {
  std::string execution;  // 32 random hexadecimal digits
  std::string plan_id;
  ToldBy told_by = ToldBy::alone;
  bool cut_short = false;               // reprise ended it: a time limit, an interrupt
  std::vector<ProcessEntry> processes;  // the run's own trace first
};

std::string to_toml(const RunManifest& manifest);
// An Error with the line for what is no manifest.
RunManifest manifest_from_toml(std::string_view text, std::string_view where);
// Nothing if the folder has none.
std::optional<RunManifest> manifest_in(const std::filesystem::path& run);

// A name that no other execution has.
std::string new_execution();

}  // namespace reprise
