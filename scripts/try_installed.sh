#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Shows that an installed reprise needs nothing of the checkout: installs it into a fresh place, hides the checkout and
# this build under an empty folder, watches a script there and reports the run; with a wheel, a matrix of it too.
#   scripts/try_installed.sh BUILD PYTHON    what `cmake --install BUILD` installs, for a Python that has a torch
#   scripts/try_installed.sh WHEEL PYTHON    the wheel, in a fresh environment that sees that Python's packages
# Exit codes: 0 shown, 1 not, 2 trouble, 77 skipped (no such Python, no root, no mount namespace).
set -euo pipefail
[ $# -eq 2 ] || { echo "try_installed: wanted BUILD or WHEEL, and PYTHON" >&2; exit 2; }
what=$(realpath "$1") python=$2
say() { printf 'try_installed: %s\n' "$*"; }
packages=$("$python" -c 'import importlib.util, os
print(os.path.dirname(os.path.dirname(importlib.util.find_spec("torch").origin)))' 2>/dev/null) ||
  { say "skipped, $python has no torch"; exit 77; }
[ "$(id -u)" -eq 0 ] || { say "skipped, it needs root to hide the checkout"; exit 77; }
unshare --mount true 2>/dev/null || { say "skipped, this machine allows no mount namespace"; exit 77; }
checkout=$(realpath "$(dirname "$0")/..")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Its own environment, which has the packages at a place of their own: they may lie in the checkout.
"$python" -m venv --without-pip "$work/environment"
site=$("$work/environment/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
echo "$work/packages" >"$site/packages.pth"
mkdir "$work/packages" "$work/home"
began=$(date +%s%N)
case $what in
  *.whl) "$python" -m pip --python "$work/environment/bin/python" install --quiet --disable-pip-version-check --no-index \
    --no-deps "$what" ;;
  *) cmake --install "$what" --prefix "$work/environment" >/dev/null ;;
esac
cat >"$work/train.py" <<'SCRIPT'
import torch
torch.manual_seed(0)
layer = torch.nn.Linear(64, 8)
optimizer = torch.optim.SGD(layer.parameters(), lr=0.1)
for _ in range(3):
    optimizer.zero_grad()
    layer(torch.ones(256, 64)).sum().backward()
    optimizer.step()
SCRIPT
cat >"$work/there.sh" <<'THERE'
set -e
mount --bind "$packages" "$work/packages"
mount -t tmpfs none "$checkout"
cd "$work"
reprise list >listed
grep -q waves listed
reprise run --json --runs runs -- python train.py >run.json
reprise report runs --output report --format html,md >/dev/null
date +%s%N >reported
# An installed worker takes the torch of the Python on PATH; without one the command is named that builds it.
if [ -e "$(dirname "$(command -v reprise)")/reprise-worker" ]; then
  reprise run waves --set steps=2 --runs native >/dev/null
else
  ! reprise run waves --set steps=2 --runs native 2>refused
  grep -q 'reprise torch add' refused
fi
case $what in
  *.whl) reprise matrix --quiet --runs runs --axis repeat=2 --axis threads=1,2 -- python train.py >matrix || [ $? -eq 1 ]
    grep -q 'class.* of 4 runs' matrix ;;
esac
THERE
env -i PATH="$work/environment/bin:/usr/bin:/bin" HOME="$work/home" work="$work" packages="$packages" checkout="$checkout" what="$what" \
  unshare --mount --propagation private bash "$work/there.sh" || { say "it does not run without the checkout"; exit 1; }
grep -q '"steps": 3' "$work/run.json" || { say "wanted a script of 3 steps, watched"; exit 1; }
[ -s "$work/report/report.html" ] || { say "wanted a report"; exit 1; }
say "from the installation to the first report: $((($(cat "$work/reported") - began) / 1000000)) ms, with a recorder built"
[ ! -e "$work/matrix" ] || head -3 "$work/matrix"
! grep -rlF "$checkout/harness" "$work"/runs/*/*/*.json 2>/dev/null || { say "wanted nothing of the checkout to be read"; exit 1; }
case $what in
  *.whl)
    "$python" -m pip --python "$work/environment/bin/python" uninstall --quiet --yes reprise
    left=$(find "$work/environment" -name '*reprise*' -not -path '*/packages/*')
    [ -z "$left" ] || { say "left behind: $left"; exit 1; }
    say "uninstalled: nothing but the cache is left" ;;
esac
say "shown"
