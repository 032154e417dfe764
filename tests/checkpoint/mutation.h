// SPDX-License-Identifier: Apache-2.0
#pragma once
// Damaged checkpoints: a number picks a fixture, one of its files, and what is done to its bytes. The same
// number does the same everywhere. Whatever comes of it, a reader either reads it or says one sentence.
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "damage.h"
#include "harness/base/error.h"
#include "harness/base/files.h"
#include "harness/checkpoint/checkpoint_file.h"

namespace reprise {

class Mutations {
 public:
  // Copies of the fixtures go into `scratch`. HDF5 works in processes of its own, which takes a hundred times
  // longer.
  Mutations(const std::filesystem::path& fixtures, const std::filesystem::path& scratch,
            bool with_hdf5 = true) {
    namespace fs = std::filesystem;
    fs::copy(fixtures, scratch, fs::copy_options::recursive);
    for (const auto& entry : list_folder(scratch)) {
      if (entry.extension() == ".json") continue;
      if (!with_hdf5 && (entry.extension() == ".h5" || entry.extension() == ".keras")) continue;
      if (!fs::is_directory(entry)) {
        targets_.push_back({entry, entry, read_file(entry, "fixture")});
        continue;
      }
      for (const auto& file : list_folder(entry))
        targets_.push_back({entry, file, read_file(file, "fixture")});
    }
  }

  std::size_t targets() const { return targets_.size(); }

  // Damages one file, reads the checkpoint, mends the file. What the reader said, or nothing.
  std::string refusal(std::uint64_t seed) {
    const Target& target = targets_[seed % targets_.size()];
    put(target.file, damaged(target.content, seed));
    std::string said;
    try {
      const CheckpointFile checkpoint = read_checkpoint(target.checkpoint);
      for (const FileTensor& tensor : checkpoint.tensors) digest_of(tensor);
    } catch (const Error& error) {
      said = error.what();
    }
    if (target.file != target.checkpoint) put(target.file, target.content);
    return said;
  }

 private:
  struct Target {
    std::filesystem::path checkpoint, file;
    std::string content;
  };

  static void put(const std::filesystem::path& path, const std::string& content) {
    std::ofstream(path, std::ios::binary | std::ios::trunc) << content;
  }

  std::vector<Target> targets_;
};

}  // namespace reprise
