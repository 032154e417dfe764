#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Everything that a card is needed for, in steps of under a minute (`script` two), those worth most first. Each leaves one JSON file; one
# that fails is kept too, and the next goes on.
#   scripts/gpu-day.sh                   all steps on device 0
#   scripts/gpu-day.sh STEP...           these steps alone
#   scripts/gpu-day.sh --list            what the steps are
#   scripts/gpu-day.sh --seconds 340     begin nothing after so long; 520 if not told
#   scripts/gpu-day.sh --against FOLDER  hold the results against another card's: bits and ratios, as a table
#   scripts/gpu-day.sh --pack FOLDER     fill FOLDER with all that a card's machine needs beside Python and torch
#   scripts/gpu-day.sh --dry FOLDER      without a card: every step, small, on the CPU and on the CUDA run-time library in
#                                        FOLDER that only pretends; its times mean nothing
# REPRISE names the folder that has bin/reprise: a build folder, an unpacked bundle or a packed folder; if it does not, the
# one that this script lies in, or build/ there. Programs that are not in its bin/ make their steps untested. PYTHON
# (python3) is the Python with torch, DEVICE the card's number (0), OUT the folder of the results (gpu-day-results/<card>).
set -euo pipefail
exec "${PYTHON:-python3}" "$(dirname "$(realpath "${BASH_SOURCE[0]}")")/gpu_day" "$@"
