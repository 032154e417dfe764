// SPDX-License-Identifier: Apache-2.0
#pragma once
// Element types of HDF5 files, as h5py, Keras and C++ programs write them.
#include <cstddef>
#include <optional>
#include <string>

#include "harness/hdf5/hdf5.h"

namespace reprise {

struct Hdf5Type {
  std::string dtype;
  std::size_t swapped = 0;  // bytes turned round at a time, of big-endian elements
};

// Numbers as they are; h5py's truth values (an enum of FALSE and TRUE) and complex numbers (a compound of r
// and i).
std::optional<Hdf5Type> dtype_of_hdf5(hid_t type);

}  // namespace reprise
