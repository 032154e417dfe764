// SPDX-License-Identifier: Apache-2.0
// One native recipe by several ranks: equal weights in each, the batch of one rank between them, and what is
// said of another number of ranks.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "harness/trace/trace.h"
#include "program.h"
#include "scratch.h"

using namespace reprise;
namespace fs = std::filesystem;
using Json = nlohmann::json;

namespace {

Json run_json(const Scratch& folder, const std::string& arguments, int code) {
  const auto printed = run_program(folder.path(), arguments + " --json");
  INFO(arguments << "\n" << printed.out << printed.err);
  REQUIRE(printed.code == code);
  return Json::parse(printed.out);
}

}  // namespace

TEST_CASE("two ranks hold equal weights, repeat bit for bit, and take the batch of one rank between them") {
  const Scratch folder;
  const std::string recipe = "run waves --set model=linear --set steps=4 ";
  const Json pair = run_json(folder, recipe + "--ranks 2 --repeat 2", 0);
  REQUIRE(pair["runs"].size() == 2);
  REQUIRE(pair["runs"][0]["ranks"]["hold"] == true);
  const fs::path first = folder / pair["runs"][0]["folder"].get<std::string>(),
                 second = folder / pair["runs"][1]["folder"].get<std::string>();
  for (const auto* rank : {".", "rank-1"})
    REQUIRE(content_of(first / rank / "trace.h5") == content_of(second / rank / "trace.h5"));
  const Json alone = run_json(folder, recipe, 0);
  const Trace whole(folder / alone["runs"][0]["folder"].get<std::string>()), rank_0(first),
      rank_1(first / "rank-1");
  for (std::int64_t step = 1; step <= 4; ++step) {
    auto joined = rank_0.samples(step);
    const auto more = rank_1.samples(step);
    REQUIRE(joined.size() == more.size());
    joined.insert(joined.end(), more.begin(), more.end());
    REQUIRE(joined == whole.samples(step));
  }
}

TEST_CASE("another number of ranks moves the gradients of rank 0, and names no operator") {
  const Scratch folder;
  const auto told = run_program(
      folder.path(), "matrix waves --set model=mlp --set steps=4 --axis world-size=1,2 --axis repeat=2");
  INFO(told.out << told.err);
  REQUIRE_THAT(told.out, Catch::Matchers::Contains("The bits move with world-size"));
  REQUIRE_THAT(told.out, Catch::Matchers::Contains("rank 0, step 1, gradients"));
  const auto apart = run_program(
      folder.path(), "bisect waves --set model=mlp --set steps=4 --between world-size=1 world-size=2");
  REQUIRE(apart.code == 2);
  REQUIRE_THAT(apart.out, Catch::Matchers::Contains("no operator is looked for"));
}

TEST_CASE("a batch that ranks cannot share evenly is refused before anything runs") {
  const Scratch folder;
  const auto uneven = run_program(folder.path(), "run waves --ranks 3");
  REQUIRE(uneven.code == 2);
  REQUIRE_THAT(uneven.err, Catch::Matchers::Contains("wanted a batch that 3 ranks share evenly, found 100"));
  REQUIRE_FALSE(fs::exists(folder / "runs"));
}
