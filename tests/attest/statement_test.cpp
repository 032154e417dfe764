// SPDX-License-Identifier: Apache-2.0
// What is signed, as text and back, and what is refused in a payload whose signature is good.
#include "harness/attest/statement.h"

#include <catch2/catch.hpp>

#include "harness/attest/evidence_files.h"
#include "harness/attest/model_signature.h"
#include "harness/base/error.h"
#include "harness/base/files.h"
#include "harness/base/sha256.h"
#include "harness/base/text.h"
#include "scratch.h"

using namespace reprise;
using Catch::Matchers::Contains;
using Json = nlohmann::ordered_json;

namespace {

const std::string digest(64, 'a');

Statement sample() {
  Statement statement;
  statement.subjects = {{"m/matrix.toml", digest}, {"m/report.json", digest}, {"r/plan.toml", digest}};
  statement.result = {TestEnd::warned, {"a"}, {"b"}, {}};
  statement.configuration = {{"r/plan.toml", digest}};
  statement.evidence = {true, "m/matrix.toml", "m/report.json"};
  statement.version = "1";
  return statement;
}

std::string refusal(const std::string& payload) try {
  statement_of(payload);
  return "taken";
} catch (const Error& error) {
  return error.what();
}

}  // namespace

TEST_CASE("a statement reads back") {
  const std::string text = to_text(sample());
  CHECK(to_text(statement_of(text)) == text);
  CHECK(
      text.starts_with(R"({"_type":"https://in-toto.io/Statement/v1","subject":[{"name":"m/matrix.toml",)"));
  CHECK(Json::parse(text)["predicate"]["result"] == "WARNED");
}

TEST_CASE("a statement of another type, with other keys or without its evidence is refused") {
  const std::string text = to_text(sample());
  const auto with = [&](const std::string& from, const std::string& to) {
    REQUIRE(text.find(from) != text.npos);
    return refusal(replace_all(text, from, to));
  };
  CHECK_THAT(with("Statement/v1", "Statement/v0.1"), Contains("wanted a statement of the type"));
  CHECK_THAT(with("test-result/v0.1", "test-result/v1"), Contains("wanted a predicate of the type"));
  CHECK_THAT(with("WARNED", "GOOD"), Contains("PASSED, WARNED or FAILED, found 'GOOD'"));
  CHECK_THAT(with("r/plan.toml", "m/report.json"), Contains("found m/report.json twice"));
  CHECK_THAT(with(digest, "ab"), Contains("64 hexadecimal digits, found 'ab'"));
  CHECK_THAT(with("\"name\":\"m/report.json\"", "\"name\":\"m/other.json\""),
             Contains("wanted m/report.json among the subjects"));
  CHECK_THAT(with("{\"_type\"", "{\"_type\":\"x\",\"_type\""), Contains("as reprise writes it"));
  CHECK_THAT(with("\"version\":\"1\"", "\"version\":\"1\",\"more\":1"), Contains("as reprise writes it"));
  CHECK_THAT(with("\"subject\"", "\"subjects\""), Contains("lacks something"));
  CHECK_THAT(refusal("{"), Contains("broken"));
  CHECK_THAT(refusal("[]"), Contains("broken"));
}

TEST_CASE("a name that leads out of its folder is no name") {
  for (const char* good : {"a", "a/b.c", "..a/b..", "\xc3\xa4 b"}) CHECK(why_no_name(good) == "");
  for (const char* bad : {"", "/a", "../a", "a/..", "a/../b", "a//b", "./a", "a/", "a\\b", "a\nb", "\xff"}) {
    INFO(bad);
    CHECK(why_no_name(bad) != "");
  }
}

TEST_CASE("files are looked up below their folder alone, and never through a link") {
  const Scratch folder;
  make_folder(folder / "base/a");
  write_atomically(folder / "secret", "s");
  write_atomically(folder / "base/a/f", "f");
  write_atomically(folder / "base/a/g.lock", "");
  CHECK(names_below(folder / "base", folder / "base") == std::vector<std::string>{"a/f"});
  CHECK(subjects_named(folder / "base", {"a/f", "a/f"}) == std::vector<Subject>{{"a/f", sha256_text("f")}});
  std::filesystem::create_symlink(folder.path(), folder / "base/out");
  CHECK_THROWS_WITH(file_of(folder / "base", "out/secret"), Contains("found a link at"));
  CHECK_THROWS_WITH(file_of(folder / "base", "../secret"), Contains("climbs out of its folder"));
  CHECK_THROWS_WITH(names_below(folder / "base", folder / "base"), Contains("found a link at"));
  CHECK(common_folder({"/a/b/c", "/a/b", "/a/b/d/"}) == "/a/b");
  CHECK_THROWS_WITH(subject_name("/a/b", "/a/c"), Contains("wanted a file below /a/b"));
}

TEST_CASE("a folder signed as a model is one digest over sorted files") {
  const Scratch folder;
  make_folder(folder / "model/b");
  write_atomically(folder / "model/b/2", "two");
  write_atomically(folder / "model/a", "one");
  write_atomically(folder / "model/x.sig", "old");
  make_folder(folder / "model/.git");
  write_atomically(folder / "model/.git/config", "");
  const auto manifest = manifest_of_folder(folder / "model", folder / "model/x.sig");
  CHECK(manifest.name == "model");
  CHECK(manifest.files == std::vector<Subject>{{"a", sha256_text("one")}, {"b/2", sha256_text("two")}});
  const std::string text = to_text(manifest);
  const auto raw = [](const std::string& digits) {
    const auto bytes = from_hex(digits).value();
    return std::string(bytes.begin(), bytes.end());
  };
  CHECK(Json::parse(text)["subject"][0]["digest"]["sha256"] ==
        sha256_text(raw(sha256_text("one")) + raw(sha256_text("two"))));
  CHECK(is_model_signature(text));
  CHECK_FALSE(is_model_signature(to_text(sample())));
  CHECK(to_text(folder_manifest_of(text)) == text);
  const auto refused = [&](const std::string& from, const std::string& to, const std::string& words) {
    CHECK_THROWS_WITH(folder_manifest_of(replace_all(text, from, to)), Contains(words));
  };
  refused("\"a\"", "\"../a\"", "climbs out of its folder");
  refused("\"a\"", "\"c\"", "sorted by name");
  refused("\"sha256\",\"allow", "\"blake3\",\"allow", "another method");
  refused(sha256_text("one"), digest, "another digest of the whole");
  refused("\"files\"", "\"shards\"", "another method");
  std::filesystem::create_symlink("a", folder / "model/c");
  CHECK_THROWS_WITH(manifest_of_folder(folder / "model", folder / "x.sig"), Contains("a link"));
}
