// SPDX-License-Identifier: Apache-2.0
#pragma once
// The readers of the single formats. Each gives tensors in any order; names are sorted and checked, and paths
// put into messages, by read_checkpoint alone.
#include "harness/trace/checkpoint/checkpoint_file.h"
#include "harness/trace/checkpoint/zip_archive.h"

namespace reprise {

CheckpointFile read_safetensors(const Kept& file);
CheckpointFile read_pickle(const Kept& file);  // numpy arrays in a plain pickle
CheckpointFile read_npy(const Kept& file);
// HDF5 itself works in a process of its own.
CheckpointFile read_hdf5(const std::filesystem::path& path);
CheckpointFile read_hdf5(const Kept& image);
bool is_trace(const std::filesystem::path& path);  // of reprise; also an HDF5 file that cannot be read

// An archive of torch.save, of numpy.savez, or of Keras; others are refused by what they are.
CheckpointFile read_zip(const Kept& file);
CheckpointFile read_torch(const std::shared_ptr<const ZipArchive>& archive, const std::string& folder);
CheckpointFile read_npz(const std::shared_ptr<const ZipArchive>& archive);

// Shards named by a JSON index, beside it; and a folder of torch.distributed.checkpoint.
CheckpointFile read_index(const std::filesystem::path& index);
CheckpointFile read_distributed(const std::filesystem::path& folder);

}  // namespace reprise
