#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Makes a wheel of the program without LibTorch, for `pip install` into an environment that has a torch: it watches scripts
# with that torch, by a recorder that it builds there once. Its tools come from the Python package index into .deps/.
#   scripts/wheel.sh [FOLDER]    FOLDER is where the wheel is put, dist/ by default
set -euo pipefail
cd "$(dirname "$0")/.."
out=${1:-dist}
tools=.deps/wheel
scripts/build.sh light reprise
build=build-light
grep -q '^REPRISE_CUDA:BOOL=OFF' $build/CMakeCache.txt || ! ninja -C $build -t query reprise_cuda >/dev/null 2>&1 ||
  scripts/build.sh light reprise_cuda
if ! cmp -s packaging/wheel/tools.txt $tools/tools.txt; then
  rm -rf $tools
  python3 -m venv $tools
  $tools/bin/pip install --quiet --disable-pip-version-check -r packaging/wheel/tools.txt
  cp packaging/wheel/tools.txt $tools/tools.txt
fi

# One time for all files, so that the same commit gives the same bytes.
SOURCE_DATE_EPOCH=$(git log -1 --format=%ct 2>/dev/null || echo 315532800)
export SOURCE_DATE_EPOCH
version=$(sed -n 's/^CMAKE_PROJECT_VERSION:STATIC=//p' $build/CMakeCache.txt)
platform=linux_$(uname -m)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
package=$work/tree/reprise
about=$work/tree/reprise-$version.dist-info
cmake --install $build --prefix "$package" --strip >/dev/null
cp packaging/wheel/*.py "$package"
mkdir -p "$about/licenses"
cp LICENSE "$about/licenses"
cp packaging/wheel/entry_points.txt "$about"
sed "s/@VERSION@/$version/" packaging/wheel/METADATA | cat - README.md >"$about/METADATA"
sed "s/@PLATFORM@/$platform/" packaging/wheel/WHEEL >"$about/WHEEL"
# The licences of the shared libraries that auditwheel puts into it. The C and C++ libraries, which it does not, do no harm.
ldd $build/bin/reprise | awk '$2 == "=>" { print $3 }' | while read -r library; do
  owner=$(dpkg-query -S "$library" "$(realpath "$library")" 2>/dev/null | head -1 | cut -d: -f1) || true
  [ -z "$owner" ] || cp "/usr/share/doc/$owner/copyright" "$package/share/doc/reprise/licences/$owner.txt"
done
find "$work/tree" -name __pycache__ -prune -exec rm -r {} +

"$tools/bin/wheel" pack --dest-dir "$work" "$work/tree" >/dev/null
mkdir -p "$out"
# The CUDA run-time library is the torch's.
PATH=$PWD/$tools/bin:$PATH "$tools/bin/auditwheel" repair --exclude 'libcudart.so.*' --wheel-dir "$work/repaired" \
  "$work/reprise-$version-py3-none-$platform.whl"
mv "$work"/repaired/*.whl "$out"
for wheel in "$work"/repaired/*.whl "$out/reprise-$version"-*.whl; do
  [ ! -e "$wheel" ] || printf '%s  %s bytes  sha256 %s\n' "$wheel" "$(stat -c %s "$wheel")" "$(sha256sum "$wheel" | cut -c1-64)"
done
