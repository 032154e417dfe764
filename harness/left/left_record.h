// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a run of a command left beside its trace: of each file that it was seen to write and that was still
// there at its end, enough to compare it with another run's later, when that one has overwritten it. It lies
// as left.json in the run's folder, texts beside it in `left`. What the run printed is its log.txt.
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "harness/checkpoint/checkpoint_file.h"

namespace reprise {

struct LeftTensor {
  std::string name, form;  // "F32[4, 6]"
  Digest digest;
};

struct LeftFile {
  std::string name;  // the same in each run: relative to the folder it was started in, "{out}/a.pt"
  std::uint64_t bytes = 0;
  std::string sha256 = {};               // "": it was not read, and is not compared
  std::string format = {};               // of a checkpoint: "PyTorch zip"
  std::vector<LeftTensor> tensors = {};  // sorted by name
  std::vector<PlainValue> plain = {};    // sorted by name and text
  std::size_t unread = 0;                // values that are neither, or were too many to keep
  std::string text = {};                 // of a text: where its copy lies, below the run's folder
  bool artifact = false;                 // its tensors or bytes are part of the trace already
  std::string remark = {};               // why it is compared by its digest alone, or not at all
};

struct LeftRecord {
  std::vector<LeftFile> files = {};  // sorted by name
  std::size_t beyond = 0;            // files that were too many to look at
};

void write_left(const LeftRecord& record, const std::filesystem::path& run);
// Of a run's folder; nothing where none was made, or somebody damaged it.
std::optional<LeftRecord> left_record(const std::filesystem::path& run);

}  // namespace reprise
