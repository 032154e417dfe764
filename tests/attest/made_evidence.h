// SPDX-License-Identifier: Apache-2.0
#pragma once
// Keys made for one test, and a small matrix with its report, made without any training.
#include <sys/stat.h>

#include <filesystem>
#include <string>

#include "harness/base/files.h"
#include "harness/matrix/matrix.h"
#include "program.h"
#include "skip.h"
#include "small_trace.h"

namespace reprise {

// Runs a line of the shell; what it printed on both streams.
inline Printed run_line(const std::filesystem::path& folder, const std::string& line) {
  return run_program(folder, "-c '" + line + "'", "", "/bin/sh");
}

// Two halves of a key in FOLDER/key.pem and FOLDER/key.pub, by openssl.
inline void make_key(const std::filesystem::path& folder,
                     const std::string& how = "EC -pkeyopt ec_paramgen_curve:P-256",
                     const std::string& name = "key") {
  const auto made =
      run_line(folder, "umask 077; openssl genpkey -algorithm " + how + " -out " + name +
                           ".pem 2>&1 && openssl pkey -in " + name + ".pem -pubout -out " + name + ".pub");
  if (made.code != 0) skip("no openssl that makes keys: " + made.out + made.err);
}

inline void write_run(const std::filesystem::path& folder, const SmallTrace& made) {
  std::filesystem::create_directories(folder);
  write_small_trace(folder / "trace.h5", made);
  write_atomically(folder / "plan.toml", to_toml(plan_of(made)));
  Outcome outcome;
  outcome.ending = Ending::done;
  write_atomically(folder / "outcome.toml", to_toml(outcome));
  write_atomically(folder / "log.txt", "loss 0.5\n");
}

// FOLDER/runs/matrix with matrix.toml and report.{html,json}, whose three runs lie in FOLDER/runs. The third
// varies the pin `threads`, and parts at a step if `parts_at` says so.
inline std::filesystem::path make_matrix(const std::filesystem::path& folder, std::int64_t parts_at = -1) {
  const auto runs = folder / "runs";
  SmallTrace plain, other;
  other.pins["threads"] = "2";
  other.parts_at = parts_at;
  write_run(runs / "a/1", plain);
  write_run(runs / "a/2", plain);
  write_run(runs / "b/1", other);
  Matrix matrix;
  matrix.recipe = plain.recipe;
  matrix.command = {"reprise", "matrix", "small", "--axis", "repeat=2", "--axis", "threads=1,2"};
  matrix.factors = {{"repeat", {"1", "2"}, Promise::bitwise}, {"threads", {"1", "2"}, Promise::numeric}};
  const auto add = [&](const std::string& name, const SmallTrace& made, const std::filesystem::path& run,
                       const std::string& repeat, const std::string& threads) {
    matrix.configurations.push_back(
        {name, {{"repeat", repeat}, {"threads", threads}}, plan_id(plan_of(made)), run, {}});
    matrix.configurations.back().outcome.ending = Ending::done;
  };
  add("baseline", plain, runs / "a/1", "1", "1");
  add("repeat=2", plain, runs / "a/2", "2", "1");
  add("threads=2", other, runs / "b/1", "1", "2");
  make_folder(runs / "matrix");
  write_matrix(matrix, runs / "matrix/matrix.toml");
  run_program(folder, "report runs/matrix");
  return runs / "matrix";
}

inline constexpr const char* bundle_name = "runs/matrix.test-result.sigstore.json";

}  // namespace reprise
