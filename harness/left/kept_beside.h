// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a finished run has beside its trace and that numbers are read from again later: what it printed
// (log.txt), its record of what it left (left.json, which holds the digests of those files) and what it
// predicted. Their SHA-256 lie as beside.sha256 in the run's folder, in the form of sha256sum, since the
// digests of a trace do not cover them.
#include <filesystem>
#include <string>

#include "harness/left/left_record.h"

namespace reprise {

inline constexpr const char* beside_file_name = "beside.sha256";

// Once, when the run has ended and before its outcome is written; what is there already stays.
void write_beside(const std::filesystem::path& run);

enum class BesideState {
  as_it_ended,
  changed,  // or removed, or added
  unknown   // no digests were kept: an older reprise made the run
};
BesideState beside_state(const std::filesystem::path& run, const std::string& name);

// Whether the copy of a text that the record names holds what the run left.
bool is_copy(const std::filesystem::path& run, const LeftFile& file);

// An Error unless it is as it was when the run ended.
void check_beside(const std::filesystem::path& run, const std::string& name);

}  // namespace reprise
