// SPDX-License-Identifier: Apache-2.0
#include "harness/trace/proof_together.h"

#include <catch2/catch.hpp>
#include <fstream>

#include "harness/base/error.h"
#include "harness/base/files.h"
#include "harness/trace/trace_proof.h"
#include "scratch.h"
#include "trace/trace_fixture.h"

using namespace reprise;

namespace {

namespace fs = std::filesystem;

fs::path made_trace(const Scratch& scratch, const std::string& name) {
  fs::create_directories(scratch / name);
  MadeRun run;
  run.steps = 5;
  run.write(scratch / name / "trace.h5");
  return scratch / name;
}

void damage(const fs::path& path) {
  std::string bytes = read_file(path, "trace");
  for (std::size_t at = bytes.size() / 4; at < bytes.size(); at += 97)
    bytes[at] = static_cast<char>(bytes[at] ^ 4);
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

}  // namespace

TEST_CASE("of many traces proven at once the sound ones are kept as proven, and no other") {
  const Scratch scratch;
  std::vector<fs::path> runs;
  for (const char* name : {"a", "b", "c", "d", "e"}) runs.push_back(made_trace(scratch, name));
  damage(runs[1] / "trace.h5");
  fs::remove(runs[2] / "trace.h5");
  std::size_t all = 0;
  prove_runs(runs, [&](std::size_t, std::size_t traces) { all = traces; });
  CHECK(all == 4);
  for (const std::size_t sound : {0, 3, 4}) CHECK(is_proven(runs[sound] / "trace.h5"));
  for (const std::size_t other : {1, 2}) {
    CHECK_FALSE(is_proven(runs[other] / "trace.h5"));
    CHECK_THROWS_AS(Trace(runs[other]), Error);
  }
  damage(runs[3] / "trace.h5");
  CHECK_FALSE(is_proven(runs[3] / "trace.h5"));
  CHECK_THROWS_AS(Trace(runs[3]), Error);
}
