// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a verification found, check by check. One that could not be made is untested, with the reason, and
// never counts as passed.
#include <filesystem>
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/attest/signing_key.h"
#include "harness/attest/statement.h"
#include "harness/base/words.h"

namespace reprise {

enum class CheckEnd { passed, failed, untested };
std::span<const Word<CheckEnd>> words_of(CheckEnd end);

struct Check {
  std::string name;  // "signature", "file runs/1/trace.h5"
  CheckEnd end = CheckEnd::untested;
  std::string sentence;
};

struct Verification {
  std::vector<Check> checks;
  void pass(std::string name, std::string sentence);
  void fail(std::string name, std::string sentence);
  void leave(std::string name, std::string why);  // untested
  std::size_t count(CheckEnd end) const;
  // 0: all passed; 1: some check says otherwise; 2: none does, but not all could be made.
  int exit_code() const;
};

// The bundle's form, the payload's type, the key and the signature; what the payload is, or "" where one of
// them does not hold: then nothing in it is believed.
std::string signed_payload(std::string_view bundle, const PublicKey& key, Verification& found);

// Each file by its digest, below `folder`. A file that is not there is untested.
void check_files(const std::vector<Subject>& files, const std::filesystem::path& folder, Verification& found);

// Folders that hold evidence hold nothing that was not signed. `folders` are names below `folder`.
void check_nothing_beside(const std::vector<Subject>& files, const std::filesystem::path& folder,
                          const std::vector<std::string>& folders, Verification& found);

// The results in the predicate are those of the report.
void check_predicate(const Statement& statement, const nlohmann::ordered_json& report, Verification& found);

}  // namespace reprise
