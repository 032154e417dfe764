#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# scripts/fuzz.sh [COUNT] [TARGET...]: libFuzzer gives COUNT inputs (1,000,000) in all to the readers of strangers' files
# (tests/fuzz/targets), each kind starting from good files, under AddressSanitizer and UndefinedBehaviorSanitizer. An input
# that crashes, runs for 20 seconds or asks for more than 1.5 GB ends its target, stays in build-fuzz/found, and the script
# ends with 1: mend the reader, then lay the input into tests/fuzz/corpus/TARGET. What it has learned is kept in
# build-fuzz/corpus. Targets that make a process for each input get a tenth of a fast one's share, and 1000 at least: libFuzzer
# counts the good files that it begins with, too.
set -euo pipefail
cd "$(dirname "$0")/.."
count=${1:-1000000}
shift || true
command -v clang++-16 >/dev/null ||
  { echo "fuzz: wanted clang++-16, found none; apt-get install clang-16 libclang-rt-16-dev (280 MB on disk)" >&2; exit 2; }
cmake --preset fuzz >/dev/null
cmake --build build-fuzz --target reprise-fuzz >&2
mkdir -p build-fuzz/found
seeds=$(REPRISE_FUZZ_SEEDS=build-fuzz/seeds build-fuzz/bin/reprise-fuzz)
[ $# -eq 0 ] || seeds=$(for target in "$@"; do grep "^$target " <<<"$seeds"; done)
fast=$(grep -c ' fast$' <<<"$seeds" || true) slow=$(grep -c ' slow$' <<<"$seeds" || true)
share=$((count * 10 / (fast * 10 + slow)))
# Freed memory is kept back for a short time only: each process that is made copies the pages of all of it.
export ASAN_OPTIONS=detect_leaks=0:allocator_may_return_null=0:quarantine_size_mb=8 UBSAN_OPTIONS=print_stacktrace=1
found=0 made=0
while read -r target speed; do
  runs=$((share > 0 ? share : 1))
  [ "$speed" = fast ] || runs=$((share > 10000 ? share / 10 : 1000))
  mkdir -p "build-fuzz/corpus/$target"
  kept=("build-fuzz/corpus/$target" "build-fuzz/seeds/$target")
  [ ! -d "tests/fuzz/corpus/$target" ] || kept+=("tests/fuzz/corpus/$target")
  if REPRISE_FUZZ_TARGET=$target build-fuzz/bin/reprise-fuzz -runs="$runs" -max_len=65536 -timeout=20 -rss_limit_mb=4096 \
    -malloc_limit_mb=1536 -print_final_stats=1 -verbosity=0 -artifact_prefix="build-fuzz/found/$target-" "${kept[@]}" \
    >"build-fuzz/found/$target.log" 2>&1; then
    echo "$target: $(sed -n 's/stat::number_of_executed_units: *//p' "build-fuzz/found/$target.log") inputs, none did harm"
  else
    found=$((found + 1))
    echo "$target: an input did harm; see build-fuzz/found/$target.log"
  fi
  made=$((made + $(sed -n 's/stat::number_of_executed_units: *//p' "build-fuzz/found/$target.log" | tail -1 || true) + 0))
done <<<"$seeds"
echo "$made inputs in all, $found targets with an input that did harm"
[ "$found" -eq 0 ]
