// SPDX-License-Identifier: Apache-2.0
// Which room may include which.
#include <catch2/catch.hpp>
#include <regex>

#include "house/project.h"

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

TEST_CASE("every include obeys the table of rooms in ARCHITECTURE.md") {
  const Rooms rooms = rooms_of_the_project();
  std::vector<std::string> faults;
  for (const auto& source : sources_of_the_program(cpp_endings))
    for (const auto& fault : faults_of(source, rooms)) faults.push_back(fault);
  require_none(faults);
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
