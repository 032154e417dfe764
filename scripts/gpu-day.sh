#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Everything that a card is needed for, in steps of under 8 minutes. Each step leaves one JSON file below
# docs/measured/<device>/; a step whose file is there is not done again, so the script can be started as often as wished.
#   scripts/gpu-day.sh                  all steps on device 0, with the programs in build/bin
#   scripts/gpu-day.sh STEP...          these steps alone
#   scripts/gpu-day.sh --list           what the steps are
#   scripts/gpu-day.sh --dry FOLDER     without a card: all steps that train nothing, on the CUDA run-time library in
#                                       FOLDER that only pretends; its times mean nothing
# BUILD, DEVICE and OUT choose another build folder, device number and place of the results. On a machine that is only
# lent, build elsewhere (-DREPRISE_BENCH=ON) and bring the checkout with its build folder along.
set -uo pipefail
cd "$(dirname "$0")/.."

build=${BUILD:-build} number=${DEVICE:-0} dry="" limit=470
bench="$build/bin/cuda_bench" torch_bench="$build/bin/cuda_torch_bench" reprise="$build/bin/reprise"
steps=(facts equality bandwidth launches graph rivals random step-overhead run matrix-waves matrix-chargpt probes)
without_training=(facts equality bandwidth launches graph)

say() { printf 'gpu-day: %s\n' "$*" >&2; }

facts() { "$bench" facts --device "$number"; }
equality() { "$bench" equality --device "$number" --cases 2000 ${dry:+--dry}; }
bandwidth() { "$bench" bandwidth --device "$number" --mib 32,256,2048 ${dry:+--dry --rounds 1}; }
launches() { "$bench" launches --device "$number" ${dry:+--dry --rounds 1}; }
graph() { "$bench" graph --device "$number" ${dry:+--dry}; }

# A plan for the programs that use LibTorch: a recipe on this device.
plan() {
  local file
  file=$(mktemp)
  "$reprise" run "$@" --set "device=cuda:$number" --plan >"$file" && printf '%s\n' "$file"
}
torch_measure() {  # torch_measure MEASURE RECIPE...
  local measure=$1 file
  shift
  file=$(plan "$@") || return 2
  "$torch_bench" "$measure" "$file"
  local code=$?
  rm -f "$file"
  return $code
}
rivals() { torch_measure rivals waves; }
random() { torch_measure random waves; }
step-overhead() { torch_measure steps gpt2 --pin precision=bfloat16; }

# A difference (exit 1) is a result of a matrix, no failure of the step.
result() { "$@" || [ $? -eq 1 ]; }
run() { "$reprise" run waves --set "device=cuda:$number" --repeat 2 --json --runs "$out/runs"; }
matrix-waves() {
  result "$reprise" matrix waves --set "device=cuda:$number" --set model=cnn --axis repeat=2 --axis tf32=off,on \
    --axis determinism=on,off --axis cudnn-benchmark=off,on --json --runs "$out/runs"
}
matrix-chargpt() {
  result "$reprise" matrix chargpt --set "device=cuda:$number" --set steps=100 --axis repeat=2 --axis tf32=off,on \
    --axis sdpa=default,math --axis blas=default,cublaslt --axis cublas-workspace=:4096:8,:16:8 --json --runs "$out/runs"
}
probes() {
  if [ ! -d probes ]; then
    printf '{"measure": "probes", "untested": "this version has no probes"}\n'
    return
  fi
  "$reprise" probe --set "device=cuda:$number" --json
}

# The folder is named after the device: "NVIDIA H100 80GB HBM3" becomes nvidia-h100-80gb-hbm3.
folder_of_device() {
  local name
  name=$(facts | sed -n 's/^ "device": "\(.*\)",$/\1/p')
  [ -n "$name" ] || return 1
  printf 'docs/measured/%s\n' "$(tr '[:upper:] ' '[:lower:]-' <<<"$name" | tr -cd '[:alnum:]-')"
}

# One step: its JSON is written beside its place and moved there when whole.
do_step() {
  local step=$1 file="$out/$1.json" began=$SECONDS code=0
  if [ -s "$file" ]; then
    say "$step: is there already ($file)"
    return 0
  fi
  export -f facts equality bandwidth launches graph plan torch_measure rivals random step-overhead result run \
    matrix-waves matrix-chargpt probes
  export bench torch_bench reprise number dry out
  timeout "$limit" bash -c "$step" >"$file.partial" 2>"$out/$step.log" || code=$?
  if [ $code -eq 0 ]; then
    mv "$file.partial" "$file"
    [ -s "$out/$step.log" ] || rm -f "$out/$step.log"
    say "$step: done in $((SECONDS - began)) s"
    return 0
  fi
  say "$step: failed with exit code $code after $((SECONDS - began)) s: $(tail -n 1 "$out/$step.log")"
  mv "$file.partial" "$out/$step.failed.json"
  return 1
}

# Of the LibTorch that the worker loads.
torch_version() {
  local folder=${LIBTORCH_DIR:-.deps/libtorch/torch}
  sed -n "s/^__version__ = '\(.*\)'$/\1/p" "$folder/version.py" 2>/dev/null ||
    python3 -c 'import importlib.metadata as m; print(m.version("torch"))' 2>/dev/null
}

describe() {  # which versions ran, beside the measures
  printf '{"date": "%s", "commit": "%s", "driver": "%s", "torch": "%s", "kernel": "%s", "dry_run": %s}\n' \
    "$(date -u +%Y-%m-%d)" "$(git rev-parse --short HEAD 2>/dev/null || echo unknown)" \
    "$(sed -n 's/^NVRM version:.*Module *\([0-9.]*\).*/\1/p' /proc/driver/nvidia/version 2>/dev/null)" \
    "$(torch_version)" "$(uname -r)" \
    "$([ -n "$dry" ] && echo true || echo false)"
}

chosen=()
while [ $# -gt 0 ]; do
  case $1 in
    --list) printf '%s\n' "${steps[@]}"; exit 0 ;;
    --dry)
      dry=yes bench="$build/bin/cuda_bench_ptx" steps=("${without_training[@]}")
      export LD_LIBRARY_PATH="${2:?--dry wants the folder of the library that pretends}"
      shift ;;
    -*) say "no option $1; see the head of $0"; exit 2 ;;
    *)
      if [[ " ${steps[*]} " != *" $1 "* ]]; then
        say "no step named $1; the steps are: ${steps[*]}"
        exit 2
      fi
      chosen+=("$1") ;;
  esac
  shift
done
[ ${#chosen[@]} -gt 0 ] || chosen=("${steps[@]}")
[ -x "$bench" ] || { say "wanted $bench, found none; build with cmake --preset release -DREPRISE_BENCH=ON"; exit 2; }
if [ -n "$dry" ]; then out=${OUT:-$build/gpu-day-dry}; else out=${OUT:-$(folder_of_device)}; fi || { say "no CUDA device $number here: $(facts 2>&1 >/dev/null | tail -n 1)"; exit 2; }
mkdir -p "$out"
describe >"$out/versions.json"
failed=0
for step in "${chosen[@]}"; do do_step "$step" || failed=1; done
exit $failed
