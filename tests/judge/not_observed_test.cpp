// SPDX-License-Identifier: Apache-2.0
// What was not recorded is not judged: modules that no optimizer has in traces of an older reprise, and which
// GPU ran.
#include <catch2/catch.hpp>

#include "drawn_trace.h"
#include "harness/judge/verdict/verdict.h"
#include "older_command_trace.h"
#include "scratch.h"

using namespace reprise;
using Catch::Contains;

namespace {

TensorDigest tensor(const std::string& name, const std::string& content) {
  return {name, "U8", {16}, name_digest(content), {}};
}

struct ScriptRun {
  std::string target = "";      // content of a module that no optimizer has, at step 2
  std::string gpu_random = "";  // of the random stream of a GPU
  Facts facts = {};
};

Trace write(const std::filesystem::path& folder, const ScriptRun& run) {
  std::filesystem::create_directories(folder);
  Plan plan;
  plan.recipe = "train.py";
  plan.command = CommandLine{{"python", "train.py"}, Seeding::imposed, {}, ""};
  plan.pins = {{"seed", "0"}};
  TraceWriter writer(folder / "trace.h5", {plan, run.facts, {}});
  for (std::int64_t step = 0; step <= 3; ++step) {
    StepRecord record;
    record.step = step;
    record.of(Stage::weights) = {tensor("fc.weight", "w" + std::to_string(step))};
    if (!run.target.empty())
      record.of(Stage::auxiliary) = {tensor("target.weight", step == 2 ? run.target : "t")};
    if (!run.gpu_random.empty()) record.of(Stage::rng) = {tensor("torch.cuda0", run.gpu_random)};
    writer.write(record);
  }
  writer.finish();
  return Trace(folder);
}

Verdict verdict_of(const Scratch& scratch, const std::vector<ScriptRun>& runs) {
  Matrix matrix;
  matrix.recipe = "train.py";
  matrix.factors = {{"repeat", {}, Promise::bitwise}};
  std::vector<NamedTrace> traces;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const std::string number = std::to_string(i + 1);
    traces.push_back({"run " + number, write(scratch / number, runs[i])});
    matrix.factors[0].values.push_back(number);
    Configuration configuration;
    configuration.name = "run " + number;
    configuration.values = {{"repeat", number}};
    configuration.outcome.ending = Ending::done;
    matrix.configurations.push_back(configuration);
  }
  return judge(compare(traces), matrix, std::nullopt);
}

}  // namespace

TEST_CASE("modules that no optimizer has part runs, under a name of their own") {
  const Scratch scratch;
  const auto diff =
      compare({{"a", write(scratch / "a", {.target = "x"})}, {"b", write(scratch / "b", {.target = "y"})}});
  REQUIRE(diff.classes.size() == 2);
  CHECK(diff.divergences[0].first.step == 2);
  CHECK(diff.divergences[0].first.stage == "auxiliary");
  CHECK(diff.divergences[0].first.tensor == "target.weight");
  const auto lacking =
      compare({{"a", write(scratch / "c", {.target = "t"})}, {"b", write(scratch / "d", {})}});
  REQUIRE(lacking.classes.size() == 2);
  CHECK(lacking.divergences[0].first.step == 0);
}

TEST_CASE("a trace of an older reprise, which did not observe them, is not compared with a new one") {
  const Scratch scratch;
  write(scratch / "old", {});
  write(scratch / "older", {});
  make_older(scratch / "old/trace.h5");
  make_older(scratch / "older/trace.h5");
  const Trace old(scratch / "old"), older(scratch / "older"), now = write(scratch / "now", {.target = "x"}),
                                                              plain = write(scratch / "plain", {});
  CHECK_THROWS_WITH(
      compare({{"now", now}, {"old", old}}),
      Contains("modules that no optimizer has were not observed in old") && Contains("make it again"));
  CHECK_THROWS_WITH(compare({{"old", old}, {"plain", plain}}), Contains("were not observed in old"));
  CHECK(compare({{"old", old}, {"older", older}}).all_equal());
}

TEST_CASE("whether repeats on a GPU that was not recorded must agree cannot be determined") {
  const Scratch scratch;
  const auto unknown = verdict_of(scratch, {{.gpu_random = "1"}, {.gpu_random = "2"}});
  CHECK(unknown.factors[0].finding == Finding::inconclusive);
  CHECK(unknown.factors[0].kept);
  CHECK_THAT(unknown.factors[0].values[0].sentence,
             Contains("cannot be determined: which GPU ran was not recorded"));
  CHECK_FALSE(unknown.factors[0].values[0].sentence.find("must not;") != std::string::npos);
  CHECK_THAT(unknown.headline, Contains("which GPU ran was not recorded"));
  CHECK(unknown.exit_code == 1);
  const Scratch other;
  const Facts card = {{"gpu.uuid", "GPU-1"}};
  const auto known =
      verdict_of(other, {{.gpu_random = "1", .facts = card}, {.gpu_random = "2", .facts = card}});
  CHECK(known.factors[0].finding == Finding::identical_until);
  CHECK_FALSE(known.factors[0].kept);
  const Scratch equal;
  CHECK(verdict_of(equal, {{.gpu_random = "1"}, {.gpu_random = "1"}}).factors[0].finding ==
        Finding::identical);
}
