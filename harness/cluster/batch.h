// SPDX-License-Identifier: Apache-2.0
#pragma once
// Runs that are made elsewhere, as a folder of files: BATCH/plans/0.toml, 1.toml, ... with batch.toml beside
// them, which says what each is called. A machine makes one of them, its leg, in a folder of its own, and
// leaves a result: the run's files with their digests.
#include <filesystem>
#include <string>
#include <vector>

#include "harness/plan/plan.h"

namespace reprise {

struct Leg {
  std::string name;  // the configuration's, for messages
  Plan plan;
  int repeat = 1;
  std::filesystem::path start = {};  // the checkpoint that it begins from, if watch.from says so
};

// `program`: SHA-256 of the reprise that must make them; "" for any.
void write_batch(const std::filesystem::path& folder, const std::vector<Leg>& legs,
                 const std::string& program);

struct BatchList {
  std::vector<Leg> legs;
  std::string program;
};
// An Error for a folder that is no batch, or a plan in it that was changed.
BatchList read_batch(const std::filesystem::path& folder);

// A run that was made, file by file: written last, so that a result means a whole run.
struct LegResult {
  std::string plan_id;
  int repeat = 1;
  std::string host;
  std::vector<std::pair<std::string, std::string>> files = {};  // name below the run's folder -> SHA-256
};

// Reads and digests every file of the run.
LegResult result_of(const std::filesystem::path& run, const std::string& plan_id, int repeat);
void write_result(const LegResult& result, const std::filesystem::path& file);
// "" if the result is there, whole, of that plan and repeat, and each file of the run is what it says; else
// what is wrong.
std::string wrong_result(const std::filesystem::path& file, const std::filesystem::path& run,
                         const std::string& plan_id, int repeat);

}  // namespace reprise
