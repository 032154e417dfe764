// SPDX-License-Identifier: Apache-2.0
// What is named as the reason was shown to be it, and a run that left nothing says why.
#include "harness/base/text.h"
#include "observed.h"
#include "skip.h"

using namespace reprise;
using Catch::Matchers::Contains;

namespace {

const std::string training =
    "import os, sys, torch\n"
    "model = torch.nn.Linear(4, 1)\noptimizer = torch.optim.SGD(model.parameters(), lr=0.1)\n"
    "def train(steps):\n"
    "    for _ in range(steps):\n"
    "        optimizer.zero_grad()\n        model(torch.ones(2, 4)).sum().backward()\n        "
    "optimizer.step()\n";

Printed said(const Scratch& folder, const std::string& text, const std::string& command) {
  script(folder, text);
  const auto printed =
      run_program(folder.path(), command + " --runs runs -- " + test_python + " script.py", "");
  UNSCOPED_INFO(printed.out << printed.err);
  return printed;
}

}  // namespace

TEST_CASE("a value that the script itself overrides is untested, equal as its runs are") {
  const Scratch folder;
  const std::string text = "import torch\ntorch.set_num_threads(1)\n" + training + "train(2)\n";
  const auto matrix = said(folder, text, "matrix --no-own-seeds --json --axis repeat=2 --axis threads=1,2");
  const auto report = nlohmann::json::parse(matrix.out);
  REQUIRE(report["factors"].size() == 2);
  for (const auto& factor : report["factors"]) {
    INFO(factor.dump());
    CHECK(factor["verdict"] == (factor["name"] == "threads" ? "untested" : "identical"));
  }
  CHECK_THAT(matrix.out, Contains("the script itself set threads to 1 before the first step"));
  const auto bisect = said(folder, text, "bisect --between threads=1 threads=2");
  CHECK(bisect.code == 2);
  CHECK_THAT(bisect.out, Contains("so threads=1 and threads=2 were not both tried"));
}

TEST_CASE("a training that never repeats lets no factor be blamed, though no plan was repeated") {
  const Scratch folder;
  const auto matrix = said(folder,
                           training +
                               "model.weight.data.add_(int.from_bytes(os.urandom(3), 'little') / 2**24)\n"
                               "train(4)\n",
                           "matrix --no-own-seeds --axis threads=1,2");
  CHECK(matrix.code == 1);
  CHECK_THAT(matrix.out, !Contains("The bits move with") && !Contains("decides every run's class"));
  CHECK_THAT(matrix.out, Contains("Two equal plans gave other bits in the self-test"));
  CHECK_THAT(matrix.out, Contains("Make a run repeat itself"));
}

TEST_CASE("a tensor that has no plain memory costs no trace") {
  const Scratch folder;
  const auto run = said(folder,
                        training +
                            "model.register_buffer('n', torch.nested.nested_tensor([torch.ones(1)]))\n"
                            "train(2)\n",
                        "run");
  CHECK(run.code == 0);
  CHECK_THAT(run.out, Contains("not observed") && Contains("n (no plain dense tensor)"));
}

TEST_CASE("a script that lets another program take its place is told so") {
  const Scratch folder;
  const auto run =
      said(folder, training + "train(4)\nos.execv(sys.executable, [sys.executable, '-c', '1'])\n", "run");
  CHECK(run.code == 2);
  CHECK_THAT(run.out, Contains("trained 4 steps and then let another program take its place"));
}

TEST_CASE("remedies are tried as far as a short script goes, and its end loses nothing that was found") {
  const Scratch folder;
  const auto bisect = said(folder,
                           "import torch\ntorch.manual_seed(0)\n"
                           "model = torch.nn.LayerNorm(64)\n"
                           "optimizer = torch.optim.SGD(model.parameters(), lr=0.1)\n"
                           "for step in range(3):\n"
                           "    x = torch.randn(512, 64)\n    optimizer.zero_grad()\n"
                           "    (model(x) * x.roll(1)).square().mean().backward()\n    optimizer.step()\n",
                           "bisect --json --no-control --between threads=1 threads=2");
  REQUIRE(bisect.code < 2);
  const auto found = nlohmann::json::parse(bisect.out);
  if (found["found"] == "equal") skip("two threads give the bits of one on this processor");
  CHECK(bisect.code == 1);
  CHECK(found["found"] == "operator");
  CHECK_THAT(found["notes"].dump(), !Contains("could not be"));
  REQUIRE_FALSE(found["remedies"].empty());
  for (const auto& remedy : found["remedies"]) {
    CHECK(remedy["tried"] == true);
    CHECK(remedy["until_step"] == 3);
  }
}
