// SPDX-License-Identifier: Apache-2.0
// What a script's imports bring, asked of a Python; the script itself is never run.
#include "harness/judge/doctor/script_facts.h"

#include <nlohmann/json.hpp>

#include "harness/base/error.h"
#include "harness/base/files.h"
#include "harness/base/program_search.h"
#include "program.h"
#include "scratch.h"
#include "skip.h"

using namespace reprise;
using Catch::Matchers::Contains;

namespace fs = std::filesystem;

namespace {

AskedScript asked_of(const Scratch& scratch, const std::string& script) {
  const auto python = find_program("python3", environment_text("PATH"));
  if (!python) skip("no python3 on PATH");
  write_atomically(scratch / "train.py", script);
  return {*python, scratch.path(), scratch / "train.py", {{"PATH", environment_text("PATH")}}};
}

}  // namespace

TEST_CASE("the script and its own modules are not run, and what is not installed is told") {
  Scratch scratch;
  write_atomically(scratch / "helper.py", "open('ran.txt', 'w')\n");
  const auto asked = asked_of(scratch,
                              "import os, helper\nfrom no_such_package_here.sub import x\n"
                              "open('ran.txt', 'w')\n");
  const Facts facts = script_facts(asked);
  CHECK_FALSE(fs::exists(scratch / "ran.txt"));
  CHECK(facts.contains("python.version"));
  CHECK_THAT(facts.at("script.failed.no_such_package_here"), Contains("ModuleNotFoundError"));
  CHECK_FALSE(facts.contains("script.failed.helper"));
  CHECK_FALSE(facts.contains("script.failed.os"));
}

TEST_CASE("a script that is no Python, and a Python that does not answer, are refused") {
  Scratch scratch;
  auto asked = asked_of(scratch, "def broken(:\n");
  CHECK_THROWS_WITH(script_facts(asked), Contains("cannot be read by"));
  asked.python = "/bin/false";
  CHECK_THROWS_WITH(script_facts(asked), Contains("wanted a Python that can be asked"));
  asked.python = scratch / "none";
  CHECK_THROWS_AS(script_facts(asked), Error);
}

TEST_CASE("runtimes are told by their files, two of one kind as two") {
  const std::string answer =
      "noise\nreprise:" + nlohmann::json{{"version", "3.11.2"},
                                         {"packages", {{"numpy", "2.4.6"}}},
                                         {"failed", nlohmann::json::object()},
                                         {"numpy", "scipy-openblas 0.3.31"},
                                         {"libraries",
                                          {"/a/torch/lib/libgomp.so.1", "/b/libgomp-a34b.so.1",
                                           "/b/libscipy_openblas64_-7.so", "/usr/lib/libc.so.6"}}}
                              .dump();
  const Facts facts = facts_of_answer(answer, "python3");
  CHECK(facts.at("script.openmp") == "libgomp.so.1 libgomp-a34b.so.1");
  CHECK(facts.at("script.blas") == "libscipy_openblas64_-7.so");
  CHECK(facts.at("script.numpy.blas") == "scipy-openblas 0.3.31");
  CHECK(facts.at("package.numpy") == "2.4.6");
}

TEST_CASE("the script of a command is the first Python file among its words that is there") {
  Scratch scratch;
  write_atomically(scratch / "train.py", "");
  CHECK(script_among({"python", "-u", "none.py", "train.py"}, scratch.path()) == scratch / "train.py");
  CHECK(script_among({"python", "-c", "pass"}, scratch.path()).empty());
}

TEST_CASE("reprise doctor prints this machine, and refuses what it cannot examine") {
  Scratch scratch;
  const auto told = run_program(scratch.path(), "doctor --json --torch none");
  CHECK(told.code == 2);
  CHECK(contains(told.err, "wanted the version of the LibTorch in none"));
  CHECK(run_program(scratch.path(), "doctor no-such-recipe").code == 2);
  const auto python = run_program(scratch.path(), "doctor -- ./no-python train.py");
  CHECK(python.code == 2);
  CHECK(contains(python.err, "no-python"));
  write_atomically(scratch / "other.json", R"({"schema": "reprise.run/1"})");
  const auto other = run_program(scratch.path(), "doctor --diff other.json other.json");
  CHECK(other.code == 2);
  CHECK(contains(other.err, "found reprise.run/1"));
  const auto idle = run_program(scratch.path(), "doctor waves --diff other.json other.json");
  CHECK(idle.code == 2);
  CHECK(contains(idle.err, "--diff"));
}
