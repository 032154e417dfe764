// SPDX-License-Identifier: Apache-2.0
// The house rules that a compiler does not check. The table of rooms is read from ARCHITECTURE.md, so that
// page and code cannot part.
#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <regex>
#include <set>

#include "harness/base/files.h"
#include "harness/base/text.h"
#include "scratch.h"

using namespace reprise;
namespace fs = std::filesystem;

namespace {

using Rooms =
    std::map<std::string, std::set<std::string>>;  // room -> those it may include, itself among them

// A room sees what the page names for it, and what that sees. The page goes from the bottom up, so those are
// known by then.
Rooms rooms_of(const std::string& page) {
  Rooms rooms;
  for (const auto& line : split(page, '\n')) {
    const auto cells = split(line, '|');
    if (cells.size() < 4) continue;
    const std::string name(trim(cells[1]));
    if (name == "room" || name.starts_with("--")) continue;
    std::set<std::string> seen{name};
    for (const auto& one : split(trim(cells[2]), ' '))
      if (one != "-") seen.insert(rooms.at(one).begin(), rooms.at(one).end());
    rooms[name] = seen;
  }
  return rooms;
}

std::vector<fs::path> sources_below(const fs::path& folder) {
  std::vector<fs::path> files;
  if (!fs::exists(folder)) return files;
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    if (const auto kind = entry.path().extension(); kind == ".cpp" || kind == ".h" || kind == ".cu")
      files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

// The room of a path below the project: the longest room name that begins it.
std::string room_of(const std::string& path, const Rooms& rooms) {
  std::string best;
  for (const auto& [name, seen] : rooms)
    if (path.starts_with(name + "/") && name.size() > best.size()) best = name;
  return best;
}

bool has_torch(std::string_view room) {
  for (const auto* with : {"harness/record", "harness/recorder", "recipes", "probes"})
    if (room.starts_with(with) && room != "harness/record/cuda") return true;
  return false;
}

// What is wrong with the includes of one source, as sentences.
std::vector<std::string> faults_of(const std::string& path, const std::string& text, const Rooms& rooms) {
  std::vector<std::string> faults;
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

const fs::path project = REPRISE_SOURCE;

std::vector<std::string> faults_of_the_project() {
  const Rooms rooms = rooms_of(read_file(project / "ARCHITECTURE.md", "page"));
  std::vector<std::string> faults;
  for (const auto* top : {"harness", "recipes", "reports", "probes"})
    for (const auto& file : sources_below(project / top)) {
      const auto found = faults_of(fs::relative(file, project).string(), read_file(file, "source"), rooms);
      faults.insert(faults.end(), found.begin(), found.end());
    }
  return faults;
}

std::size_t lines_of(const std::string& text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

}  // namespace

TEST_CASE("every include obeys the table of rooms in ARCHITECTURE.md") {
  const auto faults = faults_of_the_project();
  INFO(join(faults, "\n"));
  REQUIRE(faults.empty());
}

TEST_CASE("the layer check finds an include that goes the wrong way") {
  const Rooms rooms = rooms_of(read_file(project / "ARCHITECTURE.md", "page"));
  REQUIRE(rooms.size() >= 8);
  REQUIRE(faults_of("harness/judge/compare/diff.cpp", "#include \"harness/trace/trace.h\"\n", rooms).empty());
  REQUIRE(
      faults_of("harness/judge/compare/diff.cpp", "#include \"harness/record/training/program.h\"\n", rooms)
          .size() == 1);
  REQUIRE(faults_of("harness/judge/compare/diff.cpp", "#include \"../record/program.h\"\n", rooms).size() ==
          1);
  REQUIRE(faults_of("reports/compose.cpp", "#include <ATen/ATen.h>\n", rooms).size() == 1);
  REQUIRE(faults_of("harness/plan/plan.cpp", "#include \"harness/trace/trace.h\"\n", rooms).size() == 1);
}

TEST_CASE("no source is longer than 400 lines") {
  for (const auto* top : {"harness", "recipes", "reports", "probes", "tests", "bench", "cmake", "scripts"})
    for (const auto& file : sources_below(project / top)) {
      INFO(file.string());
      CHECK(lines_of(read_file(file, "source")) <= 400);
    }
}

TEST_CASE("every source begins with its licence") {
  for (const auto* top : {"harness", "recipes", "reports", "probes", "tests", "bench"})
    for (const auto& file : sources_below(project / top)) {
      INFO(file.string());
      CHECK(read_file(file, "source").starts_with("// SPDX-License-Identifier: Apache-2.0\n"));
    }
}

// ctest cuts a name there, asks for tests of half a name, finds none, and calls that a success.
TEST_CASE("no test has a semicolon in its name") {
  const std::regex name("TEST_CASE\\(\\s*\"([^\"]*)\"");
  for (const auto& file : sources_below(project / "tests")) {
    const std::string text = read_file(file, "source");
    for (auto found = std::sregex_iterator(text.begin(), text.end(), name); found != std::sregex_iterator();
         ++found) {
      INFO(file.string() << ": " << (*found)[1]);
      CHECK((*found)[1].str().find(';') == std::string::npos);
    }
  }
}
