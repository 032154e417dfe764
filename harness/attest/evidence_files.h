// SPDX-License-Identifier: Apache-2.0
#pragma once
// The files that a statement names, on disk: found below a folder, digested, and looked up again without ever
// leaving it. A link in the way is refused: what it leads to may be another file tomorrow.
#include <filesystem>
#include <string>
#include <vector>

#include "harness/attest/statement.h"

namespace reprise {

// What attest itself writes beside the evidence, which no statement names.
inline constexpr std::string_view bundle_ending = ".test-result.sigstore.json";
inline constexpr std::string_view predicate_ending = ".predicate.json";
inline constexpr std::string_view model_signature_ending = ".oms.sig";

// A link below evidence is an Error, or, where files are copied out of it, is left behind.
enum class Links { refused, left_out };

// The names, relative to `base`, of all regular files below `folder`, sorted; without what attest writes and
// without locks. An Error for anything that is neither a file nor a folder.
std::vector<std::string> names_below(const std::filesystem::path& base, const std::filesystem::path& folder,
                                     Links links = Links::refused);

// With the digests of the files as they are now, sorted by name, each name once.
std::vector<Subject> subjects_named(const std::filesystem::path& base, std::vector<std::string> names);

// The file of a name below `base`. An Error for a name that leads out, and a link on the way.
std::filesystem::path file_of(const std::filesystem::path& base, std::string_view name);

// The lowest folder that holds all of these folders.
std::filesystem::path common_folder(const std::vector<std::filesystem::path>& folders);
// "runs/1/trace.h5" of BASE/runs/1/trace.h5; an Error if the path does not lie below `base`.
std::string subject_name(const std::filesystem::path& base, const std::filesystem::path& path);

}  // namespace reprise
