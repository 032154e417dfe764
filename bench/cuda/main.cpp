// SPDX-License-Identifier: Apache-2.0
// cuda_bench MEASURE: one thing measured on a CUDA device, as one JSON object on standard output.
// scripts/gpu-day.sh runs them all. Exit code 0: measured, and what must hold held; 1: it did not; 2:
// trouble.
#include <CLI/CLI.hpp>
#include <iostream>

#include "bench/cuda/measure.h"
#include "harness/base/error.h"

namespace {

using namespace reprise;

int run(const std::string& name, int number, const Choices& choices) {
  const Measure& measure = pick(measures_shelf(), name, "measure");
  Device device(number);
  Json result{{"schema", "reprise.cuda-bench/1"}, {"measure", name}, {"summary", measure.summary}};
  result["dry_run"] = choices.dry;
  result.update(measure.run(device, choices));
  std::cout << result.dump(1) << '\n';
  return result.value("ok", true) ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"Measures the digest on a CUDA device; prints one JSON object"};
  std::string name;
  int number = 0;
  Choices choices;
  app.add_option("measure", name, "What to measure")->required();
  app.add_option("--device", number, "Number of the device")->capture_default_str();
  app.add_option("--rounds", choices.rounds, "Rounds in which all ways take turns")->capture_default_str();
  app.add_option("--cases", choices.cases, "Random layouts (equality)")->capture_default_str();
  app.add_option("--seed", choices.seed, "Seed of the random layouts")->capture_default_str();
  app.add_option("--mib", choices.mib, "Sizes of buffers in MiB")->delimiter(',')->capture_default_str();
  app.add_flag("--dry", choices.dry, "Do everything once and small; the times mean nothing");
  CLI11_PARSE(app, argc, argv);
  try {
    return run(name, number, choices);
  } catch (const std::exception& error) {
    std::cerr << "cuda_bench: " << error.what() << '\n';
    return 2;
  }
}
