// SPDX-License-Identifier: Apache-2.0
// cuda_torch_bench MEASURE PLAN: one thing measured with LibTorch on the CUDA device that the plan names, as
// one JSON object on standard output. A plan for the CPU makes it a dry run. It starts itself again with the
// variables of the plan, as the worker does. Exit code 0: measured, and what must hold held; 1: it did not;
// 2: trouble.
#include <iostream>

#include "bench/cuda_torch/torch_measure.h"
#include "harness/base/error.h"
#include "harness/base/files.h"
#include "harness/base/text.h"
#include "harness/record/device.h"
#include "harness/record/pin_torch.h"

namespace {

using namespace reprise;

int run(char** arguments) {
  const std::string name = arguments[1], path = arguments[2];
  const TorchMeasure& measure = pick(torch_measures_shelf(), name, "measure");
  const Plan plan = plan_from_toml(read_file(path, "plan"), path);
  cure_environment(plan.pins, arguments);
  impose_pins(plan.pins);  // takes the device into use, for which it loads LibTorch's CUDA half
  Json result{{"schema", "reprise.cuda-bench/1"}, {"measure", name}, {"summary", measure.summary}};
  result["dry_run"] = is_dry_run();
  result["device"] = gpu_in_use() ? to_sentence(*gpu_in_use()) : "the CPU";
  result.update(measure.run(plan));
  std::cout << result.dump(1) << '\n';
  return result.value("ok", true) ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    if (argc != 3) reprise::fail("wanted a measure and a plan's file, found {} words", argc - 1);
    return run(argv);
  } catch (const std::exception& error) {
    // LibTorch's messages go on with a stack; the first line is the sentence.
    std::cerr << "cuda_torch_bench: " << reprise::split(error.what(), '\n').front() << '\n';
    return 2;
  }
}
