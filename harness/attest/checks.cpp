// SPDX-License-Identifier: Apache-2.0
#include "harness/attest/checks.h"

#include <algorithm>
#include <set>

#include "harness/attest/envelope.h"
#include "harness/attest/evidence_files.h"
#include "harness/base/error.h"
#include "harness/base/sha256.h"

namespace reprise {

namespace fs = std::filesystem;

std::span<const Word<CheckEnd>> words_of(CheckEnd) {
  static constexpr Word<CheckEnd> words[] = {
      {CheckEnd::passed, "passed"}, {CheckEnd::failed, "FAILED"}, {CheckEnd::untested, "untested"}};
  return words;
}

void Verification::pass(std::string name, std::string sentence) {
  checks.push_back({std::move(name), CheckEnd::passed, std::move(sentence)});
}

void Verification::fail(std::string name, std::string sentence) {
  checks.push_back({std::move(name), CheckEnd::failed, std::move(sentence)});
}

void Verification::leave(std::string name, std::string why) {
  checks.push_back({std::move(name), CheckEnd::untested, std::move(why)});
}

std::size_t Verification::count(CheckEnd end) const {
  return static_cast<std::size_t>(std::ranges::count(checks, end, &Check::end));
}

int Verification::exit_code() const {
  if (count(CheckEnd::failed) > 0) return 1;
  return count(CheckEnd::untested) > 0 || checks.empty() ? 2 : 0;
}

std::string signed_payload(std::string_view bundle, const PublicKey& key, Verification& found) {
  Envelope envelope;
  try {
    envelope = envelope_of_bundle(bundle);
  } catch (const Error& error) {
    found.fail("envelope", error.what());
    return "";
  }
  found.pass("envelope", "a Sigstore bundle v0.3 with a DSSE envelope and exactly one signature");
  if (envelope.payload_type != statement_payload_type) {
    found.fail("payload type", fmt::format("wanted a payload of the type {}, found '{}'",
                                           statement_payload_type, envelope.payload_type));
    return "";
  }
  found.pass("payload type", std::string(statement_payload_type));
  if (envelope.key_hint != key.hint()) {
    found.fail("key", fmt::format("wanted a bundle signed with the key {}, found one that names the key {}",
                                  key.hint(), envelope.key_hint));
    return "";
  }
  found.pass("key", "the bundle names the given key, " + key.hint());
  if (!holds(key, envelope)) {
    found.fail("signature",
               "the holder of the given key did not sign this payload: it was changed, or signed with "
               "another key");
    return "";
  }
  found.pass("signature", "the holder of the given key signed this payload (ECDSA, P-256, SHA-256)");
  return envelope.payload;
}

void check_files(const std::vector<Subject>& files, const fs::path& folder, Verification& found) {
  for (const auto& file : files) {
    const std::string name = "file " + file.name;
    try {
      const fs::path path = file_of(folder, file.name);
      if (!fs::exists(path)) {
        found.leave(name, fmt::format("wanted it at {}, found none there", path.string()));
      } else if (!fs::is_regular_file(path)) {
        found.fail(name, fmt::format("wanted a file at {}, found another thing", path.string()));
      } else if (const auto digest = sha256_file(path); digest != file.sha256) {
        found.fail(name,
                   fmt::format("wanted the SHA-256 {}, found {}: its bytes are not those that were signed",
                               file.sha256, digest));
      } else {
        found.pass(name, "its bytes are those that were signed (SHA-256)");
      }
    } catch (const Error& error) {
      found.fail(name, error.what());
    }
  }
}

void check_nothing_beside(const std::vector<Subject>& files, const fs::path& folder,
                          const std::vector<std::string>& folders, Verification& found) {
  std::set<std::string> signed_names;
  for (const auto& file : files) signed_names.insert(file.name);
  std::size_t seen = 0;
  try {
    for (const auto& one : folders)
      for (const auto& name : names_below(folder, one.empty() ? folder : file_of(folder, one))) {
        ++seen;
        if (!signed_names.contains(name))
          return found.fail("nothing beside",
                            fmt::format("wanted signed files only, found {}, which nobody signed",
                                        (folder / name).string()));
      }
  } catch (const Error& error) {
    return found.fail("nothing beside", error.what());
  }
  found.pass("nothing beside",
             fmt::format("no file that nobody signed lies among the {} of the evidence", seen));
}

void check_predicate(const Statement& statement, const nlohmann::ordered_json& report, Verification& found) {
  const TestResult wanted = test_result_of(report);
  if (wanted == statement.result)
    return found.pass("predicate", fmt::format("its result, {}, and its tests are those of the report",
                                               to_text(wanted.result)));
  if (statement.version != REPRISE_VERSION)
    return found.leave("predicate",
                       fmt::format("reprise {} wrote it, and this is {}, which draws other results from "
                                   "the same report",
                                   statement.version, REPRISE_VERSION));
  found.fail(
      "predicate",
      fmt::format("wanted the results that the report tells ({}: {} passed, {} warned, {} failed), found "
                  "others ({}: {}, {}, {})",
                  to_text(wanted.result), wanted.passed.size(), wanted.warned.size(), wanted.failed.size(),
                  to_text(statement.result.result), statement.result.passed.size(),
                  statement.result.warned.size(), statement.result.failed.size()));
}

}  // namespace reprise
