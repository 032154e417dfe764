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
  evidence.matrix.command = shell_words(
      "reprise matrix waves --axis threads=1,2 isa=auto,avx2 --fresh --metric 'a=b c' --margin=3 --bisect "
      "--set steps=9 --design full");
  CHECK_THAT(command_of(evidence),
             Catch::StartsWith("reprise bisect waves --fresh --set steps=9 --between 't"));
}

TEST_CASE("a learning rate that differs before training asks for no operator") {
  Evidence evidence = unbisected();
  for (auto& divergence : evidence.diff.divergences) {
    divergence.first.stage = "optimizer";
    divergence.first.tensor = "group0.lr";
    divergence.first.step = 0;
    divergence.first.batch_order_from.reset();
  }
  CHECK(command_of(evidence).empty());
  for (auto& divergence : evidence.diff.divergences) divergence.first.tensor = "fc1.weight.exp_avg";
  CHECK_FALSE(command_of(evidence).empty());
}

TEST_CASE("where a run lies does not change what is to be done next") {
  Evidence moved = unbisected();
  for (auto& trace : moved.diff.traces) trace.path = "/elsewhere/" + trace.name;
  for (auto& configuration : moved.matrix.configurations) configuration.folder = "/elsewhere";
  CHECK(command_of(moved) == command_of(unbisected()));
}

TEST_CASE("other samples or another seed ask for no operator, a stream that parts later does") {
  Evidence evidence = unbisected();
  for (auto& divergence : evidence.diff.divergences) {
    divergence.first.stage = "rng";
    divergence.first.step = 0;
    divergence.first.batch_order_from.reset();
  }
  CHECK(command_of(evidence).empty());
  for (auto& divergence : evidence.diff.divergences) divergence.first.step = 4;
  CHECK(sentence_of(evidence) == "Look for the call whose random numbers part threads=2 from baseline:");
  CHECK_THAT(command_of(evidence), Catch::StartsWith("reprise bisect recipes/waves.toml --between"));
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

namespace {

// Two runs of one plan, the first two of the sample, that part by `stage` at `step`.
Evidence unrepeated(const std::string& stage, std::int64_t step) {
  Evidence evidence = unbisected();
  evidence.verdict.factors[0].moved = true;
  evidence.verdict.factors[0].kept = false;
  auto& diff = evidence.diff;
  auto& divergence = diff.divergences.front();
  diff.traces[diff.classes[divergence.b].members.front()].plan_id =
      diff.traces[diff.classes[divergence.a].members.front()].plan_id;
  divergence.first.stage = stage;
  divergence.first.step = step;
  divergence.first.batch_order_from.reset();
  for (auto& trace : diff.traces) {
    trace.pins["deterministic"] = "on";
    trace.pin_changes.clear();
  }
  return evidence;
}

Bisection bisected(const Evidence& evidence, Found found) {
  const auto& diff = evidence.diff;
  const auto name = [&](std::size_t in_class) {
    return diff.traces[diff.classes[in_class].members.front()].name;
  };
  Bisection bisection = sample_bisection(name(diff.divergences[0].a), name(diff.divergences[0].b));
  bisection.found = found;
  return bisection;
}

}  // namespace

TEST_CASE("a recipe that does not repeat itself is bisected against itself") {
  Evidence evidence = unrepeated("gradients", 1);
  CHECK(sentence_of(evidence) ==
        "Make a run repeat itself before any other factor is judged: deterministic algorithms are on "
        "already. This names the operator call that does not repeat:");
  CHECK(command_of(evidence) ==
        "reprise matrix recipes/waves.toml --bisect --axis repeat=2 --axis threads=1,2");
  Evidence alone = evidence;
  alone.matrix.factors = {evidence.matrix.factors.front()};
  CHECK(command_of(alone) == "reprise bisect recipes/waves.toml");
  evidence.matrix.command.insert(evidence.matrix.command.begin() + 3, "--bisect");
  CHECK(command_of(evidence).empty());
  evidence.diff.traces.front().pins["deterministic"] = "warn";
  CHECK_THAT(sentence_of(evidence), Catch::Contains("try --pin deterministic=on."));
  evidence.diff.traces.front().pin_changes = {{0, "deterministic", "warn", "off"}};
  CHECK_THAT(sentence_of(evidence), Catch::Contains("which no pin changes."));
}

TEST_CASE("where runs of one plan part by no operator, what to do fits what was seen") {
  for (const std::string stage : {"length", "process", "artifacts"}) {
    CAPTURE(stage);
    const Evidence evidence = unrepeated(stage, 9);
    CHECK(command_of(evidence).empty());
    CHECK(sentence_of(evidence).find("deterministic") == std::string::npos);
  }
  CHECK_THAT(sentence_of(unrepeated("length", 9)), Catch::Contains("another number of steps each time"));
  CHECK_THAT(sentence_of(unrepeated("rng", 0)), Catch::Contains("seeds"));
  CHECK(command_of(unrepeated("rng", 0)).empty());
  CHECK_THAT(sentence_of(unrepeated("rng", 3)), Catch::EndsWith("This looks for the call that does:"));
  CHECK_THAT(sentence_of(unrepeated("batch", 2)), Catch::Contains("other data each time"));
  // A bisection would answer at once that no operator is guilty.
  CHECK(command_of(unrepeated("batch", 2)).empty());
}

TEST_CASE("what a bisection found already is not to be looked for again") {
  Evidence evidence = unrepeated("gradients", 1);
  evidence.closer.bisections = {bisected(evidence, Found::call)};
  CHECK(sentence_of(evidence) ==
        "Pin mkl=strict: with it two runs were equal up to step 11, which is as far as was looked.");
  CHECK(command_of(evidence).empty());
  evidence.closer.bisections[0].remedies.clear();
  CHECK(sentence_of(evidence).find("Make a run repeat") == std::string::npos);
  evidence.closer.bisections = {bisected(evidence, Found::data)};
  CodePlace place;
  place.file = "train.py";
  place.line = 9;
  place.source = "x = torch.tensor(ids)";
  evidence.closer.bisections[0].made_at = {std::make_shared<const CodePlace>(place)};
  CHECK_THAT(sentence_of(evidence), Catch::Contains("mended there, at train.py:9: x = torch.tensor(ids)."));
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
