// SPDX-License-Identifier: Apache-2.0
// Evidence as a person signs and verifies it, and what verify says where something was changed.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "attest/made_evidence.h"
#include "harness/attest/checks.h"
#include "harness/attest/envelope.h"
#include "harness/attest/evidence_files.h"
#include "harness/attest/report_check.h"
#include "harness/attest/statement.h"
#include "harness/base/sha256.h"
#include "harness/base/text.h"
#include "harness/signing/attesting.h"
#include "harness/signing/matrix_check.h"
#include "scratch.h"

using namespace reprise;
using Catch::Matchers::Contains;
using Json = nlohmann::ordered_json;

namespace {

namespace fs = std::filesystem;

const std::string verify_line = std::string("verify ") + bundle_name + " --key key.pub";

// A matrix, signed.
void make_signed(const Scratch& folder, std::int64_t parts_at = -1) {
  make_key(folder.path());
  make_matrix(folder.path(), parts_at);
  const auto made = run_program(folder.path(), "attest runs/matrix --key key.pem");
  INFO(made.out << made.err);
  REQUIRE(made.code == 0);
}

Statement signed_statement(const Scratch& folder) {
  return statement_of(envelope_of_bundle(content_of(folder / bundle_name)).payload);
}

// As somebody who holds the key would lie.
void sign_again(const Scratch& folder, Statement statement) {
  for (auto& one : statement.subjects) one.sha256 = sha256_file(folder / ("runs/" + one.name));
  for (auto& one : statement.configuration) one.sha256 = sha256_file(folder / ("runs/" + one.name));
  const SigningKey key = signing_key({folder / "key.pem", ""});
  write_atomically(folder / bundle_name, to_bundle(signed_envelope(to_text(statement), key)));
}

}  // namespace

TEST_CASE("a matrix and its report are signed and verified, also elsewhere") {
  const Scratch folder;
  make_signed(folder);
  const auto verified = run_program(folder.path(), verify_line);
  INFO(verified.out << verified.err);
  CHECK(verified.code == 0);
  for (const char* line :
       {"passed    signature: ", "passed    payload type: ", "passed    statement: ",
        "passed    file a/1/trace.h5: ", "passed    file matrix/report.json: ",
        "passed    trace b/1/trace.h5: ", "passed    nothing beside: ", "passed    predicate: ",
        "passed    report: ", "passed    page matrix/report.html: ", "\nverified: all "})
    CHECK_THAT(verified.out, Contains(line));
  const Json predicate = Json::parse(content_of(folder / "runs/matrix.predicate.json"));
  CHECK(predicate["result"] == to_text(signed_statement(folder).result.result));
  CHECK(predicate["configuration"].size() == 3);
  fs::rename(folder / "runs", folder / "elsewhere");
  const auto moved =
      run_program(folder.path(),
                  "verify elsewhere/matrix.test-result.sigstore.json --key key.pub --json --files elsewhere");
  INFO(moved.out << moved.err);
  CHECK(moved.code == 0);
  CHECK(Json::parse(moved.out)["verified"] == true);
}

TEST_CASE("a changed file, one that lacks, one more, and another key are told apart") {
  const Scratch folder;
  make_signed(folder);
  const std::string log = content_of(folder / "runs/a/1/log.txt");
  write_atomically(folder / "runs/a/1/log.txt", "loss 0.4\n");
  const auto changed = run_program(folder.path(), verify_line);
  CHECK(changed.code == 1);
  CHECK_THAT(changed.out,
             Contains("FAILED    file a/1/log.txt: wanted the SHA-256") &&
                 Contains("untested  report: of the files that it rests on, 0 are missing and 1 are not"));
  fs::remove(folder / "runs/a/1/log.txt");
  const auto missing = run_program(folder.path(), verify_line);
  CHECK(missing.code == 2);
  CHECK_THAT(missing.out,
             Contains("untested  file a/1/log.txt: wanted it at runs/a/1/log.txt, found none there") &&
                 Contains("NOT verified: no check failed, but"));
  fs::create_symlink("../2/log.txt", folder / "runs/a/1/log.txt");
  const auto linked = run_program(folder.path(), verify_line);
  CHECK(linked.code == 1);
  CHECK_THAT(linked.out, Contains("found a link at"));
  fs::remove(folder / "runs/a/1/log.txt");
  write_atomically(folder / "runs/a/1/log.txt", log);
  CHECK(run_program(folder.path(), verify_line).code == 0);
  write_atomically(folder / "runs/b/1/more.txt", "");
  const auto more = run_program(folder.path(), verify_line);
  CHECK(more.code == 1);
  CHECK_THAT(more.out,
             Contains("FAILED    nothing beside: ") && Contains("b/1/more.txt, which nobody signed"));
  make_key(folder.path(), "EC -pkeyopt ec_paramgen_curve:P-256", "other");
  const auto other = run_program(folder.path(), std::string("verify ") + bundle_name + " --key other.pub");
  CHECK(other.code == 1);
  CHECK_THAT(other.out, Contains("FAILED    key: "));
}

TEST_CASE("a report edited by hand and signed again is refused, for its traces say otherwise") {
  const Scratch folder;
  make_signed(folder, 4);
  CHECK(run_program(folder.path(), verify_line).code == 0);
  Json report = Json::parse(content_of(folder / "runs/matrix/report.json"));
  const auto lie = [&](const std::string& key, const Json& value, const std::string& page,
                       const std::string& words) {
    Json told = report;
    if (!key.empty()) told[Json::json_pointer(key)] = value;
    write_atomically(folder / "runs/matrix/report.json", told.dump(1) + "\n");
    const std::string html = content_of(folder / "runs/matrix/report.html");
    if (!page.empty()) write_atomically(folder / "runs/matrix/report.html", html + page);
    Statement statement = signed_statement(folder);
    statement.result = test_result_of(told);
    sign_again(folder, statement);
    const auto verified = run_program(folder.path(), verify_line);
    INFO(key << '\n' << verified.out << verified.err);
    CHECK(verified.code == 1);
    CHECK_THAT(verified.out, Contains("passed    signature: ") && Contains(words));
    write_atomically(folder / "runs/matrix/report.html", html);
  };
  const std::string otherwise = "FAILED    report: the report does not say what its traces say";
  lie("/headline", "All bits are equal.", "", "FAILED    report headline: the traces say");
  lie("/runs/0/metrics/accuracy", 99.5, "", otherwise);
  lie("/factors/1/by_value/0/finding", "identical", "", otherwise);
  lie("/classes", Json::array({Json::array({"baseline", "repeat=2", "threads=2"})}), "", otherwise);
  lie("/first_differences", Json::array(), "", otherwise);
  lie("/exit_code", 0, "", otherwise);
  lie("", {}, "<p>All bits are equal.</p>", "FAILED    page matrix/report.html: ");
  write_atomically(folder / "runs/matrix/report.json", report.dump(1) + "\n");
  const auto refused = run_program(folder.path(), "attest runs/matrix --key key.pem");
  CHECK(refused.code == 0);
  report["classes"] = Json::array();
  write_atomically(folder / "runs/matrix/report.json", report.dump(1) + "\n");
  const auto lying = run_program(folder.path(), "attest runs/matrix --key key.pem");
  CHECK(lying.code == 2);
  CHECK_THAT(lying.err, Contains("nothing was signed: wanted traces that prove themselves and a report"));
}

TEST_CASE("a signed result or name that does not hold is refused though the signature is good") {
  const Scratch folder;
  make_signed(folder, 4);
  const auto refused = [&](const Statement& statement, const std::string& words) {
    sign_again(folder, statement);
    const auto verified = run_program(folder.path(), verify_line);
    INFO(verified.out << verified.err);
    CHECK(verified.code == 1);
    CHECK_THAT(verified.out, Contains(words));
  };
  const Statement good = signed_statement(folder);
  Statement other = good;
  other.result = {TestEnd::passed, {"all"}, {}, {}};
  refused(other, "FAILED    predicate: wanted the results that the report tells");
  const SigningKey key = signing_key({folder / "key.pem", ""});
  for (const char* name : {"../key.pub", "/etc/passwd", "a/../../key.pub", "a//1/log.txt", ""}) {
    other = good;
    other.subjects[0].name = name;
    write_atomically(folder / bundle_name, to_bundle(signed_envelope(to_text(other), key)));
    const auto climbed = run_program(folder.path(), verify_line);
    INFO(name << climbed.out);
    CHECK(climbed.code == 1);
    CHECK_THAT(climbed.out, Contains("FAILED    statement: wanted as subject the name of a file below"));
  }
}

TEST_CASE("a signed payload, run or trace of another kind is refused though the signature is good") {
  const Scratch folder;
  make_signed(folder, 4);
  const Statement good = signed_statement(folder);
  const SigningKey key = signing_key({folder / "key.pem", ""});
  const auto refused = [&](const Statement& statement, const std::string& words) {
    sign_again(folder, statement);
    const auto verified = run_program(folder.path(), verify_line);
    INFO(verified.out << verified.err);
    CHECK(verified.code == 1);
    CHECK_THAT(verified.out, Contains(words));
  };
  Envelope of_other_type{"application/json", to_text(good), "", key.public_key().hint()};
  of_other_type.signature = key.sign(pre_authentication(of_other_type.payload_type, of_other_type.payload));
  write_atomically(folder / bundle_name, to_bundle(of_other_type));
  CHECK_THAT(run_program(folder.path(), verify_line).out,
             Contains("FAILED    payload type: wanted a payload of the type"));
  const std::string matrix = content_of(folder / "runs/matrix/matrix.toml");
  for (const std::string& elsewhere : {(folder / "runs").parent_path().string(), std::string("../../..")}) {
    write_atomically(folder / "runs/matrix/matrix.toml", replace_all(matrix, "../a/2", elsewhere));
    refused(good, "FAILED    report: wanted a file below runs, found");
  }
  write_atomically(folder / "runs/matrix/matrix.toml", matrix);
  std::string trace = content_of(folder / "runs/b/1/trace.h5");
  const auto at = trace.find("fc1.weight");
  REQUIRE(at != trace.npos);
  trace[at] = 'g';
  write_atomically(folder / "runs/b/1/trace.h5", trace);
  refused(good, "FAILED    trace b/1/trace.h5: ");
}

TEST_CASE("a matrix that gives a run another plan, value or end is refused though all of it is signed") {
  const Scratch folder;
  make_signed(folder, 4);
  const fs::path file = folder / "runs/matrix/matrix.toml";
  const Matrix good = read_matrix(file);
  const auto refused = [&](const Matrix& matrix, const std::string& words) {
    write_matrix(matrix, file);
    CHECK(run_program(folder.path(), "report runs/matrix").code == 0);
    Statement statement = signed_statement(folder);
    statement.result = test_result_of(Json::parse(content_of(folder / "runs/matrix/report.json")));
    sign_again(folder, statement);
    const auto verified = run_program(folder.path(), verify_line);
    INFO(verified.out << verified.err);
    CHECK(verified.code == 1);
    CHECK_THAT(verified.out, Contains("FAILED    matrix: ") && Contains(words));
    CHECK_THAT(run_program(folder.path(), "attest runs/matrix --key key.pem").err,
               Contains("nothing was signed"));
  };
  // A repeat of the first plan in the place of the run that parts.
  Matrix lie = good;
  lie.configurations[2].folder = lie.configurations[1].folder;
  refused(lie, "it names the plan");
  lie.configurations[2].plan_id = lie.configurations[1].plan_id;
  refused(lie, "it says threads=2 of the run threads=2, whose plan says otherwise");
  lie = good;
  lie.configurations[2].outcome.ending = Ending::skipped;
  refused(lie, "it says that the run threads=2 ended as skipped, whose own outcome is done");
  lie = good;
  lie.factors[1].promise = Promise::none;
  refused(lie, "it says that threads owes none, and the axis owes numeric");
  Verification found;
  check_matrix(good, true, found);
  CHECK(found.exit_code() == 0);
}

TEST_CASE("where no run ended well and no trace lies there, neither is verified") {
  Verification found;
  check_matrix({}, true, found);
  check_traces({"runs/a/1/plan.toml"}, ".", found);
  CHECK(found.count(CheckEnd::untested) == 2);
  CHECK(found.exit_code() == 2);
}

TEST_CASE("runs without a matrix get a report, which is signed with them") {
  const Scratch folder;
  make_key(folder.path());
  make_matrix(folder.path());
  fs::remove_all(folder / "runs/matrix");
  const auto made = run_program(folder.path(), "attest runs/a/1 runs/a/2 --key key.pem --output told --json");
  INFO(made.out << made.err);
  REQUIRE(made.code == 0);
  CHECK(Json::parse(made.out)["result"] == "PASSED");
  const auto verified = run_program(folder.path(), "verify told.test-result.sigstore.json --key key.pub");
  INFO(verified.out << verified.err);
  CHECK(verified.code == 0);
  CHECK_THAT(verified.out, Contains("result    PASSED") && Contains("file told/report.html"));
}
