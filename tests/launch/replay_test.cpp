// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "harness/launch/replay.h"
#include "harness/launch/run_folder.h"
#include "harness/plan/worker_event.h"
#include "launch/fake_worker.h"

using namespace reprise;

TEST_CASE("a kept call is replayed by the worker under the plan's environment") {
  FakeWorker fake("echo \"$1 $5 $MKL_CBWR\" > \"$4\"\n");
  fake.plan.pins["mkl"] = "strict";
  const auto outcome =
      replay(fake.plan, fake.scratch / "call.safetensors", fake.scratch / "out", true, fake.options);
  CHECK(outcome.done());
  CHECK(read_file(fake.scratch / "out", "file") == "replay --double AUTO,STRICT\n");
}

TEST_CASE("a call that cannot be replayed says why") {
  FakeWorker fake(
      "echo '{\"event\": \"ended\", \"text\": \"this operator draws random numbers\"}' >&3; exit 2\n");
  const auto outcome = replay(fake.plan, fake.scratch / "call", fake.scratch / "out", false, fake.options);
  CHECK_FALSE(outcome.done());
  CHECK(outcome.reason == "this operator draws random numbers");
}

TEST_CASE("the time of a step is what the worker told, and nothing is made up where it is missing") {
  Scratch scratch;
  CHECK_FALSE(step_milliseconds(scratch.path()));
  write_atomically(scratch / "log.txt", "steps 1 to 20 took a median of 11.5 ms\n");
  CHECK_FALSE(step_milliseconds(scratch.path()));
  write_atomically(scratch / "events.jsonl",
                   to_line({.told = Told::step, .step = 20, .steps = 20, .loss = 1}) +
                       to_line({.told = Told::step_time, .milliseconds = 12.5}));
  CHECK(step_milliseconds(scratch.path()).value() == 12.5);
}
