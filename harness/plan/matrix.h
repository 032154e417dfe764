// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a matrix ran: its factors, and each configuration with its run's folder and how the run ended. Written
// beside the runs as TOML, read again by `report`. A run's folder is RUNS/<plan id>/<repeat>/ with plan.toml,
// trace.h5, log.txt, outcome.toml and checkpoints/.
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace reprise {

// What a factor owes the baseline: it must not move the bits; it may, within the metric's margin; it is meant
// to.
enum class Promise { bitwise, numeric, statistical };
std::string_view to_text(Promise promise);
Promise promise_from_text(std::string_view text);

// How a run ended. `status` is "done" or "untested"; a run that is untested says why.
struct Outcome {
  std::string status = "untested";
  std::string kind;    // "": done; "skipped" (cannot be done here), "failed", "killed", "timed-out"
  std::string reason;  // one sentence
  std::vector<std::string> last_lines;  // of its log
  double seconds = 0;
  std::int64_t peak_bytes = 0;          // largest resident memory
  std::vector<std::string> notes = {};  // what of it could not be seen, a sentence each

  bool done() const { return status == "done"; }
};
std::string to_toml(const Outcome& outcome);
Outcome outcome_from_toml(std::string_view text, std::string_view where);

struct Factor {
  std::string name;                 // "threads", "repeat", "pin:tf32"
  std::vector<std::string> values;  // the first is the baseline; for repeat: "1", "2", ...
  Promise owes = Promise::numeric;
};

struct Configuration {
  std::string name;                           // "baseline", "threads=2", "threads=2 repeat=2"
  std::map<std::string, std::string> values;  // factor -> value, of every factor, repeat included
  std::string plan_id;
  std::filesystem::path folder;  // of its run; relative to the matrix file when written
  Outcome outcome;
};

struct Matrix {
  std::string recipe;
  std::string design;   // "one", "pairs", "full"
  std::string command;  // what a person types to do it again
  std::vector<Factor> factors;
  std::vector<Configuration> configurations;  // [0] is the baseline
  // The short runs of the baseline's self-test, under their own names; none if there was no self-test.
  std::vector<Configuration> self_test = {};
};

void write_matrix(const Matrix& matrix, const std::filesystem::path& path);
Matrix read_matrix(const std::filesystem::path& path);

}  // namespace reprise
