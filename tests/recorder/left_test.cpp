// SPDX-License-Identifier: Apache-2.0
// What a script printed and left, compared beside what it trained: the weights repeat, the published number
// does not.
#include "observed.h"
#include "skip.h"

using namespace reprise;
using Catch::Contains;
using Json = nlohmann::json;

namespace {

const std::string evaluates =
    "import os, time, torch\n"
    "torch.manual_seed(0)\n"
    "net = torch.nn.Sequential(torch.nn.Linear(8, 32), torch.nn.Dropout(0.5), torch.nn.Linear(32, 2))\n"
    "opt = torch.optim.SGD(net.parameters(), 0.1)\n"
    "for step in range(3):\n"
    "    x = torch.randn(32, 8)\n"
    "    loss = net(x).square().mean(); opt.zero_grad(); loss.backward(); opt.step()\n"
    "    print(f'step {step} loss {loss.item():.6f} took {time.perf_counter():.4f}s')\n"
    "torch.manual_seed(int.from_bytes(os.urandom(4), 'little'))\n"
    "accuracy = net(torch.randn(500, 8)).square().mean().item()\n"
    "torch.save({'weights': net.state_dict(), 'accuracy': accuracy}, 'evaluation.pt')\n"
    "print(f'accuracy {accuracy:.9f}')\n";

}  // namespace

TEST_CASE("weights that repeat beside a published number that does not are both told") {
  const Scratch folder;
  script(folder, evaluates);
  const auto run = run_program(
      folder.path(), "run --repeat 2 --no-own-seeds --json --runs runs -- " + test_python + " script.py");
  INFO(run.out << run.err);
  CHECK(run.code == 0);
  const Json told = Json::parse(run.out);
  CHECK_THAT(told["beside"].get<std::string>(),
             Contains("accuracy printed ") && Contains("(line 4)") && Contains("evaluation.pt: accuracy "));
  const auto diff =
      run_program(folder.path(), "diff '" + told["runs"][0]["folder"].get<std::string>() + "' '" +
                                     told["runs"][1]["folder"].get<std::string>() + "' --json");
  INFO(diff.out << diff.err);
  CHECK(diff.code == 0);  // the weights are equal
  const Json report = Json::parse(diff.out);
  CHECK(report["classes"].size() == 1);
  CHECK_THAT(report["headline"].get<std::string>(), Contains("but what they printed and left differs"));
  REQUIRE(report["beside"].is_object());
}
