// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a script's imports bring into its process: BLAS and OpenMP runtimes. Its own Python is asked; the
// script is read and not run, and of what it imports only installed packages are imported, no file of the
// script's own.
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "harness/machine/facts.h"

namespace reprise {

struct AskedScript {
  std::filesystem::path python, folder;            // the Python, and where the command is started
  std::filesystem::path script;                    // a .py file
  std::map<std::string, std::string> environment;  // of a run
};

// "package.numpy" -> version, "script.openmp" -> runtimes that the process then holds, "script.blas",
// "script.failed.NAME" -> why. An Error if that Python cannot be started or does not answer.
Facts script_facts(const AskedScript& asked);

// The first word that names a Python file which is there; empty for none.
std::filesystem::path script_among(const std::vector<std::string>& words,
                                   const std::filesystem::path& folder);

// From the Python's answer, as it printed it.
Facts facts_of_answer(const std::string& text, const std::filesystem::path& python);

}  // namespace reprise
