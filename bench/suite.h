// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the benchmarks share. Names are GROUP/WAY: the ways of a group do one thing, and bench/table.py sets
// each against the group's first, its peer, in the rounds of one run (scripts/bench.sh).
#include <benchmark/benchmark.h>

#include <string>

namespace reprise {

// Runs `work` as one way of a group. `units`: bytes, tensors or steps of one go, by which its time is
// divided.
template <class Work>
void way(const std::string& group, const std::string& name, double units, Work work) {
  benchmark::RegisterBenchmark((group + "/" + name).c_str(), [work, units](benchmark::State& state) {
    for (auto _ : state) work();
    state.counters["units"] = units;
  });
}

}  // namespace reprise
