#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Installs what is missing and nothing else: Debian packages, and LibTorch from the torch wheel of the Python package
# index into .deps/ of this checkout. A second run finds everything there and ends at once.
#   scripts/setup.sh            everything
#   scripts/setup.sh --programs  what `reprise` and its worker are built from and run with (0.9 GB fetched), nothing that tests use
#   scripts/setup.sh --light    no LibTorch: enough to read, compare and report traces
#   scripts/setup.sh --aarch64  also a worker for aarch64, which qemu-aarch64 runs here: 0.4 GB fetched, 1 GB on disk, and a build
#   scripts/setup.sh --cuda     also the CUDA half of the torch wheel (2 GB), for GPUs; by itself where a driver is found
#   REPRISE_PYTHON=off scripts/setup.sh    not the Python (5 GB on disk) that the tests of Python scripts use
#   REPRISE_BROWSER=off scripts/setup.sh   not the browser (400 MB on disk) that the tests of HTML reports use
#   REPRISE_SLURM=off scripts/setup.sh     not the Slurm (12 MB) that the tests of clusters bring up on this host
#   LIBTORCH_DIR=/path/to/site-packages/torch scripts/setup.sh    your own torch, 2.6 or newer
set -euo pipefail
cd "$(dirname "$0")/.."

torch_version=2.11.0
packages=(g++ cmake ninja-build ccache python3 python3-pip libhdf5-dev libaec-dev zlib1g-dev libxxhash-dev libssl-dev
  libcli11-dev libtomlplusplus-dev nlohmann-json3-dev libfmt-dev libzstd-dev libboost-dev libutf8proc-dev libelf-dev
  libyaml-cpp-dev libgloo-dev)
if [ "${1:-}" = --programs ]; then
  REPRISE_PYTHON=off REPRISE_BROWSER=off REPRISE_SLURM=off
else
  packages+=(python3-venv xxhash catch2 libbenchmark-dev librandom123-dev qemu-user)
fi
[ "${1:-}" != --aarch64 ] || packages+=(g++-aarch64-linux-gnu)
[ "${REPRISE_BROWSER:-on}" = off ] || packages+=(chromium chromium-sandbox fonts-dejavu-core)

[ "${REPRISE_SLURM:-on}" = off ] || packages+=(slurmctld slurmd slurm-client munge slurm-wlm-basic-plugins)

say() { printf 'setup: %s\n' "$*" >&2; }

missing=()
installed=$(dpkg-query -W -f '${Package} ${db:Status-Status}\n' "${packages[@]}" 2>/dev/null || true)
for package in "${packages[@]}"; do
  grep -q "^$package installed$" <<<"$installed" || missing+=("$package")
done
if [ ${#missing[@]} -gt 0 ]; then
  as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || { say "wanted root rights to install: ${missing[*]}; found no sudo; install them yourself and start again"; exit 2; }
    as_root=(sudo)
  fi
  say "installing Debian packages: ${missing[*]}"
  "${as_root[@]}" apt-get update -qq
  DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
fi

# One folder of the Python package index: fetched beside its place, moved there when whole.
from_index() {  # from_index FOLDER STAMP PACKAGE...
  local folder=$1 stamp=$2
  shift 2
  [ "$(cat "$folder/.stamp" 2>/dev/null || true)" = "$stamp" ] && return
  say "fetching $* into $folder"
  rm -rf "$folder.partial"
  python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --no-deps --no-compile --target "$folder.partial" "$@"
  printf '%s\n' "$stamp" >"$folder.partial/.stamp"
  rm -rf "$folder"
  mv "$folder.partial" "$folder"
}

has_driver() { [ -e /proc/driver/nvidia/version ] || ldconfig -p 2>/dev/null | grep -q 'libcuda\.so\.1'; }

for_tests() {
  from_index .deps/python xxhash-3.5.0 xxhash==3.5.0
  # What holds the exports of an openness card against the schemas of those who read them, in tests.
  from_index .deps/jsonschema jsonschema-4.26.0-1 jsonschema==4.26.0 attrs==26.1.0 referencing==0.37.0 rpds-py==2026.9.1 \
    jsonschema-specifications==2025.9.1 typing_extensions==4.16.0 pyyaml==6.0.4
  # The schemas of GitHub's workflows and GitLab's pipelines, in the package that brings them.
  from_index .deps/schemas check-jsonschema-0.39.0 check-jsonschema==0.39.0
  # axe-core, in the package that brings it without Node.js; its digest stands in the file.
  [ "${REPRISE_BROWSER:-on}" = off ] ||
    from_index .deps/axe axe-playwright-python-0.1.8 --require-hashes -r tests/browser/axe.txt
}
mkdir -p .deps
[ "${1:-}" = --programs ] || for_tests

if [ "${1:-}" = --light ]; then
  exit 0
fi

# nvcc compiles the GPU half on every build, GPU or not; cuobjdump lists what it made. Their versions must fit one another.
[ "${1:-}" = --programs ] && ! has_driver ||
  from_index .deps/cuda nvcc-13.0.88-1 nvidia-cuda-nvcc==13.0.88 nvidia-nvvm==13.0.88 nvidia-cuda-crt==13.0.88 \
  nvidia-cuda-runtime==13.0.96 nvidia-cuda-cuobjdump==13.2.51

# A Python as a user of torch has it, to run training scripts under the recorder: made beside its place, stamped when
# whole.
test_python() {
  local stamp="torch==$torch_version numpy==2.4.6 transformers==5.23.0 accelerate==1.15.0 lightning==2.6.6 safetensors==0.8.0 h5py==3.16.0 xxhash==3.5.0"
  [ "$(cat .deps/venv/.stamp 2>/dev/null || true)" = "$stamp" ] && return
  say "making a Python for the tests in .deps/venv (fetches 2.8 GB)"
  rm -rf .deps/venv
  python3 -m venv .deps/venv
  # shellcheck disable=SC2086
  .deps/venv/bin/pip install --quiet --disable-pip-version-check $stamp
  printf '%s\n' "$stamp" >.deps/venv/.stamp
}
[ "${REPRISE_PYTHON:-on}" = off ] || test_python

# The torch of aarch64, and Debian's libraries for it in a folder of their own: no package of this machine is touched.
aarch64_worker() {
  local folder=.deps/aarch64 stamp="torch-$torch_version-debian-$(. /etc/os-release && printf '%s' "$VERSION_ID")-1"
  local libraries=(libc6 libgcc-s1 libstdc++6 libgomp1 libhdf5-dev libhdf5-103-1 libaec-dev libaec0 libsz2 zlib1g zlib1g-dev libxxhash0
    libxxhash-dev libssl3 libssl-dev libfmt9 libfmt-dev libzstd1 libzstd-dev libutf8proc-dev libutf8proc2 libelf1 libelf-dev
    libyaml-cpp-dev libyaml-cpp0.7 libtomlplusplus-dev libtomlplusplus3 catch2)
  if [ "$(cat $folder/.stamp 2>/dev/null || true)" != "$stamp" ]; then
    say "fetching torch and Debian's libraries for aarch64 into $folder (0.4 GB)"
    rm -rf $folder.partial
    mkdir -p $folder.partial/{sysroot,wheels,apt/lists/partial,apt/cache/archives/partial,apt/debs}
    local here platforms=() version
    here=$(realpath $folder.partial)
    local apt=(apt-get -qq -o APT::Architecture=arm64 -o APT::Architectures=arm64 -o Dir::State::Lists="$here/apt/lists"
      -o Dir::Cache="$here/apt/cache" -o Dir::State::status=/dev/null -o APT::Sandbox::User=)
    "${apt[@]}" update
    (cd $folder.partial/apt/debs && "${apt[@]}" download "${libraries[@]}")
    for package in $folder.partial/apt/debs/*.deb; do dpkg-deb -x "$package" $folder.partial/sysroot; done
    for version in 17 24 25 26 27 28; do platforms+=(--platform "manylinux_2_${version}_aarch64"); done
    python3 -m pip download --quiet --disable-pip-version-check --no-deps --only-binary=:all: --python-version 311 \
      --platform manylinux2014_aarch64 "${platforms[@]}" --dest $folder.partial/wheels \
      "torch==$torch_version" nvidia-cuda-runtime==13.0.96 nvidia-cuda-cupti==13.0.85
    for package in $folder.partial/wheels/*.whl; do python3 -m zipfile -e "$package" $folder.partial/libtorch; done
    rm -rf $folder.partial/{apt,wheels}
    printf '%s\n' "$stamp" >$folder.partial/.stamp
    rm -rf $folder
    mv $folder.partial $folder
  fi
  say "building the worker for aarch64 in build-aarch64"
  cmake --preset aarch64 >/dev/null
  cmake --build --preset aarch64
}
if [ "${1:-}" = --aarch64 ]; then
  aarch64_worker
  exit 0
fi

if [ -n "${LIBTORCH_DIR:-}" ]; then
  [ -e "$LIBTORCH_DIR/include/ATen/Context.h" ] ||
    { say "wanted a torch in LIBTORCH_DIR=$LIBTORCH_DIR, found no include/ATen/Context.h there; name the folder that holds include/ and lib/"; exit 2; }
  exit 0
fi
# Without its dependencies the wheel is enough for the CPU: libtorch_cpu needs only these two CUDA libraries.
libtorch_stamp="torch-$torch_version-1"
libtorch_packages=("torch==$torch_version" nvidia-cuda-runtime==13.0.96 nvidia-cuda-cupti==13.0.85)
# libtorch_cuda needs these too, in the versions that torch 2.11.0 names (its METADATA, and that of cuda-toolkit 13.0.2).
cuda_packages=(nvidia-cublas==13.1.0.3 nvidia-cuda-nvrtc==13.0.88 nvidia-cufft==12.0.0.61 nvidia-cufile==1.15.1.6
  nvidia-curand==10.4.0.35 nvidia-cusolver==12.0.4.66 nvidia-cusparse==12.6.3.3 nvidia-nvjitlink==13.0.88
  nvidia-nvtx==13.0.85 nvidia-cudnn-cu13==9.19.0.56 nvidia-cusparselt-cu13==0.8.0 nvidia-nccl-cu13==2.28.9
  nvidia-nvshmem-cu13==3.4.5)
# Once fetched it stays, whatever a later call says.
if [ "${1:-}" = --cuda ] || has_driver || [ "$(cat .deps/libtorch/.stamp 2>/dev/null || true)" = "$libtorch_stamp-cuda" ]; then
  libtorch_stamp+=-cuda
  libtorch_packages+=("${cuda_packages[@]}")
fi
from_index .deps/libtorch "$libtorch_stamp" "${libtorch_packages[@]}"
