// SPDX-License-Identifier: Apache-2.0
// Scripts whose bits move by what is no operator of the thread that trains: another thread, Python, memory.
// Each is told as what it is, and never as something that was not seen.
#include "harness/trace/trace.h"
#include "observed.h"

using namespace reprise;
using Catch::Contains;
using Json = nlohmann::json;

namespace {

// Trains a small model for six steps; `before` each step it does something, `x` is what it trains on.
std::string training(const std::string& first, const std::string& before) {
  return "import torch, threading, os, time\ntorch.manual_seed(0)\n" + first +
         "\nmodel = torch.nn.Linear(8, 4)\n"
         "optimizer = torch.optim.SGD(model.parameters(), lr=0.1)\n"
         "for step in range(6):\n"
         "    x = torch.ones(3, 8)\n"
         "    " +
         before +
         "\n"
         "    optimizer.zero_grad()\n"
         "    model(x).square().sum().backward()\n"
         "    optimizer.step()\n";
}

Json bisected(const Scratch& folder, const std::string& text, const std::string& options = "") {
  const auto printed = run_program(folder.path(), "bisect --json --runs runs " + options + " -- " +
                                                      test_python + " " + script(folder, text).string());
  INFO(text << "\n" << printed.out << printed.err);
  REQUIRE(printed.code == 1);
  return Json::parse(printed.out);
}

}  // namespace

TEST_CASE("calls of another thread are seen with its name, also between two steps") {
  const Scratch folder;
  const std::string text = training(
      "seen = torch.zeros(3, 8)\n"
      "def add():\n"
      "    with torch.no_grad(): seen.add_(1)",
      "t = threading.Thread(target=add, name='average'); t.start(); t.join(); x = x + seen");
  const auto printed =
      run_command(folder, test_python + " " + script(folder, text).string(), "--set until=4 --set ops=0-4");
  INFO(printed.out << printed.err);
  REQUIRE(printed.code == 0);
  const Trace trace(only_run(folder));
  CHECK(trace.facts().contains("vector-math.warmed"));
  for (std::int64_t step = 1; step <= 4; ++step) {
    std::size_t others = 0, read = 0;
    for (const auto& call : trace.calls(step)) {
      others += call.thread.starts_with("average") && call.name.starts_with("aten::add_") ? 1 : 0;
      for (const auto& input : call.inputs)
        read += input.writer.find(" of average") != std::string::npos ? 1 : 0;
    }
    CHECK(others > 0);
    CHECK(read > 0);
  }
}

TEST_CASE("a tensor that Python made of other data is told as such") {
  const Scratch folder;
  const auto found =
      bisected(folder, training("", "x = torch.tensor([[float(os.getpid())] * 8])"), "--no-remedies");
  CHECK(found["found"] == "data");
  CHECK_THAT(
      found["sentence"].get<std::string>(),
      Contains("a tensor that Python made (script.py:8: x = torch.tensor([[float(os.getpid())] * 8]))"));
  CHECK(found["made_at"]["line"] == 8);
}

TEST_CASE("a generator that Python seeds otherwise is told, and no operator is blamed") {
  const Scratch folder;
  const auto found =
      bisected(folder, training("", "torch.manual_seed(os.getpid() * 7 + step); x = torch.randn(3, 8)"),
               "--no-remedies");
  CHECK(found["found"] == "unseen");
  CHECK_THAT(found["sentence"].get<std::string>(),
             Contains("rng torch.cpu") && Contains("something that is not an operator wrote it"));
}

TEST_CASE("memory that nobody wrote is named with who made it") {
  const Scratch folder;
  const std::string text =
      "import torch\ntorch.manual_seed(0)\n"
      "net = torch.nn.Linear(64, 64); opt = torch.optim.SGD(net.parameters(), lr=.01)\n"
      "for i in range(6):\n"
      "    junk = [torch.randn(64, 64) * 1e-3 for _ in range(3)]; del junk\n"
      "    bias = torch.empty(64, 64)\n"
      "    opt.zero_grad(); (net(torch.randn(64, 64)) + bias.nan_to_num(0, 0, 0).clamp(-1, "
      "1)).pow(2).mean().backward(); opt.step()\n";
  const auto found = bisected(folder, text, "--pin fill-uninitialized=off --no-remedies");
  CHECK(found["kind"] == "unwritten");
  CHECK_THAT(found["sentence"].get<std::string>(), Contains("(script.py:6) made and nobody wrote"));
}
