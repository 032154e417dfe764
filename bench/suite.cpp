// SPDX-License-Identifier: Apache-2.0
// reprise-benchmarks: all of them in one process, by Google Benchmark, whose options it takes.
// REPRISE_BENCH_FOLDER: where traces are written.
#include <benchmark/benchmark.h>

#include <cstdlib>

#include "benchmarks.h"

int main(int argc, char** argv) {
  const char* folder = std::getenv("REPRISE_BENCH_FOLDER");
  reprise::add_digest_benchmarks();
  reprise::add_trace_benchmarks(folder == nullptr ? std::filesystem::temp_directory_path() : folder);
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  benchmark::RunSpecifiedBenchmarks();
}
