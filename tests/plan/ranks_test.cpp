// SPDX-License-Identifier: Apache-2.0
// How a command becomes one of several ranks.
#include "harness/plan/ranks.h"

#include <catch2/catch.hpp>

#include <fstream>

#include "harness/base/error.h"
#include "scratch.h"

using namespace reprise;
using Catch::Matchers::Contains;
using Words = std::vector<std::string>;

namespace {

Words ranked(const Words& words, std::int64_t ranks) {
  Plan plan;
  plan.command = CommandLine{words, Seeding::imposed, {}, ""};
  set_ranks(plan, ranks);
  return plan.command->words;
}

std::string refusal(const Words& words, std::int64_t ranks = 2) {
  try {
    ranked(words, ranks);
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("a script of Python is started by the torchrun beside that Python") {
  const Scratch folder;
  const std::string python = (folder / "python3").string(), torchrun = (folder / "torchrun").string();
  CHECK_THAT(refusal({python, "train.py"}), Contains("wanted torchrun beside"));
  std::ofstream(folder / "torchrun") << "#!/bin/sh\n";
  CHECK(ranked({python, "train.py", "--lr", "1"}, 2) ==
        Words{torchrun, "--standalone", "--nproc-per-node", "2", "train.py", "--lr", "1"});
  CHECK(ranked({python, "-u", "-m", "pkg.train"}, 4) ==
        Words{torchrun, "--standalone", "--nproc-per-node", "4", "-m", "pkg.train"});
}

TEST_CASE("a command that starts ranks itself has their number replaced") {
  CHECK(ranked({"torchrun", "--nproc-per-node", "2", "train.py"}, 4) ==
        Words{"torchrun", "--nproc-per-node", "4", "train.py"});
  CHECK(ranked({"torchrun", "--nproc_per_node=2", "train.py"}, 1) ==
        Words{"torchrun", "--nproc_per_node=1", "train.py"});
  CHECK(ranked({"accelerate", "launch", "--num_processes", "2", "train.py"}, 3) ==
        Words{"accelerate", "launch", "--num_processes", "3", "train.py"});
}

TEST_CASE("what cannot be started as ranks is refused with what can") {
  CHECK_THAT(refusal({"./simulate", "a"}), Contains("wanted `python SCRIPT`"));
  CHECK_THAT(refusal({"/none/python", "-c", "pass"}), Contains("wanted `python SCRIPT`"));
  CHECK_THAT(refusal({"torchrun", "train.py"}), Contains("is told no number of ranks"));
  CHECK_THAT(refusal({"torchrun", "--nproc-per-node", "2", "train.py"}, 0), Contains("from 1 to 4096"));
}
