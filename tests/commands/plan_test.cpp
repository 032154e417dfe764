// SPDX-License-Identifier: Apache-2.0
// reprise plan, what it emits, and reprise leg, which makes one run of that.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "harness/base/files.h"
#include "harness/cluster/engine.h"
#include "program.h"
#include "scratch.h"

using namespace reprise;
using Catch::Matchers::Contains;
using nlohmann::json;

namespace fs = std::filesystem;

namespace {

const char* const site =
    "[[kind]]\nname = \"h100\"\ndevice = \"cuda:0\"\nkubernetes = {gpu = \"h100\"}\n"
    "[[kind]]\nname = \"old\"\ndevice = \"cpu\"\nkubernetes = {cpu = \"old\"}\n";

// A worker of a few lines of shell.
std::string worker(const Scratch& folder) {
  write_atomically(folder / "worker", "#!/bin/sh\necho trace > \"$2\"\n");
  fs::permissions(folder / "worker", fs::perms::owner_all);
  return " --worker '" + (folder / "worker").string() + "'";
}

}  // namespace

TEST_CASE("plan says what a matrix would run, and runs nothing") {
  const Scratch folder;
  const auto printed = run_program(folder.path(), "plan waves --axis threads=1,2 --axis repeat=2");
  INFO(printed.err);
  CHECK(printed.code == 0);
  CHECK_THAT(printed.out, Contains("waves: 4 runs") && Contains("threads=2 repeat=2"));
  CHECK_FALSE(fs::exists(folder / "runs"));
  write_atomically(folder / "site.toml", site);
  const auto told = json::parse(
      run_program(folder.path(), "plan waves --site site.toml --axis device=cpu,h100,old --json").out);
  CHECK(told["schema"] == "reprise.plan/1");
  CHECK(told["count"] == 3);
  CHECK(told["runs"][1]["kind"] == "h100");
  CHECK(told["runs"][1]["device"] == "cuda:0");
  CHECK(told["runs"][2]["kind"] == "old");
  CHECK(told["runs"][2]["device"] == "cpu");
  CHECK(told["runs"][0]["kind"] == "");
  CHECK(told["runs"][0]["plan"] != told["runs"][2]["plan"]);
  CHECK(told["runs"][0]["plan"] ==
        json::parse(run_program(folder.path(), "plan waves --json").out)["runs"][0]["plan"]);
}

TEST_CASE("plan tells which runs this machine would leave out") {
  const Scratch folder;
  const auto told = json::parse(run_program(folder.path(), "plan waves --axis tf32=off,cublas --json").out);
  CHECK(told["runs"][0]["unread"] == "");
  CHECK(told["runs"][1]["unread"] != "");
}

TEST_CASE("a plan for a kind of machine is not run here") {
  const Scratch folder;
  write_atomically(folder / "site.toml", site);
  const auto printed =
      run_program(folder.path(), "run waves --site site.toml --pin device=old" + worker(folder));
  CHECK(printed.code == 2);
  CHECK_THAT(printed.out, Contains("untested (skipped): its plan wants a machine of the kind old"));
}

TEST_CASE("each engine gets its files beside plans that leg makes, one by one") {
  const Scratch folder;
  write_atomically(folder / "site.toml", site);
  for (const auto& [name, engine] : engines_shelf()) {
    INFO(name);
    const std::string batch = "batch-" + std::string(name), runs = "runs-" + std::string(name);
    const auto made = run_program(folder.path(), "plan waves --site site.toml --axis device=old,cpu --emit " +
                                                     std::string(name) + " --output " + batch);
    INFO(made.err);
    REQUIRE(made.code == 0);
    CHECK_THAT(made.out, Contains(batch + "/batch.toml") && Contains(engine->next));
    for (const char* leg : {"0", "1"}) {
      const auto done =
          run_program(folder.path(), "leg " + batch + " " + leg + " --folder . --runs " + runs +
                                         " --result " + runs + "/results/" + leg + ".toml" + worker(folder));
      INFO(done.out << done.err);
      CHECK(done.code == 0);
      CHECK(fs::exists(folder / runs / "results" / (std::string(leg) + ".toml")));
    }
    CHECK(run_program(folder.path(), "leg " + batch + " 2").code == 2);
    const auto again = run_program(
        folder.path(), "plan waves --axis threads=1,2 --emit " + std::string(name) + " --output " + batch);
    CHECK(again.code == 2);
    CHECK_THAT(again.err, Contains("wanted a new or empty folder"));
  }
}

TEST_CASE("options of clusters that cannot be meant are refused before anything runs") {
  const Scratch folder;
  const std::pair<const char*, const char*> mistakes[] = {
      {"plan waves --emit jenkins", "no system that starts jobs named 'jenkins'"},
      {"plan waves --output x", "--output"},
      {"plan waves --emit k8s --json", "--json"},
      {"run waves --executor slum", "did you mean 'slurm'?"},
      {"run waves --executor slurm --slurm 'array=1-3'", "is set by reprise itself"},
      {"run waves --site nowhere.toml", "nowhere.toml"},
      {"plan waves --axis device=h100", "device"}};
  for (const auto& [line, part] : mistakes) {
    INFO(line);
    const auto printed = run_program(folder.path(), line);
    CHECK(printed.code == 2);
    CHECK_THAT(printed.err, Contains(part));
  }
  CHECK_FALSE(fs::exists(folder / "runs"));
}
