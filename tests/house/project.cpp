// SPDX-License-Identifier: Apache-2.0
#include "house/project.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <regex>

#include "harness/base/files.h"
#include "harness/base/text.h"

namespace fs = std::filesystem;

namespace reprise {

std::vector<Source> sources_below(const std::vector<std::string>& folders,
                                  const std::set<std::string>& endings) {
  std::vector<Source> sources;
  for (const auto& folder : folders)
    for (const auto& entry : fs::recursive_directory_iterator(project / folder))
      if (entry.is_regular_file() && endings.contains(entry.path().extension().string()))
        sources.push_back({fs::relative(entry.path(), project).string(), read_file(entry.path(), "source")});
  std::ranges::sort(sources, {}, &Source::path);
  REQUIRE(!sources.empty());  // else what is said of all of them says nothing
  return sources;
}

std::vector<Source> sources_of_the_program(const std::set<std::string>& endings) {
  return sources_below({"harness", "reports", "recipes", "probes"}, endings);
}

std::vector<Source> all_sources(const std::set<std::string>& endings) {
  return sources_below({"harness", "reports", "recipes", "probes", "tests", "bench", "cmake", "scripts"},
                       endings);
}

std::string text_of(const std::string& path) { return read_file(project / path, "source"); }

std::size_t lines_of(const std::string& text) {
  return static_cast<std::size_t>(std::ranges::count(text, '\n'));
}

std::vector<ShelfFolder> shelves_in(const std::string& cmake) {
  std::vector<ShelfFolder> shelves;
  const std::regex call("add_shelf\\(\\s*\\S+\\s+([a-z_/]+)\\s+\\S+\\s+\\S+\\s+([a-z_]+)\\s*\\)");
  for (std::sregex_iterator match(cmake.begin(), cmake.end(), call), end; match != end; ++match)
    shelves.push_back({(*match)[1], (*match)[2].str() + "_shelf"});
  return shelves;
}

std::vector<ShelfFolder> shelves_of_the_project() {
  std::vector<ShelfFolder> shelves;
  for (const auto& file :
       sources_below({"harness", "reports", "recipes", "probes", "cmake"}, {".txt", ".cmake"}))
    for (const auto& shelf : shelves_in(file.text)) shelves.push_back(shelf);
  REQUIRE(shelves.size() >= 6);
  return shelves;
}

void require_none(const std::vector<std::string>& faults) {
  INFO(join(faults, "\n"));
  REQUIRE(faults.empty());
}

}  // namespace reprise
