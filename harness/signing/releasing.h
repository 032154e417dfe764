// SPDX-License-Identifier: Apache-2.0
#pragma once
// A release: runs copied into one folder with a report that says what the copies say, signed, with all that
// strangers need to check it.
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "harness/attest/signing_key.h"

namespace reprise {

struct ReleaseChoices {
  std::filesystem::path folder;             // made; must not exist, or be empty
  std::vector<std::string> runs;            // a folder with matrix.toml, or runs and traces
  std::string date;                         // of publication, "2026-11-28"
  std::string license;                      // a URL, or "": not stated
  std::string author;                       // who releases it, or "": not stated
  std::vector<std::filesystem::path> more;  // other files to sign with it: reports of claims, cards
  bool with_checkpoints = false;            // copies those of each run too
};

struct Released {
  std::string result, headline;
  std::size_t runs = 0;
  std::uint64_t bytes = 0, trace_bytes = 0;  // of everything; of traces
};

// The folder appears whole or not at all.
Released make_release(const ReleaseChoices& choices, const SigningKey& key);

}  // namespace reprise
