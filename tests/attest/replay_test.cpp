// SPDX-License-Identifier: Apache-2.0
// What a replay is said to show: identical bits, or where they part and what else differs.
#include "harness/signing/replaying.h"

#include <catch2/catch.hpp>

#include "attest/made_evidence.h"
#include "harness/trace/files_seen.h"
#include "scratch.h"

using namespace reprise;
using Catch::Matchers::Contains;

namespace {

Check checked(const Scratch& folder, const SmallTrace& now) {
  std::filesystem::remove_all(folder / "now");
  write_run(folder / "then", {});
  write_run(folder / "now", now);
  return replay_check(read_run(folder / "then"), read_run(folder / "now"));
}

}  // namespace

TEST_CASE("equal bits pass, other bits fail with the place, the metric and what differs") {
  const Scratch folder;
  const Check equal = checked(folder, {});
  CHECK(equal.end == CheckEnd::passed);
  CHECK(equal.sentence == "identical, bit for bit, from the first step to the last");
  SmallTrace other;
  other.pins["threads"] = "2";
  CHECK_THAT(checked(folder, other).sentence,
             Contains("identical") && Contains("the pin threads is 2 here, 1 there"));
  other.parts_at = 4;
  const Check apart = checked(folder, other);
  CHECK(apart.end == CheckEnd::failed);
  CHECK_THAT(apart.sentence, Contains("not identical: the bits part at step 4 (gradients") &&
                                 Contains("equivalent, as far as one run a side tells: accuracy is") &&
                                 Contains("within the margin of 0.5 %") &&
                                 Contains("the pin threads is 2 here, 1 there"));
  CHECK_THAT(checked(folder, {.parts_at = 4}).sentence, Contains("the training does not repeat itself"));
}

TEST_CASE("a replay that parts says first which file it found otherwise") {
  const Scratch folder;
  write_run(folder / "then", {});
  write_run(folder / "now", {.parts_at = 4});
  const auto reads = [&](const std::string& run, const std::string& sha256) {
    write_start({{}, {}, "/work/project", {}, false, ""}, folder / run);
    write_atomically(
        folder / (run + "/files-1.jsonl"),
        R"({"path": "/work/project/data.csv", "first": "read", "bytes": 1, "identity": "1 5 9", "sha256": ")" +
            sha256 + "\"}\n");
  };
  const auto sentence = [&] {
    return replay_check(read_run(folder / "then"), read_run(folder / "now")).sentence;
  };
  reads("then", "aa");
  reads("now", "bb");
  CHECK_THAT(sentence(), Contains("what differs: data.csv held something else when the signed run began than "
                                  "when this one did"));
  reads("now", "aa");
  CHECK_THAT(sentence(), Contains("no file that was seen to be read") &&
                             Contains("the training does not repeat itself, or it read what was not seen"));
}

TEST_CASE("a replay of evidence that does not hold is not made, and one without a worker is untested") {
  const Scratch folder;
  make_key(folder.path());
  make_matrix(folder.path());
  REQUIRE(run_program(folder.path(), "attest runs/matrix --key key.pem").code == 0);
  const std::string line =
      std::string("verify ") + bundle_name + " --key key.pub --replay --worker none --time-limit 5";
  const auto none = run_program(folder.path(), line);
  INFO(none.out << none.err);
  CHECK(none.code == 2);
  CHECK_THAT(none.out, Contains("untested  replay: "));
  write_atomically(folder / "runs/a/1/log.txt", "other\n");
  const auto broken = run_program(folder.path(), line);
  CHECK(broken.code == 1);
  CHECK_THAT(broken.out, Contains("untested  replay: the evidence does not hold"));
  CHECK_THAT(
      run_program(folder.path(), std::string("verify ") + bundle_name + " --key key.pub --pin threads=2").err,
      Contains("--replay"));
}
