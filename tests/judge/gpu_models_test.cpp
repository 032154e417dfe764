// SPDX-License-Identifier: Apache-2.0
// Predictions from cards alone, and what comes of them in traces that were drawn by hand.
#include "harness/judge/explain/gpu_models.h"

#include <catch2/catch.hpp>

#include "judge/drawn_trace.h"
#include "scratch.h"

using namespace reprise;
using Catch::Matchers::Contains;

namespace {

GpuModel made_gpu(const char* name, int major, int minor, int processors, int threads) {
  return {name, std::string("GPU-") + name, major, minor, processors, threads};
}

const GpuModel t4 = made_gpu("T4", 7, 5, 40, 1024), l4 = made_gpu("L4", 8, 9, 58, 1536),
               a10g = made_gpu("A10G", 8, 6, 80, 1536), h100 = made_gpu("H100", 9, 0, 132, 2048),
               h200 = made_gpu("H200", 9, 0, 132, 2048);

Facts facts_of(const GpuModel& card) {
  return {{"cpu.model", "a test"},
          {"gpu.name", card.name},
          {"gpu.uuid", card.uuid},
          {"gpu.capability", fmt::format("{}.{}", card.major, card.minor)},
          {"gpu.processors", std::to_string(card.processors)},
          {"gpu.threads_per_processor", std::to_string(card.threads_per_processor)},
          {"gpu.driver", "580.159"},
          {"library.libcudnn.so.9", "aa"}};
}

// The trace's largest weight has 3 * 4096 elements: between no two cards' capacities; so cards are made
// small.
const GpuModel small = made_gpu("small", 8, 6, 4, 1024), large = made_gpu("large", 8, 6, 80, 1536);

Trace drawn_on(const Scratch& scratch, const char* name, const Facts& facts, const std::string& rng,
               std::vector<Change> changes = {}) {
  DrawnTrace drawn;
  drawn.facts = facts;
  drawn.pins["rng"] = rng;
  drawn.pins["device"] = facts.contains("gpu.name") ? "cuda:0" : "cpu";
  drawn.changes = std::move(changes);
  return draw(scratch / name, drawn);
}

std::vector<GpuPair> pairs_of(const Trace& a, const Trace& b) {
  return gpu_pairs(compare({{"one", a}, {"other", b}}));
}

const std::vector<Change> from_the_start = {{Stage::weights, "fc1.weight", 0}},
                          from_step_3 = {{Stage::gradients, "fc1.weight", 3},
                                         {Stage::weights, "fc1.weight", 3}};

}  // namespace

TEST_CASE("how many numbers a card draws at once follows from its processors and threads") {
  const struct {
    const char* name;
    int processors, threads;
    std::int64_t at_once;
  } table[] = {{"T4", 40, 1024, 40960},
               {"L4", 58, 1536, 89088},
               {"A10", 72, 1536, 110592},
               {"A10G", 80, 1536, 122880},
               {"3090", 82, 1536, 125952},
               {"H20", 78, 2048, 159744},
               {"V100", 80, 2048, 163840},
               {"4090D", 114, 1536, 175104},
               {"4090", 128, 1536, 196608},
               {"L40", 142, 1536, 218112},
               {"A100", 108, 2048, 221184},
               {"H100 PCIe", 114, 2048, 233472},
               {"H100 SXM, H200", 132, 2048, 270336},
               {"B200", 148, 2048, 303104}};
  for (const auto& row : table) {
    INFO(row.name);
    CHECK(drawn_at_once(row.processors, row.threads) == row.at_once);
  }
  // Blocks of 256 threads that do not fit whole are not there.
  CHECK(drawn_at_once(10, 1100) == 10 * 1024);
  CHECK(drawn_at_once(10, 255) == 0);
}

TEST_CASE("two cards whose draws differ are told so only for draws on the device that are large enough") {
  CHECK(predict(a10g, l4, {true, 89089}).draws == Draws::differ);
  CHECK(predict(l4, a10g, {true, 89089}).draws == Draws::differ);
  CHECK(predict(a10g, l4, {true, 89088}).draws == Draws::equal);
  CHECK(predict(a10g, l4, {true, 0}).draws == Draws::unknown);
  CHECK(predict(a10g, l4, {false, 1 << 30}).draws == Draws::equal);
  CHECK_THAT(predict(a10g, l4, {true, 100000}).sentence,
             Contains("A10G draws 122880 numbers at once and L4 89088") && Contains("100000"));
  CHECK(predict(t4, std::nullopt, {true, 1}).draws == Draws::differ);
  CHECK(predict(std::nullopt, t4, {false, 1}).draws == Draws::equal);
  // As many numbers at once, but another architecture: equal draws, and no null test.
  const GpuModel other = made_gpu("other", 10, 0, 132, 2048);
  CHECK(predict(h100, other, {true, 1 << 30}).draws == Draws::equal);
  CHECK_FALSE(predict(h100, other, {true, 1 << 30}).null_test);
}

TEST_CASE("two cards of equal architecture and processors are a null test, however numbers are drawn") {
  for (const bool on_device : {true, false}) {
    const auto prediction = predict(h100, h200, {on_device, 1 << 30});
    CHECK(prediction.null_test);
    CHECK_THAT(prediction.sentence, Contains("null test") && Contains("expect zero differences"));
  }
  GpuModel slice = h100, next = h100, fewer = h100;
  slice.processors = 16;
  next.minor = 3;
  fewer.threads_per_processor = 1536;
  for (const GpuModel& other : {slice, next, fewer}) CHECK_FALSE(predict(h100, other, {true, 0}).null_test);
}

TEST_CASE("a card is read back from facts, and a run on the CPU has none") {
  const auto read = gpu_model_of(facts_of(l4));
  REQUIRE(read);
  CHECK(read->name == "L4");
  CHECK(read->uuid == "GPU-L4");
  CHECK(read->major == 8);
  CHECK(read->minor == 9);
  CHECK(drawn_at_once(*read) == 89088);
  CHECK_FALSE(gpu_model_of({{"cpu.model", "a test"}}));
  Facts torn = facts_of(l4);
  torn.erase("gpu.processors");
  CHECK_FALSE(gpu_model_of(torn));
}

TEST_CASE("a predicted divergence of draws is held against the initial weights") {
  const Scratch scratch;
  const Trace a = drawn_on(scratch, "a", facts_of(large), "device"),
              apart = drawn_on(scratch, "apart", facts_of(small), "device", from_the_start),
              late = drawn_on(scratch, "late", facts_of(small), "device", from_step_3),
              same = drawn_on(scratch, "same", facts_of(small), "device");
  const auto told = [&](const Trace& b) {
    const auto pairs = pairs_of(a, b);
    REQUIRE(pairs.size() == 1);
    CHECK(pairs[0].prediction.draws == Draws::differ);
    return pairs[0].outcome;
  };
  CHECK(told(apart).came_true == true);
  CHECK_THAT(told(apart).sentence, Contains("the largest draw here has 12288") &&
                                       Contains("It came true: the initial weights differ"));
  CHECK(told(late).came_true == false);
  CHECK_THAT(told(late).sentence, Contains("It did not come true: the initial weights are the same, and they "
                                           "part at step 3"));
  CHECK(told(same).came_true == false);
  CHECK_THAT(told(same).sentence, Contains("no bit differs"));
}

TEST_CASE("draws by the harness are predicted to be equal, and a run that parts later keeps that true") {
  const Scratch scratch;
  const Trace a = drawn_on(scratch, "a", facts_of(large), "harness"),
              late = drawn_on(scratch, "late", facts_of(small), "harness", from_step_3),
              apart = drawn_on(scratch, "apart", facts_of(small), "harness", from_the_start),
              cpu = drawn_on(scratch, "cpu", {{"cpu.model", "a test"}}, "harness", from_step_3);
  CHECK(pairs_of(a, late).at(0).outcome.came_true == true);
  CHECK(pairs_of(a, apart).at(0).outcome.came_true == false);
  CHECK(pairs_of(a, cpu).at(0).outcome.came_true == true);
  CHECK_THAT(pairs_of(cpu, a).at(0).outcome.sentence, Contains("the CPU and large"));
}

TEST_CASE("a null test is held against the whole run, and other libraries make it none") {
  const Scratch scratch;
  const Trace a = drawn_on(scratch, "a", facts_of(h100), "harness"),
              same = drawn_on(scratch, "same", facts_of(h200), "harness"),
              late = drawn_on(scratch, "late", facts_of(h200), "harness", from_step_3);
  Facts other = facts_of(h200);
  other["library.libcudnn.so.9"] = "bb";
  const Trace libraries = drawn_on(scratch, "libraries", other, "harness", from_step_3);
  CHECK(pairs_of(a, same).at(0).outcome.came_true == true);
  CHECK_THAT(pairs_of(a, same).at(0).outcome.sentence, Contains("It came true: no bit differs"));
  CHECK(pairs_of(a, late).at(0).outcome.came_true == false);
  CHECK_FALSE(pairs_of(a, libraries).at(0).prediction.null_test);
  CHECK_THAT(pairs_of(a, libraries).at(0).outcome.sentence, Contains("which they are not"));
}

TEST_CASE("runs on one card, and runs that differ in more than the device, are no pair") {
  const Scratch scratch;
  const Trace a = drawn_on(scratch, "a", facts_of(h100), "harness"),
              again = drawn_on(scratch, "again", facts_of(h100), "harness"),
              drawn = drawn_on(scratch, "drawn", facts_of(h200), "device", from_the_start),
              cpu = drawn_on(scratch, "cpu", {}, "harness"), cpu2 = drawn_on(scratch, "cpu2", {}, "harness");
  CHECK(pairs_of(a, again).empty());
  CHECK(pairs_of(a, drawn).empty());
  CHECK(pairs_of(cpu, cpu2).empty());
  // Repeats of one pair are told once.
  CHECK(gpu_pairs(compare({{"1", a}, {"2", again}, {"3", cpu}, {"4", cpu2}})).size() == 1);
}
