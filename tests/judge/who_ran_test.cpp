// SPDX-License-Identifier: Apache-2.0
// Which runs one machine made, told from facts alone; and runs of several machines as the factors of a
// matrix.
#include <catch2/catch.hpp>

#include "harness/judge/gathered/gathering.h"
#include "harness/judge/gathered/who_ran.h"
#include "plan/sample_plan.h"

using namespace reprise;

namespace {

using Names = std::vector<std::string>;
using Indices = std::vector<std::size_t>;

Facts machine(const std::string& processor, const Facts& more = {}) {
  Facts facts = {{"cpu.model", processor},
                 {"cpu.cores", "2"},
                 {"kernel.release", "6.1"},
                 {"libtorch.version", "2.11.0"},
                 {"library.libc.so.6", std::string(64, 'a')}};
  for (const auto& [name, value] : more) facts[name] = value;
  return facts;
}

Plan plan_with(const Pins& pins) { return bare_plan("waves", pins); }

Promise as_for_seed(std::string_view pin) { return pin == "seed" ? Promise::statistical : Promise::numeric; }

}  // namespace

TEST_CASE("machines are told by their facts and named by processor and LibTorch") {
  const auto found = machines_of({machine("AMD EPYC 7B13"), machine("Intel Xeon"), machine("AMD EPYC 7B13")});
  CHECK(found.of_run == Indices{0, 1, 0});
  CHECK(found.names == Names{"AMD EPYC 7B13, LibTorch 2.11.0", "Intel Xeon, LibTorch 2.11.0"});
}

TEST_CASE("what follows from the plan or the script makes no other machine") {
  const auto found = machines_of({machine("x", {{"threads.intra", "1"}, {"env.OMP_NUM_THREADS", "1"}}),
                                  machine("x", {{"threads.intra", "2"}, {"env.OMP_NUM_THREADS", "2"}}),
                                  machine("x", {{"cpu.capability", "AVX2"},
                                                {"mkl.branch", "0x4"},
                                                {"libtorch.build", "CPU capability usage: AVX2"}}),
                                  machine("x", {{"libtorch.build", "CPU capability usage: DEFAULT"}})});
  CHECK(found.of_run == Indices{0, 0, 0, 0});
  for (const auto* fact : {"module.train", "git.commit", "artifact.out", "gpu.index", "digest.device",
                           "library.reprise-worker", "cuda.cudnn", "python.executable"}) {
    INFO(fact);
    CHECK(machines_of({machine("x", {{fact, "1"}}), machine("x", {{fact, "2"}})}).names.size() == 1);
  }
}

TEST_CASE("each fact of the machine and its software makes another one") {
  for (const auto* fact :
       {"cpu.model", "cpu.cores", "gpu.uuid", "gpu.driver", "kernel.release", "libc.version",
        "libtorch.version", "library.libm.so.6", "package.numpy", "reprise.version"}) {
    INFO(fact);
    const auto found = machines_of({machine("x", {{fact, "1"}}), machine("x", {{fact, "2"}})});
    REQUIRE(found.names.size() == 2);
    CHECK(found.names[0] != found.names[1]);
  }
}

TEST_CASE("a run that loaded more libraries is still of its machine") {
  const auto found = machines_of(
      {machine("x"), machine("x", {{"library.libtorch_cuda.so", std::string(64, 'b')}}), machine("x")});
  CHECK(found.names.size() == 1);
}

TEST_CASE("machines of one name are told apart by the first fact that says something to a person") {
  const auto kernels = machines_of({machine("x"), machine("x", {{"kernel.release", "6.12"}})});
  CHECK(kernels.names == Names{"x, LibTorch 2.11.0 (kernel 6.1)", "x, LibTorch 2.11.0 (kernel 6.12)"});
  const auto cores =
      machines_of({machine("x"), machine("x", {{"kernel.release", "6.12"}, {"cpu.cores", "4"}})});
  CHECK(cores.names == Names{"x, LibTorch 2.11.0 (cores: 2)", "x, LibTorch 2.11.0 (cores: 4)"});
  // Another C library of the same version: only its bytes tell.
  const auto libraries =
      machines_of({machine("x"), machine("x", {{"library.libc.so.6", std::string(64, 'b')}})});
  CHECK(libraries.names ==
        Names{"x, LibTorch 2.11.0 (libc.so.6 aaaaaaaa)", "x, LibTorch 2.11.0 (libc.so.6 bbbbbbbb)"});
}

TEST_CASE("three machines of which two share the first telling fact get another one") {
  const auto found = machines_of({machine("x"), machine("x", {{"cpu.cores", "4"}}),
                                  machine("x", {{"cpu.cores", "4"}, {"kernel.release", "6.12"}})});
  CHECK(found.names == Names{"x, LibTorch 2.11.0 (cores: 2)", "x, LibTorch 2.11.0 (cores: 4, kernel 6.1)",
                             "x, LibTorch 2.11.0 (cores: 4, kernel 6.12)"});
}

TEST_CASE("two cards of one machine are two, told by UUID where their name is one") {
  const Facts one = {{"gpu.name", "NVIDIA H100"}, {"gpu.uuid", "GPU-1"}};
  const Facts other = {{"gpu.name", "NVIDIA H100"}, {"gpu.uuid", "GPU-2"}};
  const auto found = machines_of({machine("x", one), machine("x", other)});
  CHECK(found.names ==
        Names{"NVIDIA H100, x, LibTorch 2.11.0 (GPU-1)", "NVIDIA H100, x, LibTorch 2.11.0 (GPU-2)"});
}

TEST_CASE("facts made to look alike still give each machine a name of its own") {
  // Digests that differ after what is shown of them.
  const auto found = machines_of({machine("x", {{"library.libm.so.6", std::string(64, 'c')}}),
                                  machine("x", {{"library.libm.so.6", std::string(63, 'c') + "d"}})});
  REQUIRE(found.names.size() == 2);
  CHECK(found.names[0] != found.names[1]);
  CHECK(machines_of({Facts{}, Facts{}}).names == Names{"an unknown machine"});
}

TEST_CASE("equal plans of two machines differ in the factor machine alone") {
  const auto gathered =
      gather({{plan_with({}), machine("AMD")}, {plan_with({}), machine("Intel")}}, as_for_seed);
  CHECK(gathered.names == Names{"waves on AMD, LibTorch 2.11.0", "waves on Intel, LibTorch 2.11.0"});
  REQUIRE(gathered.factors.size() == 1);
  CHECK(gathered.factors[0].name == "machine");
  CHECK(gathered.factors[0].values == Names{"AMD, LibTorch 2.11.0", "Intel, LibTorch 2.11.0"});
  CHECK(gathered.factors[0].promise == Promise::numeric);
}

TEST_CASE("pins that differ are factors, equal runs of one machine are repeats") {
  const auto gathered = gather({{plan_with({}), machine("AMD")},
                                {plan_with({{"threads", "2"}}), machine("AMD")},
                                {plan_with({}), machine("Intel")},
                                {plan_with({}), machine("Intel")},
                                {plan_with({{"seed", "1"}}), machine("Intel")}},
                               as_for_seed);
  CHECK(gathered.names == Names{"waves on AMD, LibTorch 2.11.0", "waves threads=2 on AMD, LibTorch 2.11.0",
                                "waves on Intel, LibTorch 2.11.0", "waves repeat=2 on Intel, LibTorch 2.11.0",
                                "waves seed=1 on Intel, LibTorch 2.11.0"});
  REQUIRE(gathered.factors.size() == 4);
  CHECK(gathered.factors[1].name == "seed");
  CHECK(gathered.factors[1].promise == Promise::statistical);
  CHECK(gathered.factors[2].name == "threads");
  CHECK(gathered.factors[3].name == "repeat");
  CHECK(gathered.factors[3].promise == Promise::bitwise);
  for (const auto& values : gathered.values) CHECK(values.size() == 4);
}

TEST_CASE("runs of one machine have no factor machine and no machine in their names") {
  const auto gathered =
      gather({{plan_with({}), machine("AMD")}, {plan_with({{"threads", "2"}}), machine("AMD")}}, as_for_seed);
  CHECK(gathered.names == Names{"waves", "waves threads=2"});
  CHECK(gathered.factors.size() == 1);
}

TEST_CASE("a short run and one with an injected fault are not those that a person asked for") {
  const Plan plan = plan_with({});
  std::vector<Plan> plans{plan};
  for (const auto spoil : {+[](Plan& p) { p.watch.from = 2; }, +[](Plan& p) { p.watch.until = 3; },
                           +[](Plan& p) {
                             p.watch.injected = InjectedFault{"flip-bit", 1};
                           }}) {
    plans.push_back(plan);
    spoil(plans.back());
  }
  CHECK(asked_for(plans) == std::vector<bool>{true, false, false, false});
}

TEST_CASE("runs whose operators are looked at count unless the same training stands beside them without") {
  Plan looked = plan_with({}), other = plan_with({{"threads", "2"}});
  looked.watch.ops.last = 1;
  looked.watch.dump = CallPlace{};
  CHECK(asked_for({looked}) == std::vector<bool>{true});
  CHECK(asked_for({looked, other}) == std::vector<bool>{true, true});
  CHECK(asked_for({looked, other, plan_with({})}) == std::vector<bool>{false, true, true});
  Plan cut = plan_with({});
  cut.watch.until = 3;
  CHECK(asked_for({looked, cut}) == std::vector<bool>{true, false});
}
