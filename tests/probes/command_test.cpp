// SPDX-License-Identifier: Apache-2.0
// reprise probe, from the names of operators to verdicts, with the real worker.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "harness/plan/environment.h"
#include "program.h"
#include "scratch.h"

using namespace reprise;
using nlohmann::json;

namespace {

json probed(const Scratch& folder, const std::string& arguments) {
  const auto printed = run_program(folder.path(), "probe --json --quiet " + arguments);
  INFO(printed.out << printed.err);
  REQUIRE(printed.code == 0);
  return json::parse(printed.out);
}

json cell_of(const json& document, const std::string& probe, const std::string& cause) {
  for (const auto& row : document["operators"])
    for (const auto& cell : row["cells"])
      if (row["name"] == probe && cell["cause"] == cause) return cell;
  FAIL("no cell for " << probe << " and " << cause);
  return {};
}

}  // namespace

TEST_CASE("operators are probed for the causes that are named, and the second time nothing is run") {
  const Scratch folder;
  const std::string what = "sum put --causes calls,processes,threads --calls 4 --processes 2";
  const json first = probed(folder, what);
  REQUIRE(first["operators"].size() == 2);
  REQUIRE(cell_of(first, "sum", "calls")["finding"] == "repeats");
  REQUIRE(cell_of(first, "sum", "calls")["calls"] == 4);
  REQUIRE(cell_of(first, "sum", "processes")["finding"] == "repeats");
  REQUIRE(cell_of(first, "sum", "threads")["finding"] == "varies");
  REQUIRE(cell_of(first, "sum", "batch")["finding"] == "untested");
  REQUIRE(cell_of(first, "put", "calls")["finding"] == "untested");
  REQUIRE(contains(cell_of(first, "put", "calls")["sentence"], "deterministic"));
  REQUIRE(probed(folder, what) == first);
}

TEST_CASE("where results differ between two plans, it is told how far") {
  const Scratch folder;
  const json document = probed(folder, "sum linear --causes threads,batch --calls 2");
  const json threads = cell_of(document, "sum", "threads"), batch = cell_of(document, "linear", "batch");
  for (const auto& cell : {threads, batch}) {
    INFO(cell);
    if (cell["finding"] != "varies") continue;  // on this processor they agree
    REQUIRE(cell["v_c"] > 0);
    REQUIRE(cell["v_c"] <= 1);
    REQUIRE(cell["v_ermv"] > 0);
    REQUIRE(cell["v_ermv"] < 0.01);
  }
  REQUIRE(cell_of(document, "sum", "calls")["v_ermv"].is_null());
}

TEST_CASE("random streams are told by rule and as they were drawn here") {
  const Scratch folder;
  const auto printed =
      run_program(folder.path(), "probe streams --json --quiet --calls 2 --device-like A100 H100");
  INFO(printed.out << printed.err);
  const json document = json::parse(printed.out);
  REQUIRE(document["schema"] == "reprise.streams/1");
  REQUIRE(document["measured"].size() >= 10);
  for (const auto& one : document["measured"]) {
    INFO(one);
    REQUIRE(one["bits"].get<std::string>().size() == 32);
    if (document["libtorch"].get<std::string>().starts_with("2.11.0") && one["answer"] == "other")
      REQUIRE(contains(one["sentence"], "another processor or mathematics library"));
  }
  REQUIRE(run_program(folder.path(), "probe sum --device-like A100").code == 2);
  const auto unknown = run_program(folder.path(), "probe streams --device-like A1000");
  REQUIRE(unknown.code == 2);
  REQUIRE(contains(unknown.err, "132x2048"));
}

TEST_CASE("normal random numbers of LibTorch have other bits without vectors, the same with either") {
  const Scratch folder;
  const json document = probed(folder, "randn --causes isa --calls 2");
  const json cell = cell_of(document, "randn", "isa");
  REQUIRE(cell["finding"] == "varies");
  REQUIRE(cell["sentence"] == "out differs with isa=default in call 1 of 2");
}

TEST_CASE("an operator or a cause that is none is refused before anything runs") {
  const Scratch folder;
  const auto wrong = run_program(folder.path(), "probe summ");
  REQUIRE(wrong.code == 2);
  REQUIRE(contains(wrong.err, "did you mean 'sum'"));
  REQUIRE(run_program(folder.path(), "probe sum --causes moon").code == 2);
  REQUIRE(run_program(folder.path(), "probe sum --calls 1").code != 0);
  REQUIRE_FALSE(std::filesystem::exists(folder / "runs"));
}
