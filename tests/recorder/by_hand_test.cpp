// SPDX-License-Identifier: Apache-2.0
// Updates by hand: scripts that write their weights without an optimizer of torch are seen step by step.
#include "harness/base/files.h"
#include "harness/checkpoint/checkpoint_file.h"
#include "harness/trace/run_traces.h"
#include "harness/trace/trace.h"
#include "observed.h"

using namespace reprise;
using Json = nlohmann::json;

namespace {

std::string command_of(const std::string& way) {
  return test_python + " " + test_scripts + "/forms/by_hand.py " + way;
}

Digest stage_at(const Trace& trace, std::int64_t step, Stage stage) {
  return trace.stages(step)[static_cast<std::size_t>(stage)];
}

std::vector<std::string> weights_of(const Trace& trace) {
  std::vector<std::string> names;
  for (const auto& column : trace.columns())
    if (column.stage == Stage::weights) names.push_back(column.name);
  std::ranges::sort(names);
  return names;
}

// Each weight at the last step has the digest of what the script itself saved.
void check_left(const Scratch& folder, const Trace& trace) {
  const auto left = read_checkpoint(folder.path() / "left.pt");
  const auto digests = trace.tensors(trace.last_step());
  std::size_t compared = 0;
  for (const auto& tensor : left.tensors)
    for (std::size_t i = 0; i < digests.size(); ++i) {
      const auto& column = trace.columns()[i];
      if (column.stage != Stage::weights) continue;
      if (column.name != tensor.name && column.name != "weights." + tensor.name) continue;
      INFO(column.name);
      CHECK(digests[i] == digest_of(tensor));
      ++compared;
    }
  CHECK(compared == left.tensors.size());
}

void check_way(const std::string& way, const std::vector<std::string>& names) {
  const Scratch folder;
  const auto printed = run_command(folder, command_of(way));
  INFO(way << "\n" << printed.out << printed.err);
  REQUIRE(printed.code == 0);
  const Trace trace(only_run(folder));
  CHECK(trace.last_step() == 5);
  CHECK(trace.finished());
  CHECK(weights_of(trace) == names);
  for (std::int64_t step = 1; step <= 5; ++step) {
    CHECK(stage_at(trace, step, Stage::weights) != stage_at(trace, step - 1, Stage::weights));
    CHECK(stage_at(trace, step, Stage::gradients).present());
    CHECK(value_of(trace.loss(step)) > 0);
  }
  check_left(folder, trace);
  CHECK(contains(content_of(only_run(folder) / "observed.json"), "no optimizer of torch was made"));
}

}  // namespace

TEST_CASE("an optimizer class of the script's own is watched by what writes weights after a backward pass") {
  check_way("class", {"0.bias", "0.weight", "1.bias", "1.num_batches_tracked", "1.running_mean",
                      "1.running_var", "1.weight", "2.bias", "2.weight"});
}

TEST_CASE("weights written through .data are seen, and accumulated passes are one step") {
  check_way("data", {"bias", "weight"});
}

TEST_CASE(
    "gradients of torch.autograd.grad, and weights that new tensors replace, are seen under their variables' "
    "names") {
  check_way("grad", {"b", "w"});
  // The last tensors are in no variable at the script's end: their step is told as not observed.
  const Scratch folder;
  const auto printed = run_command(folder, command_of("new_tensors"));
  INFO(printed.out << printed.err);
  REQUIRE(printed.code == 0);
  const Trace trace(only_run(folder));
  CHECK(trace.last_step() == 4);
  CHECK(weights_of(trace) == std::vector<std::string>{"weights.b", "weights.w"});
  CHECK(contains(content_of(only_run(folder) / "observed.json"),
                 "not observed: what followed the last backward pass"));
}

TEST_CASE("backward passes after which nothing is written are no training") {
  const Scratch folder;
  const auto printed = run_command(folder, command_of("none"));
  CHECK(printed.code != 0);
  CHECK(contains(printed.out + printed.err, "no optimizer step was seen"));
}

TEST_CASE("a backward pass before the optimizer is made leaves the state before training to the optimizer") {
  const Scratch folder;
  const auto path = script(folder,
                           "import torch\n"
                           "torch.manual_seed(0)\n"
                           "model = torch.nn.Linear(4, 1)\n"
                           "model(torch.randn(2, 4)).square().mean().backward()\n"
                           "optimizer = torch.optim.SGD(model.parameters(), 0.1)\n"
                           "for _ in range(3):\n"
                           "    optimizer.zero_grad()\n"
                           "    model(torch.randn(2, 4)).square().mean().backward()\n"
                           "    optimizer.step()\n");
  const auto printed = run_command(folder, test_python + " " + path.string());
  INFO(printed.out << printed.err);
  REQUIRE(printed.code == 0);
  const Trace trace(only_run(folder));
  CHECK(trace.last_step() == 3);
  CHECK(weights_of(trace) == std::vector<std::string>{"bias", "weight"});
  CHECK(stage_at(trace, 0, Stage::weights).present());
  CHECK(Json::parse(content_of(only_run(folder) / "observed.json"))["troubles"].empty());
}
