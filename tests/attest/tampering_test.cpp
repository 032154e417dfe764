// SPDX-License-Identifier: Apache-2.0
// Evidence that somebody changed, in one byte or in its structure, is never verified.
#include <catch2/catch.hpp>
#include <functional>
#include <nlohmann/json.hpp>

#include "attest/made_evidence.h"
#include "harness/attest/base64.h"
#include "harness/attest/envelope.h"
#include "harness/attest/evidence_files.h"
#include "harness/attest/statement.h"
#include "harness/base/text.h"
#include "harness/signing/attesting.h"
#include "harness/signing/verifying.h"
#include "scratch.h"

using namespace reprise;
using Json = nlohmann::ordered_json;

namespace {

namespace fs = std::filesystem;

// Signed evidence, its bundle as text and its files as they were signed.
struct Signed {
  Scratch folder;
  PublicKey key;
  std::string bundle;
  std::map<std::string, std::string> files;

  Signed() : key(made_key()) {
    make_matrix(folder.path(), 4);
    const Attested done = write_attested(gathered_evidence({(folder / "runs/matrix").string()}, ""),
                                         signing_key({folder / "key.pem", ""}), true);
    bundle = content_of(done.bundle);
    for (const auto& name : names_below(folder / "runs", folder / "runs"))
      files[name] = content_of(folder / ("runs/" + name));
  }

  PublicKey made_key() {
    make_key(folder.path());
    return public_key_in(folder / "key.pub");
  }

  int verified(const std::string& text) const {
    write_atomically(folder / bundle_name, text);
    return verify_bundle(folder / bundle_name, key, "").found.exit_code();
  }

  // With one file as `content`, and after that as it was.
  int verified_with(const std::string& name, const std::string& content) const {
    const fs::path path = folder / ("runs/" + name);
    write_atomically(path, content);
    const int code = verified(bundle);
    write_atomically(path, files.at(name));
    return code;
  }
};

std::string with_byte(std::string text, std::size_t at, std::size_t bit) {
  text[at] = static_cast<char>(text[at] ^ (1 << (bit % 8)));
  return text;
}

}  // namespace

TEST_CASE("one byte changed anywhere in the bundle is refused") {
  const Signed made;
  REQUIRE(made.verified(made.bundle) == 0);
  std::size_t refused = 0;
  constexpr std::size_t tries = 300;
  for (std::size_t i = 0; i < tries; ++i) {
    const std::size_t at = i * (made.bundle.size() - 1) / (tries - 1);
    INFO("byte " << at << ", bit " << i % 8);
    CHECK(made.verified(with_byte(made.bundle, at, i)) == 1);
    ++refused;
  }
  // Every byte around the payload, which no signature covers.
  const std::size_t payload = made.bundle.find("\"payload\":\"") + 11, end = made.bundle.find('"', payload);
  for (std::size_t at = 0; at < made.bundle.size(); at == payload - 1 ? at = end : ++at) {
    INFO("byte " << at);
    CHECK(made.verified(with_byte(made.bundle, at, at)) == 1);
    ++refused;
  }
  CHECK(refused > 600);
}

TEST_CASE("one byte changed in any signed file is refused") {
  const Signed made;
  std::size_t refused = 0;
  for (const auto& [name, content] : made.files)
    for (std::size_t i = 0; i < 12 && !content.empty(); ++i) {
      const std::size_t at = i * (content.size() - 1) / 11;
      INFO(name << ", byte " << at);
      CHECK(made.verified_with(name, with_byte(content, at, i)) == 1);
      ++refused;
    }
  CHECK(refused >= 150);
  CHECK(made.verified(made.bundle) == 0);
}

TEST_CASE("files cut short, made longer, exchanged, taken away or added are refused") {
  const Signed made;
  for (const auto& [name, content] : made.files) {
    INFO(name);
    CHECK(made.verified_with(name, content + "\n") == 1);
    CHECK(made.verified_with(name, content.substr(0, content.size() / 2)) == 1);
    CHECK(made.verified_with(name, "") == 1);
    const std::string& other = made.files.at(name == "a/1/trace.h5" ? "b/1/trace.h5" : "a/1/trace.h5");
    CHECK((other == content || made.verified_with(name, other) == 1));
    const fs::path path = made.folder / ("runs/" + name);
    fs::remove(path);
    CHECK(made.verified(made.bundle) == 2);
    write_atomically(path, content);
  }
  for (const char* run : {"a/1", "a/2", "b/1"}) {
    const fs::path more = made.folder / ("runs/" + std::string(run) + "/run.toml");
    write_atomically(more, "execution = \"0\"\n");
    CHECK(made.verified(made.bundle) == 1);
    fs::remove(more);
  }
  CHECK(made.verified(made.bundle) == 0);
}

TEST_CASE("the predicate beside a bundle must say what was signed") {
  const Signed made;
  const fs::path file = made.folder / "runs/matrix.predicate.json";
  const std::string predicate = content_of(file), field = "\"result\": \"";
  REQUIRE(contains(predicate, field));
  for (const auto& other :
       {predicate.substr(0, predicate.size() / 2), replace_all(predicate, field, field + "X")}) {
    write_atomically(file, other);
    CHECK(made.verified(made.bundle) == 1);
  }
  fs::remove(file);  // nobody needs it
  CHECK(made.verified(made.bundle) == 0);
}

TEST_CASE("a bundle with other parts, orders, keys or ends is refused") {
  const Signed made;
  const Json good = Json::parse(made.bundle);
  const std::string payload = envelope_of_bundle(made.bundle).payload;
  const auto changed = [&](const std::function<void(Json&)>& change) {
    Json bundle = good;
    change(bundle);
    CHECK(bundle != good);
    INFO(bundle.dump().substr(0, 200));
    CHECK(made.verified(bundle.dump() + "\n") == 1);
  };
  for (const char* place :
       {"/mediaType", "/verificationMaterial", "/verificationMaterial/publicKey",
        "/verificationMaterial/publicKey/hint", "/verificationMaterial/tlogEntries", "/dsseEnvelope",
        "/dsseEnvelope/payload", "/dsseEnvelope/payloadType", "/dsseEnvelope/signatures",
        "/dsseEnvelope/signatures/0/sig", "/dsseEnvelope/signatures/0/keyid"}) {
    const Json::json_pointer at(place);
    for (const Json& value : {Json(), Json(1), Json(""), Json("x"), Json::array(), Json::object()})
      if (good[at] != value) changed([&](Json& bundle) { bundle[at] = value; });
    changed([&](Json& bundle) { bundle[at.parent_pointer()].erase(at.back()); });
  }
  changed([](Json& b) { b["dsseEnvelope"]["signatures"].push_back(b["dsseEnvelope"]["signatures"][0]); });
  changed([](Json& b) { b["more"] = true; });
  for (const std::string& other :
       {std::string("{}"), std::string(), payload + " ", payload.substr(1),
        payload.substr(0, payload.size() - 1), "{\"_type\":\"x\"," + payload.substr(1)})
    changed([&](Json& b) { b["dsseEnvelope"]["payload"] = to_base64(other); });
  for (std::size_t part = 0; part < 40; ++part)
    CHECK(made.verified(made.bundle.substr(0, made.bundle.size() * part / 40)) == 1);
  for (const char* end : {"\n", " ", "}", "\x01", "{}"}) CHECK(made.verified(made.bundle + end) == 1);
  CHECK(made.verified(good.dump(1) + "\n") == 1);
  CHECK(made.verified(made.bundle) == 0);
}

TEST_CASE("the signature over a folder is refused where a file is changed, missing or new") {
  const Signed made;
  const fs::path signature = made.folder / "runs/matrix.oms.sig";
  const auto code = [&] { return verify_bundle(signature, made.key, "").found.exit_code(); };
  REQUIRE(code() == 0);
  for (const char* name : {"matrix/report.json", "matrix/report.html", "matrix/matrix.toml"}) {
    const fs::path path = made.folder / ("runs/" + std::string(name));
    const std::string& content = made.files.at(name);
    for (std::size_t i = 0; i < 8; ++i) {
      write_atomically(path, with_byte(content, i * (content.size() - 1) / 7, i));
      CHECK(code() == 1);
    }
    fs::remove(path);
    CHECK(code() == 2);
    write_atomically(path, content);
  }
  write_atomically(made.folder / "runs/matrix/more", "");
  CHECK(code() == 1);
  fs::remove(made.folder / "runs/matrix/more");
  const std::string text = content_of(signature);
  for (std::size_t i = 0; i < 60; ++i) {
    write_atomically(signature, with_byte(text, i * (text.size() - 1) / 59, i));
    CHECK(code() == 1);
  }
  write_atomically(signature, text);
  CHECK(code() == 0);
}
