// SPDX-License-Identifier: Apache-2.0
#pragma once
// One file that a run left, looked at once: tensors and values of a checkpoint, a copy of a text, else its
// digest. Bounded, so that a run never takes longer for its record than it is worth.
#include <cstdint>
#include <filesystem>
#include <string>

#include "harness/left/left_record.h"

namespace reprise {

// What may still be read and kept of one run's files.
struct LeftBudget {
  std::uint64_t read = std::uint64_t{16} << 30;       // bytes
  std::uint64_t checkpoint = std::uint64_t{2} << 30;  // of one checkpoint that is read tensor by tensor
  std::uint64_t text = std::uint64_t{8} << 20;        // of one text that is copied
  std::uint64_t copied = std::uint64_t{64} << 20;     // of all texts
  std::size_t tensors = 200'000, values = 100'000;    // that are told one by one
};

// `copy`: where a copy of it is put if it is a text, below `run`.
LeftFile looked_at(const std::filesystem::path& path, const std::string& name,
                   const std::filesystem::path& run, const std::string& copy, LeftBudget& budget);

}  // namespace reprise
