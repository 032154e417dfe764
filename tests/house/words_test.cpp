// SPDX-License-Identifier: Apache-2.0
// What every source begins with, and how tests may be called.
#include <catch2/catch.hpp>
#include <regex>

#include "house/project.h"

using namespace reprise;

namespace {

bool begins_with_licence(const Source& source) {
  return source.text.starts_with("// SPDX-License-Identifier: Apache-2.0\n");
}

// The names of tests that hold a semicolon. ctest cuts a name there, asks for tests of half a name, finds
// none, and calls that a success.
std::vector<std::string> names_to_change(const Source& source) {
  static const std::regex name("TEST_CASE\\(\\s*\"([^\"]*)\"");
  std::vector<std::string> names;
  for (std::sregex_iterator found(source.text.begin(), source.text.end(), name), end; found != end; ++found)
    if ((*found)[1].str().find(';') != std::string::npos)
      names.push_back(source.path + ": " + (*found)[1].str());
  return names;
}

}  // namespace

TEST_CASE("every source begins with its licence") {
  std::vector<std::string> without;
  for (const auto& source : all_sources(cpp_endings))
    if (!begins_with_licence(source)) without.push_back(source.path);
  require_none(without);
}

TEST_CASE("no test has a semicolon in its name") {
  std::vector<std::string> names;
  for (const auto& source : sources_below({"tests"}, {".cpp"}))
    for (const auto& name : names_to_change(source)) names.push_back(name);
  require_none(names);
}

TEST_CASE("the checks of words find a missing licence and a semicolon") {
  CHECK(begins_with_licence({"a.cpp", "// SPDX-License-Identifier: Apache-2.0\n#include <span>\n"}));
  CHECK_FALSE(begins_with_licence({"a.cpp", "#include <span>\n// SPDX-License-Identifier: Apache-2.0\n"}));
  CHECK(names_to_change({"a.cpp",
                         "TEST_"
                         "CASE(\"one, two\") {"})
            .empty());
  CHECK(names_to_change({"a.cpp",
                         "TEST_"
                         "CASE(\n    \"one; two\") {"})
            .size() == 1);
}
