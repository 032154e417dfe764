// SPDX-License-Identifier: Apache-2.0
#pragma once
// Datasets of an HDF5 file as tensors, named by their paths. HDF5 itself works in a process of its own
// (own_process.h). Links and values outside the file are not followed.
#include <filesystem>

#include "harness/checkpoint/checkpoint_file.h"

namespace reprise {

// Broken for what HDF5 cannot open.
CheckpointFile read_hdf5(const std::filesystem::path& path);
CheckpointFile read_hdf5(const Kept& image);  // a file that lies in memory

// Whether it is a trace of reprise; true also for an HDF5 file that cannot be read.
bool is_trace(const std::filesystem::path& path);

}  // namespace reprise
