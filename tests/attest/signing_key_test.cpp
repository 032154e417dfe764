// SPDX-License-Identifier: Apache-2.0
// Keys: the one kind that every client takes, hidden from others, never on a command line.
#include "harness/attest/signing_key.h"

#include <CLI/CLI.hpp>
#include <catch2/catch.hpp>
#include <cstdlib>

#include "attest/made_evidence.h"
#include "harness/base/error.h"
#include "harness/signing/key_options.h"
#include "scratch.h"

using namespace reprise;
using Catch::Matchers::Contains;

namespace {

std::string refusal(const KeyPlace& place) try {
  signing_key(place);
  return "taken";
} catch (const Error& error) {
  return error.what();
}

}  // namespace

TEST_CASE("keys of other kinds are refused with the clients that refuse them") {
  const Scratch folder;
  make_key(folder.path(), "ED25519", "ed");
  make_key(folder.path(), "EC -pkeyopt ec_paramgen_curve:P-384", "p384");
  make_key(folder.path(), "RSA -pkeyopt rsa_keygen_bits:2048", "rsa");
  CHECK_THAT(refusal({folder / "ed.pem", ""}),
             Contains("found an Ed25519 key in") && Contains("model_signing"));
  CHECK_THAT(refusal({folder / "p384.pem", ""}), Contains("secp384r1") && Contains("sigstore-js"));
  CHECK_THAT(refusal({folder / "rsa.pem", ""}), Contains("of the kind RSA") && Contains("model_signing"));
  CHECK_THROWS_WITH(public_key_in(folder / "ed.pub"), Contains("Ed25519"));
}

TEST_CASE("a key that others can read is refused, and so is one that is not there") {
  const Scratch folder;
  make_key(folder.path());
  CHECK(refusal({folder / "key.pem", ""}) == "taken");
  for (const ::mode_t mode : {0640U, 0604U, 0620U}) {
    ::chmod((folder / "key.pem").c_str(), mode);
    CHECK_THAT(refusal({folder / "key.pem", ""}),
               Contains("open to others (mode 6") && Contains("chmod 600"));
  }
  CHECK_THAT(refusal({folder / "none.pem", ""}), Contains("No such file") && Contains("openssl genpkey"));
  CHECK_THAT(refusal({}), Contains("found neither"));
  CHECK_THAT(refusal({folder / "key.pem", "KEY"}), Contains("found both"));
  CHECK_THAT(refusal({"-----BEGIN PRIVATE KEY-----\n", ""}), Contains("on the command line"));
  CHECK_THROWS_WITH(public_key_in(folder / "key.pem"), Contains("found a secret one"));
}

TEST_CASE("a passphrase comes from the environment, and a wrong or missing one is told apart") {
  const Scratch folder;
  make_key(folder.path());
  const auto locked = run_line(
      folder.path(), "umask 077; openssl pkey -in key.pem -aes256 -passout pass:secret -out locked.pem");
  REQUIRE(locked.code == 0);
  const KeyPlace place{folder / "locked.pem", "", "REPRISE_TEST_PASSPHRASE"};
  ::unsetenv("REPRISE_TEST_PASSPHRASE");
  CHECK_THAT(refusal(place), Contains("REPRISE_TEST_PASSPHRASE with its passphrase is not set"));
  ::setenv("REPRISE_TEST_PASSPHRASE", "wrong", 1);
  CHECK_THAT(refusal(place), Contains("REPRISE_TEST_PASSPHRASE is wrong"));
  ::setenv("REPRISE_TEST_PASSPHRASE", "secret", 1);
  CHECK(signing_key(place).public_key().pem() == public_key_in(folder / "key.pub").pem());
}

TEST_CASE("a key is taken from an environment variable") {
  const Scratch folder;
  make_key(folder.path());
  ::setenv("REPRISE_TEST_KEY", content_of(folder / "key.pem").c_str(), 1);
  CHECK(signing_key({"", "REPRISE_TEST_KEY"}).public_key().hint() ==
        public_key_in(folder / "key.pub").hint());
  ::setenv("REPRISE_TEST_KEY", content_of(folder / "key.pub").c_str(), 1);
  CHECK_THAT(refusal({"", "REPRISE_TEST_KEY"}), Contains("found a public one"));
  ::setenv("REPRISE_TEST_KEY", "nothing", 1);
  CHECK_THAT(refusal({"", "REPRISE_TEST_KEY"}), Contains("found none in the environment variable"));
  CHECK_THAT(refusal({"", "REPRISE_TEST_NO_KEY"}), Contains("found it not set"));
}

TEST_CASE("a key is named on a command line, and a passphrase has a variable unless told") {
  CLI::App app;
  KeyPlace place;
  CommandOptions options(app);
  add_key_options(options, place);
  app.parse("--key-env SECRET");
  CHECK(place.file.empty());
  CHECK(place.variable == "SECRET");
  CHECK(place.passphrase_variable == "REPRISE_KEY_PASSPHRASE");
  app.parse("--key a.pem --passphrase-env WORD");
  CHECK(place.file == "a.pem");
  CHECK(place.passphrase_variable == "WORD");
}
