// SPDX-License-Identifier: Apache-2.0
// From the runs of an operator to one verdict for each cause.
#include "harness/judge/probe/judged_probe.h"

#include <catch2/catch.hpp>
#include <set>

#include "harness/judge/probe/cause.h"
#include "harness/judge/probe/probe_json.h"

using namespace reprise;
using Catch::Matchers::Contains;

namespace {

std::vector<Cause> all_causes() {
  std::vector<Cause> causes;
  for (const auto& word : words_of(Cause{})) causes.push_back(word.value);
  return causes;
}

ProbeOrder small_order() { return {.repeats = 3, .processes = 2, .pins = default_pins()}; }

// A result of which `number` stands for the bits.
CallDigests call(const std::string& name, float number) {
  const std::int64_t size = 1;
  return {{name, tensor_digest("F32", {&size, 1}, std::as_bytes(std::span(&number, 1)))}};
}

SeenCalls done(std::vector<CallDigests> calls) {
  SeenCalls seen;
  seen.outcome.ending = Ending::done;
  seen.calls = std::move(calls);
  return seen;
}

SeenCalls not_done(const std::string& reason) {
  SeenCalls seen;
  seen.outcome.ending = Ending::skipped;
  seen.outcome.reason = reason;
  return seen;
}

// All runs with the bits of number 1, those of a side with what is given.
struct Made {
  std::vector<ProbeRun> runs = runs_of(plan_of_probe("sum", small_order()), small_order(), all_causes());
  std::vector<SeenCalls> seen;
  Made() {
    for (const auto& run : runs) {
      const std::string name = run.cause == Cause::callers ? "caller 1/out"
                               : run.cause == Cause::batch ? "out[row 0]"
                                                           : "out";
      seen.push_back(done(std::vector<CallDigests>(3, call(name, 1))));
    }
  }
  void set(const std::string& side, const SeenCalls& what) {
    for (std::size_t i = 0; i < runs.size(); ++i)
      if (runs[i].side == side) seen[i] = what;
  }
  ProbeCell cell(Cause cause) const {
    const auto verdict = judge_probe("sum", runs, seen);
    for (const auto& one : verdict.cells)
      if (one.cause == cause) return one;
    FAIL("every cause has a cell");
    return {};
  }
};

}  // namespace

TEST_CASE("each cause asks for runs that differ from the baseline in what it names, and are valid plans") {
  const auto runs = runs_of(plan_of_probe("sum", small_order()), small_order(), all_causes());
  REQUIRE(runs.front().side.empty());
  std::set<Cause> asked;
  for (const auto& run : runs) {
    INFO(run.side);
    CHECK_NOTHROW(check_plan(run.plan));
    CHECK(run.plan.program == "probe/sum");
    CHECK(run.plan.steps == (run.cause == Cause::default_mode ? 15 : 3));
    CHECK((plan_id(run.plan) == plan_id(runs.front().plan)) == (run.side.empty() || run.repeat > 1));
    CHECK(not_varied(runs.front().plan, run.cause) == "not asked");
    asked.insert(run.cause);
  }
  CHECK(asked.size() == words_of(Cause{}).size());
  CHECK(runs_of(plan_of_probe("sum", small_order()), small_order(), {Cause::calls}).size() == 1);
  for (const auto& word : words_of(Cause{})) CHECK_FALSE(summary_of(word.value).empty());
}

TEST_CASE("a side that the order pins already is no run of its own") {
  ProbeOrder order = small_order();
  order.pins["threads"] = "2";
  CHECK(runs_of(plan_of_probe("sum", order), order, {Cause::threads}).size() == 1);
  CHECK(runs_of(plan_of_probe("sum", small_order()), small_order(), {Cause::threads}).size() == 2);
}

TEST_CASE("equal bits repeat, with the bound that their number supports") {
  const Made made;
  for (const Cause cause : all_causes()) {
    const ProbeCell cell = made.cell(cause);
    INFO(to_text(cause) << ": " << cell.sentence);
    CHECK(cell.finding == ProbeFinding::repeats);
    CHECK(cell.calls >= 3);
    CHECK_THAT(cell.sentence, Contains("gave the same bits: at most") && Contains("95 %"));
  }
  CHECK(made.cell(Cause::calls).calls == 3);
  CHECK(made.cell(Cause::batch).calls == 6);
  CHECK(rule_of_three(300) == Approx(0.01));
  CHECK(rule_of_three(1) == 1);
}

TEST_CASE("a difference is told with its call and what was other") {
  Made made;
  made.seen.front() = done({call("out", 1), call("out", 1), call("out", 2)});
  CHECK(made.cell(Cause::calls).finding == ProbeFinding::varies);
  CHECK(made.cell(Cause::calls).sentence == "out differs in call 3 of 3");
  made.set("threads=2", done(std::vector<CallDigests>(3, call("out", 5))));
  CHECK(made.cell(Cause::threads).finding == ProbeFinding::untested);  // it differs anyway
  CHECK_THAT(made.cell(Cause::threads).sentence,
             Contains("calls of the baseline differ already") && Contains("out differs with threads=2"));
  CHECK(judge_probe("sum", made.runs, made.seen).bits.empty());
  made.seen.front() = done(std::vector<CallDigests>(3, call("out", 1)));
  CHECK(made.cell(Cause::threads).sentence == "out differs with threads=2 in call 1 of 3");
  made.set("rows=one", done(std::vector<CallDigests>(3, call("out[row 0]", 7))));
  CHECK(made.cell(Cause::batch).finding == ProbeFinding::varies);
  made.set("callers=4",
           done({{{"caller 1/out", call("out", 1).at("out")}, {"caller 2/out", call("out", 3).at("out")}}}));
  CHECK_THAT(made.cell(Cause::callers).sentence, Contains("caller 2/out differs"));
  // Two threads may round otherwise than one, but must do so each time.
  made.set("deterministic=off threads=2", done(std::vector<CallDigests>(3, call("out", 5))));
  CHECK(made.cell(Cause::default_mode).finding == ProbeFinding::repeats);
  made.set("deterministic=off threads=2", done({call("out", 5), call("out", 6)}));
  CHECK(made.cell(Cause::default_mode).finding == ProbeFinding::varies);
  // The first call is the odd one: chance struck once and not four times.
  made.set("deterministic=off threads=2",
           done({call("out", 6), call("out", 5), call("out", 5), call("out", 5), call("out", 5)}));
  CHECK(made.cell(Cause::default_mode).differ == 1);
  CHECK(made.cell(Cause::default_mode).tries == 5);
}

TEST_CASE("another name of a result is no equal result") {
  Made made;
  made.set("threads=2", done({call("other", 1)}));
  CHECK(made.cell(Cause::threads).finding == ProbeFinding::varies);
  made.set("threads=2", done({CallDigests{}}));
  CHECK(made.cell(Cause::threads).finding != ProbeFinding::repeats);
}

TEST_CASE("what was not run is untested with the reason, and nothing is said of it") {
  Made made;
  made.set("isa=avx512", not_done("this processor has no AVX-512"));
  CHECK(made.cell(Cause::isa).finding == ProbeFinding::repeats);
  CHECK_THAT(made.cell(Cause::isa).sentence,
             Contains("with isa=default, isa=avx2 gave") && Contains("untested: isa=avx512: this processor"));
  made.set("mkl=compatible", not_done("no MKL"));
  CHECK(made.cell(Cause::mkl).finding == ProbeFinding::untested);
  CHECK(made.cell(Cause::mkl).sentence == "mkl=compatible: no MKL");
  made.set("rows=one", not_done("it has no rows"));
  CHECK(made.cell(Cause::batch).finding == ProbeFinding::untested);
  made.seen.front() = not_done("LibTorch refuses it");
  for (const Cause cause : {Cause::calls, Cause::processes, Cause::threads, Cause::memory}) {
    CHECK(made.cell(cause).finding == ProbeFinding::untested);
    CHECK_THAT(made.cell(cause).sentence, Contains("LibTorch refuses it"));
  }
  CHECK(made.cell(Cause::default_mode).finding == ProbeFinding::repeats);
  const auto little =
      judge_probe("sum", runs_of(plan_of_probe("sum", small_order()), small_order(), {Cause::calls}),
                  {done({call("out", 1)})});
  CHECK(little.cells.at(1).finding == ProbeFinding::untested);
  CHECK(little.cells.at(1).sentence == "not asked");
}

TEST_CASE("a busy machine is held against an idle one with as many threads") {
  Made made;
  made.set("threads=2", done(std::vector<CallDigests>(3, call("out", 5))));
  made.set("threads=2 load=4", done(std::vector<CallDigests>(3, call("out", 5))));
  CHECK(made.cell(Cause::load).finding == ProbeFinding::repeats);
  CHECK(made.cell(Cause::threads).finding == ProbeFinding::varies);
  made.set("threads=2 load=4", done({call("out", 5), call("out", 6), call("out", 5)}));
  CHECK(made.cell(Cause::load).finding == ProbeFinding::varies);
  CHECK(made.cell(Cause::load).sentence == "out differs with threads=2 load=4 in call 2 of 3");
  CHECK(made.cell(Cause::load).tries == 6);
  CHECK(made.cell(Cause::load).differ == 1);
  made.set("threads=2 load=4", not_done("no cores"));
  CHECK(made.cell(Cause::load).finding == ProbeFinding::untested);
}

TEST_CASE("of fresh processes each is one try, whatever its calls") {
  Made made;
  made.set("process 2", done(std::vector<CallDigests>(3, call("out", 5))));
  CHECK(made.cell(Cause::processes).differ == 1);
  CHECK(made.cell(Cause::processes).tries == 1);
  CHECK(made.cell(Cause::processes).calls == 3);
}

TEST_CASE("a command's runs vary what needs no parameter of a probe, and the rest says why it is untested") {
  Plan command = plan_of_probe("sum", small_order());
  command.parameters = {};
  const auto runs = runs_of(command, small_order(), all_causes());
  std::set<Cause> asked;
  for (const auto& run : runs) asked.insert(run.cause);
  CHECK(asked.contains(Cause::threads));
  CHECK(asked.contains(Cause::default_mode));
  for (const Cause cause : {Cause::callers, Cause::alignment, Cause::memory, Cause::batch}) {
    CHECK_FALSE(asked.contains(cause));
    CHECK_THAT(not_varied(command, cause), Contains("a function in Python"));
    std::vector<SeenCalls> seen(runs.size(), done(std::vector<CallDigests>(3, call("out", 1))));
    for (const auto& cell : judge_probe("sum", runs, seen).cells)
      if (cell.cause == cause) CHECK(cell.sentence == not_varied(command, cause));
  }
  CHECK(not_varied(command, Cause::threads) == "not asked");
}

TEST_CASE("verdicts as JSON have a cell for each cause") {
  const Made made;
  const auto document = to_json({judge_probe("sum", made.runs, made.seen)}, small_order());
  CHECK(document["schema"] == "reprise.probes/1");
  CHECK(document["repeats"] == 3);
  CHECK(document["operators"][0]["name"] == "sum");
  CHECK(document["operators"][0]["cells"].size() == document["causes"].size());
  CHECK(document["operators"][0]["cells"][0]["finding"] == "repeats");
}
