// SPDX-License-Identifier: Apache-2.0
#pragma once
// Reading a trace proves it: tensor digests make the stages', stages the roots, roots the chain; a loss, a
// batch's samples and kept leaves make the digests of their tensors; the plan's text makes its names; and the
// seal covers the rest. So a value that was changed, or rotted, is refused and never taken for evidence.
// Whoever forges a trace makes all of these anew: only a signature tells that.
#include <cstdint>

#include "harness/trace/trace_file.h"

namespace reprise {

// An Error that names the dataset, the step and, where it can be told, the tensor. Reads the whole file once;
// one that this process has proven already is not read again while it is the same file.
void prove(const Trace::File& file);

}  // namespace reprise
