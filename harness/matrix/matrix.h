// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a matrix ran: its factors, and each configuration with its run's folder and how the run ended. Written
// beside the runs as TOML, read again by `report`. A run's folder is RUNS/<plan id>/<repeat>/ with plan.toml,
// trace.h5, log.txt, outcome.toml and checkpoints/.
#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/words.h"
#include "harness/plan/promise.h"

namespace reprise {

// How a run ended; all but `done` leave it untested.
enum class Ending {
  not_run,  // nobody has tried yet
  done,
  skipped,  // cannot be done here
  failed,
  killed,
  timed_out,
  interrupted
};
std::span<const Word<Ending>> words_of(Ending ending);

struct Outcome {
  Ending ending = Ending::not_run;
  std::string reason;                   // why it is untested: one sentence
  std::vector<std::string> last_lines;  // of its log
  double seconds = 0;
  std::int64_t peak_bytes = 0;          // largest resident memory
  std::vector<std::string> notes = {};  // what of it could not be seen, a sentence each

  bool done() const { return ending == Ending::done; }
};
std::string to_toml(const Outcome& outcome);
Outcome outcome_from_toml(std::string_view text, std::string_view where);

struct Factor {
  std::string name;                 // "threads", "repeat", "pin:tf32"
  std::vector<std::string> values;  // the first is the baseline; for repeat: "1", "2", ...
  Promise promise = Promise::numeric;
};

struct Configuration {
  std::string name;                           // "baseline", "threads=2", "threads=2 repeat=2"
  std::map<std::string, std::string> values;  // factor -> value, of every factor, repeat included
  std::string plan_id;
  std::filesystem::path folder;  // of its run; relative to the matrix file when written
  Outcome outcome;
};

// How a matrix combines its factors: one at a time from the baseline, two at a time, all together.
enum class Design { one, pairs, full };
std::span<const Word<Design>> words_of(Design design);

struct Matrix {
  std::string recipe;
  Design design = Design::one;
  std::vector<std::string> command;  // the words that a person types to do it again
  std::vector<Factor> factors;
  std::vector<Configuration> configurations;  // [0] is the baseline
  // The short runs of the baseline's self-test, under their own names; none if there was no self-test.
  std::vector<Configuration> self_test = {};
  std::vector<Configuration> own_pair = {};  // two short runs that nobody seeds but the script
};

void write_matrix(const Matrix& matrix, const std::filesystem::path& path);
Matrix read_matrix(const std::filesystem::path& path);

}  // namespace reprise
