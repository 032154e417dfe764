// SPDX-License-Identifier: Apache-2.0
// A plan for a GPU on this machine, whatever it has: what cannot be done is said before a process is started.
#include "harness/plan/devices.h"

#include "harness/base/error.h"
#include "harness/plan/environment.h"
#include "launch/fake_worker.h"
#include "plan/small_recipe.h"

using namespace reprise;
using Catch::Matchers::Contains;

TEST_CASE("a plan for the CPU is never kept from running by a GPU that is not there") {
  FakeWorker fake(good_script);
  CHECK_FALSE(wants_gpu(fake.plan));
  CHECK(no_device(fake.plan).empty());
  CHECK(cannot_run(fake.plan).empty());
}

TEST_CASE("a GPU that this machine lacks makes the run untested, in one sentence, without a process") {
  FakeWorker fake(good_script);
  // No machine has this one.
  fake.plan.pins["device"] = "cuda:no such card";
  CHECK(wants_gpu(fake.plan));
  const std::string reason = no_device(fake.plan);
  CHECK_THAT(reason, Contains("device=cuda:no such card cannot be used: "));
  CHECK(cannot_run(fake.plan) == reason);
  if (!gpus_here().trouble.empty()) CHECK_THAT(reason, Contains(gpus_here().trouble));
  const auto result = launch({{"run", fake.plan, 1}}, fake.options)[0];
  CHECK(result.outcome.ending == Ending::skipped);
  CHECK(result.outcome.reason == reason);
  CHECK_FALSE(std::filesystem::exists(result.folder));
  // Where only the run knows how GPUs are numbered, its number is not judged here.
  fake.plan.pins["cuda-device-order"] = "fastest";
  CHECK(no_device(fake.plan).empty() == gpus_here().trouble.empty());
}

TEST_CASE("a setting that only a GPU reads is not tried on the CPU, where it would look harmless") {
  FakeWorker fake(good_script);
  for (const auto& [pin, value] :
       std::vector<std::pair<const char*, const char*>>{{"blas-backend", "cublaslt"},
                                                        {"cublas-workspace", ":16:8"},
                                                        {"cudnn-benchmark", "on"},
                                                        {"stream", "pool"},
                                                        {"tf32-cudnn", "on"}}) {
    Plan plan = fake.plan;
    plan.pins[pin] = value;
    CHECK(cannot_run(plan) == fmt::format("{}={} is for a GPU, and this plan trains on the CPU; add --set "
                                          "device=cuda:0",
                                          pin, value));
    plan.command = CommandLine{{"python", "train.py"}, Seeding::imposed, {}, ""};
    CHECK(cannot_run(plan).empty());
  }
}

TEST_CASE("a value that needs another pin's is refused before the run, where it would end each product") {
  FakeWorker fake(good_script);
  Plan plan = fake.plan;
  plan.pins["bf16-reduction"] = "no-split-k";
  plan.command = CommandLine{{"python", "train.py"}, Seeding::imposed, {}, ""};
  CHECK(cannot_run(plan) ==
        "bf16-reduction=no-split-k needs blas-backend=cublaslt, and blas-backend is default; add --pin "
        "blas-backend=cublaslt");
  plan.pins["blas-backend"] = "cublaslt";
  CHECK(cannot_run(plan).empty());
  plan.pins["bf16-reduction"] = "off";
  plan.pins["blas-backend"] = "default";
  CHECK(cannot_run(plan).empty());
}

TEST_CASE("the device is said by --set as by --pin, and it is the same plan") {
  Scratch scratch;
  const Recipe recipe = small_recipe(scratch);
  const Plan set = plan_of(recipe, {.set = {{"device", "cuda:0"}}, .pin = {}});
  CHECK(set.pins.at("device") == "cuda:0");
  CHECK(plan_id(set) == plan_id(plan_of(recipe, {.set = {}, .pin = {{"device", "cuda:0"}}})));
  CHECK(plan_id(set) != plan_id(plan_of(recipe, {})));
  CHECK(recipe_id(set) == recipe_id(plan_of(recipe, {})));
  CHECK_THROWS_WITH(plan_of(recipe, {.set = {{"device", "gpu"}}, .pin = {}}),
                    Contains("cpu, cuda, cuda:<text> for pin device, found 'gpu'"));
}
