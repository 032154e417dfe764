// SPDX-License-Identifier: Apache-2.0
#include "harness/plan/arguments.h"

#include <fstream>

#include "harness/base/error.h"
#include "harness/plan/recipe.h"
#include "plan/told_command.h"
#include "scratch.h"

using namespace reprise;
using Catch::Matchers::Contains;

namespace {

std::string with(const std::string& words, const std::string& name, const std::string& value) {
  Plan plan = told_command(words, {"train.py"});
  set_argument(plan, name, value);
  return shell_text(plan.command->words);
}

void check_refused(const std::string& words, const std::string& name, const std::string& value,
                   const std::string& part) {
  INFO(words << " arg:" << name);
  CHECK_THROWS_WITH(with(words, name, value), Contains(part));
}

void write(const Scratch& folder, const std::string& name, const std::string& text) {
  std::ofstream(folder / name) << text;
}

}  // namespace

TEST_CASE("an argument is replaced where it stands, in the form it has") {
  CHECK(with("python train.py --lr 0.1 x", "--lr", "0.2") == "python train.py --lr 0.2 x");
  CHECK(with("python train.py --lr=0.1", "--lr", "0.2") == "python train.py --lr=0.2");
  CHECK(with("python train.py model.lr=0.1", "model.lr", "0.2") == "python train.py model.lr=0.2");
  CHECK(with("python train.py off 3", "1", "drop") == "python train.py drop 3");
  CHECK(with("torchrun --nproc-per-node 2 train.py", "--nproc-per-node", "4") ==
        "torchrun --nproc-per-node 4 train.py");
  CHECK(with("python train.py --compile", "--compile", "absent") == "python train.py");
  CHECK(with("python train.py --compile --lr 1", "--compile", "present") ==
        "python train.py --compile --lr 1");
}

TEST_CASE("an argument that the command does not have, or has in no clear way, is refused with what to do") {
  check_refused("python train.py --lr 0.1", "--num_workers", "2",
                "the command has no argument --num_workers; write it there, with the value it has now: "
                "--num_workers VALUE");
  check_refused("python train.py --lr 0.1", "--lrr", "2", "did you mean arg:--lr?");
  check_refused("python train.py off", "2", "x", "the command has 1 word behind train.py");
  check_refused("python train.py", "1", "x", "arg:1 is none of them");
  check_refused("python train.py --lr 1 --lr 2", "--lr", "x", "twice");
  check_refused("python train.py --compile", "--compile", "True", "--compile has no value in the command");
  check_refused("python train.py --verbose data", "--verbose", "absent", "known to the program alone");
  check_refused("python train.py --threads={threads}", "--threads", "2", "takes the pin threads");
  Plan native;
  native.recipe = "waves";
  CHECK_THROWS_WITH(set_argument(native, "--lr", "1"), Contains("wanted a command for axis arg:--lr"));
}

TEST_CASE("a variable is set unless reprise decides it") {
  Plan plan = told_command("python train.py", {"train.py"});
  set_variable(plan, "MY_MODE", "fast");
  CHECK(plan.command->variables == std::map<std::string, std::string>{{"MY_MODE", "fast"}});
  CHECK_THROWS_WITH(set_variable(plan, "PYTHONHASHSEED", "1"),
                    Contains("reprise sets PYTHONHASHSEED itself, by the pin python-hash-seed; write "
                             "pin:python-hash-seed instead"));
  CHECK_THROWS_WITH(set_variable(plan, "REPRISE_SEED", "1"), Contains("for itself"));
  CHECK_THROWS_WITH(set_variable(plan, "A-B", "1"), Contains("wanted the name of a variable"));
  CHECK_THROWS_WITH(set_variable(plan, "1A", "1"), Contains("wanted the name of a variable"));
}

TEST_CASE("a plan without variables keeps its text and its name, and one with them is read back") {
  const Plan plain = told_command("python train.py", {"train.py"});
  CHECK_THAT(to_toml(plain), !Contains("variables"));
  Plan plan = plain;
  set_variable(plan, "B", "x = \"y\"");
  set_variable(plan, "A", "");
  const Plan again = plan_from_toml(to_toml(plan), "plan");
  CHECK(again.command->variables == plan.command->variables);
  CHECK(to_toml(again) == to_toml(plan));
  CHECK(plan_id(plan) != plan_id(plain));
}

TEST_CASE("a parameter of a command's recipe is an argument, and its recipe may set variables") {
  const Scratch folder;
  write(folder, "train.py", "pass\n");
  write(folder, "own.toml",
        "summary = \"own\"\ncommand = [\"python\", \"train.py\", \"--iters={iters}\"]\n[parameters]\niters = "
        "100\n[variables]\nMODE = \"fast\"\n");
  Plan plan = read_recipe(folder / "own.toml").defaults;
  CHECK(plan.command->variables.at("MODE") == "fast");
  set_argument(plan, "iters", "200");
  CHECK(std::get<std::int64_t>(plan.parameters.at("iters")) == 200);
  CHECK_THROWS_WITH(set_argument(plan, "iters", "many"), Contains("wanted a whole number for iters"));
  CHECK_THROWS_WITH(set_argument(plan, "--iters", "7"), Contains("write arg:iters"));
  write(folder, "bad.toml",
        "summary = \"bad\"\ncommand = [\"python\", \"train.py\"]\n[variables]\nOMP_NUM_THREADS = 2\n");
  CHECK_THROWS_WITH(read_recipe(folder / "bad.toml"), Contains("by the pin threads"));
}

TEST_CASE("a file that an argument names goes with the argument") {
  const Scratch folder;
  for (const auto* name : {"train.py", "a.py", "b.py"}) write(folder, name, std::string("# ") + name + "\n");
  Plan plan = told_command("python train.py a.py", {"train.py", "a.py"});
  plan.command->folder = folder.path().string();
  set_argument(plan, "1", "b.py");
  REQUIRE(plan.data.size() == 2);
  CHECK(plan.data[1].name == "b.py");
  CHECK(plan.data[1].sha256 != std::string(64, 'a'));
}
