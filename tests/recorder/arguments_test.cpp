// SPDX-License-Identifier: Apache-2.0
// One script with other arguments or variables: compared, bisected, varied as an axis; and a resumed run
// beside the whole one.
#include <sstream>

#include "observed.h"

using namespace reprise;
using Catch::Contains;
using Json = nlohmann::json;

namespace {

std::string form(const std::string& name) {
  return test_python + " " + test_scripts + "/forms/" + name + ".py ";
}

// The run's folder.
std::string run_of(const Scratch& folder, const std::string& words, const std::string& options = "") {
  const auto printed = run_program(folder.path(), "run --json " + options + " --runs runs -- " + words);
  INFO(printed.out << printed.err);
  REQUIRE(printed.code == 0);
  return Json::parse(printed.out)["runs"][0]["folder"];
}

Json factor_in(const Json& report, const std::string& name) {
  for (const auto& factor : report["factors"])
    if (factor["name"] == name) return factor;
  return {};
}

}  // namespace

TEST_CASE("two runs of one script with other arguments are compared, and the argument is what differs") {
  const Scratch folder;
  const auto off = run_of(folder, form("checkpointing") + "off"),
             keep = run_of(folder, form("checkpointing") + "keep"),
             drop = run_of(folder, form("checkpointing") + "drop");
  const auto same = run_program(folder.path(), "diff " + off + " " + keep + " --json");
  INFO(same.out << same.err);
  CHECK(same.code == 0);
  const auto equal = Json::parse(same.out);
  CHECK(factor_in(equal, "arg:1")["values"] == "off, keep");
  CHECK(factor_in(equal, "arg:1")["owes"] == "none");
  CHECK(factor_in(equal, "arg:1")["moved"] == false);
  CHECK(factor_in(equal, "arg:1")["kept"] == true);
  const auto apart = run_program(folder.path(), "diff " + off + " " + drop);
  INFO(apart.out << apart.err);
  CHECK(apart.code == 1);
  CHECK_THAT(apart.out, Contains("arg:1=drop") && Contains("step 1, rng, torch.cpu"));
  CHECK_THAT(apart.out, Contains("no plan was repeated"));  // one run a side shows no cause
  const auto found =
      run_program(folder.path(), "bisect --no-remedies --no-control --json " + off + " " + drop);
  INFO(found.out << found.err);
  CHECK(found.code == 1);
  CHECK(Json::parse(found.out)["kind"] == "calls");
  CHECK_THAT(Json::parse(found.out)["notes"].dump(),
             Contains("`reprise bisect " + off + " " + drop + " --across`"));
  const auto across = run_program(folder.path(), "bisect --across --json " + off + " " + drop);
  INFO(across.out << across.err);
  CHECK(Json::parse(across.out)["call_b"]["operator"] == "aten::bernoulli_.float");
  // Repeats of both sides show that it is the argument.
  const auto repeats = run_program(
      folder.path(),
      "diff " + off + " " + drop + " " +
          run_of(folder, form("checkpointing") + "off", "--repeat 2").replace(off.size() - 1, 1, "2"));
  INFO(repeats.out << repeats.err);
  CHECK(repeats.code == 1);
  CHECK_THAT(repeats.out, Contains("The bits move with arg:1"));
}

TEST_CASE(
    "an argument is an axis: classes, names, runs that are kept, and an exit code that promises nothing") {
  const Scratch folder;
  const std::string line =
      "matrix --no-own-seeds --runs runs --json --axis repeat=2 --axis arg:1=off,keep,drop -- " +
      form("checkpointing") + "off";
  const auto printed = run_program(folder.path(), line);
  INFO(printed.out << printed.err);
  CHECK(printed.code == 0);
  const auto report = Json::parse(printed.out);
  CHECK(report["classes"] == Json({{"baseline", "repeat=2", "arg:1=keep", "arg:1=keep repeat=2"},
                                   {"arg:1=drop", "arg:1=drop repeat=2"}}));
  const auto factor = factor_in(report, "arg:1");
  CHECK(factor["found"] == "drop moved them at step 1, keep did not");
  CHECK(factor["verdict"] == "identical until step 1");
  CHECK(factor["kept"] == true);
  const auto again = run_program(folder.path(), line);
  CHECK_THAT(again.err, Contains("arg:1=drop: exists already") && !Contains("started"));
}

TEST_CASE("a variable is an axis and reaches the script, and what nothing reads is no evidence of more") {
  const Scratch folder;
  const auto path = script(folder,
                           "import os, torch\n"
                           "model = torch.nn.Linear(4, 2)\n"
                           "optimizer = torch.optim.SGD(model.parameters(), lr=float(os.environ['RATE']))\n"
                           "for step in range(3):\n"
                           "    model(torch.ones(3, 4)).sum().backward()\n"
                           "    optimizer.step()\n");
  const auto printed = run_program(folder.path(),
                                   "matrix --runs runs --json --axis repeat=2 --axis env:RATE=0.1,0.2 --axis "
                                   "env:OTHER=a,b -- " +
                                       test_python + " " + path.string());
  INFO(printed.out << printed.err);
  CHECK(printed.code == 0);
  const auto report = Json::parse(printed.out);
  CHECK(report["classes"].size() == 2);
  CHECK(factor_in(report, "env:RATE")["moved"] == true);
  CHECK(factor_in(report, "env:OTHER")["moved"] == false);
  // The pair of runs that nobody else seeds comes with a matrix, and moves no verdict.
  CHECK(report["seeds"]["own"]["result"] == "parts");
  CHECK(report["seeds"]["own"]["generators"] == Json::array({"torch.cpu"}));
  CHECK_THAT(factor_in(report, "env:OTHER")["by_value"][0]["sentence"].get<std::string>(),
             Contains("whether anything reads the variable was not observed"));
}

TEST_CASE("what cannot be varied is refused before anything runs") {
  const Scratch folder;
  const std::pair<const char*, const char*> cases[] = {
      {"matrix --axis arg:--lr=1,2", "the command has no argument --lr; write it there"},
      {"matrix --axis arg:2=a,b", "the command has 1 word behind"},
      {"matrix --axis env:PYTHONHASHSEED=0,1", "by the pin python-hash-seed"},
      {"bisect --between arg:--lr=1 arg:--lr=2", "the command has no argument --lr"},
  };
  for (const auto& [line, part] : cases) {
    const auto printed =
        run_program(folder.path(), std::string(line) + " --runs runs -- " + form("checkpointing") + "off");
    INFO(line << "\n" << printed.out << printed.err);
    CHECK(printed.code == 2);
    CHECK_THAT(printed.err, Contains(part));
    CHECK_FALSE(std::filesystem::exists(folder / "runs"));
  }
}

TEST_CASE(
    "a module that was edited between two runs stands beside the argument, and neither is blamed alone") {
  const Scratch folder;
  const auto path =
      script(folder,
             "import sys, torch\nfrom helper import rate\n"
             "model = torch.nn.Linear(4, 2)\noptimizer = torch.optim.SGD(model.parameters(), lr=rate)\n"
             "for step in range(3):\n    model(torch.ones(3, 4)).sum().backward()\n    optimizer.step()\n");
  std::ofstream(folder / "helper.py") << "rate = 0.1\n";
  const auto one = run_of(folder, test_python + " " + path.string() + " a");
  std::ofstream(folder / "helper.py") << "rate = 0.2\n";
  const auto other = run_of(folder, test_python + " " + path.string() + " b");
  const auto printed = run_program(folder.path(), "diff " + one + " " + other + " --json");
  INFO(printed.out << printed.err);
  CHECK(printed.code == 1);
  const auto report = Json::parse(printed.out);
  CHECK(factor_in(report, "arg:1")["verdict"] == "untested");
  CHECK(factor_in(report, "module.helper")["verdict"] == "untested");
}

namespace {

// A training of 10 steps, and what a checkpoint after its step 5 goes on from.
struct Resuming {
  Scratch folder;
  std::string whole = run_of(folder, form("resumed") + "net-opt-rng 10 no");
  Resuming() {
    run_of(folder, form("resumed") + "net-opt-rng 5 no");
    std::filesystem::rename(folder / "ck.pt", folder / "kept.pt");
  }
  // `what` is restored.
  std::string run(const std::string& what) const {
    std::filesystem::copy_file(folder / "kept.pt", folder / "ck.pt",
                               std::filesystem::copy_options::overwrite_existing);
    return run_of(folder, form("resumed") + what + " 10 resume");
  }
  Printed aligned(const std::string& other, const std::string& options) const {
    return run_program(folder.path(), "diff whole=" + whole + " resumed=" + other + " " + options);
  }
  // The stages that differ where the run began.
  std::vector<std::string> lost(const std::string& what) const {
    const auto printed = aligned(run(what), "--align 5 --json");
    INFO(what << "\n" << printed.out << printed.err);
    CHECK(printed.code == 1);
    const auto process = Json::parse(printed.out)["processes"][0];
    CHECK(process["first"]["left_step"] == 6);
    std::vector<std::string> stages;
    for (const auto& part : process["restored"])
      if (!part["differing"].empty()) stages.push_back(part["stage"]);
    return stages;
  }
};

}  // namespace

TEST_CASE("a resumed run is compared with the whole one from its step on") {
  const Resuming resuming;
  const auto all = resuming.run("net-opt-rng");
  const auto same = resuming.aligned(all, "--align 5");
  INFO(same.out << same.err);
  CHECK(same.code == 0);
  CHECK_THAT(same.out, Contains("Compared: steps 6 to 10 of whole with steps 1 to 5 of resumed.") &&
                           Contains("Every digest of these steps is equal, bit for bit."));
  const auto wrong = resuming.aligned(all, "--align 4");
  CHECK(wrong.code == 1);
  CHECK_THAT(wrong.out, Contains("began with the weights that whole had after step 5, not 4; try --align 5"));
  const auto beyond = resuming.aligned(all, "--align 10");
  CHECK(beyond.code == 2);
  CHECK_THAT(beyond.err, Contains("--align to be a step") && Contains("it ends after step 10"));
  CHECK(resuming.aligned(all, "--align 0").code == 2);
  CHECK(resuming.aligned(all, "").code == 1);
}

TEST_CASE("what a resumed run did not restore is named: optimizer state, random streams, weights") {
  const Resuming resuming;
  using Stages = std::vector<std::string>;
  CHECK(resuming.lost("net-opt") == Stages{"rng"});
  CHECK(resuming.lost("net-rng") == Stages{"optimizer"});
  CHECK(resuming.lost("net") == Stages{"optimizer", "rng"});
  CHECK(resuming.lost("opt-rng") == Stages{"weights"});
  const auto text = resuming.aligned(resuming.run("net-rng"), "--align 5");
  CHECK_THAT(text.out, Contains("Not restored: optimizer state (") && Contains("exp_avg") &&
                           Contains("As whole had it: weights (4)") && Contains("random streams"));
}

TEST_CASE("runs of other scripts are refused with the commands that compare their weights") {
  const Scratch folder;
  const auto one = run_of(folder, form("checkpointing") + "off"),
             other = run_of(folder, form("micro_batches") + "whole");
  const auto printed = run_program(folder.path(), "diff " + one + " " + other);
  INFO(printed.out << printed.err);
  CHECK(printed.code == 2);
  CHECK_THAT(printed.err, Contains("`reprise diff " + one + " " + other + " --across`") &&
                              Contains("`reprise bisect " + one + " " + other + " --across`"));
}

TEST_CASE(
    "gradients of micro-batches part from the whole: summed by rounding, averaged by another computation") {
  const Scratch folder;
  const auto whole = run_of(folder, form("micro_batches") + "whole");
  for (const auto& [way, verdict] :
       {std::pair<std::string, std::string>{"sum", "as rounding"}, {"mean", "beyond rounding"}}) {
    const auto other = run_of(folder, form("micro_batches") + way);
    const auto printed = run_program(folder.path(), "diff " + whole + " " + other + " --json");
    INFO(printed.out << printed.err);
    CHECK(printed.code == 1);
    CHECK(factor_in(Json::parse(printed.out), "arg:1")["by_value"][0]["step"] == 1);
    const auto bisected =
        run_program(folder.path(), "bisect " + whole + " " + other + " --no-remedies --runs runs --json");
    INFO(bisected.out << bisected.err);
    CHECK(bisected.code == 1);
    const Json growth = Json::parse(bisected.out)["growth"];
    CHECK(growth["verdict"] == verdict);
    CHECK(growth["moved_after_step"] == 1);
    CHECK(growth["sides"].size() == growth["control"].size());
    if (way == "mean") CHECK(growth["beyond_from"] == 1);
  }
}

TEST_CASE("a learning rate that differs is told with both values, which no operator made") {
  const Scratch folder;
  const auto path = script(folder,
                           "import sys, torch\ntorch.manual_seed(0)\n"
                           "model = torch.nn.Linear(4, 1)\n"
                           "optimizer = torch.optim.SGD(model.parameters(), float(sys.argv[1]))\n"
                           "for step in range(4):\n"
                           "    optimizer.zero_grad()\n"
                           "    model(torch.ones(2, 4)).square().sum().backward()\n"
                           "    optimizer.step()\n");
  const auto printed =
      run_program(folder.path(), "bisect --no-remedies --runs runs --between arg:1=0.125 arg:1=0.25 -- " +
                                     test_python + " " + path.string() + " 0.125");
  INFO(printed.out << printed.err);
  CHECK(printed.code == 1);
  CHECK_THAT(in_one_line(printed.out), Contains("Numbers of the optimizer differ after step 1: group0.lr is "
                                                "0.125 on side A and 0.25 on side B. The script sets them"));
}
