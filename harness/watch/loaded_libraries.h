// SPDX-License-Identifier: Apache-2.0
#pragma once
// The shared libraries that a program would be run with, as the dynamic loader says it: it lists them instead
// of starting the program.
#include <filesystem>
#include <map>
#include <string>

namespace reprise {

// "libz.so.1" -> "/lib/x86_64-linux-gnu/libz.so.1": those that the loader finds, in turn too, for a program
// that is started with `environment` in `folder`. None for what glibc's loader does not start: that would not
// be asked but run.
std::map<std::string, std::filesystem::path> libraries_loaded_by(
    const std::filesystem::path& program, std::map<std::string, std::string> environment,
    const std::filesystem::path& folder);

// The same of a library, as the loader of that program finds them; without those that it does not find.
std::map<std::string, std::filesystem::path> libraries_needed_by(const std::filesystem::path& library,
                                                                 const std::filesystem::path& program);

}  // namespace reprise
