// SPDX-License-Identifier: Apache-2.0
#pragma once
// A signed payload as it travels: a DSSE envelope with one signature inside a Sigstore bundle v0.3, which
// cosign, sigstore-js and the client of OpenSSF model signatures read.
#include <string>
#include <string_view>

#include "harness/attest/signing_key.h"

namespace reprise {

inline constexpr std::string_view bundle_media_type = "application/vnd.dev.sigstore.bundle.v0.3+json";
inline constexpr std::string_view statement_payload_type = "application/vnd.in-toto+json";

struct Envelope {
  std::string payload_type = std::string(statement_payload_type);
  std::string payload;    // raw bytes
  std::string signature;  // raw bytes, DER
  std::string key_hint;
};

// What is signed of a payload: the pre-authentication encoding of DSSE v1.
std::string pre_authentication(std::string_view payload_type, std::string_view payload);

Envelope signed_envelope(std::string payload, const SigningKey& key);
// Whether the key's holder signed the envelope's payload as of its type.
bool holds(const PublicKey& key, const Envelope& envelope);

// The file's whole text. Equal envelopes give equal texts.
std::string to_bundle(const Envelope& envelope);
// An Error, in one sentence, for what is no JSON, another media type, a bundle without a DSSE envelope or a
// key's hint, none or several signatures, and for any byte that to_bundle would not have written: a signature
// covers the payload alone, so everything around it has one form.
Envelope envelope_of_bundle(std::string_view text);

}  // namespace reprise
