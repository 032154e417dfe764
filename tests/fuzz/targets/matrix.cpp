// SPDX-License-Identifier: Apache-2.0
// The record of a matrix.
#include "harness/matrix/matrix.h"
#include "fuzz/placed.h"
#include "fuzz/target.h"
#include "harness/base/files.h"

namespace reprise::fuzz_targets {
namespace {

std::filesystem::path written() {
  Matrix matrix;
  matrix.recipe = "small";
  matrix.command = {"reprise", "matrix", "small"};
  matrix.factors = {{"threads", {"1", "2"}, Promise::numeric}};
  for (const std::string threads : {"1", "2"})
    matrix.configurations.push_back(
        {"threads=" + threads, {{"threads", threads}}, std::string(32, 'a'), "/runs/" + threads, {}});
  const auto path = placed("", "matrix/matrix.toml");
  write_matrix(matrix, path);
  return path;
}

std::vector<std::string> seeds() { return {read_file(written(), "matrix")}; }

void read(const std::string& input) { read_matrix(placed(input, "matrix/fuzzed.toml")); }

}  // namespace

extern const FuzzTarget matrix{
    .summary = "records of matrices",
    .seeds = seeds,
    .read = read,
};

}  // namespace reprise::fuzz_targets
