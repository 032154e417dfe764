// SPDX-License-Identifier: Apache-2.0
#include "harness/cluster/tool.h"

#include <stdlib.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <map>

#include "harness/base/error.h"
#include "harness/base/files.h"
#include "harness/base/process.h"
#include "harness/base/program_search.h"
#include "harness/base/text.h"

namespace reprise {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::seconds patience{60};

std::map<std::string, std::string> own_environment() {
  std::map<std::string, std::string> variables;
  for (char** one = environ; *one != nullptr; ++one) {
    const std::string_view text = *one;
    if (const auto equals = text.find('='); equals != std::string_view::npos && equals > 0)
      variables.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  return variables;
}

class PassingFolder {
 public:
  PassingFolder() {
    std::string pattern = (fs::temp_directory_path() / "reprise-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr)
      fail("cannot make a folder in {}", fs::temp_directory_path().string());
    path_ = pattern;
  }
  PassingFolder(const PassingFolder&) = delete;
  PassingFolder& operator=(const PassingFolder&) = delete;
  ~PassingFolder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  fs::path operator/(const char* name) const { return path_ / name; }

 private:
  fs::path path_;
};

}  // namespace

ToolAnswer ask_tool(const std::vector<std::string>& words, const std::string& need) {
  const auto program = find_program(words.front(), environment_text("PATH"));
  if (!program) fail("wanted the program {}, found none on PATH; {}", words.front(), need);
  const PassingFolder folder;
  // A shell, as the two outputs are kept apart.
  ProcessStart start{{"/bin/sh", "-c", "exec \"$@\" 2>\"$0\" </dev/null", (folder / "err").string()},
                     own_environment(),
                     folder / "out",
                     {}};
  start.arguments.push_back(program->string());
  start.arguments.insert(start.arguments.end(), words.begin() + 1, words.end());
  const ProcessEnd end = Process(start, patience).wait();
  ToolAnswer answer;
  if (end.signal == 0 && !end.timed_out) answer.code = end.exit_code;
  answer.out = read_file(start.log, "answer");
  if (fs::exists(folder / "err")) answer.err = std::string(trim(read_file(folder / "err", "answer")));
  if (end.timed_out)
    answer.err = fmt::format("{} gave no answer within {} s", words.front(), patience.count());
  return answer;
}

}  // namespace reprise
