// SPDX-License-Identifier: Apache-2.0
// What a script trains beside its optimizers' models, what it wrote before its first step, and which GPU it
// used: modules that no optimizer has are a stage of their own, row 0 is the state before the first forward
// pass, and tensors that Python makes on the fly are digested before their memory is used again.
#include "harness/trace/trace.h"
#include "observed.h"

using namespace reprise;
using Catch::Contains;

namespace {

using Names = std::vector<std::string>;

Printed run_script(const Scratch& folder, const std::string& text, const std::string& options = "") {
  return run_command(folder, test_python + " " + script(folder, text).string(), options);
}

// The trace of a script that ends well.
Trace traced(const Scratch& folder, const std::string& text) {
  const auto printed = run_script(folder, text);
  INFO(text << "\n" << printed.out << printed.err);
  REQUIRE(printed.code == 0);
  CHECK_FALSE(contains(printed.out, "could not do"));
  return Trace(only_run(folder));
}

// Of a tensor at a step; all zero where it is not there.
Digest at(const Trace& trace, Stage stage, const std::string& name, std::int64_t step) {
  const auto digests = trace.tensors(step);
  for (std::size_t i = 0; i < digests.size(); ++i)
    if (trace.columns()[i].stage == stage && trace.columns()[i].name == name) return digests[i];
  return {};
}

Names names_of(const Trace& trace, Stage stage, std::int64_t step) {
  Names names;
  const auto digests = trace.tensors(step);
  for (std::size_t i = 0; i < digests.size(); ++i)
    if (trace.columns()[i].stage == stage && digests[i].present()) names.push_back(trace.columns()[i].name);
  std::ranges::sort(names);
  return names;
}

template <class T>
Digest filled(std::string_view dtype, std::vector<std::int64_t> shape, T value) {
  std::int64_t count = 1;
  for (const auto axis : shape) count *= axis;
  const std::vector<T> all(static_cast<std::size_t>(count), value);
  return tensor_digest(dtype, shape, std::as_bytes(std::span(all)));
}

// What `diff` says of two runs of a script, in one line.
std::string difference(const Scratch& folder, const std::string& text) {
  const auto printed = run_script(folder, text, "--repeat 2");
  INFO(text << "\n" << printed.out << printed.err);
  const auto first = only_run(folder), second = first.parent_path() / "2";
  const auto diff = run_program(folder.path(), "diff " + first.string() + " " + second.string(), "");
  CHECK(diff.code == 1);
  std::string words;
  for (const char letter : diff.out)
    if (letter != '\n' && !(letter == ' ' && words.ends_with(' ')))
      words += letter;
    else if (!words.ends_with(' '))
      words += ' ';
  return words;
}

// A CPU build of torch that says it has used its three GPUs.
const std::string pretended = R"(import torch
class Card:
    name, major, minor, multi_processor_count, total_memory, uuid = "Pretended 9000", 9, 0, 132, 1 << 30, "12-34"
torch.cuda.is_initialized, torch.cuda.device_count, torch.cuda.current_device = lambda: True, lambda: 3, lambda: 1
torch.cuda.max_memory_allocated, torch.cuda.get_device_properties = lambda n: 0, lambda n: Card
torch.cuda.get_rng_state = lambda n: torch.full((5000,), n + 1, dtype=torch.uint8)
)";

// `before` the loop, `inside` after the forward pass of each step, `after` each step().
std::string training(const std::string& before, const std::string& inside = "pass",
                     const std::string& after = "pass", int steps = 4) {
  return "import copy, os, torch\n"
         "torch.manual_seed(0)\n"
         "net = torch.nn.Sequential(torch.nn.Linear(4, 3), torch.nn.BatchNorm1d(3))\n"
         "optimizer = torch.optim.SGD(net.parameters(), lr=0.125)\n" +
         before + "\nfor step in range(" + std::to_string(steps) +
         "):\n"
         "    loss = net(torch.randn(6, 4)).pow(3).sum()\n    " +
         inside + "\n    optimizer.zero_grad()\n    loss.backward()\n    optimizer.step()\n    " + after +
         "\n";
}

}  // namespace

TEST_CASE("a tensor that Python makes on the fly is digested before its memory is used again") {
  const Scratch folder;
  const Trace trace = traced(folder, pretended + training(""));
  for (std::int64_t step = 0; step <= 4; ++step)
    for (int card = 0; card < 3; ++card)
      CHECK(at(trace, Stage::rng, "torch.cuda" + std::to_string(card), step) ==
            filled("U8", {5000}, static_cast<std::uint8_t>(card + 1)));
}

TEST_CASE("an optimizer whose state is made anew at each look is seen as it is") {
  const Scratch folder;
  const Trace trace = traced(folder, R"(import torch
class Fresh(dict):
    def items(self):
        return ((name, torch.full((2000,), value)) for name, value in dict.items(self))
class Own(torch.optim.SGD):
    def step(self, closure=None):
        for group in self.param_groups:
            for p in group["params"]:
                self.state[p] = Fresh(a=1.0, b=2.0, c=3.0)
layer = torch.nn.Linear(3, 2, bias=False)
own = Own(layer.parameters(), lr=0.1)
for step in range(3):
    layer(torch.ones(1, 3)).sum().backward()
    own.step()
)");
  CHECK(at(trace, Stage::optimizer, "weight.a", 2) == filled("F32", {2000}, 1.0F));
  CHECK(at(trace, Stage::optimizer, "weight.b", 2) == filled("F32", {2000}, 2.0F));
  CHECK(at(trace, Stage::optimizer, "weight.c", 2) == filled("F32", {2000}, 3.0F));
}

TEST_CASE("a script that used a GPU says which") {
  const Scratch folder;
  const Trace trace = traced(folder, pretended + training(""));
  CHECK(trace.facts().at("gpu.name") == "Pretended 9000");
  CHECK(trace.facts().at("gpu.uuid") == "GPU-12-34");
  CHECK(trace.facts().at("gpu.capability") == "9.0");
  CHECK(trace.facts().at("gpu.processors") == "132");
  CHECK(trace.facts().at("gpu.index") == "1");
  CHECK(trace.facts().contains("gpu.driver"));
  const Scratch other;
  CHECK_FALSE(traced(other, training("")).facts().contains("gpu.name"));
}

TEST_CASE("modules that no optimizer has are a stage of their own, named as the script names them") {
  const Scratch folder;
  const Trace trace = traced(folder, training(R"(
class Agent:
    def __init__(self):
        self.average = torch.optim.swa_utils.AveragedModel(net)
        self.teachers = [torch.nn.Linear(2, 2, bias=False)]
def run():
    inner = torch.nn.Linear(1, 1, bias=False)
    return lambda: inner
agent, target, reach = Agent(), copy.deepcopy(net[0]), run()
criterion = torch.nn.CrossEntropyLoss(weight=torch.ones(3)))",
                                              "pass", R"(
    agent.average.update_parameters(net)
    if step == 2: late = copy.deepcopy(target)
)"));
  const Names first = {"agent.average.module.0.bias",
                       "agent.average.module.0.weight",
                       "agent.average.module.1.bias",
                       "agent.average.module.1.num_batches_tracked",
                       "agent.average.module.1.running_mean",
                       "agent.average.module.1.running_var",
                       "agent.average.module.1.weight",
                       "agent.average.n_averaged",
                       "agent.teachers.0.weight",
                       "criterion.weight",
                       "reach.inner.weight",
                       "target.bias",
                       "target.weight"};
  for (std::int64_t step = 0; step <= 3; ++step) CHECK(names_of(trace, Stage::auxiliary, step) == first);
  Names later = first;
  later.insert(later.end(), {"late.bias", "late.weight"});
  std::ranges::sort(later);
  CHECK(names_of(trace, Stage::auxiliary, 4) == later);
  CHECK(at(trace, Stage::auxiliary, "criterion.weight", 0) == filled("F32", {3}, 1.0F));
  CHECK(at(trace, Stage::auxiliary, "agent.average.n_averaged", 1) == filled("I64", {}, std::int64_t{0}));
  CHECK(at(trace, Stage::auxiliary, "agent.average.n_averaged", 4) == filled("I64", {}, std::int64_t{3}));
  CHECK(trace.stages(4)[static_cast<std::size_t>(Stage::auxiliary)].present());
}

TEST_CASE("a script without such modules has an empty stage, and one trained before is a teacher") {
  const Scratch folder;
  const Trace trace = traced(folder, training(""));
  CHECK(trace.stages_held() == stage_count);
  for (std::int64_t step = 0; step <= 4; ++step)
    CHECK_FALSE(trace.stages(step)[static_cast<std::size_t>(Stage::auxiliary)].present());
  const Scratch other;
  const Trace second = traced(other, training("", "pass", "pass", 1) + R"(
student = torch.nn.Linear(4, 3)
optimizer = torch.optim.SGD(student.parameters(), lr=0.1)
for step in range(7):
    (student(torch.ones(2, 4)) - net(torch.ones(2, 4)).detach()).sum().backward()
    optimizer.step()
)");
  CHECK(names_of(second, Stage::auxiliary, 2).empty());
  CHECK(names_of(second, Stage::auxiliary, 8).size() == 7);
}

TEST_CASE("a target network that chance moves parts the runs") {
  const Scratch folder;
  const auto said = difference(folder, training("target = copy.deepcopy(net)", "pass", R"(
    with torch.no_grad():
        for a, b in zip(target.parameters(), net.parameters()):
            a.lerp_(b, 0.01 + int.from_bytes(os.urandom(4), "little") * 1e-12)
)"));
  CHECK_THAT(said, Contains("at step 2 (modules that no optimizer has, target.0.weight)"));
}

TEST_CASE("row 0 is the state before the first forward pass") {
  const Scratch folder;
  const Trace trace = traced(folder, training("", "optimizer.param_groups[0]['lr'] = 0.25") + R"(
for name, value in net.state_dict().items(): print(name, value)
)");
  CHECK(at(trace, Stage::weights, "1.running_mean", 0) == filled("F32", {3}, 0.0F));
  CHECK(at(trace, Stage::weights, "1.running_var", 0) == filled("F32", {3}, 1.0F));
  CHECK(at(trace, Stage::weights, "1.num_batches_tracked", 0) == filled("I64", {}, std::int64_t{0}));
  CHECK(at(trace, Stage::weights, "1.num_batches_tracked", 1) == filled("I64", {}, std::int64_t{1}));
  CHECK(at(trace, Stage::optimizer, "group0.lr", 0) == filled("F64", {}, 0.125));
  CHECK(at(trace, Stage::optimizer, "group0.lr", 1) == filled("F64", {}, 0.25));
  CHECK(names_of(trace, Stage::weights, 0) == names_of(trace, Stage::weights, 1));
  CHECK(names_of(trace, Stage::optimizer, 0) == names_of(trace, Stage::optimizer, 1));
}

TEST_CASE("what is loaded after the optimizer was made, and tried without gradients, is before training") {
  const Scratch folder;
  const Trace trace = traced(folder, training(R"(
with torch.no_grad():
    net.eval(); net(torch.ones(2, 4)); net.train()
    torch.nn.Linear(4, 4)
torch.nn.Linear(4, 4)(torch.ones(2, 4))
net.load_state_dict({name: torch.full_like(value, 2) for name, value in net.state_dict().items()})
optimizer.load_state_dict({"state": {0: {"momentum_buffer": torch.full((3, 4), 5.0)}}, "param_groups":
                           [optimizer.state_dict()["param_groups"][0] | {"momentum": 0.5}]}))"));
  CHECK(at(trace, Stage::weights, "0.weight", 0) == filled("F32", {3, 4}, 2.0F));
  CHECK(at(trace, Stage::weights, "1.running_mean", 0) == filled("F32", {3}, 2.0F));
  CHECK(at(trace, Stage::optimizer, "0.weight.momentum_buffer", 0) == filled("F32", {3, 4}, 5.0F));
  CHECK(at(trace, Stage::optimizer, "group0.momentum", 0) == filled("F64", {}, 0.5));
}

TEST_CASE("runs that see other data part at step 1 in their running statistics, not before training") {
  const Scratch folder;
  const auto said = difference(folder, R"(import os, torch
torch.manual_seed(0)
net = torch.nn.BatchNorm1d(3)
optimizer = torch.optim.SGD(net.parameters(), lr=0.125)
for step in range(3):
    net(torch.full((6, 3), float(os.urandom(4)[0] + step * 300))).sum().backward()
    optimizer.step()
)");
  CHECK_FALSE(contains(said, "initial weights"));
  CHECK_FALSE(contains(said, "before training ("));
}

TEST_CASE("an optimizer that is made after the forward pass, a lazy model and two optimizers have a row 0") {
  const Scratch folder;
  const auto printed = run_script(folder, R"(import torch
net = torch.nn.Sequential(torch.nn.Linear(4, 3), torch.nn.BatchNorm1d(3))
loss = net(torch.randn(6, 4)).pow(2).sum()
optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
loss.backward()
optimizer.step()
)");
  INFO(printed.out << printed.err);
  CHECK(printed.code == 0);
  CHECK_THAT(printed.out, Contains("the state before training was taken at the first step"));
  const Scratch lazy;
  const Trace first = traced(lazy, R"(import torch
net = torch.nn.Sequential(torch.nn.LazyLinear(3), torch.nn.BatchNorm1d(3))
optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
for step in range(3):
    net(torch.randn(6, 4)).pow(2).sum().backward()
    optimizer.step()
)");
  CHECK(names_of(first, Stage::weights, 0) == names_of(first, Stage::weights, 1));
  CHECK(at(first, Stage::weights, "1.num_batches_tracked", 0) == filled("I64", {}, std::int64_t{0}));
  const Scratch two;
  const Trace second = traced(two, R"(import torch
maker, judge = torch.nn.Linear(2, 2), torch.nn.Sequential(torch.nn.Linear(2, 2), torch.nn.BatchNorm1d(2))
of_maker = torch.optim.Adam(maker.parameters()); of_judge = torch.optim.Adam(judge.parameters())
for step in range(3):
    judge(maker(torch.ones(3, 2)).detach()).sum().backward(); of_judge.step()
    judge(maker(torch.ones(3, 2))).sum().backward(); of_maker.step()
)");
  CHECK(names_of(second, Stage::weights, 0) == names_of(second, Stage::weights, 1));
  CHECK(at(second, Stage::weights, "1.num_batches_tracked", 0) == filled("I64", {}, std::int64_t{0}));
  for (std::int64_t step = 0; step <= 6; ++step) CHECK(names_of(second, Stage::auxiliary, step).empty());
}

TEST_CASE("a forked process that trains is told") {
  const std::string child = R"(
def other():
    layer = torch.nn.Linear(2, 1)
    own = torch.optim.SGD(layer.parameters(), lr=0.1)
    for step in range(5):
        layer(torch.ones(1, 2)).sum().backward(); own.step()
)";
  const Scratch folder;
  const auto forked = run_script(folder, training(child + R"(
if os.fork() == 0:
    other()
    raise SystemExit(0)
os.wait()
)"));
  INFO(forked.out << forked.err);
  CHECK(forked.code == 0);
  CHECK_THAT(forked.out, Contains("not observed: a forked process made 5 optimizer steps"));
  CHECK(Trace(only_run(folder)).finished());
  const Scratch second;
  const auto pool = run_script(second, training(child + R"(
import multiprocessing
children = [multiprocessing.get_context("fork").Process(target=other) for _ in range(2)]
for one in children: one.start()
for one in children: one.join()
)"));
  INFO(pool.out << pool.err);
  CHECK_THAT(pool.out, Contains("not observed: 2 forked processes made 5 optimizer steps each"));
}

TEST_CASE("only forked processes that train are a failed run with that reason") {
  const Scratch folder;
  const auto printed = run_script(folder, R"(import os
if os.fork() == 0:
    import torch
    layer = torch.nn.Linear(2, 1)
    own = torch.optim.SGD(layer.parameters(), lr=0.1)
    layer(torch.ones(1, 2)).sum().backward(); own.step()
    os._exit(0)
os.wait()
import torch
)");
  INFO(printed.out << printed.err);
  CHECK(printed.code == 2);
  CHECK_THAT(printed.out, Contains("only forked processes trained"));
}

TEST_CASE("two threads that step are told") {
  const Scratch folder;
  const auto printed = run_script(folder, R"(import threading, torch
def train():
    layer = torch.nn.Linear(2, 1)
    own = torch.optim.SGD(layer.parameters(), lr=0.1)
    for step in range(20):
        layer(torch.ones(1, 2)).sum().backward(); own.step()
both = [threading.Thread(target=train) for _ in range(2)]
for one in both: one.start()
for one in both: one.join()
)");
  INFO(printed.out << printed.err);
  CHECK(printed.code == 0);
  CHECK_THAT(printed.out, Contains("optimizer steps were made in several threads"));
  CHECK_FALSE(contains(printed.out, "could not do"));
  CHECK(Trace(only_run(folder)).last_step() == 40);
}
