// SPDX-License-Identifier: Apache-2.0
// Where the ranks of a run stood when reprise ended it.
#include "harness/watch/run_processes.h"

#include <catch2/catch.hpp>

#include "harness/base/files.h"
#include "harness/left/collectives.h"
#include "harness/trace/trace_writer.h"
#include "scratch.h"

using namespace reprise;

namespace {

// A process that made `steps` steps and wrote `mark` behind their number: '+' in a backward pass. Its folder.
std::filesystem::path drawn(const std::filesystem::path& run, const std::string& rank, std::int64_t steps,
                            char mark) {
  const auto folder = run / ("process-" + std::to_string(90 + steps) + rank);
  std::filesystem::create_directories(folder);
  Plan plan;
  plan.recipe = "train";
  plan.command = CommandLine{{"torchrun", "train.py"}, Seeding::imposed, {}, ""};
  plan.pins = {{"seed", "0"}};
  TraceWriter writer(folder / "trace.h5", {plan, {{"process.rank", rank}}, {}});
  for (std::int64_t step = 0; step <= 1; ++step) {
    StepRecord record;
    record.step = step;
    record.of(Stage::weights) = {{"fc.weight", "U8", {4}, name_digest("w"), {}}};
    writer.write(record);
  }
  writer.finish();
  write_atomically(folder / "steps", fmt::format("{:020}{}", steps, mark));
  return folder;
}

std::string stood(std::int64_t steps, char mark, bool cut_short = true) {
  const Scratch run;
  drawn(run.path(), "0", 3, '+');
  drawn(run.path(), "1", steps, mark);
  return settle_processes(run.path(), cut_short).where_all_stood;
}

}  // namespace

TEST_CASE("the rank that others wait for is named, with the steps it made") {
  const std::string first = "it stood at rank 0 after step 3, in the backward pass of the next; ";
  CHECK(stood(3, ' ') == first + "rank 1 after step 3; rank 1 is behind the others");
  CHECK(stood(2, '+') ==
        first + "rank 1 after step 2, in the backward pass of the next; rank 1 is behind the others");
}

TEST_CASE("none is named where all ranks stand alike, and nothing is said of a run that ended by itself") {
  const std::string at = "after step 3, in the backward pass of the next";
  CHECK(stood(3, '+') == "it stood at rank 0 " + at + "; rank 1 " + at);
  CHECK(stood(2, ' ', false).empty());
}

TEST_CASE(
    "of ranks that fail together it is told which one left a collective call out, whichever fell first") {
  const Scratch run;
  const auto fell = drawn(run.path(), "0", 7, '+'), left_out = drawn(run.path(), "1", 8, ' ');
  write_atomically(fell / "ended.txt", "exit code 1");
  write_atomically(fell / collectives_name, "1 1\n");
  write_atomically(left_out / collectives_name, "1 1\n5 0\n6 1\n");
  const auto settled = settle_processes(run.path(), false);
  CHECK(settled.first_end ==
        "rank 0 was the first to end, with exit code 1 after step 7; in step 5 rank 1 began no collective "
        "call and "
        "rank 0 began 1 collective call, where each began 1 collective call in step 4");
  CHECK(settled.where_all_stood.empty());
  CHECK(std::filesystem::exists(run.path() / "rank-1" / collectives_name));
}
