// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

#include "harness/base/text.h"
#include "reports/sample.h"

using namespace reprise;
using Json = nlohmann::json;

namespace {

bool says(const Json& sentences, const std::string& words) {
  return std::ranges::any_of(sentences, [&](const Json& sentence) {
    return sentence.get<std::string>().find(words) != std::string::npos;
  });
}

std::string strips_sentence(const Evidence& evidence) {
  return all_of<blocks::Strips>(evidence.report()).at(0).caption;
}

std::string curves_sentence(const Evidence& evidence) {
  return all_of<blocks::Curves>(evidence.report()).at(0).caption;
}

// "" where nothing is said of what decides the classes.
std::string explaining(const Evidence& evidence) {
  for (const auto& section : evidence.report().sections)
    if (section.key == "factors")
      for (const auto& block : section.blocks)
        if (const auto* prose = std::get_if<blocks::Prose>(&block.content)) return prose->sentences.at(0);
  return "";
}

}  // namespace

TEST_CASE("the classes hold the names of their runs and where they part from the first") {
  const Json report = json_of(sample());
  REQUIRE(report["class_details"].size() == 4);
  CHECK(report["class_details"][0]["configurations"] ==
        std::vector<std::string>{"baseline", "repeat=2", "mkl=strict", "isa=avx2", "threads=2 mkl=strict"});
  CHECK(report["class_details"][0]["parts"] == "");
  CHECK(report["class_details"][1]["parts"] == "step 1, gradients, fc2.weight, leaf 2 of 7");
  CHECK(report["class_details"][2]["parts"] == "before training, weights, fc1.weight");
  CHECK(report["class_details"][3]["parts"] == "before training, rng, cpu; other batch order from step 1");
  CHECK(report["class_details"][0]["metric"] == "test_accuracy 92.25 %");
  CHECK(report["class_details"][0]["final_loss"] == "0.441201");
  CHECK(report["class_details"][0]["final_weights"].get<std::string>().size() == 32);
}

TEST_CASE("a tensor of one leaf is not narrowed further") {
  Evidence evidence = sample();
  evidence.diff.divergences[0].first.leaf = LeafPlace{1, 0, 1, 1};
  const Json report = json_of(evidence);
  CHECK(report["class_details"][1]["parts"] == "step 1, gradients, fc2.weight");
  CHECK_FALSE(says(report["partings"][0]["sentences"], "leaves"));
}

TEST_CASE("the verdict names what parts, and the factor that holds it") {
  const Report report = sample().report();
  CHECK(report.title == "waves: 4 equivalence classes of 8 runs");
  CHECK(report.subtitle == "recipe waves 3f9a07c1, 200 steps compared, 8 runs and 2 untested");
  CHECK(report.verdict.front() == "8 runs fall into 4 equivalence classes of equal bits.");
  CHECK(says(
      report.verdict,
      "threads=2 parts from baseline at step 1, in gradients, fc2.weight; with mkl=strict it does not."));
  CHECK(says(report.verdict, "isa=default parts from baseline before training"));
  CHECK_FALSE(says(report.verdict,
                   "isa=default parts from baseline before training, in initial weights, fc1.weight; with"));
  CHECK(report.mood == Mood::bad);
  CHECK(report.exit_code == 2);
}

TEST_CASE(
    "a GPU's tensors that were digested as copies on the CPU are told, with the reason, in place is no "
    "news") {
  Evidence evidence = sample();
  evidence.diff.traces[0].facts["digest.device"] = "cuda";
  CHECK_FALSE(marked(evidence.report(), Mood::neutral, "made on the CPU"));
  evidence.diff.traces[1].facts["digest.device"] = "cpu: there is no lib/libreprise_cuda.so";
  CHECK(marked(evidence.report(), Mood::neutral,
               "digests of the GPU's tensors were made on the CPU, of copies: there is no "
               "lib/libreprise_cuda.so (in 1 of 8 runs)"));
}

TEST_CASE("the marks say what was checked and what was not") {
  const Report report = sample().report();
  CHECK(marked(report, Mood::good, "pins held at 24 of 24 readings"));
  CHECK(marked(report, Mood::good, "repeats identical: each plan ran 2 times"));
  CHECK(marked(report, Mood::bad, "loss is not a number from step 151 in class D"));
  CHECK(marked(report, Mood::neutral, "threads=64: untested, this machine has 2 cores"));
  CHECK(marked(report, Mood::bad, "onednn=off: untested, the worker ended with exit code 3"));

  Evidence scripted = sample();
  scripted.diff.traces[1].pins_held = 0;
  CHECK(marked(scripted.report(), Mood::neutral,
               "the script has settings of its own, which stand below: 3 of 24"));

  Evidence other = sample();
  other.diff.traces[1].pin_checks = other.diff.traces[1].pins_held = 0;
  other.diff.traces[2].processes[0].finished = false;
  other.diff.traces[2].processes[0].last_step = 150;
  other.diff.traces[2].processes[0].why_no_more = "a record is not whole";
  other.verdict.factors.erase(other.verdict.factors.begin());
  other.matrix.factors.erase(other.matrix.factors.begin());
  for (int i = 0; i < 3; ++i) other.matrix.configurations.push_back(other.matrix.configurations.back());
  const Report changed = other.report();
  CHECK(marked(changed, Mood::good, "pins held at 21 of 21 readings"));
  CHECK(marked(changed, Mood::bad, "pins of 1 run were never read back"));
  CHECK(marked(changed, Mood::bad, "mkl=strict did not finish: it ends at step 150 of 200"));
  CHECK(marked(changed, Mood::bad,
               "mkl=strict was read up to its last good step, 150, as it is damaged: a record is not whole"));
  CHECK(marked(changed, Mood::neutral, "repeats: untested, no run was repeated"));
  CHECK(marked(changed, Mood::bad, "5 runs untested: 4 failed and 1 skipped"));
}

TEST_CASE("a repeat that differs is said first, and what to do") {
  Evidence evidence = sample();
  evidence.verdict.failed = 0;
  evidence.verdict.factors[0].moved = true;
  evidence.verdict.factors[0].finding = Finding::identical_until;
  evidence.verdict.factors[0].found = "repeat 2 moved them at step 7";
  evidence.verdict.factors[0].values[0] = {"2", Finding::identical_until, 7, "moved the bits at step 7"};
  evidence.verdict.factors[0].kept = false;
  const Report report = evidence.report();
  CHECK(marked(report, Mood::bad, "repeats differ: repeat 2 moved them at step 7"));
  const Json json = json_of(report);
  CHECK(json["next"].get<std::string>().starts_with("Make a run repeat itself"));
  CHECK(json["factors"][0]["verdict"] == "identical until step 7");
  CHECK(json["factors"][0]["by_value"][0]["broken"] == true);
  CHECK(json["factors"][0]["mood"] == "bad");
}

TEST_CASE("lanes tell other data from other arithmetic") {
  const auto strips = all_of<blocks::Strips>(sample().report()).at(0).strips;
  REQUIRE(strips.size() == 7);
  CHECK(strips[0].lanes.empty());
  const auto& threads = strips[3];
  REQUIRE(threads.configuration == "threads=2");
  REQUIRE(threads.lanes.size() == stage_count - 1);
  CHECK_FALSE(threads.lanes[0].first.has_value());
  CHECK(threads.lanes[2].stage == "loss");
  CHECK(threads.lanes[2].first == 2);
  CHECK(strips_sentence(sample()) ==
        "Pale: equal to baseline. Filled: differs. D (seed=1) saw the samples in another order: other "
        "batches, not other arithmetic. For B (threads=2) "
        "and C "
        "(isa=default) batches and random streams stay equal to the end: same data, and what differs is "
        "arithmetic.");
}

TEST_CASE("where no batches were seen nothing is said of equal data") {
  Evidence evidence = sample();
  for (auto& trace : evidence.diff.traces) trace.sees_batches = false;
  CHECK_THAT(strips_sentence(evidence),
             Catch::Contains("What they trained on was not seen") && !Catch::Contains("same data"));
  const auto strips = all_of<blocks::Strips>(evidence.report()).at(0).strips;
  for (const auto& strip : strips)
    for (const auto& lane : strip.lanes) CHECK(lane.stage != "batch");
}

TEST_CASE("other data is named before anything else") {
  Evidence evidence = sample();
  evidence.diff.divergences[1].first.stage = "data";
  evidence.diff.divergences[1].first.tensor = "train.x";
  CHECK_THAT(strips_sentence(evidence), Catch::Contains(". C (isa=default) saw other data from the start."));
  const auto strip = all_of<blocks::Strips>(evidence.report()).at(0).strips.at(5);
  CHECK(strip.lanes.front().stage == "data");
  CHECK(strip.lanes.front().first == 0);
}

TEST_CASE("curves are thinned to 400 points and keep both ends") {
  const auto curves = all_of<blocks::Curves>(many(1, 2, 1).report()).at(0).curves;
  REQUIRE(curves.size() == 3);
  for (const auto& curve : curves) {
    CHECK(curve.steps.size() == 400);
    CHECK(curve.steps.front() == 1);
    CHECK(curve.steps.back() == 3000);
    CHECK(std::is_sorted(curve.steps.begin(), curve.steps.end()));
    CHECK(std::adjacent_find(curve.steps.begin(), curve.steps.end()) == curve.steps.end());
    CHECK(curve.loss.size() == 400);
  }
  CHECK(curves[0].distance.empty());
  CHECK(curves[1].distance.size() == 400);
  CHECK(all_of<blocks::Curves>(sample().report()).at(0).curves[0].steps.size() == 200);
}

TEST_CASE("the sentences on the losses are read off them") {
  CHECK(curves_sentence(sample()).starts_with(
      "The loss of B leaves that of A at step 2, by 2e-07, and is 2e-05 away at step 200."));
  CHECK(curves_sentence(two_equal()).empty());
  Evidence evidence = sample();
  std::fill(evidence.diff.divergences[0].loss_distance.begin(),
            evidence.diff.divergences[0].loss_distance.end(), 0.0);
  CHECK(curves_sentence(evidence).starts_with("The loss of B equals that of A at every step."));
  std::fill(evidence.diff.divergences[0].loss_distance.begin(),
            evidence.diff.divergences[0].loss_distance.end(), std::nan(""));
  CHECK(curves_sentence(evidence).starts_with(
      "The loss of A or B is not a number at step 1, the first at which they differ."));
}

TEST_CASE("the heat map is symmetric and equal along the diagonal") {
  const auto cells = all_of<blocks::Heat>(sample().report()).at(0).cells;
  REQUIRE(cells.size() == 8);
  for (std::size_t i = 0; i < 8; ++i) {
    CHECK_FALSE(cells[i][i].first.has_value());
    for (std::size_t j = 0; j < 8; ++j) CHECK(cells[i][j].first == cells[j][i].first);
  }
  CHECK(cells[0][4].first == 1);
  CHECK(cells[4][6].first == 0);
  CHECK_FALSE(cells[0][5].first.has_value());
}

TEST_CASE("a parting tells place, leaf, stages, losses and distances") {
  const Json report = json_of(sample());
  REQUIRE(report["partings"].size() == 6);
  const auto& threads = report["partings"][0];
  CHECK_THAT(threads["title"].get<std::string>(), Catch::StartsWith("step 1: gradients of fc2.weight"));
  CHECK(says(threads["sentences"],
             "Every digest is equal up to the start of training, the initial weights included."));
  CHECK(says(threads["sentences"],
             "At step 1 the gradients differ first, in fc2.weight (2 of 4 tensors differ there)."));
  CHECK(
      says(threads["sentences"], "There 3 of its 7 leaves of 16 KiB differ, first leaf 2 (counted from 0)."));
  CHECK(says(threads["sentences"],
             "gradients, weights and optimizer from step 1; loss from step 2; never batch and rng."));
  CHECK(
      says(threads["sentences"], "The losses differ from step 2, by 2e-07; at most by 2e-05, at step 200."));
  CHECK(says(threads["sentences"], "At the checkpoint of step 200, which both kept, 2 of 4 tensors differ."));
  REQUIRE_FALSE(threads["distances"].is_null());
  CHECK(threads["distances"]["rows"][0] ==
        std::vector<std::string>{"weights/fc1.weight", "3118", "10000", "2", "1.2e-07", "3.5e-08"});
  const auto& seed = report["partings"][2];
  CHECK(seed["sentences"][0].get<std::string>().starts_with("The batch order differs from step 1 on"));
  CHECK(says(seed["sentences"], "At step 151, for the first time, the loss of one side is not a number."));
  CHECK(says(seed["sentences"], "No checkpoint was kept by both sides"));
}

TEST_CASE("twenty pairs of classes are written out, the others counted") {
  const Json report = json_of(many(0, 7, 1));
  CHECK(report["partings"].size() == 20);
  CHECK(report["partings_left_out"] == 8);
  CHECK(report["partings"][6]["a"] == "A");
  CHECK(report["partings"][7]["a"] == "B");
}

TEST_CASE("pins and facts stand side by side, and what differs is marked") {
  const Json report = json_of(sample());
  CHECK(report["pins"]["head"] == std::vector<std::string>{"pin", "A", "B", "C", "D"});
  REQUIRE(report["pins"]["rows"].size() == 4);
  CHECK(report["pins"]["rows"][3] == std::vector<std::string>{"threads", "1", "2", "1", "1"});
  CHECK(report["pins"]["differs"] == std::vector<bool>{false, true, false, true});
  CHECK(report["facts"]["rows"][1][3] == "DEFAULT");
  CHECK(report["facts"]["differs"] == std::vector<bool>{false, true, false});
  Evidence evidence = sample();
  evidence.diff.traces[4].facts.erase("cpu.model");
  CHECK(json_of(evidence)["facts"]["rows"][0][2] == "not recorded");
  CHECK(json_of(evidence)["facts"]["differs"][0] == true);
}

TEST_CASE("the factors keep the judge's words and mark what is broken") {
  Evidence evidence = sample();
  evidence.verdict.factors[1].finding = evidence.verdict.factors[1].values[0].finding = Finding::different;
  evidence.verdict.factors[1].kept = false;
  const Json report = json_of(evidence);
  CHECK(report["factors"][1]["verdict"] == "different");
  CHECK(report["factors"][1]["by_value"][0]["broken"] == true);
  CHECK(report["factors"][2]["verdict"] == "inconclusive");
  CHECK(report["factors"][2]["by_value"][1]["broken"] == false);
  CHECK(report["factors"][3]["mood"] == "good");
  CHECK(report["factors"][4]["mood"] == "neutral");
  CHECK(explaining(evidence) == "isa, mkl, seed and threads alone decide every run's class.");
  evidence.verdict.explained = false;
  CHECK(explaining(evidence).starts_with("No set of the factors explains the classes"));
}

TEST_CASE("two equal traces and no run at all are reports too") {
  const Report equal = two_equal().report();
  CHECK(equal.mood == Mood::good);
  CHECK(equal.verdict ==
        std::vector<std::string>{
            "2 runs are in one equivalence class: every digest of every step is equal (20 steps)."});
  CHECK(json_of(equal)["partings"].empty());
  CHECK(explaining(two_equal()).empty());
  CHECK(json_of(equal)["next"] == "");
  const Report none = nothing_done().report();
  CHECK(none.title == "mnist1d: no run to compare");
  const Json json = json_of(none);
  CHECK(json["classes"].empty());
  CHECK(json["untested"].size() == 2);
  CHECK(json["factors"][0]["verdict"] == "untested");
}

TEST_CASE(
    "the metric of runs with equal bits is told, once where it is equal, and with both ends where not") {
  Evidence evidence = two_equal();
  evidence.metric = Metric{"accuracy", "%", true, 0.5};
  evidence.diff.traces[0].final_metrics = evidence.diff.traces[1].final_metrics = {{"accuracy", 75.5}};
  CHECK(marked(evidence.report(), Mood::good, "accuracy 75.5 % in every run"));
  evidence.diff.traces[1].final_metrics["accuracy"] = 74.25;
  CHECK(marked(evidence.report(), Mood::bad, "accuracy 74.25 to 75.5 % among runs of equal bits (class A)"));
  CHECK(json_of(evidence)["class_details"][0]["metric"] == "accuracy 74.25 to 75.5 %");
  evidence.diff.traces[1].final_metrics.clear();
  CHECK(marked(evidence.report(), Mood::bad, "some lack accuracy among runs of equal bits"));
}
