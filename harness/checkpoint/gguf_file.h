// SPDX-License-Identifier: Apache-2.0
#pragma once
// GGUF, version 2 and 3, little-endian: what llama.cpp reads. Tensors of plain element types are as in any
// other format; those of blocks (Q4_K) are the bytes of their blocks, with ggml's name of the type as dtype.
// Shapes are in row-major order, which is ggml's turned round. Metadata are plain values.
#include "harness/checkpoint/checkpoint_file.h"

namespace reprise {

// Broken for another version, for what is cut short, and for tensors that overlap or are out of place.
CheckpointFile read_gguf(const Kept& file);

}  // namespace reprise
