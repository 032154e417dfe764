// SPDX-License-Identifier: Apache-2.0
#pragma once
// Which file a call means, and whether it may be data of the run.
#include <stddef.h>

namespace opened {

constexpr size_t longest_path = 4096;

enum class Place { found, nowhere, too_long };

// The path as Python's os.path.abspath() has it, so that both lists of a run name a file alike. `folder`: a
// descriptor that a relative path starts from, or AT_FDCWD.
Place absolute_path(int folder, const char* path, char* absolute);

// Of the same kind as is_data() in observe/files.py. `run`: the run's folder.
bool is_data(const char* path, const char* run);

}  // namespace opened
