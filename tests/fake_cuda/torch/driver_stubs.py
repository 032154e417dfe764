# SPDX-License-Identifier: Apache-2.0
"""Writes the source of a libcuda.so.1 in which every function of cuda.h answers "not supported": driver_stubs.py CUDA_H OUTPUT

LibTorch, cuDNN and cuBLAS want the driver's library to be there; what runs on the fake device needs none of it.
"""
import pathlib
import re
import sys

# What LibTorch asks before it uses a device: whether its context is there.
ANSWERS = {
    "cuInit": "return 0;",
    "cuDriverGetVersion": "*static_cast<int*>(first) = 13000; return 0;",
    "cuCtxGetCurrent": "*static_cast<void**>(first) = nullptr; return 0;",
    "cuDevicePrimaryCtxGetState": "*static_cast<unsigned*>(second) = 0; *static_cast<int*>(third) = 1; return 0;",
}


def main():
    header, output = map(pathlib.Path, sys.argv[1:])
    text = header.read_text(encoding="utf-8", errors="replace")
    names = set(re.findall(r"CUDAAPI\s+(cu[A-Z]\w*)\s*\(", text))
    names |= set(re.findall(r"#\s*define\s+cu[A-Z]\w*\s+(cu[A-Z]\w*)", text))
    lines = ["// SPDX-License-Identifier: Apache-2.0", "// Written by driver_stubs.py from cuda.h."]
    for name in sorted(names):
        body = ANSWERS.get(name, "return 801;")
        arguments = "[[maybe_unused]] void* first, [[maybe_unused]] void* second, [[maybe_unused]] void* third"
        lines.append(f'extern "C" __attribute__((visibility("default"))) int {name}({arguments}) {{ {body} }}')
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text("\n".join(lines) + "\n")


main()
