// SPDX-License-Identifier: Apache-2.0
// What to do next: a bisection, where two runs part by their arithmetic and none was made.
#include <catch2/catch.hpp>

#include "harness/base/text.h"
#include "reports/sample.h"

using namespace reprise;

namespace {

// The sample with all its runs done and nothing bisected.
Evidence unbisected() {
  Evidence evidence = sample();
  evidence.verdict.failed = 0;
  evidence.closer.bisections.clear();
  return evidence;
}

std::string sentence_of(const Evidence& evidence) { return json_of(evidence)["next"]; }
std::string command_of(const Evidence& evidence) { return json_of(evidence)["next_command"]; }

}  // namespace

TEST_CASE("a split that was not bisected asks for a bisection of the two configurations") {
  CHECK(sentence_of(unbisected()) == "Name the operator call that parts threads=2 from baseline:");
  CHECK(command_of(unbisected()) ==
        "reprise bisect recipes/waves.toml "
        "--between 'threads=1 isa=avx512 mkl=default seed=0' 'threads=2 isa=avx512 mkl=default seed=0'");
  Evidence bisected = unbisected();
  bisected.closer.bisections = sample().closer.bisections;
  CHECK(sentence_of(bisected).find("that parts isa=default from baseline") != std::string::npos);
  bisected.closer.bisections.push_back(sample_bisection("isa=default", "baseline"));
  CHECK(sentence_of(bisected).empty());
}

TEST_CASE("what was set for every run is set for the bisection too") {
  Evidence evidence = unbisected();
  evidence.matrix.command =
      shell_words("reprise matrix waves --set steps=9 --pin tf32=off --axis threads=1,2 --design full");
  CHECK(command_of(evidence).find("reprise bisect waves --set steps=9 --pin tf32=off --between 'threads=1") !=
        std::string::npos);
}

TEST_CASE("where a run lies does not change what is to be done next") {
  Evidence moved = unbisected();
  for (auto& trace : moved.diff.traces) trace.path = "/elsewhere/" + trace.name;
  for (auto& configuration : moved.matrix.configurations) configuration.folder = "/elsewhere";
  CHECK(command_of(moved) == command_of(unbisected()));
}

TEST_CASE("other samples or random streams ask for no operator") {
  Evidence evidence = unbisected();
  for (auto& divergence : evidence.diff.divergences) {
    divergence.first.stage = "rng";
    divergence.first.batch_order_from.reset();
  }
  CHECK(command_of(evidence).empty());
  for (auto& divergence : evidence.diff.divergences) divergence.first.stage = "batch";
  CHECK(command_of(evidence).empty());
}

TEST_CASE("two traces that part are bisected by the names under which they were compared") {
  Evidence evidence = unbisected();
  evidence.matrix.factors.clear();
  evidence.verdict.factors.clear();
  evidence.matrix.command = shell_words("reprise diff one 'two three'");
  evidence.matrix.configurations[0].folder = "one";
  evidence.matrix.configurations[4].folder = "two three";
  CHECK(command_of(evidence) == "reprise bisect one 'two three'");
  evidence.matrix.configurations[4].folder.clear();
  CHECK(sentence_of(evidence).empty());
}

TEST_CASE("a recipe that does not repeat itself is bisected against itself") {
  Evidence evidence = unbisected();
  evidence.verdict.factors[0].moved = true;
  evidence.verdict.factors[0].kept = false;
  CHECK_THAT(sentence_of(evidence), Catch::StartsWith("Make a run repeat itself"));
  CHECK(command_of(evidence) == "reprise bisect recipes/waves.toml");
}

TEST_CASE("a value that cannot be typed after --between gives no command") {
  Evidence evidence = unbisected();
  evidence.matrix.configurations[4].values["threads"] = "2 or 3";
  CHECK(command_of(evidence).find("threads=2 or 3") == std::string::npos);
}

TEST_CASE("the next command stands in every format that a person reads, and can be copied from a terminal") {
  const Report report = unbisected().report();
  CHECK_THAT(rendered(report, "console"),
             Catch::Contains("        reprise bisect recipes/waves.toml --between \\\n"
                             "          'threads=1 isa=avx512 mkl=default seed=0' \\\n"
                             "          'threads=2 isa=avx512 mkl=default seed=0'\n"));
  CHECK_THAT(rendered(report, "md"), Catch::Contains("\n    reprise bisect recipes/waves.toml --between"));
  CHECK_THAT(rendered(report, "html"), Catch::Contains("<pre>reprise bisect recipes/waves.toml --between"));
}

TEST_CASE("a value that looks like an option, or needs quotes, stays one word of what is proposed") {
  Evidence evidence = unbisected();
  evidence.matrix.command = {"reprise",           "matrix", "waves",      "--set",
                             "note=a --axis b's", "--axis", "threads=1,2"};
  const auto words = shell_words(command_of(evidence));
  REQUIRE(words.size() > 5);
  CHECK(words[1] == "bisect");
  CHECK(words[4] == "note=a --axis b's");
  CHECK(words[5] == "--between");
}
