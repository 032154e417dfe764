// SPDX-License-Identifier: Apache-2.0
// Envelopes and bundles: what is signed, how it is written, and what is refused before any signature is
// looked at.
#include "harness/attest/envelope.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "attest/made_evidence.h"
#include "harness/attest/base64.h"
#include "harness/base/error.h"
#include "scratch.h"

using namespace reprise;
using Catch::Matchers::Contains;
using Json = nlohmann::ordered_json;

TEST_CASE("base64 has one text for each bytes") {
  CHECK(to_base64("") == "");
  CHECK(to_base64("f") == "Zg==");
  CHECK(to_base64("foobar") == "Zm9vYmFy");
  for (const std::string& bytes : {std::string(), std::string("\0\xff\x7f", 3), std::string(1000, 'x')})
    CHECK(from_base64(to_base64(bytes)) == bytes);
  for (const char* bad : {"Zg=", "Zh==", "Zg==\n", " Zg=", "Z-==", "====", "Zg==Zg=="}) {
    INFO(bad);
    CHECK_FALSE(from_base64(bad).has_value());
  }
}

TEST_CASE("the pre-authentication encoding is that of the DSSE specification") {
  // The vectors of secure-systems-lab/dsse, protocol.md.
  CHECK(pre_authentication("http://example.com/HelloWorld", "hello world") ==
        "DSSEv1 29 http://example.com/HelloWorld 11 hello world");
  CHECK(pre_authentication("", "") == "DSSEv1 0  0 ");
  // Lengths are those of bytes.
  CHECK(pre_authentication("t", "\xc3\xa4") == "DSSEv1 1 t 2 \xc3\xa4");
}

TEST_CASE("a bundle reads back, holds for its key, and for no other") {
  const Scratch folder;
  make_key(folder.path());
  make_key(folder.path(), "EC -pkeyopt ec_paramgen_curve:P-256", "other");
  const SigningKey key = signing_key({folder / "key.pem", ""});
  const Envelope made = signed_envelope("{\"a\": 1}", key);
  const std::string text = to_bundle(made);
  const Envelope read = envelope_of_bundle(text);
  CHECK(to_bundle(read) == text);
  CHECK(read.payload == "{\"a\": 1}");
  CHECK(read.key_hint == public_key_in(folder / "key.pub").hint());
  CHECK(holds(public_key_in(folder / "key.pub"), read));
  CHECK_FALSE(holds(public_key_in(folder / "other.pub"), read));
  Envelope of_other_type = read;
  of_other_type.payload_type = "application/json";
  CHECK_FALSE(holds(key.public_key(), of_other_type));
}

TEST_CASE(
    "a bundle with none or two signatures, of another form or with a byte more is refused in one sentence") {
  const Scratch folder;
  make_key(folder.path());
  const std::string text = to_bundle(signed_envelope("x", signing_key({folder / "key.pem", ""})));
  const auto changed = [&](const auto& change) {
    Json bundle = Json::parse(text);
    change(bundle);
    return bundle.dump() + "\n";
  };
  const auto refused = [](const std::string& bundle, const std::string& words) {
    INFO(bundle);
    CHECK_THROWS_WITH(envelope_of_bundle(bundle), Contains(words));
  };
  CHECK(changed([](Json&) {}) == text);
  refused(changed([](Json& b) {
            auto& list = b["dsseEnvelope"]["signatures"];
            list.push_back(list[0]);
          }),
          "wanted exactly one signature in the bundle, found 2");
  refused(changed([](Json& b) { b["dsseEnvelope"]["signatures"].clear(); }), "exactly one signature");
  refused(changed([](Json& b) { b["mediaType"] = "application/json"; }), "wanted a bundle of the media type");
  refused(changed([](Json& b) { b.erase("dsseEnvelope"); }), "wanted \"dsseEnvelope\"");
  refused(changed([](Json& b) {
            b["verificationMaterial"] = {{"certificate", {}}};
          }),
          "wanted \"publicKey\"");
  refused(changed([](Json& b) { b["dsseEnvelope"]["payload"] = "e-_="; }), "wanted base64");
  refused(changed([](Json& b) { b["more"] = 1; }), "found another byte at");
  refused(text + " ", "found another byte at");
  refused("{\"mediaType\":\"x\"," + text.substr(1),
          "found another byte at");  // of two keys JSON keeps the last
  refused("", "no JSON");
  refused("[]", "wanted \"mediaType\"");
}
