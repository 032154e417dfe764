// SPDX-License-Identifier: Apache-2.0
#pragma once
// A whole folder signed as a model is: OpenSSF Model Signing v1.0, a manifest of all its files in an in-toto
// statement, which the client `model_signing` verifies. Method "files", SHA-256, no links.
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "harness/attest/statement.h"

namespace reprise {

inline constexpr std::string_view model_signature_type = "https://model_signing/signature/v1.0";

struct FolderManifest {
  std::string name;                  // of the folder
  std::vector<Subject> files;        // sorted by name, at least one
  std::vector<std::string> ignored;  // names below the folder: the signature itself, and what git keeps
};

// Of the folder as it is now; `signature` is where the signature will lie. An Error for a link, and for no
// file.
FolderManifest manifest_of_folder(const std::filesystem::path& folder,
                                  const std::filesystem::path& signature);

// The names of all files below a folder but those, sorted. An Error for a link, and a name that cannot be
// signed.
std::vector<std::string> files_as_model(const std::filesystem::path& folder,
                                        const std::vector<std::string>& ignored);

// The text that is signed, and back. An Error, in one sentence, as with statement_of; another method or
// digest than files and SHA-256 is said to be known to other clients.
std::string to_text(const FolderManifest& manifest);
FolderManifest folder_manifest_of(std::string_view payload);
// Whether a payload says that it is of this type.
bool is_model_signature(std::string_view payload);

}  // namespace reprise
