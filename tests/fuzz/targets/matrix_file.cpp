// SPDX-License-Identifier: Apache-2.0
// Files that name several matrices.
#include "harness/matrix/matrix_file.h"
#include "fuzz/placed.h"
#include "fuzz/target.h"
#include "harness/base/files.h"

namespace reprise::fuzz_targets {
namespace {

std::vector<std::string> seeds() {
  return {
      "format = \"reprise.matrices/1\"\nbudget = \"10m\"\nbisect = \"first\"\n[[matrix]]\n"
      "recipes = [\"waves\"]\naxes = [\"threads=1,2\", \"repeat=2\"]\ndesign = \"full\"\n",
      read_file(REPRISE_SOURCE "/recipes/matrices/nightly.toml", "matrices")};
}

void read(const std::string& input) {
  const MatrixFileWords known{{"html", "json", "md"}, {"local", "slurm"}};
  const auto path = placed(input, "matrices/fuzzed.toml");
  is_matrix_file(path);
  read_matrix_file(path, known);
}

}  // namespace

extern const FuzzTarget matrix_file{
    .summary = "files of several matrices",
    .seeds = seeds,
    .read = read,
    .slow = true,
};

}  // namespace reprise::fuzz_targets
