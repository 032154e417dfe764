// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "harness/base/text.h"
#include "harness/judge/explain/causes.h"

using namespace reprise;
using Catch::Matchers::Contains;

namespace {

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

Pins with(const std::string& pin, const std::string& value) {
  Pins pins = default_pins();
  pins.at(pin) = value;
  return pins;
}

OperatorDivergence split_of(DivergenceKind kind) {
  OperatorDivergence divergence;
  divergence.kind = kind;
  return divergence;
}

}  // namespace

TEST_CASE("two sides on two processors, versions or settings are no repeats, and no race is told of them") {
  Plan a;
  a.pins = default_pins();
  Plan b = a;
  const auto reasons = [&](const Facts& facts_a, const Facts& facts_b) {
    const auto beside = apart_beside_pins(a, facts_a, b, facts_b);
    std::string all;
    for (const auto& cause :
         causes_of(split_of(DivergenceKind::result), {"aten::addmm"}, a.pins, b.pins, false, beside))
      all += std::string(cause.reason) + "\n";
    return all;
  };
  CHECK_THAT(reasons({}, {}), Contains("threads race inside it"));
  CHECK_THAT(reasons({{"cpu.model", "one"}}, {{"cpu.model", "other"}}),
             Contains("on another processor") && !Contains("race"));
  CHECK_THAT(reasons({{"gpu.name", "one"}}, {{"gpu.name", "other"}}), !Contains("race"));
  b.placement.cpu = "qemu:max";
  CHECK_THAT(reasons({}, {}), Contains("on another processor") && !Contains("race"));
  b.placement = {};
  b.placement.torch = "2.6.0";
  CHECK_THAT(reasons({}, {}), Contains("another version of LibTorch") && !Contains("race"));
  b.placement = {};
  b.resume_at = 3;
  CHECK_THAT(reasons({}, {}), !Contains("race"));
}

TEST_CASE("every row of the table says why and where from, and pins only what can be pinned") {
  for (const auto& cause : cause_table()) {
    INFO(cause.reason);
    CHECK(cause.reason.size() > 20);
    CHECK_FALSE(cause.source.empty());
    for (const auto& remedy : split(cause.remedies, ';'))
      for (const auto& word : split(remedy, ' ')) {
        if (word.empty()) continue;
        const auto equals = word.find('=');
        REQUIRE(equals != std::string::npos);
        CHECK_NOTHROW(check_pin(pick_pin(word.substr(0, equals)), word.substr(equals + 1)));
      }
  }
}

TEST_CASE("a matrix product that parts by threads is told so first, with strict MKL as what to try") {
  const auto causes = causes_of(split_of(DivergenceKind::result), {"aten::addmm"}, with("threads", "1"),
                                with("threads", "2"));
  REQUIRE_FALSE(causes.empty());
  CHECK(causes[0].remedies == "mkl=strict;threads=1");
  const auto remedies = remedies_of(causes, with("threads", "1"), with("threads", "2"));
  REQUIRE(remedies.size() >= 2);
  CHECK(remedies[0].text == "mkl=strict");
  CHECK(remedies[0].pins == decltype(remedies[0].pins){{"mkl", "strict"}});
}

TEST_CASE("what changes nothing on either side is no remedy") {
  const Pins pins = default_pins();  // deterministic is on already
  const auto causes = causes_of(split_of(DivergenceKind::result), {"planted::racing_sum"}, pins, pins);
  for (const auto& remedy : remedies_of(causes, pins, pins)) CHECK(remedy.text != "deterministic=on");
}

TEST_CASE("another number is told as such, and needs no pin") {
  const auto causes =
      causes_of(split_of(DivergenceKind::numbers), {"aten::add_.Tensor"}, default_pins(), default_pins());
  REQUIRE(causes.size() == 1);
  CHECK(remedies_of(causes, default_pins(), default_pins()).empty());
}

TEST_CASE("elementwise mathematics that parts without another reason is told of MKL's first call") {
  Pins pins = default_pins();
  pins.at("vector-math-warmup") = "off";
  const auto causes = causes_of(split_of(DivergenceKind::result), {"aten::sqrt"}, pins, pins);
  REQUIRE_FALSE(causes.empty());
  CHECK(contains(causes[0].source, "188792"));
  CHECK(remedies_of(causes, pins, pins).at(0).text == "vector-math-warmup=on");
}

TEST_CASE("another random stream is a reason only where the generator's state differs") {
  const Pins pins = default_pins();
  for (const auto& cause :
       causes_of(split_of(DivergenceKind::result), {"aten::uniform_"}, pins, with("isa", "avx2")))
    CHECK_FALSE(contains(cause.reason, "random stream"));
  const auto causes = causes_of(split_of(DivergenceKind::generator), {"aten::uniform_"}, pins, pins);
  REQUIRE(causes.size() == 1);
  CHECK(contains(causes[0].reason, "another random stream"));
}

TEST_CASE("memory that nobody wrote is a reason only where a call was seen to read it") {
  const Pins pins = default_pins();
  for (const auto kind :
       {DivergenceKind::outside, DivergenceKind::thread, DivergenceKind::python, DivergenceKind::unobserved})
    for (const auto& cause : causes_of(split_of(kind), {"aten::add.Tensor"}, pins, pins))
      CHECK_FALSE(contains(cause.reason, "before anybody wrote"));
  CHECK(causes_of(split_of(DivergenceKind::unwritten), {"aten::add.Tensor"}, pins, pins).size() == 1);
}

TEST_CASE("another kernel is the first likely reason where one was seen, told once, with pins to try") {
  Pins pins = default_pins();
  pins.at("cudnn-benchmark") = "on";
  const auto split = split_of(DivergenceKind::result);
  for (const auto& cause : causes_of(split, {"aten::convolution_backward"}, pins, pins))
    CHECK_FALSE(contains(cause.reason, "another kernel was chosen"));
  const auto causes = causes_of(split, {"aten::convolution_backward"}, pins, pins, true);
  REQUIRE(causes.size() > 1);
  CHECK(contains(causes[0].reason, "cuDNN"));
  CHECK_FALSE(contains(causes[1].reason, "another kernel was chosen"));
  CHECK(remedies_of(causes, pins, pins).at(0).text == "cudnn-benchmark=off");
  const auto product = causes_of(split, {"aten::addmm"}, pins, with("blas-backend", "cublaslt"), true);
  CHECK(contains(product.at(0).reason, "cuBLAS"));
  const auto other = causes_of(split_of(DivergenceKind::calls), {"aten::cumsum"}, pins, pins, true);
  CHECK(contains(other.at(0).reason, "size of its grid"));
  CHECK(causes_of(split_of(DivergenceKind::numbers), {"aten::add_.Tensor"}, pins, pins, true).size() == 1);
}

TEST_CASE(
    "where the pin rng differs, that is the reason for other draws, before any loop of the program is") {
  for (const auto kind : {DivergenceKind::draws, DivergenceKind::generator}) {
    const auto causes =
        causes_of(split_of(kind), {"aten::uniform_"}, with("rng", "harness"), with("rng", "device"));
    REQUIRE_FALSE(causes.empty());
    CHECK(contains(causes[0].reason, "the pin rng differs"));
    const auto remedies = remedies_of(causes, with("rng", "harness"), with("rng", "device"));
    REQUIRE(remedies.size() == 2);
    CHECK(remedies[0].text == "rng=harness");
    CHECK(remedies[1].text == "start=exact");
    const auto same = causes_of(split_of(kind), {"aten::uniform_"}, default_pins(), default_pins());
    REQUIRE_FALSE(same.empty());
    CHECK_FALSE(contains(same[0].reason, "the pin rng differs"));
  }
}
