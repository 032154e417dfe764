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
  const auto printed =
      run_program(folder.path(), "bisect --json --no-control --runs runs " + options + " -- " + test_python +
                                     " " + script(folder, text).string());
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

TEST_CASE(
    "a generator that Python seeds otherwise is told with the draw that meets it, before which it differs") {
  const Scratch folder;
  const auto found =
      bisected(folder, training("", "torch.manual_seed(os.getpid() * 7 + step); x = torch.randn(3, 8)"),
               "--no-remedies");
  CHECK_THAT(found["sentence"].get<std::string>(),
             Contains("script.py:8") && Contains("the generator's state before the draw already differs"));
  CHECK_THAT(found["reasons"].dump(), Contains("the generator was seeded otherwise"));
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

TEST_CASE(
    "an evaluation that draws more on one side is told between two steps, with its lines, and nobody is "
    "blamed") {
  const Scratch folder;
  const std::string text =
      "import sys, torch\ntorch.manual_seed(0)\n"
      "net = torch.nn.Sequential(torch.nn.Linear(8, 4), torch.nn.Dropout(0.2), torch.nn.Linear(4, 1))\n"
      "opt = torch.optim.SGD(net.parameters(), 1e-2)\n"
      "for step in range(5):\n"
      "    x = torch.randn(3, 8); loss = net(x).square().mean()\n"
      "    opt.zero_grad(); loss.backward(); opt.step()\n"
      "    if step == 1:\n"
      "        with torch.no_grad():\n"
      "            for _ in range(int(sys.argv[1])): net(torch.randn(4, 8))\n";
  const auto printed =
      run_program(folder.path(), "bisect --json --runs runs --no-control --between arg:1=1 arg:1=3 -- " +
                                     test_python + " " + script(folder, text).string() + " 1");
  INFO(printed.out << printed.err);
  REQUIRE(printed.code == 1);
  const auto found = Json::parse(printed.out);
  CHECK(found["found"] == "draws");
  const std::string sentence = found["sentence"];
  CHECK_THAT(sentence, Contains("between step 2 and step 3 side B draws more random numbers than side A") &&
                           Contains("aten::randn (by aten::normal_) of script.py:10, 1 call on side A and 3 "
                                    "on side B (32 and 96 values)") &&
                           Contains("aten::dropout") && Contains("(16 and 48 values)"));
  CHECK_THAT(printed.out, Contains("with gradients switched off"));
}

TEST_CASE(
    "what another thread left in a module that no optimizer has is told with the call, its line and thread") {
  const Scratch folder;
  const std::string text = training(
      "import sys, copy", "t = threading.Thread(target=average, name='average'); t.start(); t.join()");
  const std::string average =
      "ema = copy.deepcopy(model)\n"
      "def average():\n"
      "    with torch.no_grad():\n"
      "        for _ in range(int(sys.argv[1])): ema.weight.lerp_(model.weight, 0.01)\n";
  std::string whole = text;
  whole.insert(whole.find("optimizer ="), average);
  const auto printed =
      run_program(folder.path(), "bisect --json --runs runs --no-control --between arg:1=1 arg:1=2 -- " +
                                     test_python + " " + script(folder, whole).string() + " 1");
  INFO(printed.out << printed.err);
  REQUIRE(printed.code == 1);
  const auto found = Json::parse(printed.out);
  CHECK(found["kind"] == "thread");
  CHECK_THAT(found["sentence"].get<std::string>(),
             Contains("auxiliary ema.weight was written by aten::lerp_.Scalar of average") &&
                 Contains("script.py:8") && Contains("beside the thread that trains"));
}
