#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A command on the smallest host that can run it: a folder as the whole file system, with the C and C++ libraries of
# this machine (or those that lie in it already), and a torch wheel at /site. No shell, no Python, no other library.
#   scripts/small_host.sh ROOT SITE COMMAND...    SITE is the folder that holds torch/ and nvidia/
# Needs root and a Linux that lets it make a mount namespace; nothing stays mounted. Exit code 77 where that cannot be.
set -euo pipefail
[ $# -ge 3 ] || { echo "small_host: wanted ROOT SITE COMMAND..." >&2; exit 2; }
root=$(realpath -m "$1") site=$(realpath "$2")
shift 2
[ "$(id -u)" -eq 0 ] || { echo "small_host: skipped, it needs root to change the root folder" >&2; exit 77; }
unshare --mount true 2>/dev/null || { echo "small_host: skipped, this machine allows no mount namespace" >&2; exit 77; }

mkdir -p "$root"/{dev,etc,proc,site,tmp}
touch "$root"/dev/{null,urandom}
# The loader lies where every program says; the others where it looks first. Those of glibc come as one set.
loader=$(readelf -l "$(command -v bash)" | sed -n 's/.*interpreter: \(.*\)\]/\1/p')
libc=$(ldd "$(command -v bash)" | awk '/libc\.so/ {print $3}')
libraries=$(dirname "$(realpath "$libc")")
if [ ! -e "$root$loader" ]; then
  mkdir -p "$root$(dirname "$loader")" "$root$libraries"
  cp -L "$loader" "$root$loader"
  for name in libc.so.6 libm.so.6 libmvec.so.1 libdl.so.2 libpthread.so.0 librt.so.1 libutil.so.1 libstdc++.so.6 libgcc_s.so.1; do
    [ -e "$libraries/$name" ] && cp -L "$libraries/$name" "$root$libraries/$name"
  done
fi
# shellcheck disable=SC2016
exec unshare --mount --propagation private bash -c '
  root=$1 site=$2
  shift 2
  mount --bind "$site" "$root/site" && mount --bind /dev/null "$root/dev/null" &&
    mount --bind /dev/urandom "$root/dev/urandom" && mount -t proc proc "$root/proc" ||
    { echo "small_host: skipped, this machine allows no mounts" >&2; exit 77; }
  exec chroot "$root" "$@"' small_host "$root" "$site" "$@"
