// SPDX-License-Identifier: Apache-2.0
#pragma once
// Runs a real program of the build in a folder, and keeps what it printed.
#include <sys/wait.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

namespace reprise {

struct Printed {
  int code;
  std::string out, err;
};

inline std::string content_of(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return std::move(text).str();
}

// `arguments` goes through a shell, so quote what needs it. `before` sets variables: "REPRISE_DATA=/none".
inline Printed run_program(const std::filesystem::path& folder, const std::string& arguments,
                           const std::string& before = "",
                           const std::string& program = REPRISE_BIN "/reprise") {
  const auto out = folder / ".out", err = folder / ".err";
  const std::string line = "cd '" + folder.string() + "' && " + before +
                           " REPRISE_RECIPES='" REPRISE_SOURCE "/recipes' '" + program + "' " + arguments +
                           " >'" + out.string() + "' 2>'" + err.string() + "' </dev/null";
  const int status = std::system(line.c_str());
  return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, content_of(out), content_of(err)};
}

inline bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace reprise
