#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Measures what this project promises to be fast at, each against its peer in the same run, and writes
# docs/measured/benchmarks.md (and build-light/benchmarks.json). scripts/bench.sh [FILTER]: only groups that match.
# REPRISE_BENCH_NOTE: a sentence for the page, such as who else worked on the machine.
set -euo pipefail
cd "$(dirname "$0")/.."
cmake --preset light -DREPRISE_BENCH=ON >/dev/null
cmake --build build-light --target reprise-benchmarks reprise >&2
build-light/bin/reprise-benchmarks --benchmark_filter="${1:-.}" --benchmark_repetitions=11 --benchmark_min_time=0.01 \
  --benchmark_enable_random_interleaving=true --benchmark_out=build-light/benchmarks.json --benchmark_out_format=json >&2
python3 bench/table.py build-light/benchmarks.json build-light/bin/reprise >build-light/benchmarks.md
if [ $# -eq 0 ]; then
  cp build-light/benchmarks.md docs/measured/benchmarks.md
else
  cat build-light/benchmarks.md
fi
