// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a native program leaves (program.h), as artifacts of its trace.
#include <vector>

#include "harness/record/training/program.h"
#include "harness/trace/trace.h"

namespace reprise {

// One tensor keeps its shape; several become one axis. An Error for none, for tensors of different number
// formats under one name, and for two of one name.
std::vector<Artifact> artifacts_of(const std::vector<Leaving>& left);

}  // namespace reprise
