// SPDX-License-Identifier: Apache-2.0
// Runs without a matrix, signed and released: where they differ, and what lies beside what was signed.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "attest/made_evidence.h"
#include "harness/attest/envelope.h"
#include "harness/attest/statement.h"
#include "harness/attest/test_result.h"
#include "harness/signing/attesting.h"
#include "harness/signing/covered_check.h"
#include "scratch.h"

using namespace reprise;
using Catch::Matchers::Contains;
using Json = nlohmann::ordered_json;

namespace {

namespace fs = std::filesystem;

// FOLDER/runs/{a,b}/1 of one plan, but for what `other` has otherwise.
void make_two(const Scratch& folder, const SmallTrace& other) {
  make_key(folder.path());
  write_run(folder / "runs/a/1", {});
  write_run(folder / "runs/b/1", other);
}

SmallTrace with_pin(const std::string& pin, const std::string& value) {
  SmallTrace other;
  other.pins[pin] = value;
  other.parts_at = 4;
  return other;
}

Printed released(const Scratch& folder, const std::string& runs = "runs/a/1 runs/b/1") {
  fs::remove_all(folder / "out");
  return run_program(folder.path(), "release out --key key.pem --runs " + runs);
}

const std::string verify_line = "verify moved/report.test-result.sigstore.json --key key.pub";

// What is verified where nothing of the runs' own place is left.
Printed verified_elsewhere(const Scratch& folder) {
  fs::remove_all(folder / "moved");
  fs::rename(folder / "out", folder / "moved");
  fs::rename(folder / "runs", folder / "kept");
  auto printed = run_program(folder.path(), verify_line);
  fs::rename(folder / "kept", folder / "runs");
  return printed;
}

}  // namespace

TEST_CASE("two runs that differ are released and verified elsewhere, and their report names the copies") {
  const Scratch folder;
  make_two(folder, with_pin("threads", "2"));
  const auto made = released(folder);
  INFO(made.out << made.err);
  REQUIRE(made.code == 0);
  const Json report = Json::parse(content_of(folder / "out/report.json"));
  CHECK(report["next_command"] == "reprise bisect runs/1 runs/2");
  CHECK(report["command"] == "reprise diff runs/1 runs/2");
  CHECK_THAT(made.out, Contains("result   WARNED: "));
  const auto verified = verified_elsewhere(folder);
  INFO(verified.out << verified.err);
  CHECK(verified.code == 0);
}

TEST_CASE("two runs that differ are attested where they lie, by paths of any kind") {
  const Scratch folder;
  make_two(folder, with_pin("threads", "2"));
  for (const std::string& prefix : {std::string(), folder.path().string() + "/", std::string("./runs/../")}) {
    fs::remove_all(folder / "told");
    const auto made = run_program(folder.path(), "attest " + prefix + "runs/a/1 " + prefix +
                                                     "runs/b/1/trace.h5 --key key.pem --output told");
    INFO(made.out << made.err);
    REQUIRE(made.code == 0);
    CHECK(Json::parse(content_of(folder / "told/report.json"))["next_command"] ==
          "reprise bisect runs/a/1 runs/b/1");
    const auto verified =
        run_program(folder.path(), "verify told.test-result.sigstore.json --key key.pub --files .");
    INFO(verified.out << verified.err);
    CHECK(verified.code == 0);
  }
}

TEST_CASE("runs of other seeds pass, for they differ as they should, and runs of one plan that differ fail") {
  const Scratch folder;
  make_two(folder, with_pin("seed", "1"));
  const auto seeds = released(folder);
  INFO(seeds.out << seeds.err);
  CHECK_THAT(seeds.out, Contains("result   WARNED: ") && Contains("that is the reason is untested"));
  CHECK(verified_elsewhere(folder).code == 0);
  write_run(folder / "runs/a/2", {});
  const auto repeated = released(folder, "runs/a/1 runs/a/2 runs/b/1");
  CHECK_THAT(repeated.out, Contains("result   PASSED: The bits move with seed, as they should"));
  CHECK_THAT(released(folder, "runs").out, Contains("result   PASSED: "));
  CHECK(verified_elsewhere(folder).code == 0);
  SmallTrace unsteady;
  unsteady.parts_at = 4;
  fs::remove_all(folder / "runs");
  make_two(folder, unsteady);
  CHECK_THAT(released(folder).out, Contains("result   FAILED: "));
  CHECK(verified_elsewhere(folder).code == 0);
}

TEST_CASE("without factors, classes of other plans warn and classes of one plan fail") {
  Json report = Json::parse(R"({"schema": "reprise.report/1", "exit_code": 1, "classes": [["a"], ["b"]],
    "runs": [{"class": "A", "plan_id": "1"}, {"class": "B", "plan_id": "2"}], "untested": [],
    "self_test": null, "explaining_sets": [], "factors": []})");
  CHECK(test_result_of(report).warned == std::vector<std::string>{"all runs: 2 classes, of different plans"});
  CHECK(test_result_of(report).result == TestEnd::warned);
  report["runs"][1]["plan_id"] = "1";
  CHECK(test_result_of(report).failed == std::vector<std::string>{"all runs: 2 classes"});
}

TEST_CASE("a run that nobody signed beside a release leaves it unverified, and nothing of it is believed") {
  const Scratch folder;
  make_two(folder, {});
  REQUIRE(released(folder).code == 0);
  fs::rename(folder / "out", folder / "moved");
  CHECK_THAT(run_program(folder.path(), verify_line).out, Contains("passed    covered: "));
  fs::copy(folder / "moved/report.test-result.sigstore.json", folder / "called.json");
  const auto elsewhere = run_program(folder.path(), "verify called.json --key key.pub --files moved");
  INFO(elsewhere.out << elsewhere.err);
  CHECK(elsewhere.code == 0);
  const std::string predicate = content_of(folder / "moved/report.predicate.json");
  write_atomically(folder / "moved/report.predicate.json", "{\"result\": \"PASSED\"}");
  CHECK(run_program(folder.path(), "verify called.json --key key.pub --files moved").code == 1);
  write_atomically(folder / "moved/report.predicate.json", predicate);
  write_run(folder / "moved/runs/3", with_pin("threads", "2"));
  const auto more = run_program(folder.path(), verify_line);
  INFO(more.out << more.err);
  CHECK(more.code == 2);
  CHECK_THAT(more.out, Contains("untested  covered: 4 files in the folder are not covered by the signature, "
                                "the first moved/runs/3/log.txt"));
  fs::remove_all(folder / "moved/runs/3");
  write_atomically(folder / "moved/other.predicate.json", "{}");
  CHECK(run_program(folder.path(), verify_line).code == 2);
  fs::remove(folder / "moved/other.predicate.json");
  fs::create_symlink("/etc", folder / "moved/link");
  CHECK_THAT(run_program(folder.path(), verify_line).out, Contains("FAILED    covered: "));
}

TEST_CASE("evidence that was signed among other runs says that these are not covered") {
  const Scratch folder;
  make_key(folder.path());
  make_matrix(folder.path());
  REQUIRE(run_program(folder.path(), "attest runs/matrix --key key.pem").code == 0);
  const std::string line = std::string("verify ") + bundle_name + " --key key.pub";
  CHECK_THAT(run_program(folder.path(), line).out,
             Contains("passed    covered: no other run lies beside those that were signed"));
  write_run(folder / "runs/c/1", {});
  const auto verified = run_program(folder.path(), line);
  INFO(verified.out << verified.err);
  CHECK(verified.code == 0);
  CHECK_THAT(verified.out, Contains("passed    covered: the signature is about 3 runs; 1 more beside them, "
                                    "the first runs/c/1, is not covered by it"));
}
