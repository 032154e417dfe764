// SPDX-License-Identifier: Apache-2.0
#include "harness/watch/entrance.h"

#include <fstream>
#include <span>

#include "harness/base/error.h"
#include "harness/base/program_search.h"
#include "harness/base/text.h"
#include "harness/watch/loaded_libraries.h"

namespace reprise {
namespace {

namespace fs = std::filesystem;
using Variables = std::map<std::string, std::string>;

std::optional<fs::path> found_program(const std::string& word, const Variables& environment,
                                      const fs::path& folder) {
  if (word.find('/') != std::string::npos) {
    const fs::path path = fs::path(word).is_absolute() ? fs::path(word) : fs::absolute(folder / word);
    return can_be_started(path) ? std::optional(path) : std::nullopt;
  }
  const auto places = environment.find("PATH");
  return places == environment.end() ? std::nullopt : find_program(word, places->second);
}

std::string first_line_of(const fs::path& program) {
  std::ifstream in(program, std::ios::binary);
  std::string head(4096, '\0');
  in.read(head.data(), static_cast<std::streamsize>(head.size()));
  head.resize(static_cast<std::size_t>(in.gcount()));
  return head.substr(0, head.find('\n'));
}

bool is_python(const fs::path& program) { return program.filename().string().starts_with("python"); }

// Whether these options of a Python make it ignore PYTHONPATH, or import no sitecustomize.
bool ignores_the_path(std::span<const std::string> options) {
  for (std::size_t i = 0; i < options.size(); ++i) {
    const std::string& option = options[i];
    if (option.size() < 2 || option[0] != '-' || option[1] == '-') return false;
    for (const char letter : option.substr(1)) {
      if (letter == 'I' || letter == 'E' || letter == 'S') return true;
      if (letter == 'c' || letter == 'm') return false;
      if (letter == 'W' || letter == 'X') break;
    }
    if (option == "-W" || option == "-X") ++i;  // its argument is the next word
  }
  return false;
}

// The Python that a script's first line names, with the options there.
std::optional<Entrance> python_in_first_line(const fs::path& program, const Variables& environment) {
  const std::string line = first_line_of(program);
  if (!line.starts_with("#!")) return std::nullopt;
  const auto words = split(line.substr(2), ' ');
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (!is_python(words[i])) continue;
    Entrance entrance;
    entrance.python = program_of(words[i], environment, {});
    entrance.preload = ignores_the_path(std::span(words).subspan(i + 1));
    return entrance;
  }
  return std::nullopt;
}

// The folder of the torch that a program would be run with.
std::optional<fs::path> libtorch_of(const fs::path& program, const Variables& environment,
                                    const fs::path& folder) {
  const auto libraries = libraries_loaded_by(program, environment, folder);
  const auto found = libraries.find("libtorch_cpu.so");
  if (found == libraries.end()) return std::nullopt;
  return fs::canonical(found->second).parent_path().parent_path();
}

std::optional<Entrance> entrance_at(std::span<const std::string> words, const fs::path& program,
                                    const Variables& environment, const fs::path& folder) {
  Entrance entrance;
  if (is_python(program)) {
    entrance.python = program;
    entrance.preload = ignores_the_path(words.subspan(1));
    return entrance;
  }
  if (const auto python = python_in_first_line(program, environment)) return python;
  entrance.libtorch = libtorch_of(program, environment, folder);
  entrance.preload = true;
  return entrance.libtorch ? std::optional(entrance) : std::nullopt;
}

}  // namespace

fs::path program_of(const std::string& word, const Variables& environment, const fs::path& folder) {
  if (const auto found = found_program(word, environment, folder)) return *found;
  if (word.find('/') != std::string::npos)
    fail("wanted a program to run, found none that can be started at {}", (folder / word).string());
  fail(
      "wanted a program to run, found none called '{}' on PATH; name a recipe (`reprise list recipes`) or a "
      "command",
      word);
}

Entrance entrance_of(const std::vector<std::string>& words, const Variables& environment,
                     const fs::path& folder) {
  program_of(words.at(0), environment, folder);
  for (std::size_t i = 0; i < words.size(); ++i) {
    const auto program = found_program(words[i], environment, folder);
    if (!program) continue;
    if (const auto entrance = entrance_at(std::span(words).subspan(i), *program, environment, folder))
      return *entrance;
  }
  return {found_program("python3", environment, folder), std::nullopt, true};
}

}  // namespace reprise
