// SPDX-License-Identifier: Apache-2.0
#pragma once
// The groups of benchmarks in the suite.
#include <filesystem>

namespace reprise {

void add_digest_benchmarks();
// Files go below `folder`: a disk's, or of memory.
void add_trace_benchmarks(const std::filesystem::path& folder);

}  // namespace reprise
