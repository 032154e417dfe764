// SPDX-License-Identifier: Apache-2.0
#pragma once
// The seal of a trace file: one digest over everything in it that roots and chain do not prove (plan, facts,
// names and shapes of tensors, metrics, leaves, pin readings, operator calls, counts). It is written when a
// trace is finished, so a value that was changed later, or rotted, is found. Like every digest it finds
// differences and proves nothing against a forger, who would make it anew.
#include <optional>
#include <string>

#include "harness/hdf5/hdf5.h"
#include "harness/tensor/digest.h"

namespace reprise {

// Where the seal lies, and that of what a run left, which is added later.
inline constexpr const char* file_seal_name = "/seal";
inline constexpr const char* artifacts_seal_name = "/artifacts/seal";

// Over the datasets that are there, each by its name and its bytes.
Digest file_seal(const h5::File& file);
Digest artifacts_seal(const h5::File& file);
void write_seal(h5::File& file, const char* name, const Digest& seal);
// Nothing if there is none: an older trace, or one whose run did not end.
std::optional<Digest> stored_seal(const h5::File& file, const char* name);

}  // namespace reprise
