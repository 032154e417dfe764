// SPDX-License-Identifier: Apache-2.0
// A release as it is made, checked by its own README, and read by others.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "attest/made_evidence.h"
#include "harness/attest/release/badge.h"
#include "harness/attest/release/model_card.h"
#include "harness/attest/release/readme.h"
#include "harness/attest/release/ro_crate.h"
#include "harness/base/error.h"
#include "harness/signing/releasing.h"
#include "scratch.h"

using namespace reprise;
using Catch::Matchers::Contains;
using Json = nlohmann::ordered_json;

namespace {

namespace fs = std::filesystem;

Printed make_one(const Scratch& folder, const std::string& more = "") {
  make_key(folder.path());
  make_matrix(folder.path(), 4);
  write_atomically(folder / "runs/a/1/checkpoints.txt", "");
  fs::create_directory(folder / "runs/a/1/checkpoints");
  fs::create_symlink("/etc", folder / "runs/a/1/link");
  write_atomically(folder / "runs/a/1/checkpoints/step-6.safetensors", "weights");
  return run_program(folder.path(), "release out --runs runs/matrix --key key.pem --date 2026-11-28 " + more);
}

// The lines of the README's blocks of code that hold a word, in one shell.
std::string block_with(const std::string& page, const std::string& word) {
  std::string block, found;
  std::istringstream lines(page);
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("    ")) {
      block += line.substr(4) + "\n";
      continue;
    }
    if (block.find(word) != block.npos) found += block;
    block.clear();
  }
  return found;
}

}  // namespace

TEST_CASE("a release verifies, by reprise and by the commands of its README with openssl alone") {
  const Scratch folder;
  const auto made = make_one(folder);
  INFO(made.out << made.err);
  REQUIRE(made.code == 0);
  CHECK_THAT(made.out, Contains("  size     ") && Contains(" bytes are traces of 3 runs"));
  CHECK_FALSE(fs::exists(folder / "out/runs/1/checkpoints"));
  CHECK(fs::exists(folder / "out/runs/1/checkpoints.txt"));
  CHECK_FALSE(fs::exists(fs::symlink_status(folder / "out/runs/1/link")));
  CHECK_THAT(run_program(folder.path(), "attest runs/matrix --key key.pem").err, Contains("found a link at"));
  CHECK_FALSE(fs::exists(folder / "out.partial"));
  fs::rename(folder / "out", folder / "elsewhere");
  fs::remove_all(folder / "runs");
  const fs::path out = folder / "elsewhere";
  const std::string page = content_of(out / "README.md");
  for (const char* bundle : {"report.test-result.sigstore.json", "report.oms.sig"}) {
    const auto verified =
        run_program(folder.path(), "verify elsewhere/" + std::string(bundle) + " --key key.pub");
    INFO(verified.out << verified.err);
    CHECK(verified.code == 0);
  }
  write_atomically(folder / "check.sh", "cd elsewhere\n" + block_with(page, "openssl"));
  const auto checked = run_program(folder.path(), "check.sh", "", "/bin/bash");
  INFO(checked.out << checked.err);
  CHECK(checked.out == "Verified OK\nFiles OK\n");
  const std::string trace = content_of(out / "runs/3/trace.h5");
  write_atomically(out / "runs/3/trace.h5", trace + "x");
  const auto other = run_program(folder.path(), "check.sh", "", "/bin/bash");
  CHECK_FALSE(contains(other.out, "Files OK"));
  CHECK_THAT(other.out, Contains("runs/3/trace.h5: FAILED"));
  CHECK(run_program(folder.path(), "verify elsewhere/report.oms.sig --key key.pub").code == 1);
}

TEST_CASE("a release holds its metadata for archives and cards, and what README names") {
  const Scratch folder;
  const auto made = make_one(
      folder,
      "--license https://spdx.org/licenses/CC-BY-4.0 --with-checkpoints --author Somebody --with key.pub");
  INFO(made.out << made.err);
  REQUIRE(made.code == 0);
  const fs::path out = folder / "out";
  CHECK(fs::exists(out / "runs/1/checkpoints/step-6.safetensors"));
  const Json crate = Json::parse(content_of(out / "ro-crate-metadata.json"));
  std::map<std::string, Json> entities;
  for (const auto& one : crate["@graph"]) entities[one["@id"]] = one;
  const Json& root = entities.at("./");
  CHECK(content_of(out / "more/key.pub") == content_of(folder / "key.pub"));
  CHECK(root["datePublished"] == "2026-11-28");
  CHECK(root["license"]["@id"] == "https://spdx.org/licenses/CC-BY-4.0");
  CHECK(entities.at(root["author"]["@id"])["name"] == "Somebody");
  CHECK(root["mentions"].size() == 3);
  for (const auto& part : root["hasPart"]) {
    const auto name = part["@id"].get<std::string>();
    INFO(name);
    CHECK(fs::exists(out / name));
    CHECK(entities.at(name)["@type"] == "File");
  }
  CHECK(entities.at("#run-1")["instrument"]["@id"] == "#reprise");
  CHECK(entities.at("#run-1")["result"]["@id"] == "runs/1/trace.h5");
  const std::string card = content_of(out / "model-card.yaml");
  CHECK_THAT(card, Contains("model-index:") && Contains("(2 of 3)") && Contains("type: \"accuracy\""));
  CHECK_FALSE(contains(card, "verified"));
  CHECK_THAT(content_of(out / "README.md"), Contains("cosign verify-blob-attestation"));
  CHECK(content_of(out / "key.pub") == content_of(folder / "key.pub"));
}

TEST_CASE("a release is refused where something lies, and for a day or a license that is none") {
  const Scratch folder;
  REQUIRE(make_one(folder).code == 0);
  const auto told = run_program(folder.path(), "release other/ --runs runs/matrix --key key.pem --json");
  CHECK(Json::parse(told.out)["folder"] == "other");
  CHECK(Json::parse(told.out)["runs"] == 3);
  const auto again = run_program(folder.path(), "release out --runs runs/matrix --key key.pem");
  CHECK(again.code == 2);
  CHECK_THAT(again.err, Contains("found something in out"));
  const auto with = [&](const std::string& words) {
    const auto refused = run_program(folder.path(), "release new --runs runs/matrix --key key.pem " + words);
    CHECK(refused.code == 2);
    CHECK_FALSE(fs::exists(folder / "new"));
    return refused.err;
  };
  CHECK_THAT(with("--date 2026-13-01"), Contains("found '2026-13-01'"));
  CHECK_THAT(with("--with none"), Contains("found none at none"));
  CHECK_THAT(with("--license MIT"), Contains("wanted a URL for --license"));
  write_atomically(folder / "runs/a/2/trace.h5", "no trace");
  CHECK_THAT(with(""),
             Contains("nothing was signed") && Contains("found one that cannot, new/runs/2/trace.h5"));
  CHECK_FALSE(fs::exists(folder / "new.partial"));
}

TEST_CASE("a release that cannot be made leaves nothing behind, and one of traces is made as well") {
  const Scratch folder;
  make_key(folder.path());
  make_matrix(folder.path());
  const SigningKey key = signing_key({folder / "key.pem", ""});
  ReleaseChoices choices;
  choices.folder = folder / "out";
  choices.date = "2026-11-28";
  choices.runs = {(folder / "runs/a/1/log.txt").string()};
  CHECK_THROWS_AS(make_release(choices, key), Error);
  CHECK_FALSE(fs::exists(folder / "out"));
  CHECK_FALSE(fs::exists(folder / "out.partial"));
  choices.runs = {(folder / "runs/a/1").string(), (folder / "runs/a/2/trace.h5").string()};
  const Released made = make_release(choices, key);
  CHECK(made.runs == 2);
  CHECK(made.result == "PASSED");
  CHECK(made.trace_bytes < made.bytes);
  CHECK(run_program(folder.path(), "verify out/report.test-result.sigstore.json --key key.pub").code == 0);
}

TEST_CASE("a run that failed is told of, and one that cannot be read or is gone is refused") {
  const Scratch folder;
  make_key(folder.path());
  const fs::path file = make_matrix(folder.path()) / "matrix.toml";
  Matrix matrix = read_matrix(file);
  Outcome& outcome = matrix.configurations[2].outcome;
  outcome.ending = Ending::failed;
  outcome.reason = "the worker ended with exit code 3";
  fs::rename(folder / "runs/b/1/trace.h5", folder / "runs/b/1/trace.h5.partial");
  write_matrix(matrix, file);
  write_atomically(folder / "runs/b/1/outcome.toml", to_toml(outcome));
  const auto made = run_program(folder.path(), "release out --runs runs/matrix --key key.pem");
  INFO(made.out << made.err);
  CHECK(made.code == 0);
  CHECK(fs::exists(folder / "out/runs/3/trace.h5.partial"));
  fs::rename(folder / "out", folder / "moved");
  CHECK(run_program(folder.path(), "verify moved/report.test-result.sigstore.json --key key.pub").code == 0);
  write_atomically(folder / "runs/b/1/trace.h5.partial", "no trace");
  const auto unread = run_program(folder.path(), "release out --runs runs/matrix --key key.pem");
  CHECK(unread.code == 2);
  CHECK_THAT(unread.err,
             Contains("wanted runs that can be read, found one that cannot, out/runs/3/trace.h5"));
  fs::remove_all(folder / "runs/b");
  CHECK(run_program(folder.path(), "release out --runs runs/matrix --key key.pem").code == 0);
  fs::remove_all(folder / "runs/a/2");
  CHECK_THAT(run_program(folder.path(), "release other --runs runs/matrix --key key.pem").err,
             Contains("wanted the run repeat=2 of the matrix at"));
}

TEST_CASE("a badge says no more than was shown") {
  CHECK(badge_words(TestEnd::passed) == "all promises kept");
  for (const auto end : {TestEnd::passed, TestEnd::warned, TestEnd::failed}) {
    CHECK_THAT(badge_svg(badge_of(end)), Contains("aria-label=\"reprise: " + badge_words(end) + "\""));
    const Json endpoint = Json::parse(badge_json(badge_of(end)));
    CHECK(endpoint["schemaVersion"] == 1);
    CHECK(endpoint["message"] == badge_words(end));
  }
  CHECK(size_words(999) == "999 bytes");
  CHECK(size_words(1234567) == "1.2 MB");
}
