// SPDX-License-Identifier: Apache-2.0
// Which runs of commands are comparable, and what tells them apart.
#include "harness/evidence/told_apart.h"

#include "plan/told_command.h"

using namespace reprise;
using Catch::Matchers::Contains;

namespace {

using Values = std::map<std::string, std::string>;

Plan run_of(const std::string& arguments) {
  return told_command("python train.py " + arguments, {"train.py"});
}

std::vector<Values> apart(const std::vector<std::string>& arguments) {
  std::vector<Plan> plans;
  for (const auto& one : arguments) plans.push_back(run_of(one));
  std::vector<const Plan*> pointers;
  for (const auto& plan : plans) pointers.push_back(&plan);
  return told_apart(pointers);
}

}  // namespace

TEST_CASE("one script with other arguments, parameters or variables is one thing trained") {
  Plan other = run_of("drop --lr 0.2");
  CHECK(sources_difference(run_of("off"), other).empty());
  other.command->variables["MODE"] = "a";
  other.command->keep_env = {"HF_HOME"};
  CHECK(sources_difference(run_of("off"), other).empty());
  Plan one = run_of("off");
  one.parameters["iters"] = std::int64_t{1};
  CHECK_THAT(sources_difference(one, other), Contains("parameters.iters"));
  other.parameters["iters"] = std::int64_t{2};
  CHECK(sources_difference(one, other).empty());
}

TEST_CASE("another script, other lines, another program, module or text are other sources") {
  const Plan base = run_of("off");
  CHECK_THAT(sources_difference(base, told_command("python train.py off", {"train.py"}, 'b')),
             Contains("data.train.py.sha256"));
  CHECK_THAT(sources_difference(base, told_command("python other.py off", {"other.py"})),
             Contains("command: python train.py off and python other.py off"));
  CHECK_FALSE(sources_difference(base, told_command("python3 train.py off", {"train.py"})).empty());
  CHECK_FALSE(sources_difference(told_command("python -m a x"), told_command("python -m b x")).empty());
  CHECK_FALSE(sources_difference(told_command("python -c a x"), told_command("python -c b x")).empty());
  CHECK(sources_difference(told_command("python -c a x"), told_command("python -c a y")).empty());
  // A file that both name by one name is a source; one that a single side names goes with its argument.
  const Plan a = told_command("python train.py c.py", {"train.py", "c.py"});
  Plan b = a;
  b.data[1].sha256 = std::string(64, 'b');
  CHECK_THAT(sources_difference(a, b), Contains("data.c.py.sha256"));
  CHECK(sources_difference(a, told_command("python train.py d.py", {"train.py", "d.py"})).empty());
  Plan native;
  native.recipe = "waves";
  CHECK_FALSE(sources_difference(base, native).empty());
}

TEST_CASE("what differs is named: options, places, flags, and words of one value") {
  CHECK(apart({"off --lr 0.1", "drop --lr 0.1"}) ==
        std::vector<Values>{{{"arg:1", "off"}}, {{"arg:1", "drop"}}});
  CHECK(apart({"--lr 0.1 --wd=1", "--lr 0.2 --wd=2"}) ==
        std::vector<Values>{{{"arg:--lr", "0.1"}, {"arg:--wd", "1"}},
                            {{"arg:--lr", "0.2"}, {"arg:--wd", "2"}}});
  CHECK(apart({"x", "x --compile"}) ==
        std::vector<Values>{{{"arg:--compile", "absent"}}, {{"arg:--compile", "present"}}});
  CHECK(apart({"--lr 1", "--lr 1 --seed 3"}) ==
        std::vector<Values>{{{"arg:--seed", "absent"}}, {{"arg:--seed", "3"}}});
  CHECK(apart({"lr=1 a", "lr=2 a", "lr=1 a"}) ==
        std::vector<Values>{{{"arg:lr", "1"}}, {{"arg:lr", "2"}}, {{"arg:lr", "1"}}});
  CHECK(apart({"off", "off"}) == std::vector<Values>{{}, {}});
}

TEST_CASE("words that cannot be matched by name are one factor, and no difference is lost") {
  const auto whole = [](const std::string& one, const std::string& other) {
    return std::vector<Values>{{{"arguments", "train.py " + one}}, {{"arguments", "train.py " + other}}};
  };
  CHECK(apart({"--lr 1 --wd 2", "--wd 2 --lr 1"}) == whole("--lr 1 --wd 2", "--wd 2 --lr 1"));
  CHECK(apart({"--lr 1", "--lr=1"}) == whole("--lr 1", "--lr=1"));
  CHECK(apart({"a b", "a"}) == whole("a b", "a"));
  CHECK(apart({"--x 1 --x 2", "--x 1 --x 3"}) == whole("--x 1 --x 2", "--x 1 --x 3"));
  CHECK(apart({"--x absent", ""}) ==
        std::vector<Values>{{{"arguments", "train.py --x absent"}}, {{"arguments", "train.py"}}});
  const Plan ten = told_command("timeout 10 python train.py", {"train.py"}),
             twenty = told_command("timeout 20 python train.py", {"train.py"});
  CHECK(told_apart({&ten, &twenty})[0].contains("arguments"));
}

TEST_CASE("parameters, variables and what is handed on tell commands apart too") {
  Plan a = run_of("off"), b = run_of("off");
  a.parameters["iters"] = std::int64_t{1};
  b.parameters["iters"] = std::int64_t{2};
  b.command->variables["MODE"] = "fast";
  b.command->keep_env = {"HF_HOME"};
  CHECK(told_apart({&a, &b}) ==
        std::vector<Values>{{{"arg:iters", "1"}, {"env:MODE", "(unset)"}, {"keep-env", "(none)"}},
                            {{"arg:iters", "2"}, {"env:MODE", "fast"}, {"keep-env", "HF_HOME"}}});
  Plan native;
  native.recipe = "waves";
  CHECK(told_apart({&a, &native}) == std::vector<Values>{{}, {}});
}
