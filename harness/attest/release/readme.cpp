// SPDX-License-Identifier: Apache-2.0
#include "harness/attest/release/readme.h"

#include <fmt/format.h>

#include "harness/attest/release/badge.h"
#include "harness/attest/statement.h"
#include "harness/base/text.h"

namespace reprise {
namespace {

constexpr const char* how_to_verify = R"page(## Check it

Every command is typed in this folder. `key.pub` is the public key of whoever signed; a key that lies beside the evidence
proves nothing about who that is, so take it from a place that you trust, or compare its SHA-256 with one from there:

    sha256sum key.pub
    # @HINT@

**With reprise.** Checks the signature, every file, every trace, and that the report says what its traces say: it is
judged and written again from them.

    reprise verify @BUNDLE@ --key key.pub

**With cosign** (2.5 or later). Checks the signature, and that this `report.json` is among what was signed. Without a
network add `--trusted-root root.json`, which `cosign trusted-root create --out root.json` makes: a key alone needs no root.

    cosign verify-blob-attestation --new-bundle-format --bundle @BUNDLE@ --key key.pub \
      --insecure-ignore-tlog --type @TYPE@ report.json

**With openssl alone.** Takes what was signed, and the signature, out of the bundle. `Verified OK` is the answer for the
signature; `sha256sum` names every file that is not as it was signed.

    work=$(mktemp -d)
    sed 's/.*"payload":"\([^"]*\)".*/\1/' @BUNDLE@ | openssl base64 -d -A >"$work/body"
    sed 's/.*"sig":"\([^"]*\)".*/\1/' @BUNDLE@ | openssl base64 -d -A >"$work/sig"
    { printf 'DSSEv1 28 application/vnd.in-toto+json %d ' "$(wc -c <"$work/body")"; cat "$work/body"; } >"$work/signed"
    openssl dgst -sha256 -verify key.pub -signature "$work/sig" "$work/signed"
    grep -o '"name":"[^"]*","digest":{"sha256":"[0-9a-f]*"' "$work/body" |
      sed 's/"name":"\(.*\)","digest":{"sha256":"\(.*\)"/\2  \1/' | sort -u | sha256sum --check --quiet && echo Files OK

**With model_signing** (the OpenSSF client of model signatures). Checks that this folder holds exactly what was signed.

    model_signing verify key . --signature @OMS@ --public_key key.pub

A signature by a key says that whoever holds the key stands by these files. It says neither who that is nor when it
was made.
)page";

std::string sentences(const nlohmann::ordered_json& report) {
  std::string text = report.at("headline").get<std::string>() + "\n";
  for (const auto& sentence : report.at("verdict")) text += "\n" + sentence.get<std::string>() + "\n";
  return text;
}

std::string contents(const ReleaseFacts& facts) {
  return fmt::format(
      "## What is here\n\n"
      "| file | what it is |\n|---|---|\n"
      "| `report.html`, `report.json` | the report, for people and for programs |\n"
      "| `matrix.toml` | what was run, and how each run ended |\n"
      "| `runs/` | of each run its plan, its trace and its log: {} runs, {} of traces |\n"
      "| `{}` | what is signed: the SHA-256 of every file here, and the result |\n"
      "| `{}` | the result alone, for a workflow that signs by itself (GitHub's actions/attest) |\n"
      "| `{}` | the signature over this folder as over a model's |\n"
      "| `{}`, `{}` | the badge, and the JSON from which shields.io draws it |\n"
      "| `{}` | metadata for a model card on Hugging Face |\n"
      "| `{}` | metadata for archives such as Zenodo (RO-Crate 1.1, Process Run Crate 0.5) |\n\n",
      facts.runs.size(), size_words(bytes_of(facts.files, ".h5")), release_names::bundle,
      release_names::predicate, release_names::model_signature, release_names::badge,
      release_names::badge_endpoint, release_names::card, release_names::crate);
}

}  // namespace

std::string release_readme(const ReleaseFacts& facts) {
  std::string how = replace_all(how_to_verify, "@BUNDLE@", release_names::bundle);
  how = replace_all(how, "@OMS@", release_names::model_signature);
  how = replace_all(how, "@TYPE@", test_result_type);
  how = replace_all(how, "@HINT@", facts.key_hint);
  return fmt::format("# {}\n\n![{}](badge.svg)\n\n{}\nResult: **{}** ({}), by reprise {}.\n\n{}{}",
                     facts.report.at("title").get<std::string>(), badge_words(facts.result.result),
                     sentences(facts.report), to_text(facts.result.result), badge_words(facts.result.result),
                     facts.version, contents(facts), how);
}

}  // namespace reprise
