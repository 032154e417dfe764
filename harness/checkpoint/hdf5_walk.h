// SPDX-License-Identifier: Apache-2.0
#pragma once
// All datasets of an HDF5 file, group by group, without recursion. Links to other names and to other files
// are not followed: a checkpoint is what is in it.
#include <functional>
#include <string>

#include "harness/hdf5/hdf5.h"

namespace reprise {

struct Hdf5Walk {
  std::function<void(const std::string& path, h5::Id dataset)> dataset;
  std::function<void(const std::string& path, const char* what)> other;  // what is no dataset and no group
};
void walk_hdf5(hid_t file, const Hdf5Walk& walk);

}  // namespace reprise
