// SPDX-License-Identifier: Apache-2.0
#include "harness/watch/git_state.h"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>

#include "scratch.h"
#include "skip.h"

using namespace reprise;

namespace {

const std::map<std::string, std::string> variables = {{"PATH", "/usr/local/bin:/usr/bin:/bin"}};

void make_repository(const Scratch& scratch) {
  if (std::system("command -v git >/dev/null") != 0) skip("no git here");
  std::ofstream(scratch / "train.py") << "print(1)\n";
  const std::string git = "git -c user.name=a -c user.email=a@b -c init.defaultBranch=main ";
  const std::string line = "cd '" + scratch.path().string() + "' && " + git + "init -q . && " + git +
                           "add train.py && " + git + "commit -q -m one";
  REQUIRE(std::system(line.c_str()) == 0);
}

}  // namespace

TEST_CASE("a folder in no repository, and a machine without git, give no facts of git") {
  const Scratch scratch;
  CHECK(git_facts(scratch.path(), variables).empty());
  CHECK(git_facts(REPRISE_SOURCE, {}).empty());
  CHECK(git_facts(REPRISE_SOURCE, {{"PATH", "/nowhere"}}).empty());
  CHECK(git_facts(scratch / "none", variables).empty());
}

TEST_CASE("the commit is told, and how many files differ from it with the digest of how") {
  const Scratch scratch;
  make_repository(scratch);
  const Facts clean = git_facts(scratch.path(), variables);
  CHECK(clean.at("git.commit").size() == 40);
  CHECK(clean.at("git.changed") == "no");
  CHECK_FALSE(clean.contains("git.changes.sha256"));
  std::ofstream(scratch / "new.txt") << "git does not track this";
  CHECK(git_facts(scratch.path(), variables) == clean);
  std::ofstream(scratch / "train.py") << "print(2)\n";
  const Facts changed = git_facts(scratch.path(), variables);
  CHECK(changed.at("git.commit") == clean.at("git.commit"));
  CHECK(changed.at("git.changed") == "1 file");
  std::ofstream(scratch / "train.py") << "print(3)\n";
  CHECK(git_facts(scratch.path(), variables).at("git.changes.sha256") != changed.at("git.changes.sha256"));
}
