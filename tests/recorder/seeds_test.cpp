// SPDX-License-Identifier: Apache-2.0
// What reprise did for a script: who seeds its generators, and whether it repeats on its own.
#include "observed.h"
#include "skip.h"

using namespace reprise;
using Catch::Contains;
using Json = nlohmann::json;

namespace {

const std::string start = "import torch, random, numpy as np\n";
const std::string training =
    "model = torch.nn.Linear(4, 2)\n"
    "optimizer = torch.optim.SGD(model.parameters(), lr=0.1)\n"
    "for step in range(4):\n"
    "    optimizer.zero_grad()\n"
    "    x = torch.tensor(np.random.randn(3, 4), dtype=torch.float32)\n"
    "    model(x).square().sum().backward()\n"
    "    optimizer.step()\n";

Json seeds_of_run(const Scratch& folder, const std::string& text, const std::string& verb) {
  script(folder, text);
  const auto printed =
      run_program(folder.path(), verb + " --json --runs runs -- " + test_python + " script.py");
  INFO(printed.out << printed.err);
  REQUIRE(printed.code == 0);
  return Json::parse(printed.out)["seeds"];
}

Json generator_in(const Json& seeds, const std::string& name) {
  for (const auto& generator : seeds["processes"][0]["generators"])
    if (generator["generator"] == name) return generator;
  FAIL("no generator " << name);
  return {};
}

}  // namespace

TEST_CASE(
    "a script that seeds torch alone is told which numbers are its own, and that it does not repeat without "
    "reprise") {
  const Scratch folder;
  const auto seeds = seeds_of_run(folder, start + "torch.manual_seed(5)\n" + training, "run --repeat 2");
  CHECK(generator_in(seeds, "torch.cpu")["sentence"] ==
        "torch on the CPU: seeded by the script with 5 (script.py line 2: torch.manual_seed)");
  CHECK(generator_in(seeds, "numpy.random")["seeded_by"] == "only reprise");
  CHECK(generator_in(seeds, "numpy.random")["drawn_by_step"] == 0);
  CHECK(generator_in(seeds, "python.random")["seeded_by"] == "not drawn from");
  CHECK(seeds["own"]["result"] == "parts");
  CHECK(seeds["own"]["parts_at"] == 1);
  CHECK(seeds["own"]["generators"] == Json::array({"numpy.random"}));
}

TEST_CASE(
    "seeds that come late, from the operating system, or around the modules are told as what they are") {
  const Scratch folder;
  const auto seeds = seeds_of_run(folder,
                                  start +
                                      "np.random.rand()\n"
                                      "np.random.seed(3)\n"
                                      "random.seed()\n"
                                      "random.random()\n"
                                      "torch.default_generator.manual_seed(9)\n"
                                      "with torch.random.fork_rng():\n"
                                      "    torch.manual_seed(77)\n"
                                      "own = np.random.default_rng()\n"
                                      "older = np.random.RandomState()\n"
                                      "plain = random.Random()\n"
                                      "told = [np.random.RandomState(1), random.Random(1)]\n" +
                                      training,
                                  "run");
  CHECK(generator_in(seeds, "numpy.random")["seeded_by"] == "script, late");
  CHECK(generator_in(seeds, "numpy.random")["place"] == "script.py:3");
  CHECK(generator_in(seeds, "python.random")["seeded_by"] == "entropy");
  CHECK(generator_in(seeds, "torch.cpu")["seeded_by"] == "unclear");
  const auto unseeded = seeds["processes"][0]["unseeded"];
  REQUIRE(unseeded.size() == 3);
  const std::vector<std::string> made{"line 9: numpy.random.default_rng)", "line 10: numpy.random)",
                                      "line 11: random.Random)"};
  for (std::size_t i = 0; i < made.size(); ++i) CHECK_THAT(unseeded[i].dump(), Contains(made[i]));
  CHECK(seeds["own"]["result"] == "not made");
}

TEST_CASE("a script that seeds all that it draws from needs no further runs") {
  const Scratch folder;
  const auto seeds =
      seeds_of_run(folder, start + "torch.manual_seed(5)\nnp.random.seed(5)\n" + training, "run");
  CHECK(seeds["own"]["result"] == "not needed");
  CHECK_THAT(seeds["own"]["sentence"].get<std::string>(), Contains("--axis python-hash-seed=0,1"));
  CHECK_FALSE(only_run(folder).empty());  // of one plan
}

TEST_CASE("a matrix tells of each configuration who seeds what it draws from, and tries the one that asks") {
  const Scratch folder;
  const std::string chosen =
      "import sys\n"
      "model = torch.nn.Linear(4, 2)\n"
      "optimizer = torch.optim.SGD(model.parameters(), lr=0.1)\n"
      "for step in range(4):\n"
      "    optimizer.zero_grad()\n"
      "    x = torch.rand(3, 4) if sys.argv[1] == 'torch' else torch.tensor(np.random.rand(3, 4)).float()\n"
      "    model(x).square().sum().backward()\n"
      "    optimizer.step()\n";
  script(folder, start + "torch.manual_seed(5)\n" + chosen);
  const auto printed = run_program(folder.path(), "matrix --axis arg:1=torch,numpy --json --runs runs -- " +
                                                      test_python + " script.py torch");
  INFO(printed.out << printed.err);
  const auto seeds = Json::parse(printed.out)["seeds"];
  CHECK(generator_in(seeds, "numpy.random")["seeded_by"] == "not drawn from");
  REQUIRE(seeds["others"].size() == 1);
  CHECK(seeds["others"][0]["configuration"] == "arg:1=numpy");
  CHECK(generator_in(seeds["others"][0], "numpy.random")["seeded_by"] == "only reprise");
  CHECK(seeds["own"]["result"] == "parts");
  CHECK_THAT(seeds["own"]["sentence"].get<std::string>(), Contains("in the configuration arg:1=numpy alone"));
}

TEST_CASE("a script that depends on the order of a set of texts does not repeat on its own") {
  const Scratch folder;
  const auto seeds = seeds_of_run(
      folder,
      start +
          "torch.manual_seed(5)\n"
          "np.random.rand()\n"
          "letters = list(set('abcdefghijklmnopqrstuvwxyz'))\n"
          "model = torch.nn.Linear(26, 2)\n"
          "optimizer = torch.optim.SGD(model.parameters(), lr=0.1)\n"
          "for step in range(4):\n"
          "    optimizer.zero_grad()\n"
          "    model(torch.tensor([[float(ord(letter)) for letter in letters]])).sum().backward()\n"
          "    optimizer.step()\n",
      "run --repeat 2");
  CHECK(seeds["own"]["result"] == "parts");
  CHECK_THAT(seeds["own"]["sentence"].get<std::string>(), Contains("hash seed"));
}

TEST_CASE("epochs in one order and workers with equal numbers are found, and a look for torch is no import") {
  const Scratch folder;
  const auto seeds = seeds_of_run(
      folder,
      "import importlib.util\n"
      "assert importlib.util.find_spec('torch')\n" +
          start +
          "from torch.utils.data import DataLoader, Dataset\n"
          "class Noise(Dataset):\n"
          "    def __init__(self): self.rng = np.random.default_rng(3)\n"
          "    def __len__(self): return 12\n"
          "    def __getitem__(self, i): return torch.ones(4) * float(self.rng.random() + np.random.rand())\n"
          "def init(worker): np.random.seed(0)\n"
          "model = torch.nn.Linear(4, 2)\n"
          "optimizer = torch.optim.SGD(model.parameters(), lr=0.1)\n"
          "loader = DataLoader(Noise(), 3, shuffle=True, num_workers=2, worker_init_fn=init, "
          "generator=torch.Generator())\n"
          "for epoch in range(2):\n"
          "    loader.generator.manual_seed(0)\n"
          "    for x in loader:\n"
          "        optimizer.zero_grad()\n"
          "        model(x).sum().backward()\n"
          "        optimizer.step()\n",
      "run");
  const std::string told = seeds["alike"].dump();
  INFO(told);
  CHECK_THAT(told,
             Contains("epochs 1 and 2 of a DataLoader (script.py line 15) are equal, in the same order"));
  CHECK_THAT(told, Contains("workers 0 and 1 of a DataLoader drew from NumPy"));
  CHECK_THAT(told, Contains("workers 0 and 1 of a DataLoader drew from dataset.rng"));
  CHECK(generator_in(seeds, "numpy.random")["seeded_by"] == "not drawn from");
}

TEST_CASE("a generator that nobody seeds or draws from parts no two runs, and one that is drawn from does") {
  const Scratch folder;
  const auto repeats = [&](const std::string& draws, const std::string& runs) {
    script(folder, start +
                       "torch.manual_seed(5)\n"
                       "model = torch.nn.Linear(4, 2)\n"
                       "optimizer = torch.optim.SGD(model.parameters(), lr=0.1)\n"
                       "for step in range(3):\n"
                       "    model(torch.ones(3, 4)).square().sum().backward()\n"
                       "    optimizer.step()\n    " +
                       draws);
    return run_program(folder.path(), "run --repeat 2 --no-own-seeds --set seeding=script --runs " + runs +
                                          " -- " + test_python + " script.py")
        .code;
  };
  CHECK(repeats("pass\n", "idle") == 0);
  CHECK(repeats("np.random.rand()\n", "drawn") == 1);
}
