// SPDX-License-Identifier: Apache-2.0
// Which room may include which.
#include <catch2/catch.hpp>
#include <regex>

#include "house/project.h"
#include "house/rooms.h"

using namespace reprise;

namespace {

// What is wrong with the includes of one source, as sentences.
std::vector<std::string> faults_of(const Source& source, const Rooms& rooms) {
  std::vector<std::string> faults;
  const auto& [path, text] = source;
  const std::string room = room_of(path, rooms);
  const std::regex include("#include *[\"<]([^\">]+)[\">]");
  for (std::sregex_iterator match(text.begin(), text.end(), include), end; match != end; ++match) {
    const std::string target = (*match)[1];
    if (target.find("..") != std::string::npos)
      faults.push_back(path + " includes by a relative path: " + target);
    const std::string other = room_of(target, rooms);
    if (!room.empty() && !other.empty() && !rooms.at(room).contains(other))
      faults.push_back(path + " (" + room + ") must not include " + target + " (" + other + ")");
    const bool torch =
        target.starts_with("torch/") || target.starts_with("ATen/") || target.starts_with("c10/");
    if (torch && !has_torch(room)) faults.push_back(path + " must not include LibTorch: " + target);
    if (target == "torch/torch.h")
      faults.push_back(path + " includes all of torch: name the headers it needs");
  }
  return faults;
}

}  // namespace

TEST_CASE("every include stays within what its room needs") {
  const Rooms rooms = rooms_of_the_project();
  std::vector<std::string> faults;
  for (const auto& source : sources_of_the_program(cpp_endings))
    for (const auto& fault : faults_of(source, rooms)) faults.push_back(fault);
  require_none(faults);
}

TEST_CASE("the table of ARCHITECTURE.md draws all rooms and their arrows, and fits one screen") {
  const std::string page = text_of("ARCHITECTURE.md");
  require_none(faults_of_page(page, cmake_of_the_rooms()));
  CHECK(lines_of(page) <= 50);
}

TEST_CASE("the check of the page finds a room and an arrow that it lacks, and those that are not there") {
  const std::string cmake =
      "add_room(harness/base)\nadd_room(harness/plan NEEDS harness/base LIBRARIES a)\n"
      "add_room(harness/judge/compare NEEDS harness/plan)\n"
      "add_room(harness/judge/claim NEEDS harness/judge/compare\n         harness/base)\n";
  const std::string top = "| harness/base | - | x |\n| harness/plan | base | x |\n";
  CHECK(faults_of_page(top + "| harness/judge: compare, claim | plan | x |\n", cmake).empty());
  CHECK(faults_of_page(top + "| harness/judge: claim, compare | plan | x |\n", cmake).size() == 1);
  CHECK(faults_of_page(top + "| harness/judge: compare, claim | base | x |\n", cmake).size() == 1);
  CHECK(faults_of_page(top + "| harness/judge: compare | plan | x |\n", cmake) ==
        std::vector<std::string>{"the page lacks harness/judge/claim"});
  CHECK(faults_of_page(top + "| harness/judge: compare, claim, card | plan | x |\n", cmake) ==
        std::vector<std::string>{"no add_room makes harness/judge/card"});
  CHECK(faults_of_page(top + "| harness/judge: compare, claim | plan base judge | x |\n", cmake) ==
        std::vector<std::string>{
            "harness/judge/compare is drawn to see judge, which does not stand above it or is not needed"});
  CHECK(rooms_in(cmake).at("harness/judge/claim") == std::set<std::string>{"harness/base", "harness/plan",
                                                                           "harness/judge/compare",
                                                                           "harness/judge/claim"});
}

TEST_CASE("the layer check finds an include that goes the wrong way") {
  const Rooms rooms = rooms_of_the_project();
  const auto faults = [&rooms](const char* path, const char* include) {
    return faults_of({path, std::string("#include ") + include + "\n"}, rooms).size();
  };
  REQUIRE(faults("harness/judge/compare/diff.cpp", "\"harness/trace/trace.h\"") == 0);
  REQUIRE(faults("harness/judge/compare/diff.cpp", "\"harness/record/training/program.h\"") == 1);
  REQUIRE(faults("harness/judge/compare/diff.cpp", "\"../record/program.h\"") == 1);
  REQUIRE(faults("reports/compose.cpp", "<ATen/ATen.h>") == 1);
  REQUIRE(faults("harness/plan/plan.cpp", "\"harness/plan/recipe.h\"") == 0);
  REQUIRE(faults("harness/judge/compare/diff.cpp", "\"harness/judge/verdict/verdict.h\"") == 1);
  REQUIRE(faults("harness/record/device.cpp", "<torch/torch.h>") == 1);
}
