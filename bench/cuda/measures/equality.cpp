// SPDX-License-Identifier: Apache-2.0
#include "bench/cuda/measure.h"
#include "harness/tensor/element_walk.h"
#include "tests/cuda/random_tensor.h"

namespace reprise::measures {
namespace {

using cuda::RandomTensor;

constexpr std::size_t group = 64;  // tensors of one submit
constexpr std::uint64_t most = 64 << 20, memory = std::uint64_t{160} << 20;

Json described(const RandomTensor& tensor) {
  return {{"dtype", tensor.dtype}, {"shape", tensor.shape}, {"strides", tensor.strides}};
}

Json run(Device& device, const Choices& choices) {
  const std::uint64_t room = choices.dry ? 4 << 20 : memory, limit = choices.dry ? 8192 : most;
  cuda::RandomTensors random(choices.seed, room);
  const auto* host = reinterpret_cast<const std::byte*>(random.memory().data());
  Memory copy(room);
  copy.upload(host, room);
  std::uint64_t done = 0, wrong = 0, bytes = 0;
  Json first = nullptr;
  while (done < choices.cases) {
    std::vector<RandomTensor> tensors;
    while (tensors.size() < group && done + tensors.size() < choices.cases)
      tensors.push_back(random.next(random.size(1, limit), random.below(2) == 0));
    std::vector<reprise_cuda_tensor> rows;
    for (const auto& one : tensors)
      // The random tensors' memory lies on the device at the same distances.
      rows.push_back({copy.data() + (one.data - host), one.dtype, one.shape.data(), one.strides.data(),
                      static_cast<std::uint32_t>(one.shape.size()),
                      static_cast<std::uint32_t>(one.element_bytes)});
    const auto found = device.collect(device.submit(rows, random.below(2) == 0), rows.size());
    for (std::size_t i = 0; i < tensors.size(); ++i) {
      bytes += elements_of(tensors[i].shape) * tensors[i].element_bytes;
      if (found[i] == digest_of(tensors[i].view()).digest) continue;
      if (wrong++ == 0) first = described(tensors[i]);
    }
    done += tensors.size();
  }
  return {{"ok", wrong == 0}, {"cases", done}, {"wrong", wrong}, {"bytes", bytes}, {"first_wrong", first}};
}

}  // namespace

extern const Measure equality{.summary = "digests of random layouts: device against CPU", .run = run};

}  // namespace reprise::measures
