// SPDX-License-Identifier: Apache-2.0
#pragma once
// Arrays of numpy: in .npy files, alone or in a zip archive, and inside pickles.
#include <optional>
#include <string>

#include "harness/checkpoint/checkpoint_file.h"
#include "harness/container/npy_header.h"
#include "harness/container/pickle.h"

namespace reprise {

// The array of a .npy file as a tensor of that name; counted as opaque if its elements are no plain numbers.
void add_npy(CheckpointFile& found, const std::string& name, const Kept& file);

// "<f4" of a pickled numpy.dtype; nothing for another value.
std::optional<std::string> numpy_type(const pickle::Pickle& values, pickle::Ref ref);

// Values of numpy's type that lie in `values`; nothing if the type is no plain number. Broken if there are
// too few.
std::optional<FileTensor> numpy_tensor(const std::string& name, const NpyHeader& header, std::uint64_t held,
                                       std::function<Kept()> values);

// The array that a pickled value stands for; nothing if it is none, or one of Python objects.
std::optional<FileTensor> pickled_array(const pickle::Pickle& values, pickle::Ref ref,
                                        const std::string& name);

}  // namespace reprise
