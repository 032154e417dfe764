#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Everything that a card is needed for, in steps of under a minute, those worth most first. Each leaves one JSON file; one
# that fails is kept too, and the next goes on.
#   scripts/gpu-day.sh                   all steps on device 0
#   scripts/gpu-day.sh STEP...           these steps alone
#   scripts/gpu-day.sh --list            what the steps are
#   scripts/gpu-day.sh --seconds 340     begin nothing after so long; 520 if not told
#   scripts/gpu-day.sh --against FOLDER  hold the results against another card's: bits and ratios, as a table
#   scripts/gpu-day.sh --dry FOLDER      without a card: every step, small, on the CPU and on the CUDA run-time library in
#                                        FOLDER that only pretends; its times mean nothing
# REPRISE names the folder that has bin/reprise: a build folder (build/ beside this script if nothing is named; made with
# -DREPRISE_BENCH=ON) or an unpacked bundle. Of a bundle, cuda_bench and cuda_torch_bench are no part: copied into its bin/ they
# are found there, and else their steps are untested. PYTHON (python3) is the Python with torch; DEVICE the card's number; OUT
# the folder of the results, by default gpu-day-results/<card>. Away from a checkout it needs this script, the folder gpu_day
# beside it, and bench/scripts beside the folder of both.
set -euo pipefail
exec "${PYTHON:-python3}" "$(dirname "$(realpath "${BASH_SOURCE[0]}")")/gpu_day" "$@"
