// SPDX-License-Identifier: Apache-2.0
// A run that goes on where another stood: what it began with, and each step beside the other's.
#include "harness/judge/compare/aligned.h"

#include <catch2/catch.hpp>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/judge/compare/read_ahead.h"
#include "harness/judge/compare/state_step.h"
#include "harness/trace/trace_writer.h"
#include "scratch.h"

using namespace reprise;
using Catch::Matchers::Contains;

namespace {

// A command's run whose row 0 is the state after step `from` of a training, and which goes on to step `to`.
struct Part {
  std::int64_t from = 0, to = 10;
  std::string argument = "whole";
  // Marks of the states, as they differ from the whole training's.
  std::string weights = "", optimizer = "", rng = "", rate = "";
  std::int64_t marks_from = 0;  // the step of the whole training from which on these marks count
  std::int64_t until = 0;
  bool begins_otherwise = false;     // weights of row 0 alone
  bool begins_with_another = false;  // row 0 is of another optimizer and its weights
  // The average of the weights: its mark, and the first step at which it is seen, of the run's own count.
  std::string average = "";
  std::int64_t average_from = 0;
  // How many batches its loader reads ahead of the step; 0: none are seen. `batch` is its mark.
  std::int64_t ahead = 0;
  std::string batch = "";
  bool average_later = false;  // it is written after the step, so row 0 of a resumed run is ahead
};

TensorDigest tensor(const std::string& name, const std::string& content) {
  return {name, "U8", {16}, name_digest(content), {}};
}

// The first step reads what it needs and what is ahead of it, a later one what is ahead.
void add_batches(StepRecord& record, const Part& part, std::int64_t step) {
  auto& batches = record.of(Stage::batch);
  for (std::int64_t i = record.step == 1 ? 0 : part.ahead; i <= part.ahead; ++i)
    batches.push_back(tensor(batches.empty() ? "batch.x" : fmt::format("batch{}.x", batches.size() + 1),
                             fmt::format("x{}{}", step + i, part.batch)));
}

NamedTrace drawn(const Scratch& folder, const std::string& name, const Part& part) {
  std::filesystem::create_directories(folder / name);
  Plan plan;
  plan.recipe = "train";
  plan.command = CommandLine{{"python", "train.py", part.argument}, Seeding::imposed, {}, ""};
  plan.data = {{"train.py", "train.py", std::string(64, 'a'), ""}};
  plan.pins = {{"seed", "0"}};
  plan.watch.until = part.until;
  TraceWriter writer(folder / name / "trace.h5", {plan, {}, {}});
  for (std::int64_t step = part.from; step <= part.to; ++step) {
    StepRecord record;
    record.step = step - part.from;
    const std::string at = std::to_string(step);
    const auto marked = [&](const std::string& mark) { return step >= part.marks_from ? mark : ""; };
    const bool first = record.step == 0;
    const std::string begins = first && part.begins_otherwise ? "other" : "";
    record.of(Stage::weights) = {tensor("fc.weight", "w" + at + marked(part.weights) + begins)};
    if (record.step >= part.average_from)
      record.of(Stage::auxiliary) = {
          tensor("average", "a" + at + part.average + (first && part.average_later ? "+" : ""))};
    record.of(Stage::optimizer) = {
        tensor("fc.weight.exp_avg", "m" + at + marked(part.optimizer)),
        tensor("group0.lr", first ? "any" + part.argument : "r" + at + marked(part.rate))};
    if (first && part.begins_with_another) {
      record.of(Stage::weights) = {tensor("model2.weight", "v" + at)};
      record.of(Stage::optimizer) = {tensor("model2.weight.exp_avg", "n" + at)};
    }
    if (part.ahead > 0 && !first) add_batches(record, part, step);
    // Before the first forward pass a script may have drawn its first batch.
    record.of(Stage::rng) = {
        tensor("torch.cpu", first ? "any" + part.argument : "g" + at + marked(part.rng))};
    writer.write(record);
  }
  writer.finish();
  return {name, Trace(folder / name)};
}

Aligned beside_whole(const Part& part, std::int64_t align = 4) {
  const Scratch folder;
  return compare_aligned(drawn(folder, "whole", {}), drawn(folder, "part", part), align);
}

std::vector<std::string> not_restored(const Aligned& aligned) {
  std::vector<std::string> names;
  for (const auto& part : aligned.processes.at(0).restored)
    names.insert(names.end(), part.differing.begin(), part.differing.end());
  return names;
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("where weights were not restored the optimizer's state tells the step that a run goes on from") {
  const Scratch folder;
  const NamedTrace whole = drawn(folder, "whole", {});
  const auto told = [&](const Part& part) {
    return step_with_state(whole.trace, drawn(folder, "part", part).trace);
  };
  CHECK(told({.from = 4, .argument = "resumed", .begins_otherwise = true}) == 4);
  CHECK_FALSE(told({.from = 4, .argument = "resumed", .optimizer = "other"}));
  CHECK_FALSE(told({.from = 4, .argument = "resumed", .begins_with_another = true}));
}

TEST_CASE("of optimizers that step in turn nothing is called lost that the compared row does not hold") {
  const auto equal = beside_whole({.from = 4, .argument = "resumed", .begins_with_another = true});
  CHECK(equal.same());
  CHECK(not_restored(equal).empty());
  CHECK_FALSE(equal.processes[0].better);
  const std::string text = to_text(equal, "whole", "part");
  CHECK_THAT(text, !Contains("try --align") && !Contains("Not restored"));
  CHECK_THAT(text, Contains("Not compared: "));
  const auto late = beside_whole(
      {.from = 4, .argument = "resumed", .weights = "other", .marks_from = 6, .begins_with_another = true});
  CHECK_FALSE(late.same());
  CHECK_THAT(to_text(late, "whole", "part"), !Contains("Not restored"));
}

TEST_CASE("a learning rate that differs at a later step is named where the weights part") {
  const auto late =
      beside_whole({.from = 4, .argument = "resumed", .weights = "other", .rate = "other", .marks_from = 6});
  CHECK(not_restored(late).empty());
  REQUIRE(late.processes[0].first);
  CHECK(late.processes[0].first->step == 2);
  CHECK(late.processes[0].first->stage == "weights");
  REQUIRE(late.processes[0].numbers);
  CHECK(late.processes[0].numbers->differing == Names{"group0.lr"});
  CHECK_THAT(to_text(late, "whole", "part"), Contains("1 of 1 differ: group0.lr"));
  CHECK_THAT(to_json(late, "whole", "part"), Contains("numbers_differing"));
  const auto weights_alone =
      beside_whole({.from = 4, .argument = "resumed", .weights = "other", .marks_from = 6});
  CHECK_FALSE(weights_alone.processes[0].numbers);
  CHECK_THAT(to_text(weights_alone, "whole", "part"), !Contains("group0.lr"));
}

TEST_CASE(
    "a run that was restored whole goes on bit for bit, whatever was drawn and set before its first pass") {
  const auto aligned = beside_whole({.from = 4, .argument = "resumed"});
  CHECK(aligned.same());
  CHECK(aligned.processes.at(0).steps == 6);
  CHECK_THAT(to_text(aligned, "A", "B"),
             Contains("Compared: steps 5 to 10 of A with steps 1 to 6 of B.") &&
                 Contains("As A had it: weights (1), optimizer state (1), modules that no optimizer has (1), "
                          "numbers of the optimizer's groups (1) "
                          "and random streams (1).") &&
                 Contains("Every digest of these steps is equal, bit for bit."));
  CHECK_THAT(to_json(aligned, "A", "B"), Contains("\"same\": true"));
}

TEST_CASE("what was not restored is named") {
  const auto state = beside_whole({.from = 4, .argument = "resumed", .optimizer = "new"});
  CHECK_FALSE(state.same());
  CHECK(not_restored(state) == Names{"fc.weight.exp_avg"});
  CHECK_THAT(
      to_text(state, "A", "B"),
      Contains("Not restored: optimizer state (1 of 1 differ: fc.weight.exp_avg). B did not begin with "
               "what A had after step 4.") &&
          Contains("The first step that differs: step 5 of A, step 1 of B (optimizer, fc.weight.exp_avg)."));
  const auto streams = beside_whole({.from = 4, .argument = "resumed", .rng = "new", .rate = "new"});
  CHECK(not_restored(streams) == Names{"group0.lr", "torch.cpu"});
  CHECK_THAT(
      to_text(streams, "A", "B"),
      Contains("Not as in A after the first of these steps: random streams (1 of 1 differ: torch.cpu). They "
               "were not restored, or were drawn from otherwise since."));
}

TEST_CASE("a difference before the first step that no step shows is told, and makes no other run") {
  const auto aligned = beside_whole({.from = 4, .argument = "resumed", .begins_otherwise = true});
  CHECK(aligned.same());
  CHECK_THAT(to_text(aligned, "A", "B"), Contains("no step shows it") && !Contains("Not restored"));
}

TEST_CASE("an average that is updated after the step is not said to be lost where every step has it equal") {
  const auto aligned = beside_whole({.from = 4, .argument = "resumed", .average_later = true});
  CHECK(aligned.same());
  CHECK_THAT(to_text(aligned, "A", "B"),
             Contains("(an average that is updated after the step)") && !Contains("Not restored"));
}

TEST_CASE("a module that no optimizer has is compared where both sides saw it, and else said not to be") {
  const auto late = beside_whole({.from = 4, .argument = "resumed", .average_from = 2});
  CHECK(late.same());
  CHECK(late.processes.at(0).unseen == Names{"average"});
  CHECK_THAT(to_text(late, "A", "B"),
             Contains("Not compared: 1 tensors that one side alone was seen to have in a step"));
  const auto other = beside_whole({.from = 4, .argument = "resumed", .average = "new", .average_from = 2});
  CHECK_FALSE(other.same());
  CHECK(other.processes.at(0).first->step == 2);
  CHECK(other.processes.at(0).first->stage == "auxiliary");
  CHECK(not_restored(beside_whole({.from = 4, .argument = "resumed", .average = "new"})) == Names{"average"});
}

TEST_CASE("another step than was asked for is told by the weights") {
  const auto aligned = beside_whole({.from = 4, .argument = "resumed"}, 3);
  CHECK_FALSE(aligned.same());
  CHECK(aligned.processes.at(0).better == 4);
  CHECK_THAT(to_text(aligned, "A", "B"), Contains("try --align 4"));
  const auto anew = beside_whole({.argument = "resumed"}, 3);
  CHECK_THAT(to_text(anew, "A", "B"), Contains("B began with the weights that A had before training."));
}

TEST_CASE("a run that ends earlier than the whole one is not the same, unless it was asked for no more") {
  const auto shorter = beside_whole({.from = 4, .to = 8, .argument = "resumed"});
  CHECK_FALSE(shorter.same());
  CHECK_THAT(to_text(shorter, "A", "B"), Contains("A ended after step 10, B after its step 4"));
  CHECK(beside_whole({.from = 4, .to = 8, .argument = "resumed", .until = 4}).same());
}

TEST_CASE("a step beyond the end, no step, and other sources are refused") {
  CHECK_THROWS_WITH(beside_whole({.from = 4}, 10),
                    Contains("found 10: it ends after step 10, so 1 to 9 can be"));
  CHECK_THROWS_WITH(beside_whole({.from = 4}, 0), Contains("found 0"));
  const Scratch folder;
  NamedTrace whole = drawn(folder, "whole", {});
  std::filesystem::create_directories(folder / "other");
  Plan plan = whole.trace.plan();
  plan.data[0].sha256 = std::string(64, 'b');
  {
    TraceWriter writer(folder / "other/trace.h5", {plan, {}, {}});
    StepRecord record;
    record.of(Stage::weights) = {tensor("fc.weight", "w")};
    writer.write(record);
    writer.finish();
  }
  CHECK_THROWS_WITH(compare_aligned(whole, {"other", Trace(folder / "other")}, 4),
                    Contains("they train different things") && Contains("--across"));
}

TEST_CASE("a loader that reads ahead is resumed where it stood, and another batch is seen all the same") {
  const Scratch folder;
  Part whole, resumed{4, 10, "resumed"}, others = resumed;
  whole.ahead = resumed.ahead = others.ahead = 1;
  others.batch = "!";
  const auto first = drawn(folder, "whole", whole), second = drawn(folder, "resumed", resumed),
             third = drawn(folder, "others", others);
  CHECK(read_alike(first.trace, 5, second.trace));
  CHECK_FALSE(read_alike(first.trace, 6, second.trace));
  CHECK_FALSE(read_alike(first.trace, 5, third.trace));
  CHECK(compare_aligned(first, second, 4).same());
  const auto found = compare_aligned(first, third, 4);
  CHECK_FALSE(found.same());
  CHECK(not_restored(found.processes[0]) == std::vector<std::string>{"batches"});
}
