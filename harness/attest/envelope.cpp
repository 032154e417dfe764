// SPDX-License-Identifier: Apache-2.0
#include "harness/attest/envelope.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "harness/attest/base64.h"
#include "harness/base/error.h"

namespace reprise {
namespace {

using Json = nlohmann::ordered_json;

const Json& part(const Json& object, const char* key, const char* where) {
  if (!object.is_object() || !object.contains(key))
    fail("wanted \"{}\" in {}, found none: it is no Sigstore bundle with a DSSE envelope signed by a key",
         key, where);
  return object[key];
}

std::string text_part(const Json& object, const char* key, const char* where) {
  const Json& found = part(object, key, where);
  if (!found.is_string()) fail("wanted a text as \"{}\" in {}, found {}", key, where, found.type_name());
  return found.get<std::string>();
}

std::string bytes_part(const Json& object, const char* key, const char* where) {
  const auto bytes = from_base64(text_part(object, key, where));
  if (!bytes) fail("wanted base64 in one line as \"{}\" in {}, found another text", key, where);
  return *bytes;
}

// A signature of one key; the file would be invalid everywhere with another number of them.
const Json& only_signature(const Json& envelope) {
  const Json& signatures = part(envelope, "signatures", "\"dsseEnvelope\"");
  if (!signatures.is_array() || signatures.size() != 1)
    fail("wanted exactly one signature in the bundle, found {}",
         signatures.is_array() ? std::to_string(signatures.size()) : signatures.type_name());
  return signatures[0];
}

void check_written_so(std::string_view text, const std::string& wanted) {
  if (text == wanted) return;
  const auto differs = std::ranges::mismatch(text, wanted);
  fail(
      "wanted the bundle as reprise writes it, found another byte at {} of {}: what no signature covers has "
      "one "
      "form, so it was changed, or written by another program",
      differs.in1 - text.begin(), text.size());
}

}  // namespace

std::string pre_authentication(std::string_view payload_type, std::string_view payload) {
  return fmt::format("DSSEv1 {} {} {} {}", payload_type.size(), payload_type, payload.size(), payload);
}

Envelope signed_envelope(std::string payload, const SigningKey& key) {
  Envelope envelope;
  envelope.payload = std::move(payload);
  envelope.signature = key.sign(pre_authentication(envelope.payload_type, envelope.payload));
  envelope.key_hint = key.public_key().hint();
  return envelope;
}

bool holds(const PublicKey& key, const Envelope& envelope) {
  return key.holds(pre_authentication(envelope.payload_type, envelope.payload), envelope.signature);
}

std::string to_bundle(const Envelope& envelope) {
  const Json bundle = {
      {"mediaType", bundle_media_type},
      {"verificationMaterial",
       {{"publicKey", {{"hint", envelope.key_hint}}}, {"tlogEntries", Json::array()}}},
      {"dsseEnvelope",
       {{"payload", to_base64(envelope.payload)},
        {"payloadType", envelope.payload_type},
        {"signatures", Json::array({{{"sig", to_base64(envelope.signature)}, {"keyid", ""}}})}}}};
  return bundle.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

Envelope envelope_of_bundle(std::string_view text) {
  const Json bundle = Json::parse(text, nullptr, false);
  if (bundle.is_discarded()) fail("wanted a bundle, which is one JSON object, found a text that is no JSON");
  if (const auto type = text_part(bundle, "mediaType", "the bundle"); type != bundle_media_type)
    fail("wanted a bundle of the media type {}, found '{}'", bundle_media_type, type);
  const Json& material = part(bundle, "verificationMaterial", "the bundle");
  const Json& envelope = part(bundle, "dsseEnvelope", "the bundle");
  Envelope found;
  found.key_hint =
      text_part(part(material, "publicKey", "\"verificationMaterial\""), "hint", "\"publicKey\"");
  found.payload_type = text_part(envelope, "payloadType", "\"dsseEnvelope\"");
  found.payload = bytes_part(envelope, "payload", "\"dsseEnvelope\"");
  found.signature = bytes_part(only_signature(envelope), "sig", "\"signatures\"");
  check_written_so(text, to_bundle(found));
  return found;
}

}  // namespace reprise
