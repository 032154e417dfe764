// SPDX-License-Identifier: Apache-2.0
// tests/golden/trace-v1.h5 was written once and must stay readable. It is made again by
//   build/bin/trace_tests "[.golden]"
// which is right only when the format gets a new version.
#include <catch2/catch.hpp>

#include "harness/base/sha256.h"
#include "harness/hdf5/hdf5.h"
#include "scratch.h"
#include "trace_fixture.h"

namespace reprise {
namespace {

constexpr const char* golden = REPRISE_SOURCE "/tests/golden/trace-v1.h5";

MadeRun golden_run() {
  MadeRun run;
  // Of its own, so that a new pin in the table does not make other bytes.
  run.pins = {{"seed", "0"}, {"threads", "1"}};
  run.true_loss = false;
  return run;
}

TEST_CASE("the golden trace is written again", "[.golden]") {
  golden_run().write(golden);
  const Trace trace(golden, Reading::as_it_stands);
  WARN("chain of the last step: " << to_text(trace.chain(trace.last_step())));
}

// Its numbers were made up: the losses are not those that its digests are of, so it is not evidence.
TEST_CASE("the golden trace of version 1 reads as it always did") {
  CHECK_THROWS_WITH(Trace(golden), Catch::Contains("/loss at step 1"));
  const Trace trace(golden, Reading::as_it_stands);
  const MadeRun run = golden_run();
  REQUIRE(trace.last_step() == 70);
  CHECK(trace.finished());
  CHECK(to_text(trace.chain(70)) == "4cfed16e71652f4443873d602976c43c");
  CHECK(to_text(trace.root(0)) == "25538b01de48f825bedc0d194de5673c");
  CHECK(trace.plan().recipe == "made");
  // A pin that came later has the value that every run had before.
  CHECK(trace.plan().pins ==
        Pins{{"seed", "0"}, {"start", "recipe"}, {"threads", "1"}, {"vector-math-warmup", "off"}});
  CHECK(to_toml(trace.plan()) == trace.plan_text());
  CHECK(trace.facts().at("kernel") == "größe");
  CHECK(trace.columns().size() == 8);
  CHECK(trace.columns()[1].name == "fc1.weight");
  CHECK(trace.columns()[1].shape == std::vector<std::int64_t>{5000});
  for (std::int64_t step = 0; step <= 70; ++step)
    CHECK(trace.root(step) == expected_root(run.record(step), run.head()));
  CHECK(trace.loss(64).bits == 0x3D000000);
  CHECK(trace.samples(9) == std::vector<std::uint64_t>{63, 0, 1, 2});
  CHECK(trace.metrics().at(0).second.value == 80);
  CHECK(trace.checkpoint_steps() == std::vector<std::int64_t>{0, 30, 60, 70});
  CHECK(trace.leaves(30).by_column.at(1) == made_tensor("fc1.weight", 30, 5000, true).leaves);
  CHECK(trace.pin_checks().at(2).values == run.pins);
}

TEST_CASE("today's writer makes the content of the golden trace again, and the bytes it made last") {
  const Scratch scratch;
  golden_run().write(scratch / "trace.h5");
  // Of HDF5 1.10.8; another may lay the file out otherwise. The golden trace is from before its blocks were
  // kept from lying on both sides of a seam, so its own bytes are other ones.
  if (h5::library_version() == "1.10.8")
    CHECK(sha256_file(scratch / "trace.h5") ==
          "021830876b0f9a643ea13ee8c57a088b413d853d9f3dd4eb9747f355847e0719");
  const Trace now(scratch / "trace.h5", Reading::as_it_stands), then(golden, Reading::as_it_stands);
  CHECK(now.roots(0, 70) == then.roots(0, 70));
  CHECK(now.chain(70) == then.chain(70));
  CHECK(now.plan_text() == then.plan_text());
}

}  // namespace
}  // namespace reprise
