// SPDX-License-Identifier: Apache-2.0
#pragma once
// The rooms of the source. What each sees stands where it is built (add_room in CMake); the table in
// ARCHITECTURE.md draws the same on one screen, several rooms to a row, and is held against it.
#include <map>
#include <set>
#include <string>
#include <vector>

namespace reprise {

using Rooms =
    std::map<std::string, std::set<std::string>>;  // room -> those it may include, itself among them

// From the calls of add_room in a text of CMake: what each names, and what that sees. A name that no call
// makes is seen as a room without needs.
Rooms rooms_in(const std::string& cmake);
Rooms rooms_of_the_project();

// The room of a path below the project: the longest room name that begins it; "" outside every room.
std::string room_of(const std::string& path, const Rooms& rooms);
bool has_torch(std::string_view room);

// What is wrong with the table of the page: a room that it lacks or that no CMake makes, an arrow that it
// lacks, and one that nothing needs. Within a row a room may see those left of it.
std::vector<std::string> faults_of_page(const std::string& page, const std::string& cmake);

// The CMake of all rooms.
std::string cmake_of_the_rooms();

}  // namespace reprise
