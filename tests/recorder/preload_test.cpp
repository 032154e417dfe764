// SPDX-License-Identifier: Apache-2.0
// The second way in: a Python that ignores PYTHONPATH, and a program that uses LibTorch itself.
#include <cstring>

#include "harness/base/process.h"
#include "harness/trace/trace.h"
#include "observed.h"

using namespace reprise;
using Catch::Contains;

namespace {

// Where torch is: without its site a Python does not know.
const std::string training =
    "import sys\n"
    "sys.path.append('" REPRISE_SOURCE
    "/.deps/venv/lib/python3.11/site-packages')\n"
    "import torch, os, subprocess\n"
    "model = torch.nn.Linear(4, 2)\n"
    "optimizer = torch.optim.SGD(model.parameters(), lr=0.1)\n"
    "for step in range(4):\n"
    "    optimizer.zero_grad()\n"
    "    model(torch.ones(3, 4)).sum().backward()\n"
    "    optimizer.step()\n"
    "child = subprocess.run(['env'], capture_output=True, text=True).stdout\n"
    "print('own', 'reprise-preload' in os.environ.get('LD_PRELOAD', ''), 'child', 'reprise-preload' in "
    "child)\n"
    "print('stays', 'reprise-opened' in os.environ.get('LD_PRELOAD', ''), 'child', 'reprise-opened' in "
    "child)\n"
    "print('left behind', [name for name in globals() if 'reprise' in name or name == 'place'])\n";

void check_recorded(const Scratch& folder, const std::string& words) {
  const auto printed = run_command(folder, words);
  INFO(words << "\n" << printed.out << printed.err);
  REQUIRE(printed.code == 0);
  const Trace trace(only_run(folder));
  CHECK(trace.last_step() == 4);
  CHECK(trace.finished());
  REQUIRE(!trace.columns().empty());
  std::vector<std::string> names;
  for (const auto& column : trace.columns())
    if (column.stage == Stage::weights) names.push_back(column.name);
  CHECK(names == std::vector<std::string>{"weight", "bias"});
  const std::string log = content_of(only_run(folder) / "log.txt");
  CHECK_THAT(log, Contains("own False child False"));
  CHECK_THAT(log, Contains("stays True child True"));
  CHECK(trace.facts().count("env.LD_PRELOAD") == 0);
  CHECK_THAT(log, Contains("left behind []"));
  CHECK_THAT(printed.out, Contains("ignores PYTHONHASHSEED"));
}

// The bytes of a Linear(4, 2) as the program wrote them after each step.
struct Written {
  float weight[8], bias[2], loss;
};

std::vector<Written> written_by(const std::filesystem::path& file) {
  const std::string bytes = content_of(file);
  std::vector<Written> steps(bytes.size() / sizeof(Written));
  std::memcpy(steps.data(), bytes.data(), steps.size() * sizeof(Written));
  return steps;
}

Digest digest_of(const float* values, std::vector<std::int64_t> shape, std::size_t count) {
  return tensor_digest("F32", shape, std::as_bytes(std::span(values, count)));
}

void check_program(const std::string& optimizer) {
  const Scratch folder;
  const std::string program = REPRISE_BIN "/libtorch-trainer";
  const auto plain = run_program(folder.path(), optimizer + " plain.bin", "OMP_NUM_THREADS=1", program);
  REQUIRE(plain.code == 0);
  const auto printed =
      run_command(folder, "env " + program + " " + optimizer + " steps.bin", "--set seeding=script");
  INFO(printed.out << printed.err);
  REQUIRE(printed.code == 0);
  CHECK(content_of(folder / "steps.bin") == content_of(folder / "plain.bin"));
  const auto steps = written_by(folder / "steps.bin");
  REQUIRE(steps.size() == 6);
  const Trace trace(only_run(folder));
  CHECK(trace.finished());
  REQUIRE(trace.last_step() == 5);
  for (std::int64_t step = 0; step <= 5; ++step) {
    const auto digests = trace.tensors(step);
    std::map<std::string, Digest> found;
    for (std::size_t i = 0; i < digests.size(); ++i)
      if (trace.columns()[i].stage == Stage::weights) found[trace.columns()[i].name] = digests[i];
    const Written& here = steps[static_cast<std::size_t>(step)];
    CHECK(found.at("parameter.0") == digest_of(here.weight, {2, 4}, 8));
    CHECK(found.at("parameter.1") == digest_of(here.bias, {2}, 2));
    CHECK(found.size() == 2);
    if (step > 0) CHECK(value_of(trace.loss(step)) == static_cast<double>(here.loss));
    CHECK(trace.stages(step)[static_cast<std::size_t>(Stage::gradients)].present() == (step > 0));
  }
  CHECK_THAT(printed.out, Contains("a program without Python"));
}

}  // namespace

TEST_CASE(
    "a Python that ignores PYTHONPATH is watched all the same, and hands no recorder on to its children") {
  const Scratch isolated, no_site;
  check_recorded(isolated, test_python + " -I " + script(isolated, training).string());
  check_recorded(no_site, "timeout 300 " + test_python + " -ES " + script(no_site, training).string());
}

TEST_CASE("a program that uses LibTorch itself is watched step by step") {
  check_program("sgd");
  check_program("adamw");
}
