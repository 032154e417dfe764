# SPDX-License-Identifier: Apache-2.0
"""One folder for a card that has Python and torch, and neither a compiler nor the sources: the bundle, the bench programs,
these scripts, and the recorder that watches Python, built here for the same torch."""
import hashlib
import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile

kept_in = "share/reprise/recorder"
of_the_system = re.compile(r"lib(c|m|dl|rt|pthread|resolv|stdc\+\+|gcc_s|torch.*|c10.*|gomp|cudart|cupti)\.so|ld-linux|linux-vdso")


def read_kit(text):
    """The TOML that cmake writes: texts and lists of texts, which JSON writes alike."""
    return {name: json.loads(value) for name, value in re.findall(r"^(\w+) = (.*)$", text, re.M)}


def kit_digest(kit):
    """As harness/watch/recorder.cpp has it: what goes into a recorder but torch itself."""
    hashed = hashlib.sha256((" ".join(kit["options"]) + kit["compiler"]).encode())
    for room in kit["rooms"] + kit["torch_rooms"]:
        for file in sorted((pathlib.Path(kit["source"]) / room).iterdir()):
            if file.suffix in (".h", ".cpp", ".map"):
                hashed.update(file.read_bytes())
    for archive in kit["archives"]:
        hashed.update(pathlib.Path(archive).read_bytes())
    return hashed.hexdigest()[:12]


def version_of(torch):
    return re.search(r"__version__ = '(.*)'", (torch / "version.py").read_text()).group(1)


def library_name(digest, torch):
    return f"torch-{version_of(torch)}-abi1-{hashlib.sha256((digest + str(torch)).encode()).hexdigest()[:12]}.so"


def libraries_of(file):
    listed = subprocess.run(["ldd", str(file)], capture_output=True, text=True, check=True).stdout
    return {name: path for name, path in re.findall(r"(\S+) => (/\S+)", listed) if not of_the_system.match(name)}


def carry_recorder(home, python, torch, folder):
    """Why the recorder does not come along, or nothing."""
    if torch is None or not (home / kept_in / "kit.toml").is_file():
        return "no Python with torch here (PYTHON), or no recorder's sources"
    text = (home / kept_in / "kit.toml").read_text()
    kit, place = read_kit(text), folder / kept_in
    cache = tempfile.mkdtemp()
    try:
        subprocess.run([home / "bin/reprise", "run", "--runs", cache, "--", python, "-c", "import torch"],
                       env={**os.environ, "XDG_CACHE_HOME": cache}, capture_output=True, check=False)
        library = pathlib.Path(cache) / "reprise/recorder" / library_name(kit_digest(kit), torch)
        if not library.is_file():
            return f"no recorder was built here, or it has another name than {library.name}"
        place.mkdir(parents=True, exist_ok=True)
        shutil.copy(library, place / "recorder.so")
    finally:
        shutil.rmtree(cache, ignore_errors=True)
    for file in (home / kept_in).glob("*.so"):
        shutil.copy(file, place)
    source = pathlib.Path(kit["source"])
    for room in [*kit["rooms"], *kit["torch_rooms"]]:
        shutil.copytree(source / room, place / "tree" / room, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
    for file in kit["archives"]:
        shutil.copy(file, place)
        text = text.replace(file, "@HERE@/" + pathlib.Path(file).name)
    (place / "kit.toml.in").write_text(text.replace(f'source = "{source}"', 'source = "@HERE@/tree"'))
    (place / "torch.txt").write_text(version_of(torch))
    (place / "lib").mkdir(exist_ok=True)
    for name, path in libraries_of(place / "recorder.so").items():
        shutil.copy(path, place / "lib" / name)
    return None


def pack(home, python, torch, folder):
    """What did not come along, as sentences."""
    here = pathlib.Path(__file__).resolve().parent
    folder.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as name:
        archive = pathlib.Path(name) / "bundle.tar.zst"
        subprocess.run([home / "bin/reprise", "bundle", archive], check=True, stdout=subprocess.DEVNULL)
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
    why = carry_recorder(home, python, torch, folder)
    return missing + ([f"the recorder of scripts: {why}"] if why else [])


def unpack_recorder(home, torch, out):
    """Puts the recorder that came along where reprise looks for one; the variables that lead there."""
    place = home / kept_in
    if torch is None or not (place / "kit.toml.in").is_file() or (place / "torch.txt").read_text() != version_of(torch):
        return {}
    (place / "kit.toml").write_text((place / "kit.toml.in").read_text().replace("@HERE@", str(place)))
    kit = read_kit((place / "kit.toml").read_text())
    cache = out / "cache"
    (cache / "reprise/recorder").mkdir(parents=True, exist_ok=True)
    shutil.copy(place / "recorder.so", cache / "reprise/recorder" / library_name(kit_digest(kit), torch))
    given = os.environ.get("LD_LIBRARY_PATH")
    return {"XDG_CACHE_HOME": str(cache), "LD_LIBRARY_PATH": str(place / "lib") + (":" + given if given else "")}
