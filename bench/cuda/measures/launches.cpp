// SPDX-License-Identifier: Apache-2.0
#include "bench/cuda/measure.h"

namespace reprise::measures {
namespace {

// `count` tensors that share so many bytes.
struct State {
  Memory memory;
  Flat flat;
  std::vector<reprise_cuda_tensor> tensors;

  State(std::size_t count, std::uint64_t bytes)
      : memory(bytes), flat{static_cast<std::int64_t>(bytes / count / 4)} {
    memory.fill(0x5a);
    for (std::size_t i = 0; i < count; ++i)
      tensors.push_back(flat_tensor(memory.data() + i * static_cast<std::size_t>(flat.shape) * 4, flat));
  }
};

Json measure(Device& device, std::size_t count, std::uint64_t bytes, std::size_t rounds) {
  State state(count, bytes);
  std::vector<double> together, each, ratios;
  for (std::size_t round = 0; round <= rounds; ++round) {
    std::uint64_t ticket = 0;
    const double one = device.time([&] { ticket = device.submit(state.tensors); });
    device.collect(ticket, count);
    double sum = 0;
    for (const auto& tensor : state.tensors) {
      sum += device.time([&] { ticket = device.submit({&tensor, 1}); });
      device.collect(ticket, 1);
    }
    if (round == 0) continue;  // warms up
    together.push_back(one);
    each.push_back(sum);
    ratios.push_back(sum / one);
  }
  return {{"tensors", count},
          {"bytes", bytes},
          {"one_launch_ms", spread(together)},
          {"a_launch_each_ms", spread(each)},
          {"each_to_one", spread(ratios)}};
}

Json run(Device& device, const Choices& choices) {
  Json result;
  result["goal"] =
      "G5: 300 tensors in one launch within bytes/bandwidth + 0.015 ms; 5 times faster than one by one";
  const std::size_t count = choices.dry ? 5 : 300;
  for (const std::uint64_t mib : {1, 32, 240})
    result["states"].push_back(measure(device, count, choices.dry ? 1 << 16 : mib << 20, choices.rounds));
  return result;
}

}  // namespace

extern const Measure launches{.summary = "all tensors in one launch against one launch for each", .run = run};

}  // namespace reprise::measures
