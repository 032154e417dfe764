// SPDX-License-Identifier: Apache-2.0
// Bundles, and the statements in them, whoever signed.
#include "fuzz/target.h"
#include "harness/attest/envelope.h"
#include "harness/attest/model_signature.h"
#include "harness/attest/statement.h"

namespace reprise::fuzz_targets {
namespace {

std::string bundle_of(std::string payload) {
  Envelope envelope;
  envelope.payload = std::move(payload);
  envelope.signature = "a signature";
  envelope.key_hint = std::string(64, 'a');
  return to_bundle(envelope);
}

Statement sample() {
  const std::string digest(64, 'a');
  Statement statement;
  statement.subjects = {{"m/matrix.toml", digest}, {"m/report.json", digest}, {"r/plan.toml", digest}};
  statement.result = {TestEnd::warned, {"a"}, {"b"}, {}};
  statement.configuration = {{"r/plan.toml", digest}};
  statement.evidence = {true, "m/matrix.toml", "m/report.json"};
  statement.version = "1";
  return statement;
}

void read_payload(const std::string& payload) {
  if (is_model_signature(payload))
    to_text(folder_manifest_of(payload));
  else
    to_text(statement_of(payload));
}

std::vector<std::string> seeds() {
  const FolderManifest manifest{"folder", {{"a.txt", std::string(64, 'b')}}, {"x.sig"}};
  return {bundle_of(to_text(sample())), bundle_of(to_text(manifest)), to_text(sample()), to_text(manifest)};
}

void read(const std::string& input) {
  if (input.find("mediaType") != input.npos)
    read_payload(envelope_of_bundle(input).payload);
  else
    read_payload(input);
}

}  // namespace

extern const FuzzTarget attestation{
    .summary = "bundles of attestation and their statements",
    .seeds = seeds,
    .read = read,
};

}  // namespace reprise::fuzz_targets
