// SPDX-License-Identifier: Apache-2.0
// The machines of a cluster.
#include "harness/cluster/site.h"
#include "fuzz/target.h"

namespace reprise::fuzz_targets {
namespace {

std::vector<std::string> seeds() {
  return {"slurm = \"partition=main\"\n[[kind]]\nname = \"big\"\ndevice = \"cpu\"\nslurm = \"mem=4G\"\n"};
}

void read(const std::string& input) { site_from_toml(input, "site.toml"); }

}  // namespace

extern const FuzzTarget site{
    .summary = "sites",
    .seeds = seeds,
    .read = read,
};

}  // namespace reprise::fuzz_targets
