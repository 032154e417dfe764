#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The main job: sets up, builds, trains real recipes under several configurations, sorts them into classes of equal
# bits, says what moved the bits and writes a report for each. Runs are kept in runs/, so a second call is quick.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/build.sh release programs

reprise=build/bin/reprise
trouble=0

# One matrix. A difference (exit 1) is a result; only trouble (exit 2) ends the demo with trouble.
show() {
  printf '\n== %s\n\n' "reprise matrix $*"
  local code=0
  "$reprise" matrix "$@" 2>/dev/null || code=$?
  [ "$code" -le 1 ] || trouble=$code
}

# Whether a recipe's data is on this machine: a run of one step tells.
has_data() {
  "$reprise" run "$1" --set steps=1 --set keep=none --json >/dev/null 2>&1
}

show waves --axis repeat=2 --axis threads=1,2 --axis isa=auto,default --axis mkl=default,strict --axis seed=0,1

for spec in "mnist1d --set model=mlp --set steps=500" "chargpt --set steps=40"; do
  # shellcheck disable=SC2086
  set -- $spec
  if has_data "$1"; then
    show "$@" --axis repeat=2 --axis threads=1,2 --axis isa=auto,default --axis mkl=default,strict --axis seed=0,1
  else
    printf '\n== %s: left out, its data is not on this machine:\n' "$1"
    "$reprise" run "$1" --set steps=1 --set keep=none 2>&1 | grep -m1 untested || true
  fi
done
exit "$trouble"
