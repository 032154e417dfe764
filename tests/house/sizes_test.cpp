// SPDX-License-Identifier: Apache-2.0
// How long a file, a room and the middle one of all files may be.
#include <fmt/core.h>

#include <algorithm>
#include <catch2/catch.hpp>

#include "house/project.h"
#include "house/rooms.h"

using namespace reprise;

namespace {

constexpr std::size_t longest_file = 350, median_file = 90, largest_room = 4000;

std::vector<std::string> too_long(const std::vector<Source>& sources) {
  std::vector<std::string> faults;
  for (const auto& source : sources)
    if (const auto lines = lines_of(source.text); lines > longest_file)
      faults.push_back(fmt::format("{} has {} lines, more than {}", source.path, lines, longest_file));
  return faults;
}

std::size_t median(const std::vector<Source>& sources) {
  std::vector<std::size_t> lines;
  for (const auto& source : sources) lines.push_back(lines_of(source.text));
  std::ranges::sort(lines);
  return lines.at(lines.size() / 2);
}

std::map<std::string, std::size_t> sizes_of(const Rooms& rooms, const std::vector<Source>& sources) {
  std::map<std::string, std::size_t> sizes;
  for (const auto& source : sources)
    if (const auto room = room_of(source.path, rooms); !room.empty()) sizes[room] += lines_of(source.text);
  return sizes;
}

std::vector<std::string> too_large(const std::map<std::string, std::size_t>& sizes) {
  std::vector<std::string> faults;
  for (const auto& [room, lines] : sizes)
    if (lines > largest_room)
      faults.push_back(fmt::format("{} has {} lines, more than {}", room, lines, largest_room));
  return faults;
}

Source of_lines(const std::string& path, std::size_t lines) { return {path, std::string(lines, '\n')}; }

}  // namespace

TEST_CASE("no source is longer than 350 lines, and one in the middle is far shorter") {
  require_none(too_long(all_sources({".cpp", ".h", ".cu", ".py", ".cmake", ".txt", ".sh"})));
  CHECK(median(sources_of_the_program(code_endings)) < median_file);
}

TEST_CASE("no room is larger than 4,000 lines") {
  const auto sizes = sizes_of(rooms_of_the_project(), sources_of_the_program(code_endings));
  for (const auto& [room, lines] : sizes) UNSCOPED_INFO(fmt::format("{:6} {}", lines, room));
  const auto faults = too_large(sizes);
  for (const auto& fault : faults) UNSCOPED_INFO(fault);
  CHECK(faults.empty());
}

TEST_CASE("the checks of sizes find a file, a median and a room that are too large") {
  CHECK(too_long({of_lines("a.cpp", 350)}).empty());
  CHECK(too_long({of_lines("a.cpp", 350), of_lines("b.py", 351)}).size() == 1);
  CHECK(median({of_lines("a", 300), of_lines("b", 89), of_lines("c", 10)}) == 89);
  const Rooms rooms = {{"harness/a", {}}, {"harness/a/b", {}}};
  const auto sizes =
      sizes_of(rooms, {of_lines("harness/a/one.cpp", 3000), of_lines("harness/a/x/two.cpp", 1001),
                       of_lines("harness/a/b/three.cpp", 4000), of_lines("harness/main.cpp", 9000)});
  CHECK(sizes == std::map<std::string, std::size_t>{{"harness/a", 4001}, {"harness/a/b", 4000}});
  CHECK(too_large(sizes) == std::vector<std::string>{"harness/a has 4001 lines, more than 4000"});
}
