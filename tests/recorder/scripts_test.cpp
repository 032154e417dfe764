// SPDX-License-Identifier: Apache-2.0
// Scripts as they come: they set knobs, change folders, leave early, fail, fork, hang, or never train. Each
// is told in one sentence, and what was recorded is kept.
#include "harness/trace/trace.h"
#include "observed.h"
#include "skip.h"

using namespace reprise;
using Catch::Contains;
using Json = nlohmann::json;

namespace {

// A script that trains for `steps`; `before` each step and `after` all of them it does something else.
std::string training(const std::string& before, const std::string& after = "", int steps = 4) {
  return "import torch, os, sys\n"
         "model = torch.nn.Linear(4, 2)\n"
         "optimizer = torch.optim.SGD(model.parameters(), lr=0.1)\n"
         "for step in range(" +
         std::to_string(steps) +
         "):\n"
         "    " +
         before +
         "\n"
         "    optimizer.zero_grad()\n"
         "    loss = model(torch.ones(3, 4)).sum()\n"
         "    loss.backward()\n"
         "    optimizer.step()\n" +
         after + "\n";
}

Printed run_script(const Scratch& folder, const std::string& text, const std::string& options = "",
                   const std::string& flags = "") {
  const auto path = script(folder, text);
  return run_command(folder, test_python + " " + flags + path.string(), options);
}

void check_refused(const std::string& text, const std::string& words, const std::string& options = "",
                   const std::string& flags = "") {
  const Scratch folder;
  const auto printed = run_script(folder, text, options, flags);
  INFO(text << "\n" << printed.out << printed.err);
  CHECK(printed.code == 2);
  CHECK_THAT(printed.out, Contains(words));
}

void check_recorded(const std::string& text, std::int64_t steps) {
  const Scratch folder;
  const auto printed = run_script(folder, text);
  INFO(text << "\n" << printed.out << printed.err);
  CHECK(printed.code == 0);
  const Trace trace(only_run(folder));
  CHECK(trace.last_step() == steps);
  CHECK(trace.finished());
}

}  // namespace

TEST_CASE("a knob that the script changes is a finding with its step, and a seed of its own too") {
  const Scratch folder;
  const auto printed = run_script(
      folder,
      training(
          "if step == 2: torch.backends.cudnn.benchmark = True\n    if step == 0: torch.manual_seed(1337)"));
  INFO(printed.out << printed.err);
  CHECK(printed.code == 0);
  CHECK_THAT(printed.out, Contains("the script set cudnn-benchmark to on at step 3; it was off"));
  CHECK_THAT(printed.out, Contains("the script set seed to 1337 before the first step; it was 0"));
}

TEST_CASE("variables that a script sets before it imports torch are findings too") {
  const Scratch folder;
  const auto printed = run_script(folder,
                                  "import os\nos.environ['OMP_NUM_THREADS'] = '2'\n"
                                  "os.environ['CUBLAS_WORKSPACE_CONFIG'] = ':16:8'\n" +
                                      training("pass"));
  INFO(printed.out << printed.err);
  CHECK(printed.code == 0);
  CHECK_THAT(
      printed.out,
      Contains("the script set CUBLAS_WORKSPACE_CONFIG to :16:8 before the first step; it was :4096:8"));
  CHECK_THAT(printed.out, Contains("the script set OMP_NUM_THREADS to 2 before the first step; it was 1"));
  CHECK(Trace(only_run(folder)).last_step() == 4);
}

TEST_CASE("the newer settings of precision, and variables of any length, are findings and no trouble") {
  const Scratch folder;
  const auto printed =
      run_script(folder, training("if step == 1: torch.backends.cuda.matmul.fp32_precision = 'tf32'; "
                                  "os.environ['NCCL_CONF_FILE'] = 'x' * 300"));
  INFO(printed.out << printed.err);
  CHECK(printed.code == 0);
  CHECK_THAT(printed.out, Contains("the script set matmul-precision to fp32_precision cuda.matmul=tf32") &&
                              Contains("at step 2; it was highest"));
  CHECK_THAT(printed.out, Contains("the script set NCCL_CONF_FILE to xxx") && Contains("(sha256 "));
  CHECK_FALSE(contains(printed.out, "broken invariant"));
  CHECK(Trace(only_run(folder)).last_step() == 4);
}

TEST_CASE("pins reach the script: threads, determinism, hash seed and imposed seeds") {
  const Scratch folder;
  const std::string text =
      "import random\n" +
      training("pass",
               "import numpy\nprint('seen', torch.get_num_threads(), "
               "torch.are_deterministic_algorithms_enabled(), os.environ['PYTHONHASHSEED'], "
               "torch.initial_seed(), random.getstate()[1][0] == (random.seed(7), "
               "random.getstate())[1][1][0])");
  const auto printed = run_script(folder, text, "--pin threads=2 --pin seed=7 --pin python-hash-seed=3");
  INFO(printed.out << printed.err);
  CHECK(printed.code == 0);
  CHECK_THAT(content_of(only_run(folder) / "log.txt"), Contains("seen 2 True 3 7 True"));
}

TEST_CASE("seeds may be left to the script") {
  const Scratch folder;
  const auto printed =
      run_script(folder, "import torch\ntorch.manual_seed(5)\n" + training("pass"), "--set seeding=script");
  INFO(printed.out << printed.err);
  CHECK(printed.code == 0);
  CHECK_FALSE(contains(printed.out, "the script set seed"));
}

TEST_CASE("a script that leaves by os._exit, changes folder or clears its environment is recorded whole") {
  check_recorded(training("pass", "os._exit(0)"), 4);
  check_recorded(training("os.chdir('/')"), 4);
  check_recorded(training("os.environ.clear(); sys.flags = None"), 4);
  check_recorded(training("pass", "sys.exit(0)"), 4);
}

TEST_CASE("a forked child writes nothing of its own") {
  check_recorded(training("pass",
                          "pid = os.fork()\n"
                          "if pid == 0:\n"
                          "    optimizer.step()\n"
                          "    sys.exit(0)\n"
                          "os.waitpid(pid, 0)"),
                 4);
}

TEST_CASE("a script that cannot be recorded is told why in one sentence") {
  check_refused("print('no torch here')", "the script never imported torch");
  check_refused("import torch\nprint(torch.ones(1))", "no optimizer step was seen");
  check_refused(training("if step == 2: raise ValueError('out of patience')"),
                "the command ended with exit code 1; its last line: ValueError: out of patience");
  check_refused(training("pass", "sys.exit(7)"), "the command ended with exit code 7");
  check_refused(training("import time; time.sleep(100)"), "not done within its time limit of 8 s",
                "--time-limit 8");
}

TEST_CASE("what was recorded before a failure is kept") {
  const Scratch folder;
  const auto printed = run_script(folder, training("if step == 3: raise ValueError('late')"));
  CHECK(printed.code == 2);
  CHECK(Trace(only_run(folder)).last_step() == 3);
}

TEST_CASE("a command that is not there, or a Python without torch, is refused before anything runs") {
  const Scratch folder;
  const auto missing = run_command(folder, "no-such-python train.py");
  CHECK(missing.code == 2);
  CHECK_THAT(missing.err, Contains("no-such-python"));
  const auto path = script(folder, "print(1)");
  const auto bare = run_program(folder.path(), "run -- " + test_python + " -S " + path.string());
  CHECK(bare.code == 2);
  const auto system =
      run_program(folder.path(), "run -- /usr/bin/python3 " + path.string(), "PYTHONNOUSERSITE=1");
  INFO(system.out << system.err);
  CHECK(system.code == 2);
  const auto both = run_program(folder.path(), "run waves -- python train.py");
  CHECK(both.code == 2);
  CHECK_THAT(both.err, Contains("wanted a recipe or a command, found both"));
}

TEST_CASE("a recipe with a command fills its parameters in and names what it read") {
  const Scratch folder;
  script(folder, "import torch, sys\n" + training("pass", "print('given', sys.argv[1:])"));
  std::ofstream(folder.path() / "mine.toml")
      << "summary = \"somebody's script\"\n"
      << "command = [\"" << test_python
      << "\", \"script.py\", \"--rate={rate}\", \"{threads}\", \"{other}\"]\n"
      << "[parameters]\nrate = 0.5\n";
  const auto printed = run_program(folder.path(), "run mine.toml --set rate=0.25 --pin threads=2");
  INFO(printed.out << printed.err);
  CHECK(printed.code == 0);
  CHECK_THAT(content_of(only_run(folder) / "log.txt"), Contains("given ['--rate=0.25', '2', '{other}']"));
  const auto wrong = run_program(folder.path(), "run mine.toml --set steps=4");
  CHECK(wrong.code == 2);
}

TEST_CASE("a shadowed sitecustomize still runs") {
  const Scratch folder;
  std::filesystem::create_directory(folder.path() / "own");
  std::ofstream(folder.path() / "own/sitecustomize.py") << "import builtins\nbuiltins.shadowed = 'yes'\n";
  const auto path = script(folder, training("pass", "import builtins\nprint('shadowed', builtins.shadowed)"));
  const auto printed = run_command(folder, test_python + " " + path.string(), "", "PYTHONPATH=own");
  INFO(printed.out << printed.err);
  CHECK(printed.code == 0);
  CHECK_THAT(content_of(only_run(folder) / "log.txt"), Contains("shadowed yes"));
}

TEST_CASE("somebody's script under a matrix: repeats agree, two threads part, bisect names the operator") {
  const Scratch folder;
  const std::string words = " -- " + test_python + " " + test_scripts +
                            "/nanogpt.py --max_iters 6 --data " REPRISE_SOURCE "/tests/python/nanogpt.py";
  const auto matrix =
      run_program(folder.path(), "matrix --no-own-seeds --axis repeat=2 --axis threads=1,2 --json" + words);
  INFO(matrix.out << matrix.err);
  REQUIRE(matrix.code < 2);
  const auto report = Json::parse(matrix.out);
  CHECK(report["self_test"]["void"] == false);
  const auto& classes = report["classes"];
  REQUIRE((classes.size() == 1 || classes.size() == 2));
  if (classes.size() == 1) skip("two threads give the bits of one on this processor");
  const auto bisected = run_program(
      folder.path(), "bisect --between threads=1 threads=2 --no-remedies --no-control --json" + words);
  INFO(bisected.out << bisected.err);
  CHECK(bisected.code == 1);
  CHECK(Json::parse(bisected.out)["found"] == "operator");
}
