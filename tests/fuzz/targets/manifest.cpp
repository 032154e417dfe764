// SPDX-License-Identifier: Apache-2.0
// The processes of a run.
#include "fuzz/target.h"
#include "harness/trace/run_manifest.h"

namespace reprise::fuzz_targets {
namespace {

std::vector<std::string> seeds() {
  RunManifest manifest;
  manifest.execution = new_execution();
  manifest.plan_id = std::string(32, 'a');
  manifest.processes.push_back({});
  manifest.processes.back().folder = ".";
  manifest.processes.back().steps = 7;
  manifest.processes.back().chain = std::string(32, 'b');
  return {to_toml(manifest)};
}

void read(const std::string& input) { to_toml(manifest_from_toml(input, "manifest.toml")); }

}  // namespace

extern const FuzzTarget manifest{
    .summary = "manifests of runs",
    .seeds = seeds,
    .read = read,
};

}  // namespace reprise::fuzz_targets
