// SPDX-License-Identifier: Apache-2.0
// Commands that train in several processes, or stop where chance wants it: a run is all its trainings, each
// to its own last step.
#include "gone.h"
#include "harness/base/files.h"
#include "harness/base/text.h"
#include "harness/trace/run_traces.h"
#include "observed.h"

using namespace reprise;
using Catch::Contains;
using Json = nlohmann::json;

namespace {

// A small training of `steps` steps; `seed` is Python text, and so is `first`, which goes in front.
std::string training(const std::string& first, const std::string& seed, const std::string& steps,
                     const std::string& after_step = "pass") {
  return "import os, sys, torch\n" + first + "\ntorch.manual_seed(" + seed +
         ")\n"
         "net = torch.nn.Linear(4, 1); opt = torch.optim.SGD(net.parameters(), 0.01)\n"
         "for step in range(" +
         steps +
         "):\n"
         "    loss = net(torch.randn(3, 4)).square().mean()\n"
         "    opt.zero_grad(); loss.backward(); opt.step()\n    " +
         after_step + "\n";
}

Printed matrix_of(const Scratch& folder, const std::string& text, const std::string& axes,
                  const std::string& starter = test_python, const std::string& arguments = "") {
  return run_program(folder.path(), "matrix --no-own-seeds --json --runs runs " + axes + " -- " + starter +
                                        " " + script(folder, text).string() + " " + arguments);
}

Json report_of(const Printed& printed, int code) {
  INFO(printed.out << printed.err);
  REQUIRE(printed.code == code);
  return Json::parse(printed.out);
}

// Starts itself twice with these seeds, one after the other.
std::string two_trainings(const std::string& second_seed) {
  return training(
      "import subprocess\n"
      "if len(sys.argv) == 1:\n"
      "    for seed in ('1', " +
          second_seed +
          "):\n"
          "        subprocess.run([sys.executable, __file__, seed], check=True)\n"
          "    sys.exit()",
      "int(sys.argv[1])", "5");
}

}  // namespace

TEST_CASE("runs of other lengths are no repeats, and it is said where the shorter one ended") {
  const Scratch folder;
  // The second run finds a folder that the first one made.
  const std::string text =
      training("n = 0\ntry: os.mkdir('mark')\nexcept FileExistsError: n = 1", "0", "5 + n");
  const auto printed = run_program(
      folder.path(), "run --repeat 2 --runs runs -- " + test_python + " " + script(folder, text).string());
  INFO(printed.out << printed.err);
  CHECK(printed.code == 1);
  const auto diff = run_program(folder.path(), "diff --json runs/*/1 runs/*/2");
  INFO(diff.out << diff.err);
  CHECK(diff.code == 1);
  CHECK_THAT(diff.out, Contains("one ended after step 5, the other after step 6"));
  const auto bisect = run_program(folder.path(), "bisect --json --runs runs runs/*/1 runs/*/2");
  INFO(bisect.out << bisect.err);
  CHECK(bisect.code != 0);
}

TEST_CASE("a second training that differs parts two runs of a command") {
  const Scratch folder;
  const auto report = report_of(
      matrix_of(folder, two_trainings("str(int.from_bytes(os.urandom(2), 'little'))"), "--axis repeat=2"), 1);
  CHECK_THAT(report["headline"].get<std::string>(),
             Contains("process 2: random streams before the first forward pass"));
}

TEST_CASE("equal trainings of a command are equal runs, and are compared in every process") {
  const Scratch folder;
  const auto report = report_of(matrix_of(folder, two_trainings("'2'"), "--axis repeat=2"), 0);
  CHECK_THAT(report["headline"].get<std::string>(),
             Contains("from the first step to the last, in each of their 2 training processes"));
  const RunTraces run = read_run(baseline_run(folder));
  REQUIRE(run.processes.size() == 2);
  CHECK(run.told_by == ToldBy::place);
  CHECK(run.processes[0].who.place == "1");
  CHECK_THAT(run.processes[1].who.arguments, Contains("script.py 2"));
}

TEST_CASE("processes that multiprocessing starts are the same in every run, whichever trained first") {
  const Scratch folder;
  const std::string text =
      "import torch, time, os, torch.multiprocessing as mp\n"
      "def main(rank):\n"
      "    late = os.path.exists('turn') == (rank == 0)\n"
      "    torch.manual_seed(rank)\n"
      "    net = torch.nn.Linear(4, 1); opt = torch.optim.SGD(net.parameters(), 0.01)\n"
      "    while late and not os.path.exists('began'): time.sleep(0.01)\n"
      "    for step in range(4 + rank):\n"
      "        net(torch.randn(3, 4)).square().mean().backward(); opt.step(); opt.zero_grad()\n"
      "        open('began', 'w').close()\n"
      "if __name__ == '__main__':\n"
      "    if os.path.exists('began'): os.remove('began')\n"
      "    mp.spawn(main, nprocs=2)\n"
      "    open('turn', 'w').close()\n";
  const auto printed = run_program(
      folder.path(), "run --repeat 2 --runs runs -- " + test_python + " " + script(folder, text).string());
  INFO(printed.out << printed.err);
  CHECK(printed.code == 0);
  CHECK_THAT(printed.out,
             Contains("All runs are identical, bit for bit, from the first step to the last, in each "
                      "of their 2 training processes"));
}

TEST_CASE("ranks are told by their rank, and one that is killed is named with its signal and its last step") {
  const Scratch folder;
  const std::string text = training(
      "import torch.distributed as dist\n"
      "dist.init_process_group('gloo'); rank = dist.get_rank()",
      "7", "5 + rank", "if rank == 1 and step == 2 and 'die' in sys.argv: os.kill(os.getpid(), 9)");
  const std::string torchrun = REPRISE_SOURCE "/.deps/venv/bin/torchrun --standalone --nproc-per-node 2";
  const auto report = report_of(matrix_of(folder, text, "--axis repeat=2", torchrun), 0);
  CHECK_THAT(report.dump(), Contains("rank 0: 5 steps; rank 1: 6 steps"));
  const auto died = run_program(folder.path(), "run --runs dead -- " + torchrun + " " +
                                                   (folder.path() / "script.py").string() + " die");
  INFO(died.out << died.err);
  CHECK(died.code == 2);
  CHECK_THAT(died.out, Contains("rank 1 was ended by signal 9 after step 3"));
}

TEST_CASE("what a rank of FSDP holds is seen as the shard that it is, and is no other weight") {
  const Scratch folder;
  const auto printed =
      run_program(folder.path(), "run --ranks 2 --runs runs -- " + test_python + " " + REPRISE_SOURCE +
                                     "/tests/python/ranks.py --epochs 1 --form fsdp2");
  INFO(printed.out << printed.err);
  CHECK(printed.code == 2);
  CHECK_THAT(
      printed.out,
      Contains("untested: each rank holds a part of the model: rank 0 has 0.bias [shard 1 of 2 along"));
  CHECK(printed.out.find("not observed") == std::string::npos);
}

TEST_CASE("shards of FSDP are joined and equal the weights that DDP holds whole") {
  const Scratch folder;
  const auto run_of = [&](const std::string& form) {
    const auto printed = run_command(
        folder, test_python + " " + test_scripts + "/ranks.py --epochs 1 --form " + form, "--ranks 2 --json");
    INFO(printed.out << printed.err);
    return Json::parse(printed.out)["runs"][0]["folder"].get<std::string>();
  };
  const auto whole = run_of("ddp"), shards = run_of("fsdp2");
  const auto printed = run_program(folder.path(), "diff " + whole + " " + shards);
  INFO(printed.out << printed.err);
  CHECK_THAT(in_one_line(printed.out), Contains("joined, 4 weights are equal after each of 4 steps"));
  const auto bisected = run_program(folder.path(), "bisect " + whole + " " + shards);
  INFO(bisected.out << bisected.err);
  CHECK_THAT(in_one_line(bisected.out), Contains("no operator is looked for"));
}

TEST_CASE("a rank that leaves a collective call out is named, although the other one fails for it") {
  const Scratch folder;
  const auto printed =
      run_program(folder.path(), "run --json --ranks 2 --no-own-seeds --runs runs -- " + test_python + " " +
                                     REPRISE_SOURCE + "/tests/python/ranks.py --fault skip");
  INFO(printed.out << printed.err);
  CHECK(printed.code == 2);
  const std::string left_out = "in step 5 rank 1 began no collective call and rank 0 began 1 collective call";
  const Json run = Json::parse(printed.out)["runs"].at(0);
  CHECK_THAT(run["reason"].get<std::string>(),
             Contains("rank 0 was the first to end") && Contains(left_out) &&
                 Contains("an error that it printed: [rank0]: RuntimeError"));
  CHECK_THAT(run["ranks"]["sentence"].get<std::string>(),
             Contains("rank 1 holds other weights than rank 0 from step 5 on") && Contains(left_out));
}

TEST_CASE("a hung rank is named and no rank outlives the time limit") {
  const Scratch folder;
  const auto printed =
      run_program(folder.path(), "run --ranks 2 --no-own-seeds --time-limit 60 --runs runs -- " +
                                     test_python + " " + REPRISE_SOURCE +
                                     "/tests/python/ranks.py --fault hang --pids " + folder.path().string());
  INFO(printed.out << printed.err);
  CHECK(printed.code == 2);
  CHECK_THAT(printed.out, Contains("rank 1 after step 3; rank 1 is behind the others"));
  for (const char* rank : {"pid-0", "pid-1"})
    CHECK(is_gone_soon(to_integer(read_file(folder.path() / rank, "process")).value()));
}

TEST_CASE("a run that dies is counted as such, with how far it agreed with one that did not") {
  const Scratch folder;
  const std::string text = training("n = 5 if os.path.exists('flag') else 3\nopen('flag', 'w').close()", "0",
                                    "5", "if step + 1 == n < 5: sys.exit('out of memory')");
  const auto report = report_of(matrix_of(folder, text, "--axis repeat=3"), 2);
  const std::string all = report.dump();
  CHECK_THAT(all, Contains("of those that were done: 2 of 3 of baseline"));
  CHECK_THAT(all, Contains("It had made 3 steps, equal to those of repeat=2"));
  CHECK_THAT(report["headline"].get<std::string>(), Contains("1 of 3 runs did not finish"));
}

TEST_CASE("a run and its copy are one run") {
  const Scratch folder;
  REQUIRE(run_command(folder, test_python + " " + script(folder, training("", "0", "3")).string()).code == 0);
  std::filesystem::copy(only_run(folder), folder / "copy", std::filesystem::copy_options::recursive);
  const auto diff = run_program(folder.path(), "diff " + only_run(folder).string() + " copy");
  CHECK(diff.code == 2);
  CHECK_THAT(diff.err, Contains("copy is a copy of") && Contains("the same execution, counted once"));
}

TEST_CASE("equal runs of a command with several processes leave equal traces") {
  const Scratch folder;
  const std::string words = test_python + " " + script(folder, two_trainings("'2'")).string();
  REQUIRE(run_command(folder, words, "--repeat 2").code == 0);
  const auto first = only_run(folder), second = first.parent_path() / "2";
  for (const char* trace : {"trace.h5", "process-2/trace.h5"})
    CHECK(content_of(first / trace) == content_of(second / trace));
  CHECK(content_of(first / "run.toml") != content_of(second / "run.toml"));
}

TEST_CASE("weights that are written after the last step are told as not observed") {
  const Scratch folder;
  const std::string late = training("", "0", "3") + "with torch.no_grad(): net.weight.add_(1)\n";
  const auto printed = run_command(folder, test_python + " " + script(folder, late).string());
  INFO(printed.out << printed.err);
  CHECK_THAT(printed.out,
             Contains("not observed: the script wrote to its weights after the last step (weight)"));
  const auto whole = run_command(folder, test_python + " " + script(folder, training("", "0", "3")).string());
  CHECK(whole.out.find("after the last step") == std::string::npos);
}
