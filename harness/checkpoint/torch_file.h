// SPDX-License-Identifier: Apache-2.0
#pragma once
// What torch.save and pickle write, whatever lies around the pickle: tensors and values of Python, named by
// the keys that lead to them.
#include "harness/checkpoint/torch_tensors.h"
#include "harness/container/zip_archive.h"

namespace reprise {

// Tensors of torch whose storages `find` finds, arrays of numpy, and what is neither.
CheckpointFile python_values(const pickle::Pickle& values, const FindStorage& find);

// Whether torch.save, torch.jit.save or torch.export.save made the archive.
bool is_of_torch(const ZipArchive& archive);
// Broken for the last two, which are programs.
CheckpointFile read_torch_zip(const std::shared_ptr<const ZipArchive>& archive);

}  // namespace reprise
