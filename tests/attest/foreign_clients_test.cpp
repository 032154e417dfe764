// SPDX-License-Identifier: Apache-2.0
// The clients of others take what attest signs, and refuse what was changed of what a signature covers.
// openssl is always there; the two others where a variable names them (docs/attach-to-a-release.md):
//   REPRISE_VERIFY_BUNDLE=/path/verify.mjs    sigstore-js, run as `node verify.mjs BUNDLE PUBKEY.pem`
//   REPRISE_MODEL_SIGNING=/path/model_signing the OpenSSF client of model signatures
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "attest/made_evidence.h"
#include "harness/attest/base64.h"
#include "harness/attest/envelope.h"
#include "scratch.h"
#include "skip.h"

using namespace reprise;
using Json = nlohmann::ordered_json;

namespace {

namespace fs = std::filesystem;

fs::path make_release(const Scratch& folder) {
  make_key(folder.path());
  make_matrix(folder.path(), 4);
  const auto made = run_program(folder.path(), "release out --runs runs/matrix --key key.pem");
  INFO(made.out << made.err);
  REQUIRE(made.code == 0);
  return folder / "out/report.test-result.sigstore.json";
}

// Bundles of which the payload, its type or the signature is another one.
std::vector<std::string> tampered(const std::string& bundle, std::size_t count) {
  std::vector<std::string> others;
  for (std::size_t i = 0; i < count; ++i) {
    Envelope envelope = envelope_of_bundle(bundle);
    std::string& part = i % 2 == 0 ? envelope.payload : envelope.signature;
    char& byte = part[i * (part.size() - 1) / (count - 1)];
    byte = static_cast<char>(byte ^ (i % 2 == 0 ? 1 : 1 << (i % 8)));
    others.push_back(to_bundle(envelope));
  }
  Envelope envelope = envelope_of_bundle(bundle);
  envelope.payload_type += "x";
  others.push_back(to_bundle(envelope));
  return others;
}

std::string variable_or_skip(const char* name, const std::string& what) {
  const std::string found = environment_text(name);
  if (found.empty()) skip(what + " is not at hand: " + name + " names it");
  return found;
}

}  // namespace

TEST_CASE("openssl takes the signature and refuses what was changed") {
  const Scratch folder;
  const fs::path bundle = make_release(folder);
  const std::string good = content_of(bundle);
  const auto check = [&](const std::string& text) {
    const Envelope envelope = envelope_of_bundle(text);
    write_atomically(folder / "signed", pre_authentication(envelope.payload_type, envelope.payload));
    write_atomically(folder / "sig", envelope.signature);
    return run_line(folder.path(), "openssl dgst -sha256 -verify key.pub -signature sig signed 2>&1");
  };
  CHECK(check(good).out == "Verified OK\n");
  CHECK(check(content_of(folder / "out/report.oms.sig")).out == "Verified OK\n");
  for (const auto& other : tampered(good, 40)) CHECK(check(other).code != 0);
}

TEST_CASE("sigstore-js takes the bundle and the model signature, and refuses what was changed") {
  const std::string script = variable_or_skip("REPRISE_VERIFY_BUNDLE", "sigstore-js");
  const Scratch folder;
  const fs::path bundle = make_release(folder);
  const auto check = [&](const fs::path& file) {
    return run_line(folder.path(), "node " + script + " " + file.string() + " key.pub");
  };
  CHECK(check(bundle).code == 0);
  CHECK(check(folder / "out/report.oms.sig").code == 0);
  for (const auto& other : tampered(content_of(bundle), 20)) {
    write_atomically(folder / "other.json", other);
    CHECK(check(folder / "other.json").code == 1);
  }
}

TEST_CASE("model_signing takes the folder, and refuses a changed file, a new one and another signature") {
  const std::string program = variable_or_skip("REPRISE_MODEL_SIGNING", "model_signing");
  const Scratch folder;
  make_release(folder);
  const auto code = [&](const std::string& signature = "out/report.oms.sig") {
    const auto printed = run_line(
        folder.path(), program + " verify key out --signature " + signature + " --public_key key.pub 2>&1");
    UNSCOPED_INFO(printed.out);
    return printed.code;
  };
  CHECK(code() == 0);
  const std::string report = content_of(folder / "out/report.json");
  write_atomically(folder / "out/report.json", report + " ");
  CHECK(code() != 0);
  write_atomically(folder / "out/report.json", report);
  CHECK(code() == 0);
  write_atomically(folder / "out/more", "");
  CHECK(code() != 0);
  fs::remove(folder / "out/more");
  // What attest signs of a report's folder lies beside it.
  CHECK(run_program(folder.path(), "attest runs/matrix --key key.pem --oms").code == 0);
  const auto beside = run_line(folder.path(), program +
                                                  " verify key runs/matrix --signature runs/matrix.oms.sig "
                                                  "--public_key key.pub 2>&1");
  CHECK(beside.code == 0);
  const std::string good = content_of(folder / "out/report.oms.sig");
  for (const auto& other : tampered(good, 6)) {
    write_atomically(folder / "out/report.oms.sig", other);
    CHECK(code() != 0);
  }
}
