// SPDX-License-Identifier: Apache-2.0
#include <cuda_runtime_api.h>

#include <chrono>

#include "bench/cuda_torch/torch_measure.h"
#include "harness/base/error.h"

namespace reprise {

std::size_t rounds_to_make() { return is_dry_run() ? 2 : 11; }

void wait_for_device() {
  if (is_dry_run()) return;
  if (const cudaError_t result = cudaDeviceSynchronize(); result != cudaSuccess)
    fail("the device failed: {}", cudaGetErrorString(result));
}

double milliseconds_of(const std::function<void()>& work) {
  wait_for_device();
  const auto began = std::chrono::steady_clock::now();
  work();
  wait_for_device();
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - began).count();
}

Json contest(const std::vector<Contender>& contenders, std::size_t rounds) {
  std::vector<std::vector<double>> times(contenders.size());
  for (std::size_t round = 0; round <= rounds; ++round)
    for (std::size_t i = 0; i < contenders.size(); ++i) {
      const double took = milliseconds_of(contenders[i].go);
      if (round > 0) times[i].push_back(took);
    }
  Json all{{"rounds", rounds}};
  for (std::size_t i = 0; i < contenders.size(); ++i) {
    std::vector<double> ratios;
    for (std::size_t round = 0; round < rounds; ++round) ratios.push_back(times[i][round] / times[0][round]);
    all[contenders[i].name] = {{"milliseconds", spread(times[i])},
                               {"to_" + contenders[0].name, spread(ratios)}};
  }
  return all;
}

}  // namespace reprise
