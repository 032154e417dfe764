// SPDX-License-Identifier: Apache-2.0
#pragma once
// The sources of this project, as the checks of the house rules see them.
#include <filesystem>
#include <set>
#include <string>
#include <vector>

namespace reprise {

inline const std::filesystem::path project = REPRISE_SOURCE;

struct Source {
  std::string path;  // below the project
  std::string text;
};

// The files below these folders of the project whose names end so, sorted by path.
std::vector<Source> sources_below(const std::vector<std::string>& folders,
                                  const std::set<std::string>& endings);

// What the program is made of, and that together with the tests and everything about them.
std::vector<Source> sources_of_the_program(const std::set<std::string>& endings);
std::vector<Source> all_sources(const std::set<std::string>& endings);

inline const std::set<std::string> cpp_endings = {".cpp", ".h", ".cu"};
inline const std::set<std::string> code_endings = {".cpp", ".h", ".cu", ".py"};

std::string text_of(const std::string& path);  // of a file of the project
std::size_t lines_of(const std::string& text);

// A line of CMake that makes a folder a shelf.
struct ShelfFolder {
  std::string folder;  // harness/matrix/axes
  std::string table;   // axes_shelf
  bool operator==(const ShelfFolder&) const = default;
};
std::vector<ShelfFolder> shelves_in(const std::string& cmake);
// Those of the program.
std::vector<ShelfFolder> shelves_of_the_project();

// Fails with all sentences where there are any.
void require_none(const std::vector<std::string>& faults);

}  // namespace reprise
