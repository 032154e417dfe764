// SPDX-License-Identifier: Apache-2.0
// Whatever one of two runs of a script has and the other has not parts them, with the word for it.
#include "harness/base/text.h"
#include "observed.h"

using namespace reprise;
using Catch::Matchers::Contains;

namespace {

// What it does beyond the first run hangs on a file that is looked for, and never opened.
constexpr const char* script_text =
    "import os, sys, torch\n"
    "more = os.path.exists('more') and sys.argv[1]\n"
    "torch.manual_seed(0)\n"
    "model = torch.nn.Linear(4, 1)\n"
    "if more == 'parameter':\n"
    "    model.register_parameter('extra', torch.nn.Parameter(torch.zeros(1)))\n"
    "groups = [{'params': [model.weight]}, {'params': [model.bias]}]\n"
    "optimizer = torch.optim.SGD(groups if more == 'group' else model.parameters(), lr=0.1)\n"
    "for epoch in range(2 if more == 'epoch' else 1):\n"
    "    for _ in range(3):\n"
    "        optimizer.zero_grad()\n"
    "        model(torch.ones(2, 4)).sum().backward()\n"
    "        optimizer.step()\n"
    "saved = {'a': torch.ones(1)} | ({'b': torch.ones(1)} if more == 'tensor' else {})\n"
    "torch.save(saved, 'first.pt')\n"
    "if more == 'checkpoint':\n"
    "    torch.save(saved, 'second.pt')\n";

struct Lack {
  const char *what, *word;
};

}  // namespace

TEST_CASE("an epoch, a parameter, a group, a saved tensor or a checkpoint that one run lacks parts them") {
  const Lack lacks[] = {{"epoch", "one ended after step 3, the other after step 6"},
                        {"parameter", "weights, extra"},
                        {"group", "optimizer, group1."},
                        {"tensor", "artifacts, first.pt:b"},
                        {"checkpoint", "artifacts, second.pt:a"}};
  for (const auto& [what, word] : lacks) {
    const Scratch folder;
    const std::string words = " --set 'artifacts=*.pt' -- " + test_python + " script.py " + what;
    script(folder, script_text);
    REQUIRE(run_program(folder.path(), "run --runs one" + words).code == 0);
    std::ofstream(folder / "more") << "";
    std::filesystem::remove(folder / "first.pt");
    REQUIRE(run_program(folder.path(), "run --runs two" + words).code == 0);
    const auto diff = run_program(folder.path(), "diff --json one two");
    INFO(what << "\n" << diff.out << diff.err);
    CHECK(diff.code == 1);
    CHECK_THAT(diff.out, Contains(word) && !Contains("are identical"));
  }
}
