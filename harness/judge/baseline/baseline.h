// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a plan gave in an environment, as a small text file that lives well in git: one file per plan and
// environment, sorted, one value a line. The verdict rests on whole digests (the chain of each process); the
// shortened digests of steps only say where a run that differs left it.
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "harness/machine/facts.h"
#include "harness/trace/run_traces.h"

namespace reprise {

// One step of a process: the first 8 hexadecimal digits of its root and of each stage; "-" where no digest
// was taken.
struct BaselineStep {
  std::int64_t step = 0;
  std::vector<std::string> digests;  // the root, then the stages in the order of stage_names
  bool operator==(const BaselineStep&) const = default;
};

struct BaselineProcess {
  std::string name;  // "rank 1", "place 1.2", "process 2"; "" where there is one
  std::int64_t last_step = 0;
  std::string chain;  // 32 digits: all steps
  std::string data;   // 32 digits: the data as the recipe saw it
  // Sorted; every step, or of a long training about 1,000 evenly spaced ones, the first and the last.
  std::vector<BaselineStep> steps;
  std::map<std::string, std::string> metrics;  // the last value of each, to the last bit
  bool operator==(const BaselineProcess&) const = default;
};

// A value that stood there before somebody blessed another.
struct EarlierValue {
  std::string digest;   // of the whole run, as run_digest() gives it
  std::string reprise;  // the version that made it
  std::string reason;   // why it was replaced
  bool operator==(const EarlierValue&) const = default;
};

struct Baseline {
  std::string recipe, recipe_id, plan_id;
  std::map<std::string, std::string> pins;  // that differ from their defaults
  Facts hardware;                           // what names the environment
  Facts software;                           // what may move bits and changes over time
  std::string artifacts;                    // digest of what the run left that was asked for; "" for nothing
  std::vector<BaselineProcess> processes;   // by name
  std::string run;                          // where the run lay that it is of
  std::vector<EarlierValue> earlier;        // the latest first
  bool operator==(const Baseline&) const = default;
};

inline constexpr std::string_view baseline_format = "reprise.baseline/1";

// Of a whole run that ended well; else an Error that says what it is instead.
Baseline baseline_of(const RunTraces& run, const std::filesystem::path& folder);

// One digest for all that the run gave: processes, lengths, chains, data, artifacts.
std::string run_digest(const Baseline& baseline);
// Of the hardware: 12 hexadecimal digits.
std::string environment_id(const Facts& hardware);
// "waves-1a2b3c4d-0123456789ab.toml"
std::string file_name(const Baseline& baseline);

// Equal baselines give equal bytes. An Error with the line for what is no baseline, is of another format, or
// was damaged.
std::string to_toml(const Baseline& baseline);
Baseline baseline_from_toml(std::string_view text, std::string_view where);

// Every baseline of a folder, by file name; an Error for a file there that is none.
std::vector<Baseline> baselines_in(const std::filesystem::path& folder);

}  // namespace reprise
