#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Builds and runs all tests: first what needs no LibTorch, by itself, then the rest. Tests whose label holds "light" would
# be made of the same objects in both builds, so they are built and run once.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/build.sh light
ctest --preset light -j "$(nproc)" --output-on-failure
scripts/build.sh release
ctest --preset release -j "$(nproc)" --output-on-failure
