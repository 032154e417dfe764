#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Edits, power cuts and kills in the numbers of docs/measured/strength.md. Takes about an hour on 2 idle cores.
# usage: scripts/strength.sh [BUILD] [COUNT]: a folder with bin/reprise, bin/reprise-worker and bin/trace_tests, and
# how many of each (1000; a fifth of it for each kind of kill).
set -eu
cd "$(dirname "$0")/.."
build=${1:-build}
count=${2:-1000}
PATH="$PWD/.deps/venv/bin:$PATH"
export PATH
REPRISE_EDITS=$count "$build/bin/trace_tests" "an edit*"
REPRISE_CUTS=$count "$build/bin/trace_tests" "a trace of which the disk*"
REPRISE_CUTS=$count "$build/bin/trace_tests" "the file of a killed writer*"
python3 scripts/power_cuts.py "$build/bin/reprise" --count "$count"
python3 scripts/kills.py "$build/bin/reprise" --count "$((count / 5))"
