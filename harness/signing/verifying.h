// SPDX-License-Identifier: Apache-2.0
#pragma once
// A signed bundle held against a key, the files that it names, and the traces among them.
#include <filesystem>
#include <optional>
#include <string>

#include "harness/attest/checks.h"
#include "harness/attest/statement.h"

namespace reprise {

struct Verified {
  Verification found;
  std::optional<Statement>
      statement;                // nothing of a folder signed as a model, or where the signature does not hold
  std::filesystem::path files;  // the folder in which its files were looked for
};

// Of a test-result bundle or a model signature. `files`: the folder that names are below; empty: the bundle's
// own, and of a model signature the folder of the signed name beside it, if there is one. What the key's
// holder did not sign is never read as evidence.
Verified verify_bundle(const std::filesystem::path& bundle, const PublicKey& key,
                       const std::filesystem::path& files);

}  // namespace reprise
