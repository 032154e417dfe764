// SPDX-License-Identifier: Apache-2.0
#pragma once
// Loaders that read ahead: one that is resumed reads in its first step what the uninterrupted run had read in
// the step before, so the same batches lie in other rows.
#include <cstdint>

#include "harness/trace/trace.h"

namespace reprise {

// Whether the batches that `resumed` read in its step 1, in their order, are the last ones that `whole` had
// read by the end of its step `step`, and at least those of that step. False where either read none there.
bool read_alike(const Trace& whole, std::int64_t step, const Trace& resumed);

}  // namespace reprise
