#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Shows that a bundle runs where there is nothing but the C and C++ libraries and a torch wheel: packs one, runs `waves`
# in a small host (scripts/small_host.sh), and compares every step with the same run made outside.
#   scripts/try_bundle.sh [BUILD]    BUILD is the build's folder, build/ by default
# Exit codes: 0 equal, 1 not, 2 trouble, 77 skipped (no root, no mount namespace, no torch).
set -euo pipefail
cd "$(dirname "$0")/.."
build=$(realpath "${1:-build}")
reprise=$build/bin/reprise
[ -e "$build/lib/torch/libtorch_cpu.so" ] || { echo "try_bundle: skipped, $build has no torch" >&2; exit 77; }
site=$(dirname "$(dirname "$(realpath "$build/lib/torch")")")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
say() { printf 'try_bundle: %s\n' "$*"; }

"$reprise" bundle "$work/first.tar.zst"
"$reprise" bundle "$work/second.tar.zst" >/dev/null
cmp "$work/first.tar.zst" "$work/second.tar.zst"
say "made twice, the same bytes"
[ "$(stat -c %s "$work/first.tar.zst")" -lt 40000000 ] || { say "wanted less than 40 MB"; exit 1; }
if tar --zstd -tf "$work/first.tar.zst" | grep -E 'libtorch|libc10'; then say "a part of torch is in it"; exit 1; fi

host=$work/host
mkdir -p "$host/opt"
tar --zstd -xf "$work/first.tar.zst" -C "$host/opt"
bundle=$(basename "$host"/opt/reprise-*)
there() {  # there SITE ARGUMENT...: the bundle's reprise in the small host
  local with=$1
  shift
  scripts/small_host.sh "$host" "$with" "/opt/$bundle/bin/reprise" "$@"
}

there "$site" run waves --set steps=5 --torch /site/torch --runs /runs
"$reprise" run waves --set steps=5 --runs "$work/runs" >/dev/null
say "the same run outside:"
"$reprise" diff "$host"/runs/*/1 "$work"/runs/*/1 || { say "wanted equal chains"; exit 1; }

# A torch of another version is refused before any worker starts.
mkdir -p "$work/site/torch/lib"
touch "$work/site/torch/lib/libtorch_cpu.so"
echo "__version__ = '2.8.0+cu128'" >"$work/site/torch/version.py"
code=0
there "$work/site" run waves --set steps=6 --torch /site/torch --runs /foreign 2>"$work/refused" || code=$?
cat "$work/refused"
[ "$code" -eq 2 ] && grep -q 'found 2.8.0+cu128' "$work/refused" && [ ! -e "$host/foreign" ] ||
  { say "wanted a refusal with exit code 2 and no run folder, found $code"; exit 1; }

# A bundle has no sources of the recorder, and says so.
if [ -x .deps/venv/bin/python ]; then
  code=0
  "$host/opt/$bundle/bin/reprise" run --runs "$work/watched" -- .deps/venv/bin/python -c 'import torch' 2>"$work/refused" ||
    code=$?
  cat "$work/refused"
  [ "$code" -eq 2 ] && grep -q 'a bundle has none' "$work/refused" ||
    { say "wanted a refusal with exit code 2, found $code"; exit 1; }
fi
# One made with a recorder watches scripts, where nothing of this checkout is looked for.
if [ -x .deps/venv/bin/python ]; then
  "$reprise" bundle --with-recorder "$work/watching.tar.zst" >/dev/null
  mkdir "$work/watching"
  tar --zstd -xf "$work/watching.tar.zst" -C "$work/watching" --strip-components=1
  cat >"$work/train.py" <<'SCRIPT'
import torch
layer = torch.nn.Linear(4, 2)
optimizer = torch.optim.SGD(layer.parameters(), lr=0.1)
for _ in range(3):
    optimizer.zero_grad()
    layer(torch.ones(1, 4)).sum().backward()
    optimizer.step()
SCRIPT
  "$work/watching/bin/reprise" run --json --runs "$work/watched" -- .deps/venv/bin/python "$work/train.py" |
    grep '"steps": 3' || { say "wanted a script of 3 steps, watched"; exit 1; }
  ! grep -rl "$PWD/harness" "$work"/watched/*/1/given.json "$work"/watched/*/1/files-*.jsonl 2>/dev/null ||
    { say "wanted nothing of this checkout to be read"; exit 1; }
fi
say "shown"
