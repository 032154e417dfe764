// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/cure/cure.h"

#include <catch2/catch.hpp>

#include "harness/judge/cure/paste.h"

using namespace reprise;
using Catch::Matchers::Contains;

namespace {

CureTry holding(PinSet set, double ratio) {
  const Attempt equal{Attempt::Result::equal, 100, ratio, ""};
  return {std::move(set), equal, equal};
}

}  // namespace

TEST_CASE("holds is said only where whole runs showed it") {
  CureTry one{{{"mkl", "strict"}}, {Attempt::Result::equal, 20, 1.0, ""}, std::nullopt};
  CHECK(to_text(one.state()) == "not confirmed");
  one.whole = Attempt{Attempt::Result::equal, 200, 1.1, ""};
  CHECK(to_text(one.state()) == "holds");
  CHECK(one.ratio() == 1.1);
  one.whole = Attempt{Attempt::Result::parts, 50, std::nullopt, ""};
  CHECK(to_text(one.state()) == "parts later");
  one.whole = Attempt{Attempt::Result::not_run, 0, std::nullopt, "no memory"};
  CHECK(to_text(one.state()) == "untested");
}

TEST_CASE("more pins are on the front only where they save more than noise") {
  std::vector<CureTry> tries{holding({{"a", "1"}, {"b", "1"}}, 0.98), holding({{"c", "1"}}, 1.0),
                             holding({{"d", "1"}}, 1.3)};
  CHECK(front_of(tries, true, 0.05) == std::vector<std::size_t>{1});
  CHECK(front_of(tries, true, 0.01) == std::vector<std::size_t>{1, 0});
  tries[1].own_axis = true;
  CHECK(front_of(tries, true, 0.05) == std::vector<std::size_t>{2, 0});
}

TEST_CASE("what is not confirmed is on no front of confirmed sets") {
  std::vector<CureTry> tries{holding({{"a", "1"}}, 1.0)};
  tries[0].whole.reset();
  CHECK(front_of(tries, true, 0.05).empty());
  CHECK(front_of(tries, false, 0.05) == std::vector<std::size_t>{0});
}

TEST_CASE("sets of pins are sorted, parts of each other, and change one value at a time") {
  const PinSet set = pin_set({{"onednn", "off"}, {"mkl", "strict"}});
  CHECK(to_text(set) == "mkl=strict onednn=off");
  CHECK(to_text(PinSet()) == "no pin");
  CHECK(is_part_of({{"onednn", "off"}}, set));
  CHECK_FALSE(is_part_of({{"onednn", "avx2"}}, set));
  CHECK(to_text(with(set, {"mkl", "avx2"})) == "mkl=avx2 onednn=off");
  CHECK(to_text(without(set, {"mkl", "strict"})) == "onednn=off");
  CHECK_THROWS(with_pins({}, {{"mlk", "strict"}}));
  CHECK_THROWS(with_pins({}, {{"mkl", "stricter"}}));
}

TEST_CASE("a set becomes the block of a recipe, and what a script sets, as variables and lines of Python") {
  const PinSet set = pin_set({{"threads", "1"}, {"mkl", "strict"}, {"onednn", "off"}});
  CHECK(pins_block(set) == "[pins]\nmkl = \"strict\"\nonednn = \"off\"\nthreads = 1\n");
  const std::string text = script_text(set);
  CHECK_THAT(text, Contains("export MKL_CBWR=AUTO,STRICT\n") && Contains("export OMP_NUM_THREADS=1\n"));
  CHECK_THAT(text, Contains("\ntorch.backends.mkldnn.enabled = False\n") &&
                       Contains("\ntorch.set_num_threads(1)\n"));
  CHECK(script_lines(pin_set({{"vector-math-warmup", "on"}})).neither ==
        std::vector<std::string>{"vector-math-warmup=on"});
}
