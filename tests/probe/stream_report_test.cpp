// SPDX-License-Identifier: Apache-2.0
// Which random draws are portable: the answer, from cards and what was measured to a document.
#include "reports/probes/stream_report.h"

#include <catch2/catch.hpp>

#include "harness/base/text.h"
#include "harness/judge/probe/cause.h"
#include "harness/terminal/probe/stream_making.h"
#include "probes/streams/draw_kinds.h"
#include "probes/streams/known_answers.h"

using namespace reprise;
using Catch::Matchers::Contains;

namespace {

ProbeVerdict drawn(const std::string& probe, const std::string& bits, const std::string& libtorch) {
  ProbeVerdict verdict{probe, {}, bits, "a processor", libtorch};
  verdict.cells.push_back({Cause::calls, ProbeFinding::repeats, 20, "equal"});
  return verdict;
}

StreamAnswer between(const std::vector<std::string>& names) {
  StreamAnswer answer;
  answer.cards = chosen_cards(names, {});
  return answer;
}

nlohmann::ordered_json draw_in(const Report& report, std::string_view name) {
  for (const auto& draw : member_of(report, "draws"))
    if (draw["name"] == name) return draw;
  FAIL("no draw is named " << name);
  return {};
}

}  // namespace

TEST_CASE("two cards' draws are told with the size up to which they are the same, for each kind") {
  const Report report = stream_report(between({"A100", "H100"}), {"reprise", "probe", "streams"});
  CHECK_THAT(report.headline, Contains("A100, H100 draw the same numbers up to 221184 in one draw") &&
                                  Contains("more than 884736"));
  CHECK(report.exit_code == 0);
  const auto normal = draw_in(report, "normal");
  CHECK(normal["pairs"][0]["same_up_to"] == 221184);
  CHECK(normal["pairs"][0]["same_after"] == 884736);
  CHECK(normal["cpu_rule"] == "the same with AVX2 and AVX-512, other without");
  CHECK(draw_in(report, "dropout")["pairs"][0]["same_up_to"] == 884736);
  CHECK(draw_in(report, "poisson")["pairs"][0]["same_up_to"].is_null());
  CHECK(member_of(report, "cards")[1]["drawn_at_once"] == 270336);
  const Report equal = stream_report(between({"H100", "H200"}), {});
  CHECK_THAT(equal.headline, Contains("every draw has the same numbers on all of them"));
  CHECK_THAT(stream_report(between({"T4"}), {}).headline, Contains("T4 draws 40960 numbers at once"));
}

TEST_CASE("without names the cards of this machine are meant, and all known ones where it has none") {
  CHECK(chosen_cards({}, {}).size() == known_cuda_cards().size());
  GpuList gpus;
  Gpu gpu;
  gpu.name = "a card";
  gpu.processors = 10;
  gpu.threads_per_processor = 1024;
  gpus.gpus.push_back(gpu);
  const auto found = chosen_cards({}, gpus);
  REQUIRE(found.size() == 1);
  CHECK(found[0].at_once() == 10240);
  CHECK_THROWS_WITH(chosen_cards({"A1000"}, gpus), Contains("A100"));
}

TEST_CASE("what was drawn is held against what is known of that LibTorch, and of no other") {
  REQUIRE_FALSE(known_answers().empty());
  for (const auto& known : known_answers()) {
    INFO(known.probe << " " << known.libtorch << " " << known.condition);
    CHECK(known.bits.size() == 32);
    const bool named =
        std::ranges::any_of(draw_kinds(), [&](const auto& kind) { return kind.probe == known.probe; });
    CHECK(named);
    CHECK(held_against_known(known.probe, std::string(known.libtorch) + "+cu130", known.bits).answer ==
          DrawAnswer::known);
    CHECK(held_against_known(known.probe, known.libtorch, "00").answer == DrawAnswer::other);
    CHECK(held_against_known(known.probe, "1.2.3", known.bits).answer == DrawAnswer::unheard);
    CHECK(held_against_known("sum", known.libtorch, known.bits).answer == DrawAnswer::unheard);
  }
  CHECK(to_text(DrawAnswer::unheard) == "not known");
}

TEST_CASE("other numbers than are known fail, unless another machine may have made them") {
  const std::string libtorch(known_answers().front().libtorch);
  StreamAnswer answer = between({"H100", "H200"});
  answer.measured = measured_streams({drawn("rand", "00", libtorch)}, default_pins());
  REQUIRE(answer.measured[0].answer == DrawAnswer::other);
  CHECK(stream_report(answer, {}).exit_code == 1);
  answer.measured = measured_streams({drawn("exponential", "00", libtorch)}, default_pins());
  CHECK(depends_on_machine("exponential"));
  CHECK(answer.measured[0].answer == DrawAnswer::other);
  CHECK(stream_report(answer, {}).exit_code == 0);
  Pins other = default_pins();
  other["seed"] = "7";
  CHECK(measured_streams({drawn("rand", "00", libtorch)}, other)[0].answer == DrawAnswer::unheard);
  other = default_pins();
  other["device"] = "cuda:0";
  CHECK(measured_streams({drawn("rand", "00", libtorch)}, other)[0].answer == DrawAnswer::unheard);
  CHECK_THAT(measured_streams({drawn("random-integers", "00", libtorch)}, other)[0].sentence,
             Contains("as the grid rule says"));
  ProbeVerdict failed = drawn("random-integers", "", libtorch);
  failed.cells[0] = {Cause::calls, ProbeFinding::untested, 0,
                     "of 65536 integers this card draws 7 otherwise"};
  CHECK(measured_streams({failed}, other)[0].answer == DrawAnswer::unheard);
  CHECK_THAT(measured_streams({failed}, other)[0].sentence, Contains("draws 7 otherwise"));
}
