// SPDX-License-Identifier: Apache-2.0
// A folder is its own registry: a test walks over each shelf, and nothing is listed by hand a second time.
#include <algorithm>
#include <catch2/catch.hpp>
#include <regex>

#include "harness/base/text.h"
#include "house/project.h"
#include "house/rooms.h"

using namespace reprise;

namespace {

// The shelves that no test walks over with a loop.
std::vector<std::string> unwalked(const std::vector<ShelfFolder>& shelves, const std::string& tests) {
  std::vector<std::string> faults;
  for (const auto& shelf : shelves)
    if (tests.find(": " + shelf.table + "())") == tests.npos)
      faults.push_back("no test walks over " + shelf.table + "(), the shelf of " + shelf.folder);
  return faults;
}

// Programs are one source each, named where they are made; all else is read from folders.
std::vector<std::string> named_by_hand(const Source& cmake) {
  static const std::regex source("[A-Za-z0-9_./{}$-]+\\.cpp\\b(?!\\.in)");
  static const std::vector<std::string> programs = {"harness/main.cpp", "harness/worker.cpp",
                                                    "harness/recorder/preload/preload.cpp"};
  std::vector<std::string> faults;
  for (const auto& line : split(cmake.text, '\n')) {
    const std::string code = line.substr(0, line.find('#'));
    for (std::sregex_iterator match(code.begin(), code.end(), source), end; match != end; ++match) {
      const std::string name = match->str();
      const bool generated = name.starts_with("${CMAKE_BINARY_DIR}") || name.find("${") != name.rfind("${");
      const bool program =
          std::ranges::any_of(programs, [&](const auto& one) { return name.ends_with(one); });
      if (!generated && !program) faults.push_back(cmake.path + " names " + name);
    }
  }
  return faults;
}

std::set<std::string> words_after(const std::string& text, const std::string& begin, char end) {
  const auto at = text.find(begin);
  REQUIRE(at != text.npos);
  const auto from = at + begin.size();
  std::set<std::string> words;
  for (auto word : split(replace_all(text.substr(from, text.find(end, from) - from), ",", " "), ' ')) {
    std::erase_if(word, [](char c) { return c == '"' || c == '\\'; });
    if (!word.empty()) words.insert(word);
  }
  return words;
}

// The kit from which a recorder is built holds each room that the recorder sees: as an archive, or, where it
// includes LibTorch, as sources.
std::vector<std::string> faults_of_kit(const std::string& cmake, const Rooms& rooms) {
  const auto compiled = words_after(cmake, "set(_rooms ", ')'),
             sources = words_after(cmake, "torch_rooms = [", ']');
  std::vector<std::string> faults;
  for (const auto& room : rooms.at("harness/recorder")) {
    if (room == "harness/record/cuda") continue;  // what a recorder loads where there is a GPU
    if (!(has_torch(room) ? sources : compiled).contains(room)) faults.push_back("the kit lacks " + room);
  }
  for (const auto& list : {compiled, sources})
    for (const auto& room : list)
      if (!rooms.at("harness/recorder").contains(room)) faults.push_back("the recorder does not see " + room);
  return faults;
}

}  // namespace

TEST_CASE("a test walks over each shelf on which something lies") {
  std::string tests;
  for (const auto& test : sources_below({"tests"}, {".cpp"})) tests += test.text;
  auto shelves = shelves_of_the_project();
  const auto sources = sources_of_the_program({".cpp"});
  std::erase_if(shelves, [&](const ShelfFolder& shelf) {
    return std::ranges::none_of(
        sources, [&](const Source& source) { return source.path.starts_with(shelf.folder + "/"); });
  });
  CHECK(shelves.size() >= 5);
  require_none(unwalked(shelves, tests));
}

TEST_CASE("no source of the program is named by hand where it is built") {
  std::vector<std::string> faults;
  for (const auto& file :
       sources_below({"harness", "reports", "recipes", "probes", "cmake"}, {".txt", ".cmake"}))
    for (const auto& fault : named_by_hand(file)) faults.push_back(fault);
  require_none(faults);
}

TEST_CASE("the kit of the recorder holds the rooms that it sees") {
  require_none(faults_of_kit(text_of("cmake/recorder.cmake"), rooms_of_the_project()));
}

TEST_CASE(
    "the checks of registries find a shelf without a test, a named source and a kit that lacks a room") {
  const auto shelves = shelves_in(
      "add_shelf(harness_plan harness/matrix/axes Axis harness/matrix/axis.h axes)\n"
      "add_shelf(reports reports/layout/formats Format reports/layout/format.h formats)\n");
  CHECK(shelves == std::vector<ShelfFolder>{{"harness/matrix/axes", "axes_shelf"},
                                            {"reports/layout/formats", "formats_shelf"}});
  CHECK(unwalked(shelves, "for (const auto& [name, axis] : axes_shelf()) {") ==
        std::vector<std::string>{"no test walks over formats_shelf(), the shelf of reports/layout/formats"});
  CHECK(named_by_hand({"a", "add_room(a)  # every a.cpp\nfile(GLOB x \"a/*.cpp\" b.cpp.in)\n"}).empty());
  CHECK(named_by_hand({"a", "add_executable(reprise harness/main.cpp \"${CMAKE_BINARY_DIR}/b.cpp\")\n"})
            .empty());
  CHECK(named_by_hand({"a", "add_library(a axes/seed.cpp axes/isa.cpp)\n"}).size() == 2);
  const Rooms rooms = {{"harness/recorder", {"harness/recorder", "harness/record", "harness/trace"}}};
  const std::string kit =
      "set(_rooms harness/trace)\ntorch_rooms = [\\\"harness/record\\\", \\\"harness/recorder\\\"]\n";
  CHECK(faults_of_kit(kit, rooms).empty());
  CHECK(faults_of_kit(replace_all(kit, "harness/trace", "harness/plan"), rooms).size() == 2);
  CHECK(faults_of_kit(replace_all(kit, "harness/record\\", "harness/trace\\"), rooms).size() == 1);
}
