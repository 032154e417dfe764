// SPDX-License-Identifier: Apache-2.0
// Traces, byte by byte; HDF5 looks at each in a process of its own.
#include "harness/trace/trace.h"
#include "fuzz/placed.h"
#include "fuzz/target.h"
#include "harness/base/files.h"
#include "small_trace.h"

namespace reprise::fuzz_targets {
namespace {

std::string small_trace() {
  const auto path = placed("", "made/trace.h5");
  write_small_trace(path, {});
  return read_file(path, "trace");
}

std::vector<std::string> seeds() {
  return {small_trace(), read_file(REPRISE_SOURCE "/tests/golden/trace-v3.h5", "trace")};
}

void read(const std::string& input) {
  const Trace trace(placed(input, "trace/fuzzed.h5"));
  trace.losses(trace.first_step(), trace.last_step());
  trace.metrics();
  trace.pin_checks();
  trace.artifacts();
  for (const std::int64_t step : trace.checkpoint_steps()) trace.leaves(step);
}

}  // namespace

extern const FuzzTarget trace{
    .summary = "traces",
    .seeds = seeds,
    .read = read,
    .slow = true,
};

}  // namespace reprise::fuzz_targets
