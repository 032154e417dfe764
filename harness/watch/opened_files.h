// SPDX-License-Identifier: Apache-2.0
#pragma once
// The library that notes which files a command and its children open, whatever they are written in
// (harness/recorder/opened): how it comes into them, and what is added to its notes afterwards.
#include <filesystem>
#include <map>
#include <string>

namespace reprise {

// Leads it into what is started with these variables, before what the user hands on by keep_env. Nothing
// where it is not there, or lies where LD_PRELOAD cannot name it.
void add_opened(const std::filesystem::path& run, std::map<std::string, std::string>& variables);

// "" if it comes in; else what a reader must know.
std::string opened_note();

// After a run that can be reused: digests of what it read and nobody digested, where that still is as it was
// when it was opened. `all`: files of any size.
void digest_opened(const std::filesystem::path& run, bool all);

}  // namespace reprise
