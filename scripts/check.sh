#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What is looked at beside the tests: layout (clang-format), spelling (codespell) and, with --tidy, mistakes that compile
# (clang-tidy, the list in .clang-tidy).
#   scripts/check.sh                  layout and spelling of everything, in seconds
#   scripts/check.sh --tidy           clang-tidy too, on everything that the light build compiles (hours on two cores)
#   scripts/check.sh --tidy FILE...   on these sources alone
# Its tools come from the Python package index into .deps/checks, once. Needs a configured build-light/ for --tidy.
set -uo pipefail
cd "$(dirname "$0")/.."
stamp="clang-format==14.0.6 clang-tidy==16.0.4 codespell==2.4.1"
tools=.deps/checks
if [ "$(cat $tools/.stamp 2>/dev/null || true)" != "$stamp" ]; then
  rm -rf $tools
  # shellcheck disable=SC2086
  { mkdir -p .deps && python3 -m venv $tools && $tools/bin/pip install --quiet --disable-pip-version-check $stamp &&
    printf '%s\n' "$stamp" >$tools/.stamp; } ||
    { echo "check: wanted $stamp from the Python package index, and could not install them" >&2; exit 2; }
fi
trouble=0
looked="layout and spelling"
git ls-files -z '*.h' '*.cpp' '*.cu' | xargs -0 $tools/bin/clang-format --dry-run --Werror || trouble=1
git ls-files -z '*.h' '*.cpp' '*.cu' '*.py' '*.sh' '*.md' '*.cmake' '*.toml' 'CMakeLists.txt' |
  grep -zvE '^(tests/fuzz/corpus|tests/golden)/' |
  xargs -0 $tools/bin/codespell --ignore-words scripts/spelling.txt || trouble=1
if [ "${1:-}" = --tidy ]; then
  shift
  [ -e build-light/compile_commands.json ] ||
    { echo "check: wanted build-light/compile_commands.json, found none; run cmake --preset light" >&2; exit 2; }
  if [ $# -gt 0 ]; then files=("$@"); else mapfile -t files < <(git ls-files 'harness/**.cpp' 'reports/**.cpp' |
    grep -vE '^harness/(record|recorder)/|^harness/worker.cpp'); fi
  printf '%s\0' "${files[@]}" | xargs -0 -n 1 -P "$(nproc)" $tools/bin/clang-tidy --quiet -p build-light || trouble=1
  looked="layout, spelling, and ${#files[@]} sources by clang-tidy"
fi
[ $trouble -eq 0 ] && echo "check: nothing found ($looked)"
exit $trouble
