// SPDX-License-Identifier: Apache-2.0
#pragma once
// Which commit of which state a script was run from, as facts of its trace.
#include <filesystem>
#include <map>
#include <string>

#include "harness/trace/trace.h"

namespace reprise {

// git.commit, git.changed ("no", or how many tracked files are) and, where some are, git.changes.sha256, of
// their difference from the commit. Empty where `folder` is in no repository or there is no git. Nothing is
// written.
Facts git_facts(const std::filesystem::path& folder, const std::map<std::string, std::string>& environment);

}  // namespace reprise
