// SPDX-License-Identifier: Apache-2.0
#pragma once
// Damaged checkpoints: a number picks a fixture, one of its files, and what is done to its bytes. The same
// number does the same everywhere. Whatever comes of it, a reader either reads it or says one sentence.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <vector>

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

  static std::string damaged(std::string bytes, std::uint64_t seed) {
    std::mt19937_64 random(seed);
    const auto below = [&](std::uint64_t limit) { return limit == 0 ? 0 : random() % limit; };
    constexpr std::uint64_t numbers[] = {0,          1,          2,         0x7F,       0xFF,      0xFFFF,
                                         0x7FFFFFFF, 0xFFFFFFFF, INT64_MAX, UINT64_MAX, 1ull << 40};
    for (std::uint64_t times = 1 + below(4); times > 0 && !bytes.empty(); --times) {
      const std::uint64_t at = below(bytes.size());
      const std::uint64_t length = std::min<std::uint64_t>(1 + below(32), bytes.size() - at);
      switch (below(7)) {
        case 0:
        case 1:
          bytes[at] = static_cast<char>(bytes[at] ^ (1 << below(8)));
          break;
        case 2:
          bytes[at] = static_cast<char>(random());
          break;
        case 3: {
          const std::uint64_t number = numbers[below(std::size(numbers))];
          bytes.replace(at, std::min<std::uint64_t>({1ull << below(4), bytes.size() - at}),
                        std::string(reinterpret_cast<const char*>(&number),
                                    std::min<std::uint64_t>(8, bytes.size() - at))
                            .substr(0, length));
          break;
        }
        case 4:
          bytes.erase(at, length);
          break;
        case 5:
          bytes.insert(below(bytes.size()), bytes.substr(at, length));
          break;
        default:
          if (below(4) == 0)
            bytes.resize(at);
          else
            std::swap(bytes[at], bytes[below(bytes.size())]);
      }
    }
    return bytes;
  }

  std::vector<Target> targets_;
};

}  // namespace reprise
