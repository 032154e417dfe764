// SPDX-License-Identifier: Apache-2.0
// What a run left, as a trace keeps it.
#include <catch2/catch.hpp>

#include "harness/base/error.h"
#include "harness/base/files.h"
#include "harness/trace/trace.h"
#include "scratch.h"
#include "small_trace.h"

using namespace reprise;
using Catch::Contains;

namespace {

const std::string sha256(64, 'a');

}  // namespace

TEST_CASE("artifacts are added to a finished trace, sorted by name, and move no root") {
  const Scratch folder;
  write_small_trace(folder / "trace.h5", {});
  const Digest chain = Trace(folder / "trace.h5").chain(6);
  CHECK(Trace(folder / "trace.h5").artifacts().empty());
  add_artifacts(folder / "trace.h5",
                {{"out/b.pt:fc.weight", "F32", {2, 3}, {1, 2}, sha256}, {"out/a", "U8", {}, {3, 4}, ""}});
  const Trace trace(folder / "trace.h5");
  const auto artifacts = trace.artifacts();
  REQUIRE(artifacts.size() == 2);
  CHECK(artifacts[0].name == "out/a");
  CHECK(artifacts[0].sha256.empty());
  CHECK(artifacts[1].dtype == "F32");
  CHECK(artifacts[1].shape == std::vector<std::int64_t>{2, 3});
  CHECK(artifacts[1].digest == Digest{1, 2});
  CHECK(artifacts[1].sha256 == sha256);
  CHECK(trace.artifacts_digest() ==
        set_digest("artifacts", {{"out/a", Digest{3, 4}}, {"out/b.pt:fc.weight", Digest{1, 2}}}));
  CHECK(trace.chain(6) == chain);
  CHECK(trace.finished());
}

TEST_CASE("artifacts are added once") {
  const Scratch folder;
  write_small_trace(folder / "trace.h5", {});
  add_artifacts(folder / "trace.h5", {});
  CHECK_THROWS_WITH(add_artifacts(folder / "trace.h5", {}), Contains("it has artifacts already"));
}

TEST_CASE("a name too long for an artifact is an error, and no trace at all is one too") {
  const Scratch folder;
  write_small_trace(folder / "trace.h5", {});
  CHECK_THROWS_AS(add_artifacts(folder / "trace.h5", {{std::string(161, 'n'), "U8", {}, {1, 1}, ""}}), Error);
  CHECK_THROWS_AS(add_artifacts(folder / "none.h5", {}), Error);
  CHECK(Trace(folder / "trace.h5").artifacts().empty());
  CHECK(list_folder(folder.path()).size() == 1);
}

// What a process that is killed in the middle of it would leave.
TEST_CASE("the file of a trace is not changed where it lies while artifacts are added") {
  const Scratch folder;
  write_small_trace(folder / "trace.h5", {});
  std::filesystem::create_hard_link(folder / "trace.h5", folder / "as_it_was.h5");
  const std::string before = read_file(folder / "trace.h5", "trace");
  add_artifacts(folder / "trace.h5", {{"out/a", "U8", {}, {3, 4}, ""}});
  CHECK(read_file(folder / "as_it_was.h5", "trace") == before);
  CHECK(Trace(folder / "trace.h5").artifacts().size() == 1);
}
