// SPDX-License-Identifier: Apache-2.0
// cuda_torch_bench MEASURE PLAN: one thing measured with LibTorch on the CUDA device that the plan names, as
// one JSON object on standard output. Exit code 0: measured, and what must hold held; 1: it did not; 2:
// trouble.
#include <iostream>

#include "bench/cuda_torch/torch_measure.h"
#include "harness/base/error.h"
#include "harness/base/files.h"
#include "harness/record/device.h"
#include "harness/record/pin_torch.h"
#include "harness/record/skip.h"

namespace {

using namespace reprise;

int run(const std::string& name, const std::string& path) {
  const TorchMeasure& measure = pick(torch_measures_shelf(), name, "measure");
  const Plan plan = plan_from_toml(read_file(path, "plan"), path);
  use_device(plan.pins);
  if (!device_in_use().is_cuda()) fail("wanted a plan with device=cuda:N, found one for the CPU in {}", path);
  impose_pins(plan.pins);
  Json result{{"schema", "reprise.cuda-bench/1"}, {"measure", name}, {"summary", measure.summary}};
  result.update(measure.run(plan));
  std::cout << result.dump(1) << '\n';
  return result.value("ok", true) ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    if (argc != 3) reprise::fail("wanted a measure and a plan's file, found {} words", argc - 1);
    return run(argv[1], argv[2]);
  } catch (const std::exception& error) {
    std::cerr << "cuda_torch_bench: " << error.what() << '\n';
    return 2;
  }
}
