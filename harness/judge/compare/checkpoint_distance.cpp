// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <filesystem>
#include <map>

#include "harness/base/files.h"
#include "harness/base/text.h"
#include "harness/judge/compare/tensor_files.h"
#include "harness/judge/compare/trace_divergence.h"

namespace reprise {
namespace fs = std::filesystem;

std::map<std::int64_t, fs::path> kept_checkpoints(const fs::path& run_folder) {
  std::map<std::int64_t, fs::path> kept;
  for (const auto& file : list_folder(run_folder / "checkpoints")) {
    const std::string stem = file.stem().string();
    if (file.extension() != ".safetensors" || !stem.starts_with("step-")) continue;
    if (const auto step = to_integer(stem.substr(5))) kept.emplace(*step, file);
  }
  return kept;
}

std::optional<CheckpointDistance> checkpoint_distance(const Trace& a, const Trace& b) {
  const auto in_a = kept_checkpoints(a.path().parent_path()), in_b = kept_checkpoints(b.path().parent_path());
  for (auto kept = in_a.rbegin(); kept != in_a.rend(); ++kept) {
    const auto other = in_b.find(kept->first);
    if (other == in_b.end()) continue;
    auto diff = compare(read_checkpoint(kept->second), read_checkpoint(other->second), {});
    const std::size_t compared = diff.equal + diff.differing.size();
    return CheckpointDistance{kept->first, std::move(diff.differing), compared};
  }
  return std::nullopt;
}

}  // namespace reprise
