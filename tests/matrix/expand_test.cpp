// SPDX-License-Identifier: Apache-2.0
#include "harness/matrix/expand.h"

#include "harness/base/error.h"
#include "plan/small_recipe.h"
#include "plan/told_command.h"

using namespace reprise;
using Catch::Matchers::Contains;
using Names = std::vector<std::string>;

namespace {

Planned expanded(const Plan& base, const Names& axes, Design design = Design::one) {
  std::vector<AxisChoice> choices;
  for (const auto& axis : axes) choices.push_back(parse_axis(axis));
  return expand(base, choices, design);
}

Names names_in(const Planned& planned) {
  Names names;
  for (const auto& configuration : planned.matrix.configurations) names.push_back(configuration.name);
  return names;
}

}  // namespace

TEST_CASE("one factor at a time: the baseline, then each other value of each axis in turn") {
  Scratch scratch;
  const Plan base = small_recipe(scratch).defaults;
  const auto planned = expanded(base, {"threads=2,1,4", "mkl=default,strict"});
  CHECK(names_in(planned) == Names{"baseline", "threads=1", "threads=4", "mkl=strict"});
  CHECK(planned.plans[0].pins.at("threads") == "2");
  CHECK(planned.plans[1].pins.at("threads") == "1");
  CHECK(planned.plans[3].pins.at("threads") == "2");
  CHECK(planned.plans[3].pins.at("mkl") == "strict");
  const auto& last = planned.matrix.configurations[3];
  CHECK(last.values == std::map<std::string, std::string>{{"threads", "2"}, {"mkl", "strict"}});
  CHECK(last.plan_id == plan_id(planned.plans[3]));
  REQUIRE(planned.matrix.factors.size() == 2);
  CHECK(planned.matrix.factors[0].values == Names{"2", "1", "4"});
  CHECK(planned.matrix.factors[0].promise == Promise::numeric);
  CHECK(planned.matrix.recipe == "small");
}

TEST_CASE("pairs change up to two factors, full changes all") {
  Scratch scratch;
  const Plan base = small_recipe(scratch).defaults;
  const Names axes{"threads=1,2", "mkl=default,strict", "seed=0,1"};
  CHECK(names_in(expanded(base, axes, Design::pairs)) == Names{"baseline", "threads=2", "mkl=strict",
                                                               "seed=1", "threads=2 mkl=strict",
                                                               "threads=2 seed=1", "mkl=strict seed=1"});
  const auto full = expanded(base, axes, Design::full);
  CHECK(full.plans.size() == 8);
  CHECK(full.matrix.configurations.back().name == "threads=2 mkl=strict seed=1");
  CHECK(expanded(base, {"threads=1,2,3", "seed=0,1,2"}, Design::full).plans.size() == 9);
}

TEST_CASE("repeats follow their configuration and share its plan") {
  Scratch scratch;
  const auto planned = expanded(small_recipe(scratch).defaults, {"repeat=2", "threads=1,2"});
  CHECK(names_in(planned) == Names{"baseline", "repeat=2", "threads=2", "threads=2 repeat=2"});
  const auto& all = planned.matrix.configurations;
  CHECK(all[0].plan_id == all[1].plan_id);
  CHECK(all[2].plan_id == all[3].plan_id);
  CHECK(all[0].plan_id != all[2].plan_id);
  CHECK(all[0].values.at("repeat") == "1");
  CHECK(all[3].values.at("repeat") == "2");
  CHECK(planned.matrix.factors[0].values == Names{"1", "2"});
  CHECK(planned.matrix.factors[0].promise == Promise::bitwise);
}

TEST_CASE("no axis at all is the baseline alone") {
  Scratch scratch;
  CHECK(names_in(expanded(small_recipe(scratch).defaults, {})) == Names{"baseline"});
}

TEST_CASE("each batch-order file goes with its own plan") {
  Scratch scratch;
  const Plan base = small_recipe(scratch).defaults;
  write_atomically(scratch / "a.txt", "0 1 2 3 4 5 6 7\n");
  write_atomically(scratch / "b.txt", "7 6 5 4 3 2 1 0\n");
  const std::string a = (scratch / "a.txt").string(), b = (scratch / "b.txt").string();
  const auto planned = expanded(base, {"batch-order=seeded,file:" + a + ",file:" + b});
  REQUIRE(planned.plans.size() == 3);
  CHECK_FALSE(planned.plans[0].order);
  CHECK(*planned.plans[1].order->text == "0 1 2 3 4 5 6 7\n");
  CHECK(*planned.plans[2].order->text == "7 6 5 4 3 2 1 0\n");
  CHECK(planned.plans[1].order != planned.plans[2].order);
}

TEST_CASE("axes that make no matrix are refused") {
  Scratch scratch;
  const Plan base = small_recipe(scratch).defaults;
  CHECK_THROWS_WITH(expanded(base, {"threads=1,1"}), Contains("axis threads has the value 1 twice"));
  CHECK_THROWS_WITH(expanded(base, {"threads=1,2", "threads=4"}), Contains("axis threads is named twice"));
  CHECK_THROWS_WITH(expanded(base, {"threads=1,2", "pin:threads=1,2"}),
                    Contains("are the same plan under two names"));
  CHECK_THROWS_WITH(expanded(base, {"threads=1,many"}), Contains("pin threads, found 'many'"));
  CHECK_THROWS_WITH(expanded(base, {"trheads=1,2"}), Contains("did you mean 'threads'?"));
  CHECK_THROWS_WITH(expanded(base, {"repeat=1,2"}), Contains("wanted one count for axis repeat"));
  CHECK_THROWS_WITH(word_from<Design>("half", "a design"),
                    Contains("wanted a design to be one, pairs or full, found 'half'"));
  std::string many = "seed=0";
  for (int i = 1; i < 200; ++i) many += "," + std::to_string(i);
  std::string more = "threads=1";
  for (int i = 2; i < 200; ++i) more += "," + std::to_string(i);
  CHECK_THROWS_WITH(expanded(base, {many, more}, Design::full), Contains("at most 10000 configurations"));
}

TEST_CASE("an axis is written NAME=VALUE,VALUE") {
  const auto axis = parse_axis("pin:cublas-workspace=:4096:8, :16:8");
  CHECK(axis.name == "pin:cublas-workspace");
  CHECK(axis.values == Names{":4096:8", ":16:8"});
  CHECK_THROWS_WITH(parse_axis("threads"),
                    Contains("wanted an axis as NAME=VALUE,VALUE,..., found 'threads'"));
  CHECK_THROWS_WITH(parse_axis("threads=1,,2"), Contains("empty value"));
  CHECK_THROWS_WITH(parse_axis("threads="), Contains("empty value"));
}

TEST_CASE("an axis over an argument, a parameter or a variable makes plans of it, without a promise") {
  const Plan base = told_command("python train.py --workers 0 off", {"train.py"});
  const auto planned =
      expand(base, {parse_axis("arg:--workers=0,2"), parse_axis("env:MODE=a,b"), parse_axis("repeat=2")},
             Design::one);
  REQUIRE(planned.plans.size() == 6);
  CHECK(planned.matrix.configurations[2].name == "arg:--workers=2");
  CHECK(planned.matrix.configurations[4].name == "env:MODE=b");
  CHECK(planned.plans[2].command->words[3] == "2");
  CHECK(planned.plans[0].command->variables.at("MODE") == "a");
  CHECK(planned.matrix.factors[0].promise == Promise::none);
  CHECK(planned.matrix.factors[1].promise == Promise::none);
  CHECK_THROWS_WITH(expand(base, {parse_axis("arg:--lr=1,2")}, Design::one),
                    Contains("the command has no argument --lr"));
  CHECK_THROWS_WITH(expand(base, {parse_axis("arg=1,2")}, Design::one), Contains("as arg:NAME"));
  CHECK_THROWS_WITH(expand(base, {parse_axis("arg:=1,2")}, Design::one), Contains("as arg:NAME"));
}

TEST_CASE("runs on emulated processors are called so, and owe what rounding lets them") {
  Scratch scratch;
  const Plan base = small_recipe(scratch).defaults;
  const auto planned = expanded(base, {"cpu=host,qemu:Haswell", "repeat=2"});
  CHECK(names_in(planned) ==
        Names{"baseline", "repeat=2", "cpu=qemu:Haswell (emulated)", "cpu=qemu:Haswell (emulated) repeat=2"});
  CHECK(planned.plans[0].placement.cpu == "host");
  CHECK(planned.plans[2].placement.cpu == "qemu:Haswell");
  CHECK(planned.matrix.factors[0].promise == Promise::numeric);
  CHECK_THROWS_WITH(expanded(base, {"cpu=host,Haswell"}), Contains("try cpu=qemu:Haswell"));
}
