// SPDX-License-Identifier: Apache-2.0
// reprise attest: a report and all it rests on, signed so that others can check it with tools they have.
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "harness/base/error.h"
#include "harness/commands/command.h"
#include "harness/signing/attesting.h"
#include "harness/signing/key_options.h"

namespace reprise::verbs {
namespace {

struct Options {
  std::vector<std::string> evidence;
  KeyPlace key;
  std::string output = "report";
  bool sign_folder = false, json = false;
};

int write_attestation(const Options& options) {
  // A key that cannot sign is refused before anything is read or written.
  const SigningKey key = signing_key(options.key);
  const Evidence evidence = gathered_evidence(options.evidence, options.output);
  const Attested done = write_attested(evidence, key, options.sign_folder);
  if (options.json) {
    const nlohmann::ordered_json made = {
        {"schema", "reprise.attest/1"},
        {"result", to_text(done.result)},
        {"bundle", done.bundle.string()},
        {"predicate", done.predicate.string()},
        {"model_signature", done.model_signature ? done.model_signature->string() : ""}};
    std::cout << made.dump(1, ' ', false, nlohmann::json::error_handler_t::replace) << '\n';
    return 0;
  }
  std::cout << done.bundle.string() << '\n' << done.predicate.string() << '\n';
  if (done.model_signature) std::cout << done.model_signature->string() << '\n';
  return 0;
}

}  // namespace

extern const Command attest{
    .summary = "Sign a report and all it rests on, so that others can check it",
    .attach = [](CommandOptions& app) -> std::function<int()> {
      auto options = std::make_shared<Options>();
      app.add_option(
             "evidence", options->evidence,
             "A folder with matrix.toml and report.json, or runs and traces, of which a report is written "
             "first")
          ->required();
      add_key_options(app, options->key);
      app.add_flag("--oms", options->sign_folder,
                   "Also sign the report's folder as a model is signed (OpenSSF Model Signing v1.0)");
      app.add_option("--output", options->output, "Folder of the report of runs that have none")
          ->type_name("FOLDER")
          ->capture_default_str();
      app.add_flag("--json", options->json, "Print one JSON document on standard output");
      app.footer(
          "Signs the SHA-256 of every file of the report and of its runs in an in-toto statement of test\n"
          "results, in a Sigstore bundle that cosign, sigstore-js and `reprise verify` read. The bundle "
          "lies\n"
          "in the lowest folder that holds report and runs; NAME.predicate.json beside it is for a workflow\n"
          "that signs by itself (actions/attest). A report that does not say what its traces say is not\n"
          "signed. The result is PASSED (every promise kept, and shown to be), WARNED (something is\n"
          "equivalent only, or untested) or FAILED (a promise is broken). Prints the path of each file\n"
          "written. Exit code 0: signed, whatever the report says; 2: trouble.\n"
          "Example:  openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out key.pem\n"
          "          chmod 600 key.pem\n"
          "          reprise attest runs/matrix-1a2b3c4d5e6f --key key.pem");
      return [options] { return write_attestation(*options); };
    },
};

}  // namespace reprise::verbs
