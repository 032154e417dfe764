// SPDX-License-Identifier: Apache-2.0
// Two tables of operators held against each other.
#include "harness/judge/probe/compared_probes.h"

#include <catch2/catch.hpp>

#include "harness/judge/probe/probe_json.h"

using namespace reprise;
using Catch::Matchers::Contains;

namespace {

ProbeVerdict verdict(const std::string& probe, const std::string& bits) {
  ProbeVerdict made{probe, {}, bits, "a processor", "2.11.0"};
  for (const auto& word : words_of(Cause{}))
    made.cells.push_back({word.value, ProbeFinding::repeats, 3, "equal"});
  return made;
}

struct Pair {
  ProbeTable there{default_pins(), {verdict("sum", "aa"), verdict("mean", "bb")}};
  ProbeTable here = there;

  ProbeCell& cell(ProbeTable& table, Cause cause) {
    for (auto& one : table.verdicts.front().cells)
      if (one.cause == cause) return one;
    FAIL("every cause has a cell");
    return table.verdicts.front().cells.front();
  }
  ComparedProbes compared() const { return compare_probes(there, here, {Cause::calls, Cause::threads}); }
};

}  // namespace

TEST_CASE("equal tables have no change, and say how much was compared") {
  const Pair pair;
  CHECK(pair.compared().exit_code() == 0);
  CHECK(pair.compared().compared == 6);
  CHECK(pair.compared().uncompared.empty());
}

TEST_CASE("another verdict and other bits are changes, told with both sides") {
  Pair pair;
  pair.cell(pair.here, Cause::threads) = {Cause::threads, ProbeFinding::varies, 3,
                                          "out differs with threads=2"};
  pair.cell(pair.here, Cause::isa).finding = ProbeFinding::varies;  // not asked for
  pair.here.verdicts[1].bits = "cc";
  const auto found = pair.compared();
  CHECK(found.exit_code() == 1);
  REQUIRE(found.changes.size() == 2);
  CHECK(found.changes[0].what == "threads");
  CHECK(found.changes[0].there == "repeats: equal");
  CHECK(found.changes[0].here == "varies: out differs with threads=2");
  CHECK(found.changes[1].what == "bits");
  CHECK_THAT(found.changes[1].here, Contains("cc (a processor, LibTorch 2.11.0)"));
}

TEST_CASE("what is untested in one table, wholly or in part, is not compared and no change") {
  Pair pair;
  pair.cell(pair.there, Cause::calls).finding = ProbeFinding::untested;
  pair.cell(pair.there, Cause::threads).whole = false;
  pair.cell(pair.here, Cause::threads).finding = ProbeFinding::varies;
  pair.here.verdicts[0].bits = "";
  pair.here.verdicts[1].probe = "var";
  const auto found = pair.compared();
  CHECK(found.compared == 0);
  CHECK(found.exit_code() == 2);
  REQUIRE(found.uncompared.size() == 3);
  CHECK(found.uncompared[2] == "the other table tells of operators that this one does not: 1");
  CHECK(found.uncompared[0] == "sum: not told by both tables: bits, calls, threads (in part)");
  CHECK(found.uncompared[1] == "var: the other table does not have it");
}

TEST_CASE("a difference met by chance that was not met again is no change, and a new one is") {
  Pair pair;
  pair.cell(pair.there, Cause::calls).finding = ProbeFinding::varies;
  CHECK(pair.compared().exit_code() == 0);
  CHECK_THAT(pair.compared().uncompared.at(0),
             Contains("calls (varied there, and was not seen to in 3 calls here)"));
  std::swap(pair.there, pair.here);
  CHECK(pair.compared().exit_code() == 1);
  pair = Pair();
  pair.cell(pair.there, Cause::threads).finding = ProbeFinding::varies;
  CHECK(pair.compared().exit_code() == 1);  // that is no chance
}

TEST_CASE("how often a difference was met says whether chance explains that the other table has none") {
  Pair pair;
  const auto met = [&](std::int64_t differ, std::int64_t tries, std::int64_t others) {
    for (auto* table : {&pair.there, &pair.here}) {
      ProbeCell& cell = pair.cell(*table, Cause::calls);
      cell.finding = table == &pair.here ? ProbeFinding::varies : ProbeFinding::repeats;
      cell.tries = table == &pair.here ? tries : others;
      cell.differ = table == &pair.here ? differ : 0;
    }
    return pair.compared().exit_code();
  };
  CHECK(met(1, 20, 20) == 0);
  CHECK_THAT(
      pair.compared().uncompared.at(0),
      Contains("calls (differed in 1 of 20 tries here and in none of 20 there, as chance may have it)"));
  // 20 * 19 * 18 * 17 / (40 * 39 * 38 * 37) is 0.053, with a fifth 0.024.
  CHECK(met(4, 20, 20) == 0);
  CHECK(met(5, 20, 20) == 1);
  CHECK(met(2, 20, 200) == 1);
  std::swap(pair.there, pair.here);
  CHECK(pair.compared().exit_code() == 1);  // what was met often there is gone
}

TEST_CASE("tables of other pins are refused") {
  Pair pair;
  pair.here.pins["precision"] = "bfloat16";
  CHECK_THROWS_WITH(pair.compared(), Contains("precision=float32") && Contains("precision=bfloat16"));
}

TEST_CASE("a table comes back from its JSON document, and anything else is refused") {
  Pair pair;
  ProbeCell& far = pair.cell(pair.there, Cause::threads);
  far.distance = {3e-8, 0.25};
  far.tries = 7;
  far.differ = 2;
  const ProbeOrder order{.pins = default_pins()};
  const auto back = probe_table(to_json(pair.there.verdicts, order).dump(), "there.json");
  for (const auto& cell : back.verdicts.front().cells) {
    CHECK(cell.distance.has_value() == (cell.cause == Cause::threads));
    if (!cell.distance) continue;
    CHECK(cell.distance->v_ermv == 3e-8);
    CHECK(cell.distance->v_c == 0.25);
    CHECK((cell.tries == 7 && cell.differ == 2));
  }
  const auto again = probe_table(to_json(pair.there.verdicts, order).dump(), "there.json");
  CHECK(compare_probes(again, pair.here, {Cause::calls}).exit_code() == 0);
  CHECK(compare_probes(again, pair.here, {Cause::calls}).compared == 4);
  CHECK_THROWS_WITH(probe_table("no", "there.json"), Contains("there.json") && Contains("no JSON document"));
  CHECK_THROWS_WITH(probe_table("{\"schema\": \"reprise.report/1\"}", "r.json"),
                    Contains("reprise.report/1"));
  CHECK_THROWS_WITH(probe_table("{\"schema\": \"reprise.probes/1\"}", "p.json"),
                    Contains("what it must hold"));
}
