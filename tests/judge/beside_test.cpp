// SPDX-License-Identifier: Apache-2.0
// What runs printed and left, from folders made by hand: log.txt and left.json.
#include "harness/judge/compare/beside.h"

#include <catch2/catch.hpp>

#include "harness/base/files.h"
#include "harness/judge/compare/beside_words.h"
#include "harness/left/kept_beside.h"
#include "harness/trace/files_seen.h"
#include "judge/drawn_trace.h"
#include "scratch.h"

using namespace reprise;
using Catch::Matchers::Contains;

namespace fs = std::filesystem;

namespace {

struct Folders {
  Scratch scratch;
  std::vector<fs::path> runs;

  fs::path add(const std::string& log, const std::string& accuracy) {
    const fs::path run = scratch / std::to_string(runs.size() + 1);
    fs::create_directories(run);
    write_atomically(run / "log.txt", log);
    LeftFile file{"evaluation.pt", 10, "of " + accuracy, "PyTorch zip"};
    file.plain = {{"accuracy", accuracy}};
    write_left({{file}, 0}, run);
    runs.push_back(run);
    return run;
  }
  // All of one class, the first against each other.
  Beside beside() const {
    Beside all;
    for (std::size_t i = 1; i < runs.size(); ++i) {
      all.pairs.push_back(compare_beside(runs[0], runs[i], false));
      all.pairs.back().b = i;
    }
    return all;
  }
  Diff diff() const {
    Diff one;
    one.classes = {{"A", {}, {}}};
    for (std::size_t i = 0; i < runs.size(); ++i) {
      TraceSummary trace;
      trace.name = i == 0 ? "baseline" : "repeat=" + std::to_string(i + 1);
      one.traces.push_back(trace);
      one.classes[0].members.push_back(i);
    }
    return one;
  }
  std::string differing() const { return differing_beside(beside(), diff()); }
  std::string sentence() const { return beside_sentence(beside(), diff()); }
};

}  // namespace

TEST_CASE("what repeats printed and left is told with all the numbers") {
  Folders made;
  made.add("accuracy 0.7560\n", "0.756");
  made.add("accuracy 0.7480\n", "0.748");
  made.add("accuracy 0.7512\n", "0.7512");
  CHECK(made.differing() ==
        "what they printed and left differs: accuracy printed 0.7560, 0.7480 and 0.7512 (line 1); "
        "evaluation.pt: accuracy 0.756 and 0.748");
  CHECK_THAT(made.sentence(), Contains("Beside the training: what they printed and left differs"));
  CHECK(not_compared_beside(made.beside()).empty());
}

TEST_CASE("runs that printed and left the same are told so, with what was left out") {
  Folders made;
  made.add("acc 1\ntook 2.5s\n", "1");
  made.add("acc 1\ntook 3.5s\n", "1");
  CHECK(made.differing().empty());
  CHECK(made.sentence() ==
        "They printed the same 2 lines, times, paths and the like left out, and left the same 1 file.");
  CHECK_THAT(
      left_out_words(*made.beside().pairs[0].printed),
      Contains("1 line differs in what is left out") && Contains("line 2: 'took 2.5s' and 'took 3.5s'"));
}

TEST_CASE("runs without a record are not compared, and nothing is called equal") {
  Folders made;
  made.add("acc 1\n", "1");
  fs::remove(made.add("acc 1\n", "1") / "left.json");
  CHECK_THAT(made.sentence(),
             Contains("Not compared beside the training") && Contains("no record of it was made"));
  CHECK(made.beside().pairs[0].open());
  Folders silent;
  silent.add("acc 1\n", "1");
  fs::remove(silent.add("acc 1\n", "1") / "log.txt");
  CHECK(silent.beside().pairs[0].printed_result() == LeftResult::not_compared);
  CHECK_THAT(silent.sentence(), Contains("log.txt is not there"));
}

TEST_CASE("lines that only one printed, and words without a number, are told") {
  Folders made;
  made.add("a\nb\n", "1");
  made.add("a\n", "1");
  CHECK(
      made.differing() ==
      "what they printed differs: baseline and repeat=2 printed 2 lines and 1 line, of which 1 stands in one "
      "of them alone");
  Folders words;
  words.add("best: linear\n", "1");
  words.add("best: forest\n", "1");
  CHECK(words.differing() == "what they printed differs: line 1: 'best: linear' and 'best: forest'");
}

TEST_CASE("a file that was there and was not written is not compared") {
  Folders made;
  const auto a = made.add("", "1"), b = made.add("", "1");
  write_left({{{"cache.bin", 1, "x"}}, 0}, a);
  write_left({}, b);
  CHECK(made.beside().pairs[0].files[0].result == LeftResult::alone);
  CHECK_THAT(made.differing(), Contains("cache.bin: left by baseline alone"));
  write_start({{}, {}, "/work", {{"cache.bin", "1 2 3"}}, true, ""}, b);
  CHECK(made.beside().pairs[0].files[0].result == LeftResult::not_compared);
  CHECK_THAT(made.sentence(), Contains("found it there and did not write it"));
}

TEST_CASE("runs of native recipes print no results of their own") {
  const Scratch scratch;
  const Trace a = draw(scratch / "a", {}), b = draw(scratch / "b", {});
  const std::vector<NamedTrace> traces{{"a", a}, {"b", b}};
  CHECK_FALSE(compare_beside(compare(traces), traces).has_value());
}

TEST_CASE(
    "runs that were asked for their first steps alone printed and left a part of it, which is not compared") {
  for (const std::int64_t until : {0, 5}) {
    const Scratch scratch;
    std::vector<NamedTrace> traces;
    for (const std::string name : {"a", "b"}) {
      std::filesystem::create_directories(scratch / name);
      Plan plan;
      plan.recipe = "train";
      plan.command = CommandLine{{"python", "train.py"}, Seeding::imposed, {}, ""};
      plan.pins = {{"seed", "0"}};
      plan.watch.until = until;
      TraceWriter writer(scratch / name / "trace.h5", {plan, {}, {}});
      for (std::int64_t step = 0; step <= 5; ++step) {
        StepRecord record;
        record.step = step;
        record.of(Stage::weights) = {TensorDigest{"w", "U8", {16}, name_digest(std::to_string(step)), {}}};
        writer.write(record);
      }
      writer.finish();
      traces.push_back({name, Trace(scratch / name)});
    }
    CHECK(compare_beside(compare(traces), traces).has_value() == (until == 0));
  }
}

TEST_CASE("what was changed after a run ended is not compared and never called equal") {
  Folders folders;
  folders.add("loss 1\n", "0.5");
  folders.add("loss 2\n", "0.5");
  for (const auto& run : folders.runs) write_beside(run);
  CHECK(compare_beside(folders.runs[0], folders.runs[1], false).printed_result() == LeftResult::differs);
  write_atomically(folders.runs[1] / "log.txt", "loss 1\n");
  const BesidePair log = compare_beside(folders.runs[0], folders.runs[1], false);
  CHECK(log.printed_result() == LeftResult::not_compared);
  CHECK_THAT(log.printed_reason, Contains("log.txt is not what it was when the run ended"));
  CHECK(log.files_reason.empty());
  std::string record = read_file(folders.runs[1] / "left.json", "record");
  write_atomically(folders.runs[1] / "left.json", record + "\n");
  const BesidePair left = compare_beside(folders.runs[0], folders.runs[1], false);
  CHECK_THAT(left.files_reason, Contains("left.json is not what it was when the run ended"));
  CHECK(left.files.empty());
}
