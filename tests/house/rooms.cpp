// SPDX-License-Identifier: Apache-2.0
#include "house/rooms.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <functional>
#include <regex>

#include "harness/base/text.h"
#include "house/project.h"

namespace reprise {
namespace {

using Names = std::set<std::string>;

// Made without add_room: one is Python, the other a library that is loaded into processes which have nothing
// else.
constexpr const char* without_needs[] = {"harness/recorder/observe", "harness/recorder/opened"};

// What each call of add_room names after NEEDS.
std::map<std::string, Names> needs_in(const std::string& cmake) {
  std::map<std::string, Names> needs;
  const std::regex call("add_room\\(([a-z0-9_/]+)([^)]*)\\)");
  for (std::sregex_iterator match(cmake.begin(), cmake.end(), call), end; match != end; ++match) {
    const std::string words = replace_all((*match)[2].str(), "\n", " ");
    Names& of = needs[(*match)[1]];
    bool inside = false;
    for (const auto& word : split(words, ' ')) {
      if (word == "NEEDS" || word == "LIBRARIES")
        inside = word == "NEEDS";
      else if (inside && !word.empty())
        of.insert(word);
    }
  }
  return needs;
}

Rooms closed(const std::map<std::string, Names>& needs) {
  Rooms rooms;
  const std::function<const Names&(const std::string&)> see = [&](const std::string& room) -> const Names& {
    if (const auto found = rooms.find(room); found != rooms.end()) return found->second;
    Names seen{room};
    if (const auto of = needs.find(room); of != needs.end())
      for (const auto& other : of->second) seen.insert(see(other).begin(), see(other).end());
    return rooms[room] = seen;
  };
  for (const auto& [room, of] : needs) see(room);
  return rooms;
}

struct Row {
  std::vector<std::string> rooms;  // from left to right
  std::vector<std::string> sees;   // as the page names them
};

// `harness/judge: compare, claim` are harness/judge/compare and harness/judge/claim; `harness/search: search,
// claim` are harness/search itself and harness/search/claim.
std::vector<std::string> rooms_of_cell(const std::string& cell) {
  const auto colon = cell.find(':');
  if (colon == std::string::npos) return {cell};
  const std::string folder = cell.substr(0, colon), own = folder.substr(folder.rfind('/') + 1);
  std::vector<std::string> rooms;
  for (const auto& part : split(cell.substr(colon + 1), ',')) {
    const std::string name(trim(part));
    rooms.push_back(name == own ? folder : folder + "/" + name);
  }
  return rooms;
}

std::vector<Row> rows_of(const std::string& page) {
  std::vector<Row> rows;
  for (const auto& line : split(page, '\n')) {
    const auto cells = split(line, '|');
    if (cells.size() < 4) continue;
    const std::string name(trim(cells[1]));
    if (name == "rooms" || name.starts_with("--")) continue;
    Row row{rooms_of_cell(name), {}};
    for (const auto& one : split(trim(cells[2]), ' '))
      if (one != "-") row.sees.push_back(one);
    rows.push_back(row);
  }
  return rows;
}

// The rooms that a word of the second column means: those in harness/ go by their names alone, and a folder
// of several rooms stands for all of them.
Names meant_by(const std::string& word, const std::vector<Row>& rows) {
  Names rooms;
  for (const auto& row : rows)
    for (const auto& room : row.rooms)
      for (const auto& name : {word, "harness/" + word})
        if (room == name || room.starts_with(name + "/")) rooms.insert(room);
  return rooms;
}

// What the page lets each room need directly: of the rows above its own.
std::map<std::string, Names> drawn(const std::vector<Row>& rows) {
  std::map<std::string, Names> needs;
  std::vector<Row> above;
  for (const auto& row : rows) {
    Names before;
    for (const auto& word : row.sees)
      for (const auto& room : meant_by(word, above)) before.insert(room);
    above.push_back(row);
    for (const auto& room : row.rooms) {
      needs[room] = before;
      before.insert(room);
    }
  }
  return needs;
}

// Words of a row's second column that stand for nothing above it which one of its rooms needs.
std::vector<std::string> idle_arrows(const std::vector<Row>& rows,
                                     const std::map<std::string, Names>& needs) {
  std::vector<std::string> faults;
  std::vector<Row> above;
  for (const auto& row : rows) {
    Names needed;
    for (const auto& room : row.rooms)
      if (const auto of = needs.find(room); of != needs.end())
        needed.insert(of->second.begin(), of->second.end());
    for (const auto& word : row.sees)
      if (std::ranges::none_of(meant_by(word, above), [&](const auto& one) { return needed.contains(one); }))
        faults.push_back(row.rooms.front() + " is drawn to see " + word +
                         ", which does not stand above it or is not needed");
    above.push_back(row);
  }
  return faults;
}

}  // namespace

Rooms rooms_in(const std::string& cmake) { return closed(needs_in(cmake)); }

std::string cmake_of_the_rooms() {
  std::string all;
  for (const auto& file :
       sources_below({"harness", "reports", "recipes", "probes", "cmake"}, {".txt", ".cmake"}))
    if (file.path != "cmake/rooms.cmake") all += file.text;
  return all;
}

Rooms rooms_of_the_project() {
  Rooms rooms = rooms_in(cmake_of_the_rooms());
  REQUIRE(rooms.size() >= 20);
  for (const auto* room : without_needs) rooms[room] = {room};
  return rooms;
}

std::string room_of(const std::string& path, const Rooms& rooms) {
  std::string best;
  for (const auto& [name, seen] : rooms)
    if (path.starts_with(name + "/") && name.size() > best.size()) best = name;
  return best;
}

bool has_torch(std::string_view room) {
  for (const auto* with : {"harness/record", "harness/recorder", "recipes", "probes"})
    if (room.starts_with(with) && room != "harness/record/cuda" && room != "harness/recorder/opened" &&
        room != "probes/streams")
      return true;
  return false;
}

std::vector<std::string> faults_of_page(const std::string& page, const std::string& cmake) {
  const auto rows = rows_of(page);
  const auto needs = needs_in(cmake);
  const auto arrows = drawn(rows);
  const Rooms allowed = closed(arrows);
  std::vector<std::string> faults = idle_arrows(rows, needs);
  for (const auto& [room, of] : needs) {
    if (!arrows.contains(room))
      faults.push_back("the page lacks " + room);
    else
      for (const auto& other : of)
        if (!allowed.at(room).contains(other))
          faults.push_back("the page does not let " + room + " see " + other);
  }
  for (const auto& [room, of] : arrows)
    if (!needs.contains(room) && std::ranges::find(without_needs, room) == std::end(without_needs))
      faults.push_back("no add_room makes " + room);
  return faults;
}

}  // namespace reprise
