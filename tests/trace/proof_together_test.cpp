// SPDX-License-Identifier: Apache-2.0
#include "harness/trace/proof_together.h"

#include <catch2/catch.hpp>
#include <fstream>

#include "harness/base/error.h"
#include "harness/base/files.h"
#include "harness/hdf5/hdf5.h"
#include "harness/trace/read_proof.h"
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

namespace {

// Another digest in one row of a table, which nobody has to read.
void change_row(const fs::path& trace, const std::string& table, std::size_t axes, std::uint64_t row) {
  auto file = h5::File::open_to_add(trace);
  {
    auto rows = h5::Dataset::open(file.id(), table, h5::Element::u64, axes);
    const Digest other{1, 2};
    rows.write(axes == 2 ? h5::Extent{row, 0} : h5::Extent{row, 0, 0},
               axes == 2 ? h5::Extent{1, 2} : h5::Extent{1, 1, 2}, &other);
  }
  file.close();
}

std::string refusal(const std::function<void()>& work) {
  try {
    work();
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("of traces that hold too much together each row is proven when it is read") {
  const Scratch scratch;
  std::vector<fs::path> runs;
  for (const char* name : {"a", "b", "c", "d", "e"}) runs.push_back(made_trace(scratch, name));
  change_row(runs[1] / "trace.h5", "/root", 2, 3);
  change_row(runs[2] / "trace.h5", "/digest", 3, 2);
  change_row(runs[3] / "trace.h5", "/chain", 2, 5);
  prove_together(runs, {}, 0);
  for (const auto& run : runs) {
    CHECK_FALSE(is_proven(run / "trace.h5"));
    CHECK(is_proven(run / "trace.h5", Reading::proven_as_read));
    CHECK(Trace(run).proven_as_read());
  }
  const Trace sound(runs[0]), root(runs[1]), digest(runs[2]), chain(runs[3]);
  CHECK(sound.roots(0, 5).size() == 6);
  CHECK(root.chain(5) == sound.chain(5));
  CHECK(root.root(2) == sound.root(2));
  CHECK_THAT(refusal([&] { root.root(3); }), Catch::Contains("is not evidence"));
  CHECK_THAT(refusal([&] { root.root(3); }), Catch::Contains("at step 3"));
  CHECK_THAT(refusal([&] { root.stages(3); }), Catch::Contains("is not evidence"));
  CHECK_THAT(refusal([&] { root.stages(3); }), Catch::Contains("at step 3"));
  CHECK_THAT(refusal([&] { root.roots(0, 5); }), Catch::Contains("is not evidence"));
  CHECK_THAT(refusal([&] { root.roots(0, 5); }), Catch::Contains("at step 3"));
  CHECK(digest.tensors(1) == sound.tensors(1));
  CHECK_THAT(refusal([&] { digest.root(2); }), Catch::Contains("is not evidence"));
  CHECK_THAT(refusal([&] { digest.root(2); }), Catch::Contains("/digest was changed"));
  CHECK(chain.root(4) == sound.root(4));
  CHECK_THAT(refusal([&] { chain.chain(5); }), Catch::Contains("is not evidence"));
  CHECK_THAT(refusal([&] { chain.chain(5); }), Catch::Contains("/chain at step 5"));
}

TEST_CASE("a trace that is damaged where no row lies is refused among many too") {
  const Scratch scratch;
  std::vector<fs::path> runs;
  for (const char* name : {"a", "b", "c"}) runs.push_back(made_trace(scratch, name));
  damage(runs[1] / "trace.h5");
  prove_together(runs, {}, 0);
  CHECK_FALSE(is_proven(runs[1] / "trace.h5", Reading::proven_as_read));
  CHECK_THROWS_AS(Trace(runs[1]), Error);
}
