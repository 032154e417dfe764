#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Sets up and builds one preset (release by default), all of it or some targets:
# scripts/build.sh [release|dev|light] [TARGET...]
set -euo pipefail
cd "$(dirname "$0")/.."
preset=${1:-release}
shift || true
case $preset in
  light) scripts/setup.sh --light ;;
  release) if [ "${1:-}" = programs ]; then scripts/setup.sh --programs; else scripts/setup.sh; fi ;;
  *) scripts/setup.sh ;;
esac
configure=(cmake --preset "$preset")
[ "${1:-}" = programs ] && configure+=(-DREPRISE_TESTS=OFF)
[ -n "${LIBTORCH_DIR:-}" ] && configure+=("-DLIBTORCH_DIR=$LIBTORCH_DIR")
log=$(mktemp)
trap 'rm -f "$log"' EXIT
"${configure[@]}" >"$log" 2>&1 || { cat "$log" >&2; exit 2; }
printf 'build: preset %s%s\n' "$preset" "${*:+, $*}" >&2
targets=()
[ $# -gt 0 ] && targets=(--target "$@")
cmake --build --preset "$preset" "${targets[@]}" >"$log" 2>&1 || { grep -v '^\[' "$log" >&2 || cat "$log" >&2; exit 2; }
