// SPDX-License-Identifier: Apache-2.0
// The real `reprise` on values that nothing reads on a CPU or in a native recipe: never called identical.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "judge/drawn_trace.h"
#include "program.h"
#include "scratch.h"

using namespace reprise;
using Catch::Matchers::Contains;

namespace {

void draw_pair(const Scratch& folder, const std::string& pin, const std::string& value,
               const std::vector<Change>& changes = {}) {
  DrawnTrace drawn;
  draw(folder / "all/0/1", drawn);
  drawn.pins[pin] = value;
  drawn.changes = changes;
  draw(folder / "all/1/1", drawn);
}

}  // namespace

TEST_CASE("gathered runs that differ only in what nothing read are no evidence, and that is exit code 2") {
  const Scratch folder;
  draw_pair(folder, "tf32-cudnn", "on");
  for (const std::string verb : {"diff all", "report all --format md --output out && cat out/report.md"}) {
    const auto printed = run_program(folder.path(), verb);
    INFO(printed.out << printed.err);
    // Lines are wrapped.
    CHECK_THAT(printed.out, Contains("nothing reads tf32-cudnn here:") && Contains("trains on the CPU"));
    CHECK_THAT(printed.out, !Contains("oth runs are identical"));
  }
  CHECK(run_program(folder.path(), "diff all").code == 2);
}

TEST_CASE("gathered runs that differ in what was read are evidence, and bits that move are a finding") {
  const Scratch folder;
  draw_pair(folder, "threads", "2");
  const auto same = run_program(folder.path(), "diff all");
  CHECK(same.code == 0);
  CHECK_THAT(same.out, Contains("Both runs are identical"));
  const Scratch other;
  draw_pair(other, "tf32-cudnn", "on", {{Stage::weights, "fc1.weight", 2}});
  const auto moved = run_program(other.path(), "diff all");
  INFO(moved.out);
  CHECK(moved.code == 1);
}

TEST_CASE("a matrix does not run what nothing reads, and says why") {
  const Scratch folder;
  std::ofstream(folder / "worker") << "#!/bin/sh\necho run >> '" << (folder / "ran").string()
                                   << "'\nexit 1\n";
  std::filesystem::permissions(folder / "worker", std::filesystem::perms::owner_all);
  const auto printed = run_program(folder.path(),
                                   "matrix waves --worker ./worker --axis tf32=off,cublas --axis "
                                   "sdpa=default,cudnn --axis pin:nccl-algo=ring,tree --axis "
                                   "python-hash-seed=0,1 --axis pin:tunableop=off,on --json");
  INFO(printed.out << printed.err);
  CHECK(printed.code == 2);
  std::map<std::string, std::string> reasons;
  const auto document = nlohmann::json::parse(printed.out);
  for (const auto& one : document["untested"])
    reasons[one["configuration"]] = one["kind"].get<std::string>() + ": " + one["reason"].get<std::string>();
  REQUIRE(reasons.size() == 6);
  CHECK_THAT(reasons["tf32=cublas"], Contains("skipped: nothing reads matmul-precision here"));
  CHECK_THAT(reasons["sdpa=cudnn"], Contains("skipped: nothing reads sdp-cudnn, sdp-mem-efficient here"));
  CHECK_THAT(reasons["pin:nccl-algo=tree"], Contains("skipped: nothing reads nccl-algo here"));
  CHECK_THAT(reasons["python-hash-seed=1"], Contains("skipped: nothing reads python-hash-seed here"));
  CHECK_THAT(reasons["pin:tunableop=on"], Contains("skipped: nothing reads tunableop here"));
  CHECK_THAT(reasons["baseline"], Contains("failed"));
}

TEST_CASE("two sides of a bisection that differ in nothing that is read are untested") {
  const Scratch folder;
  for (const std::string sides : {"tf32=off tf32=cublas", "python-hash-seed=0 python-hash-seed=1"}) {
    const auto printed = run_program(folder.path(), "bisect waves --worker /none --between " + sides);
    INFO(printed.out << printed.err);
    CHECK(printed.code == 2);
    CHECK_THAT(printed.out, Contains("nothing reads"));
  }
  CHECK_FALSE(std::filesystem::exists(folder / "runs"));
}

TEST_CASE("list pins shows what reads each pin") {
  const Scratch folder;
  const auto printed = run_program(folder.path(), "list pins");
  CHECK_THAT(printed.out, Contains("read by cuDNN, on a GPU") && Contains("read by Python"));
}
