// SPDX-License-Identifier: Apache-2.0
// The real `reprise`, without any LibTorch: help, lists, orders, diffs and reports of small traces.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "harness/commands/command.h"
#include "program.h"
#include "reports/layout/format.h"
#include "reports/section.h"
#include "scratch.h"
#include "skip.h"
#include "small_trace.h"

using namespace reprise;
using Catch::Matchers::Contains;

namespace {

// A run's folder with nothing in it but a trace.
void write_run(const std::filesystem::path& folder, const SmallTrace& made) {
  std::filesystem::create_directory(folder);
  write_small_trace(folder / "trace.h5", made);
}

}  // namespace

TEST_CASE("help names every command and teaches the first one to try") {
  Scratch folder;
  const auto help = run_program(folder.path(), "--help");
  CHECK(help.code == 0);
  REQUIRE(verbs_shelf().size() >= 11);
  for (const auto& [verb, command] : verbs_shelf()) {
    INFO(verb);
    CHECK(contains(help.out, "\n  " + std::string(verb) + " "));
    CHECK(contains(help.out, command->summary));
    const auto one = run_program(folder.path(), std::string(verb) + " --help");
    CHECK(one.code == 0);
    CHECK(contains(one.out, "Usage: reprise " + std::string(verb)));
  }
  CHECK(contains(help.out, "Start with:"));
  CHECK(run_program(folder.path(), "").code == 2);
  const auto wrong = run_program(folder.path(), "matrx");
  CHECK(wrong.code == 2);
  CHECK(wrong.out.empty());
}

TEST_CASE("list shows every shelf, and one JSON document when asked") {
  Scratch folder;
  const auto text = run_program(folder.path(), "list");
  CHECK(text.code == 0);
  for (const auto* word : {"waves", "threads", "reprise list pins"}) CHECK(contains(text.out, word));
  for (const auto& [name, format] : formats_shelf()) CHECK(contains(text.out, format->summary));
  const auto sections = run_program(folder.path(), "list sections");
  for (const auto& [name, section] : sections_shelf()) CHECK(contains(sections.out, section->summary));
  const auto json = run_program(folder.path(), "list --json");
  const auto document = nlohmann::json::parse(json.out);
  CHECK(document["schema"] == "reprise.list/1");
  CHECK(document["axes"].size() >= 9);
  CHECK(document["pins"].size() >= 30);
  REQUIRE(document["devices"].size() >= 2);
  CHECK(document["devices"][0]["name"] == "cpu");
  const auto slip = run_program(folder.path(), "list axis");
  CHECK(slip.code == 2);
  CHECK(contains(slip.err, "did you mean 'axes'?"));
}

TEST_CASE(
    "list devices names the driver that is missing, and a run for a GPU says the same and ends with 2") {
  Scratch folder;
  const auto listed = nlohmann::json::parse(run_program(folder.path(), "list devices --json").out);
  REQUIRE(listed["devices"].size() >= 2);
  if (listed["devices"][1]["values"] != "cannot be used") skip("a GPU is here");
  const std::string trouble = listed["devices"][1]["summary"];
  const auto run = run_program(folder.path(), "run waves --set device=cuda:0 --json");
  INFO(run.out << run.err);
  CHECK(run.code == 2);
  const auto document = nlohmann::json::parse(run.out);
  CHECK(document["runs"][0]["status"] == "untested");
  CHECK(document["runs"][0]["kind"] == "skipped");
  CHECK(document["runs"][0]["reason"] == "device=cuda:0 cannot be used: " + trouble);
  CHECK_FALSE(std::filesystem::exists(folder / "runs"));
}

TEST_CASE("two traces that part are different, and the place is named") {
  Scratch folder;
  write_run(folder / "a", {});
  write_run(folder / "b", {.parts_at = 4});
  write_run(folder / "c", {});
  const auto different = run_program(folder.path(), "diff a b c");
  INFO(different.out << different.err);
  CHECK(different.code == 1);
  CHECK(contains(different.out, "step 4"));
  CHECK(contains(different.out, "fc1.weight"));
  CHECK(run_program(folder.path(), "diff a c").code == 0);
  const auto json = run_program(folder.path(), "diff a b c --json");
  const auto document = nlohmann::json::parse(json.out);
  CHECK(document["schema"] == "reprise.report/1");
  CHECK(document["classes"] == nlohmann::json({{"a", "c"}, {"b"}}));
}

TEST_CASE("another batch order is named before any arithmetic") {
  Scratch folder;
  write_run(folder / "a", {});
  write_run(folder / "b", {.order_seed = 1});
  const auto printed = run_program(folder.path(), "diff a b");
  INFO(printed.out);
  CHECK(printed.code == 1);
  CHECK(contains(printed.out, "batch order"));
}

TEST_CASE("traces of different recipes cannot be compared, and the sentence says why") {
  Scratch folder;
  write_run(folder / "a", {});
  write_run(folder / "b", {.steps = 9});
  const auto printed = run_program(folder.path(), "diff a b");
  CHECK(printed.code == 2);
  CHECK(printed.out.empty());
  CHECK(contains(printed.err, "cannot"));
  CHECK(contains(printed.err, "steps"));
}

TEST_CASE("what is no trace is one sentence and exit code 2") {
  Scratch folder;
  write_run(folder / "a", {});
  std::ofstream(folder / "text.h5") << "not a trace";
  std::ofstream(folder / "cut.h5") << content_of(folder / "a" / "trace.h5").substr(0, 3000);
  for (const auto* other : {"none.h5", "text.h5", "cut.h5"}) {
    const auto printed = run_program(folder.path(), std::string("diff a ") + other);
    INFO(printed.err);
    CHECK(printed.code == 2);
    CHECK(contains(printed.err, other));
    CHECK(std::count(printed.err.begin(), printed.err.end(), '\n') == 1);
  }
}

TEST_CASE("a report of traces is written whole, and to a folder that cannot be written not at all") {
  Scratch folder;
  write_run(folder / "a", {});
  const auto every = join(names_of(formats_shelf()), ",");
  const auto written = run_program(folder.path(), "report a --output out --format " + every);
  INFO(written.err);
  CHECK(written.code == 0);
  for (const auto& [name, format] : formats_shelf()) {
    INFO(name);
    CHECK(content_of(folder / "out" / (std::string("report.") + format->extension)).size() > 100);
  }
  const auto refused = run_program(folder.path(), "report a --output /proc/reprise");
  CHECK(refused.code == 2);
  CHECK(contains(refused.err, "/proc/reprise"));
  const auto unknown = run_program(folder.path(), "report a --format htm");
  CHECK(unknown.code == 2);
  CHECK(contains(unknown.err, "did you mean 'html'?"));
}

TEST_CASE("the order of a recipe is printed without training, and a trace can be checked against it") {
  Scratch folder;
  const auto printed = run_program(folder.path(), "order waves --steps 2..3");
  INFO(printed.err);
  CHECK(printed.code == 0);
  CHECK(std::count(printed.out.begin(), printed.out.end(), '\n') == 3);
  const auto sequential =
      run_program(folder.path(), "order waves --pin batch-order=sequential --steps 1..1 --json");
  const auto document = nlohmann::json::parse(sequential.out);
  CHECK(document["steps"][0]["samples"][3] == 3);
  CHECK(run_program(folder.path(), "order waves --steps 5..2").code == 2);
  CHECK(run_program(folder.path(), "order waves --steps many").code == 2);
  const auto own = run_program(folder.path(), "order waves --pin batch-order=program");
  CHECK(own.code == 2);
  CHECK(own.out.empty());
  CHECK(contains(own.err, "waves draws its own, which only a run can tell"));

  write_run(folder / "a", {});
  std::ofstream(folder / "plan.toml") << to_toml(plan_of(SmallTrace{}));
  const auto other = run_program(folder.path(), "order plan.toml --check a");
  INFO(other.out << other.err);
  CHECK(other.code == 1);
  CHECK(contains(other.out, "parts from the plan's at step 1"));
}

TEST_CASE("the plan is printed as TOML and reads back as the same plan") {
  Scratch folder;
  const auto printed = run_program(folder.path(), "run waves --plan --set steps=7 --pin threads=2");
  INFO(printed.err);
  REQUIRE(printed.code == 0);
  const Plan plan = plan_from_toml(printed.out, "printed");
  CHECK(plan.steps == 7);
  CHECK(plan.pins.at("threads") == "2");
  CHECK(to_toml(plan) == printed.out);
}

TEST_CASE("bad input is one sentence that says what to try") {
  Scratch folder;
  const std::pair<const char*, const char*> cases[] = {
      {"run wave --plan", "did you mean 'waves'?"},
      {"run waves --plan --set stepz=7", "did you mean 'steps'?"},
      {"run waves --plan --set steps=-5", "-5"},
      {"run waves --plan --set steps=many", "whole number"},
      {"run waves --plan --set batch=100000000", "larger than"},
      {"run waves --plan --set steps", "="},
      {"run waves --plan --pin thread=2", "did you mean 'threads'?"},
      {"run waves --plan --pin threads=0", "threads"},
      {"matrix waves --axis thread=1,2", "did you mean 'threads'?"},
      {"matrix waves --axis mkl=default,strickt", "strickt"},
      {"matrix waves --axis mkl", "="},
      {"run waves --worker /no/such/worker", "/no/such/worker"},
  };
  for (const auto& [line, part] : cases) {
    const auto printed = run_program(folder.path(), line);
    INFO(line << "\n" << printed.err);
    CHECK(printed.code == 2);
    CHECK(printed.out.empty());
    CHECK(contains(printed.err, part));
    CHECK(std::count(printed.err.begin(), printed.err.end(), '\n') == 1);
  }
}

TEST_CASE("the manual and the completion know every command and option") {
  Scratch folder;
  const auto page = run_program(folder.path(), "manual");
  const auto script = run_program(folder.path(), "completion bash");
  for (const auto& [verb, command] : verbs_shelf()) {
    INFO(verb);
    CHECK(contains(page.out, "\n.SS " + std::string(verb) + "\n"));
    CHECK(contains(script.out, "\n    " + std::string(verb) + ") words=\"--"));
  }
  for (const auto* option : {"repeat", "axis"}) {
    CHECK(contains(page.out, option));
    CHECK(contains(script.out, std::string("--") + option));
  }
  for (const auto& text : {page.out, script.out}) CHECK_FALSE(contains(text, "--word"));  // not for people
  CHECK(contains(page.out, ".TH REPRISE 1"));
  std::ofstream(folder / "script") << script.out;
  CHECK(std::system(("bash -n '" + (folder / "script").string() + "'").c_str()) == 0);
}

TEST_CASE("an unexpected option is told with the nearest one, or the command that has it") {
  const Scratch folder;
  const auto said = [&](const std::string& arguments) {
    const auto printed = run_program(folder.path(), arguments);
    INFO(arguments << printed.out);
    CHECK(printed.code == 2);
    return printed.err;
  };
  CHECK_THAT(
      said("run waves --axis threads=1,2"),
      Contains(
          "`reprise run` has no option --axis; `reprise cure`, `reprise matrix`, `reprise plan` have it"));
  CHECK_THAT(said("run waves --repeats 2"),
             Contains("`reprise run` has no option --repeats; did you mean --repeat?"));
  CHECK_THAT(
      said("run waves --nonsense=3"),
      Contains("`reprise run` has no option --nonsense; `reprise run --help` shows those that it has"));
  CHECK_THAT(said("list -- foo"), Contains("`reprise list` takes no command behind --, found 'foo'"));
  CHECK_THAT(said("run waves and more"), Contains("`reprise run` does not expect 'and more'") &&
                                             Contains("reprise run -- python train.py"));
  CHECK_THAT(said("run train.py"), Contains("stands behind --: -- python train.py"));
  CHECK_THAT(said("matrix --axis threads=1,2 python train.py"), Contains("stands behind --"));
}

TEST_CASE("the command line is checked whole before anything runs") {
  const Scratch folder;
  for (const std::string arguments :
       {"matrix waves --axis threads=1,2 --format htlm",
        "bisect waves --between threads=1 threads=2 --format htlm", "bisect waves --between '' ''",
        "run waves --time-limit 1e30", "matrix waves --axis threads=1,2 --time-limit -1",
        "report nowhere --format htlm", "matrix waves --axis threads=1", "matrix waves --axis repeat=1"}) {
    const auto printed = run_program(folder.path(), arguments);
    INFO(arguments << printed.out << printed.err);
    CHECK(printed.code == 2);
    CHECK_FALSE(std::filesystem::exists(folder / "runs"));
  }
  CHECK_THAT(run_program(folder.path(), "bisect waves --between '' ''").err,
             Contains("wanted two choices after --between, such as threads=1 threads=2, found an empty one"));
}

TEST_CASE("the shell is offered recipes where a command takes one, and what --set takes") {
  const Scratch folder;
  const std::string script = run_program(folder.path(), "completion bash").out;
  CHECK_THAT(script, Contains("checkpoint-every="));
  CHECK_THAT(script, Contains("    bisect|claim|cure|doctor|matrix|order|plan|run) "));
}

TEST_CASE("a file whose name is not UTF-8 is named in every format") {
  const Scratch folder;
  std::ofstream(folder / "make.sh") << "mkdir -p out; printf x > \"$(printf 'out/a\\377.bin')\"\n"
                                       "printf x > 'out/a\\xff.bin'\n";
  const std::string run = "--set 'artifacts=out/*' -- /bin/sh make.sh";
  const auto made = run_program(folder.path(), "run --json " + run);
  INFO(made.out << made.err);
  REQUIRE(made.code == 0);
  const auto artifacts = nlohmann::json::parse(made.out)["runs"][0]["artifacts"];
  CHECK(artifacts.size() == 2);
  CHECK_THAT(artifacts.dump(), Contains(R"(out/a\\xff.bin)") && Contains(R"(out/a\\\\xff.bin)"));
  const auto matrix = run_program(folder.path(),
                                  "matrix --axis repeat=2 --format html,json,md,junit,console --output "
                                  "report " +
                                      run);
  INFO(matrix.out << matrix.err);
  CHECK(matrix.code == 0);
}

TEST_CASE("a run whose notes name such a file is found again") {
  const Scratch folder;
  std::filesystem::create_directories(folder / "project/out");
  std::ofstream(folder / "project/out/b\xff.bin") << "x";
  const auto old = std::filesystem::file_time_type::clock::now() - std::chrono::hours(1);
  std::filesystem::last_write_time(folder / "project/out/b\xff.bin", old);
  const std::string run = "run --json --set 'artifacts=out/*' -- /bin/sh -c true";
  // What the program prints lies outside of the command's folder, all of which such a run rests on.
  const auto once = [&] { return run_program(folder.path(), run, "cd project &&"); };
  const auto first = once(), again = once();
  INFO(first.out << first.err << again.out << again.err);
  REQUIRE(again.code == 0);
  const auto found = nlohmann::json::parse(again.out)["runs"][0];
  CHECK(found["reused"] == true);
  CHECK_THAT(found["notes"].dump(), Contains(R"(out/b\\xff.bin was there before the run)"));
}

TEST_CASE("a command that fails without a word is said to have printed nothing") {
  const Scratch folder;
  const auto printed = run_program(folder.path(), "run --set artifacts=left.txt -- /bin/sh -c 'exit 3'");
  INFO(printed.out << printed.err);
  CHECK(printed.code == 2);
  CHECK_THAT(printed.out + printed.err, Contains("exit code 3; it printed nothing"));
}
