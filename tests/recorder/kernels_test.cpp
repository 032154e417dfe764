// SPDX-License-Identifier: Apache-2.0
// Kernels of a script's operators, on a driver and a CUPTI that are made up (tests/record/made_cupti).
#include "harness/trace/trace.h"
#include "observed.h"

using namespace reprise;

namespace {

// `launch` stands for an operator of the script that launches a kernel by itself; two steps.
const std::string launching =
    "import ctypes, os\n"
    "os.environ['REPRISE_CUPTI_LIBRARY'] = '" REPRISE_MADE_CUPTI
    "'\n"
    "os.environ['MADE_DRIVER_ACTIVE'] = '1'\n"
    "import torch\n"
    "cupti = ctypes.CDLL('" REPRISE_MADE_CUPTI
    "')\n"
    "library = torch.library.Library('made', 'DEF')\n"
    "library.define('launch(Tensor x) -> Tensor')\n"
    "name = ctypes.c_char_p(b'_Z10own_kernelv')\n"
    "def launch(x):\n"
    "    cupti.made_cupti_launch(name, (ctypes.c_int32 * 8)(6, 1, 1, 64, 1, 1, 0, 0), 24)\n"
    "    return x * 2\n"
    "library.impl('launch', launch, 'CompositeImplicitAutograd')\n"
    "torch.manual_seed(0)\n"
    "model = torch.nn.Linear(8, 4)\n"
    "optimizer = torch.optim.SGD(model.parameters(), lr=0.1)\n"
    "for step in range(2):\n"
    "    optimizer.zero_grad()\n"
    "    torch.ops.made.launch(model(torch.ones(3, 8))).sum().backward()\n"
    "    optimizer.step()\n";

std::string fact(const Trace& trace, const std::string& name) {
  const auto found = trace.facts().find(name);
  return found == trace.facts().end() ? "" : found->second;
}

}  // namespace

TEST_CASE("a script's operators have the kernels that they launched, once CUDA is in use") {
  const Scratch folder;
  const std::string with_driver = "import ctypes\nctypes.CDLL('" REPRISE_MADE_DRIVER "')\n" + launching;
  const auto printed =
      run_command(folder, test_python + " " + script(folder, with_driver).string(), "--set ops=1-2");
  INFO(printed.out << printed.err);
  REQUIRE(printed.code == 0);
  const Trace trace(only_run(folder));
  CHECK(fact(trace, "kernels.device") == "cupti");
  for (std::int64_t step = 1; step <= 2; ++step) {
    std::vector<KernelLaunch> seen;
    for (const auto& call : trace.calls(step)) {
      CHECK((call.kernels.empty() || call.name == "made::launch"));
      seen.insert(seen.end(), call.kernels.begin(), call.kernels.end());
    }
    CHECK(seen == std::vector<KernelLaunch>{{"own_kernel()", {6, 1, 1}, {64, 1, 1}, 0, 24, 1}});
  }
}

TEST_CASE("a script that runs on the CPU tells nothing of kernels") {
  const Scratch folder;
  const auto printed =
      run_command(folder, test_python + " " + script(folder, launching).string(), "--set ops=1-2");
  INFO(printed.out << printed.err);
  REQUIRE(printed.code == 0);
  const Trace trace(only_run(folder));
  CHECK_FALSE(trace.facts().contains("kernels.device"));
  for (const auto& call : trace.calls(1)) CHECK(call.kernels.empty());
}
