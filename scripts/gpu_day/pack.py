# SPDX-License-Identifier: Apache-2.0
"""One folder for a card that has Python and torch, and neither a compiler nor the sources: a bundle that watches scripts
(docs/many-machines.md), the bench programs, and these scripts."""
import pathlib
import shutil
import subprocess
import tempfile


def pack(home, folder):
    """What did not come along, as sentences."""
    here = pathlib.Path(__file__).resolve().parent
    folder.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as name:
        archive = pathlib.Path(name) / "bundle.tar.zst"
        subprocess.run([home / "bin/reprise", "bundle", "--with-recorder", archive], check=True, stdout=subprocess.DEVNULL)
        subprocess.run(["tar", "--zstd", "-xf", archive, "-C", folder, "--strip-components=1"], check=True)
    missing = []
    for program in ("cuda_bench", "cuda_torch_bench"):
        if (home / "bin" / program).is_file():
            shutil.copy(home / "bin" / program, folder / "bin")
        else:
            missing.append(f"no {program} in {home / 'bin'} (built where there is an nvcc)")
    (folder / "scripts").mkdir()
    shutil.copy(here.parent / "gpu-day.sh", folder / "scripts")
    shutil.copytree(here, folder / "scripts/gpu_day", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(here.parent.parent / "bench/scripts", folder / "bench/scripts", ignore=shutil.ignore_patterns("__pycache__"))
    return missing

