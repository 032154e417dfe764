// SPDX-License-Identifier: Apache-2.0
// Every source has its test. A test that includes a header tests what stands behind it, in the same room; a
// shelf that a test walks over tests what lies on it; what is started as a program or brought into another
// one is named below with the test that does so.
#include <algorithm>
#include <catch2/catch.hpp>
#include <regex>

#include "house/project.h"
#include "house/rooms.h"

using namespace reprise;

namespace {

struct Started {
  std::string sources;  // how their paths begin
  std::string test;     // the file, below tests, that runs them
};

// The only list by hand: what no test can include.
const std::vector<Started> started = {
    {"harness/main.cpp", "commands/commands_test.cpp"},
    {"harness/worker.cpp", "runs/runs_test.cpp"},
    {"harness/terminal/", "commands/commands_test.cpp"},  // what every command goes through
    {"harness/search/", "runs/bisect_test.cpp"},          // reruns of real workers
    {"harness/watch/command_", "watch/opened_files_test.cpp"},
    {"harness/watch/saved_files.cpp", "recorder/start_test.cpp"},
    {"harness/bundle/bundle.cpp", "CMakeLists.txt"},  // scripts/try_bundle.sh
    {"harness/record/training/record.cpp", "runs/runs_test.cpp"},
    {"harness/record/cuda/runtime/", "fake_cuda/tests/product_test.cpp"},  // a library that is loaded
    {"harness/recorder/", "recorder/scripts_test.cpp"},  // loaded into Python and other programs
    {"recipes/data/token_data.cpp", "record/recipes_on_device_test.cpp"},
    {"recipes/training/", "record/recipes_on_device_test.cpp"}};

std::string folder_of(const std::string& path) { return path.substr(0, path.rfind('/')); }

std::vector<std::string> includes_of(const std::string& text) {
  static const std::regex include("#include \"([^\"]+)\"");
  std::vector<std::string> found;
  for (std::sregex_iterator match(text.begin(), text.end(), include), end; match != end; ++match)
    found.push_back((*match)[1]);
  return found;
}

class Reach {
 public:
  Reach(const std::vector<Source>& sources, Rooms rooms) : rooms_(std::move(rooms)) {
    for (const auto& source : sources) includes_[source.path] = includes_of(source.text);
  }

  void begin(const std::string& path) {
    if (includes_.contains(path)) reached_.insert(path);
  }
  void begin_below(const std::string& folder) {
    for (const auto& [path, includes] : includes_)
      if (folder_of(path) == folder) reached_.insert(path);
  }

  // The sources that no test reaches.
  std::vector<std::string> beyond() {
    while (grow()) continue;
    std::vector<std::string> left;
    for (const auto& [path, includes] : includes_)
      if (!path.ends_with(".h") && !reached_.contains(path)) left.push_back(path);
    return left;
  }

 private:
  // The header that a source stands behind: its namesake, else the first of its folder that it includes.
  std::string face_of(const std::string& path) const {
    const std::string own = path.substr(0, path.rfind('.')) + ".h";
    if (includes_.contains(own)) return own;
    for (const auto& other : includes_.at(path))
      if (folder_of(other) == folder_of(path)) return other;
    return "";
  }

  bool grow() {
    std::set<std::string> more;
    for (const auto& [path, includes] : includes_) {
      if (!path.ends_with(".h") && reached_.contains(face_of(path))) more.insert(path);
      if (!reached_.contains(path)) continue;
      for (const auto& other : includes)
        if (includes_.contains(other) && room_of(other, rooms_) == room_of(path, rooms_)) more.insert(other);
    }
    const std::size_t before = reached_.size();
    reached_.merge(more);
    return reached_.size() > before;
  }

  Rooms rooms_;
  std::map<std::string, std::vector<std::string>> includes_;
  std::set<std::string> reached_;
};

std::vector<std::string> beyond_tests() {
  Reach reach(sources_of_the_program(cpp_endings), rooms_of_the_project());
  std::string tests;
  for (const auto& test : sources_below({"tests"}, cpp_endings)) {
    tests += test.text;
    for (const auto& path : includes_of(test.text)) reach.begin(path);
  }
  for (const auto& shelf : shelves_of_the_project())
    if (tests.find(": " + shelf.table + "()") != tests.npos) reach.begin_below(shelf.folder);
  return reach.beyond();
}

}  // namespace

TEST_CASE("every source of the program has a test") {
  std::vector<std::string> without;
  for (const auto& path : beyond_tests())
    if (std::ranges::none_of(started, [&](const Started& one) { return path.starts_with(one.sources); }))
      without.push_back(path + " is in no test");
  require_none(without);
}

TEST_CASE("each exception has its test and is needed") {
  const auto beyond = beyond_tests();
  for (const auto& [sources, test] : started) {
    INFO(sources << " " << test);
    CHECK(std::filesystem::exists(project / "tests" / test));
    CHECK(std::ranges::any_of(beyond, [&](const std::string& path) { return path.starts_with(sources); }));
  }
}

TEST_CASE("the check of tests finds a source that none reaches") {
  const Rooms rooms = {{"harness/a", {}}, {"harness/b", {}}};
  Reach reach({{"harness/a/face.h", ""},
               {"harness/a/face.cpp", "#include \"harness/a/face.h\"\n#include \"harness/a/part.h\"\n"},
               {"harness/a/part.h", ""},
               {"harness/a/part.cpp", "#include \"harness/a/part.h\"\n#include \"harness/b/other.h\"\n"},
               {"harness/a/more.cpp", "#include \"harness/a/face.h\"\n"},
               {"harness/a/lone.cpp", "#include \"harness/a/lone.h\"\n"},
               {"harness/a/lone.h", ""},
               {"harness/a/things/one.cpp", ""},
               {"harness/b/other.h", ""},
               {"harness/b/other.cpp", "#include \"harness/b/other.h\"\n"}},
              rooms);
  reach.begin("harness/a/face.h");
  reach.begin("no/such.h");
  CHECK(reach.beyond() ==
        std::vector<std::string>{"harness/a/lone.cpp", "harness/a/things/one.cpp", "harness/b/other.cpp"});
  reach.begin_below("harness/a/things");
  CHECK(reach.beyond() == std::vector<std::string>{"harness/a/lone.cpp", "harness/b/other.cpp"});
}
