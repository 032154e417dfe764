// SPDX-License-Identifier: Apache-2.0
// The real `reprise cure`, with a pretended worker whose bits move with threads unless planted pins hold
// them.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "harness/base/files.h"
#include "harness/terminal/cure_sides.h"
#include "program.h"
#include "scratch.h"

using namespace reprise;
using Catch::Matchers::Contains;
using Json = nlohmann::json;

namespace {

struct Machine {
  Scratch scratch;
  explicit Machine(const std::string& rules) {
    write_atomically(
        scratch / "tiny.toml",
        "summary = \"a recipe for tests\"\nprogram = \"small\"\n[train]\nsteps = 30\nbatch = 2\nsamples = "
        "8\nevaluate_every = 3\n[watch]\ncheckpoint_every = 3\nkeep = \"none\"\n");
    write_atomically(scratch / "rules", rules);
    write_atomically(scratch / "worker", "#!/bin/sh\nexec '" REPRISE_CURE_WORKER "' \"$1\" \"$2\" '" +
                                             (scratch / "rules").string() + "'\n");
    std::filesystem::permissions(scratch / "worker", std::filesystem::perms::owner_all);
  }
  Printed cure(const std::string& words) const {
    return run_program(scratch.path(), "cure " + words + " --worker ./worker");
  }
};

}  // namespace

TEST_CASE("cure prints the block to paste, writes its reports, and says how it was confirmed") {
  const Machine machine("holds onednn=off\n");
  const auto printed =
      machine.cure("./tiny.toml --axis threads=1,2 --output out --events events.jsonl --format html,json,md");
  INFO(printed.out << printed.err);
  CHECK(printed.code == 0);
  CHECK_THAT(printed.out, Contains("[pins]") && Contains("onednn = \"off\"") && Contains("holds"));
  CHECK_THAT(printed.out, Contains("Confirmed over whole runs up to"));
  CHECK_THAT(content_of(machine.scratch / "out/cure.html"), Contains("<svg"));
  const Json json = Json::parse(content_of(machine.scratch / "out/cure.json"));
  CHECK(json["schema"] == "reprise.cure/1");
  CHECK(json["answer"] == "found");
  CHECK_THAT(json["command"].get<std::string>(), Contains("cure ./tiny.toml --axis threads=1,2"));
  CHECK_THAT(content_of(machine.scratch / "events.jsonl"), Contains("try 1 of about"));
}

TEST_CASE("two run folders are cured as an axis is, and the JSON stands alone on standard output") {
  const Machine machine("holds nnpack=off\n");
  const auto made =
      run_program(machine.scratch.path(), "matrix ./tiny.toml --axis threads=1,2 --worker ./worker");
  INFO(made.out << made.err);
  std::string folders;
  for (const auto& entry : std::filesystem::directory_iterator(machine.scratch / "runs"))
    if (std::filesystem::exists(entry.path() / "1/trace.h5")) {
      const std::string plan = content_of(entry.path() / "1/plan.toml");
      if (!contains(plan, "until")) folders += " " + (entry.path() / "1").string();
    }
  const auto printed = machine.cure(folders + " --json");
  INFO(printed.out << printed.err);
  CHECK(printed.code == 0);
  CHECK(Json::parse(printed.out)["front"][0]["pins"] == Json{{"nnpack", "off"}});
}

TEST_CASE("an axis that does not move the bits is nothing to cure, and that is exit code 0") {
  const Machine machine("holds threads=2\n");
  const auto printed = machine.cure("./tiny.toml --axis threads=1,2");
  INFO(printed.out << printed.err);
  CHECK(printed.code == 0);
  CHECK_THAT(printed.out, Contains("nothing to cure") || Contains("to cure"));
}

TEST_CASE("several axes are held together by one set") {
  const Machine machine("holds onednn=off\n");
  const auto printed = machine.cure("./tiny.toml --axis threads=1,2 --axis repeat=2 --json");
  INFO(printed.out << printed.err);
  CHECK(printed.code == 0);
  const Json json = Json::parse(printed.out);
  CHECK(json["axis"] == "threads and repeat");
  CHECK(json["sides"].size() == 4);
}

TEST_CASE("none of these is exit code 1, with the axis itself as the last resort") {
  const Machine machine("");
  const auto printed = machine.cure("./tiny.toml --axis threads=1,2 --json");
  INFO(printed.out << printed.err);
  CHECK(printed.code == 1);
  const Json json = Json::parse(printed.out);
  CHECK(json["answer"] == "only the axis itself");
  CHECK(json["front"][0]["axis_itself"] == true);
}

TEST_CASE("what cannot be cured is refused before anything runs, and says what to try") {
  const Machine machine("");
  const std::pair<std::string, std::string> rows[] = {
      {"./tiny.toml", "wanted --axis"},
      {"./tiny.toml --axis seed=1,2", "is meant to move the bits"},
      {"./tiny.toml --axis threads=1", "at least two values"},
      {"./tiny.toml --axis thread=1,2", "did you mean 'threads'"},
      {"./tiny.toml --axis threads=1,2 --pin mlk=strict", "did you mean 'mkl'"},
      {"./tiny.toml --axis pin:mlk=default,strict", "did you mean 'mkl'"},
      {"./tiny.toml --axis threads=1,2 --axis threads=1,3", "named twice"},
      {"./tiny.toml --axis threads=1,2 --repeats 1", "--repeats"},
      {"a b --axis threads=1,2", "--axis"},
      {"/none/1 /none/2", "/none/1"}};
  for (const auto& [words, reason] : rows) {
    const auto printed = machine.cure(words);
    INFO(words << "\n" << printed.out << printed.err);
    CHECK(printed.code == 2);
    CHECK_THAT(printed.err, Contains(reason));
  }
  CHECK_FALSE(std::filesystem::exists(machine.scratch / "runs"));
}

TEST_CASE("a command without that axis, and a recipe whose runs fail, are untested with the reason") {
  const Machine machine("fails threads=2\n");
  const auto failing = machine.cure("./tiny.toml --axis threads=1,2");
  INFO(failing.out << failing.err);
  CHECK(failing.code == 2);
  CHECK_THAT(failing.out, Contains("threads=2 was not done"));
  const auto printed = machine.cure("--axis precision=float32,float64 -- /bin/true");
  INFO(printed.out << printed.err);
  CHECK(printed.code == 2);
  CHECK_THAT(printed.out + printed.err, Contains("does not take it") || Contains("command"));
}

TEST_CASE("the sides of an order are named by the values of their axes") {
  const Machine machine("");
  LaunchChoices choices;
  choices.recipe = (machine.scratch / "tiny.toml").string();
  const CureOrder order = cure_order(choices, {choices.recipe}, {"threads=1,2", "isa=auto,default"});
  CHECK(order.axis == "threads and isa");
  REQUIRE(order.sides.size() == 3);
  CHECK(order.sides[0].name == "threads=1 isa=auto");
  CHECK(order.sides[1].name == "threads=2 isa=auto");
}
