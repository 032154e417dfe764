// SPDX-License-Identifier: Apache-2.0
// Public keys as people hand them on.
#include "fuzz/target.h"
#include "harness/attest/signing_key.h"

namespace reprise::fuzz_targets {
namespace {

std::vector<std::string> seeds() {
  return {
      "-----BEGIN PUBLIC KEY-----\n"
      "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEOcwnwjdjZaazm0kLBk0et/eU8tom\n"
      "aXhSR3ieDBudZIghSb8FRSAly6LyTFBd2F46xRfsU/wLS8fH7RKAnJ8VFg==\n"
      "-----END PUBLIC KEY-----\n"};
}

void read(const std::string& input) { public_key_of(input, "key.pub").holds("bytes", "no signature"); }

}  // namespace

extern const FuzzTarget public_key{
    .summary = "public keys",
    .seeds = seeds,
    .read = read,
};

}  // namespace reprise::fuzz_targets
