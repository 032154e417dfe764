// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <filesystem>
#include <map>

#include "harness/base/files.h"
#include "harness/base/text.h"
#include "harness/judge/parting.h"
#include "harness/judge/ulp.h"
#include "harness/trace/safetensors.h"

namespace reprise {
namespace {

namespace fs = std::filesystem;

std::vector<TensorDistance> distances(const Checkpoint& a, const Checkpoint& b, std::size_t& compared) {
  std::vector<TensorDistance> found;
  for (const auto& left : a.tensors()) {
    const auto right = std::ranges::lower_bound(b.tensors(), left.name, {}, &CheckpointTensor::name);
    if (right == b.tensors().end() || right->name != left.name || right->dtype != left.dtype ||
        right->shape != left.shape)
      continue;
    ++compared;
    auto distance = distance_of(left.dtype, a.read(left), b.read(*right));
    distance.name = left.name;
    if (distance.differing > 0) found.push_back(std::move(distance));
  }
  return found;
}

}  // namespace

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
    CheckpointDistance distance{kept->first, {}, 0};
    distance.tensors =
        distances(Checkpoint(kept->second), Checkpoint(other->second), distance.tensors_compared);
    return distance;
  }
  return std::nullopt;
}

}  // namespace reprise
