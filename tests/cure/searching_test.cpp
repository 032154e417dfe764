// SPDX-License-Identifier: Apache-2.0
// The search in planted worlds, where it is known which pins hold and what they cost.
#include "harness/search/cure/searching.h"

#include <catch2/catch.hpp>
#include <map>

#include "harness/base/text.h"

using namespace reprise;

namespace {

PinSetting setting(const std::string& text) {
  const auto equals = text.find('=');
  return {text.substr(0, equals), text.substr(equals + 1)};
}

PinSet set_of(const std::string& text) {
  std::vector<PinSetting> settings;
  for (const auto& word : split(text, ' ')) settings.push_back(setting(word));
  return pin_set(std::move(settings));
}

// Sets that contain one of `holding` hold, but for `later`, which part at step 50 of the whole run.
struct Planted {
  std::vector<std::string> candidates, holding, later = {}, failing_to_run = {};
  std::map<std::string, double> prices = {};  // of single pins; of several they multiply
  std::vector<PinSet> few = {}, whole = {};   // as they were asked for
  std::int64_t until = 20;

  static bool has(const std::vector<std::string>& sets, const PinSet& set) {
    return std::ranges::any_of(sets, [&](const auto& text) { return is_part_of(set_of(text), set); });
  }
  double price(const PinSet& set) const {
    double product = 1;
    for (const auto& [pin, value] : set)
      if (const auto found = prices.find(pin + "=" + value); found != prices.end()) product *= found->second;
    return product;
  }
  Attempt asked(const PinSet& set, std::int64_t steps) const {
    if (has(failing_to_run, set)) return {Attempt::Result::not_run, 0, std::nullopt, "it does not run"};
    if (has(holding, set)) return {Attempt::Result::equal, steps, price(set), ""};
    if (has(later, set) && steps < 50) return {Attempt::Result::equal, steps, price(set), ""};
    return {Attempt::Result::parts, has(later, set) ? 50 : 2, price(set), ""};
  }
  CureWorld world() {
    CureWorld world{{},
                    [this](const PinSet& set) {
                      few.push_back(set);
                      return asked(set, until);
                    },
                    [this](const PinSet& set) {
                      whole.push_back(set);
                      return asked(set, 200);
                    }};
    for (const auto& text : candidates) world.candidates.push_back(setting(text));
    world.look_further = [this](std::int64_t step) { until = step + 10; };
    return world;
  }
};

std::vector<std::string> front_in(const CureSearch& found) {
  std::vector<std::string> sets;
  for (const auto index : front_of(found.tries, true, 0.05)) sets.push_back(to_text(found.tries[index].pins));
  return sets;
}

const std::vector<std::string> many{"mkl=strict", "mkl=avx2",   "onednn=off",
                                    "isa=avx2",   "nnpack=off", "sdp-flash=off"};

}  // namespace

TEST_CASE("one pin suffices, and supersets of it are not tried") {
  Planted planted{many, {"mkl=strict"}};
  const auto found = search_cures(planted.world());
  CHECK(front_in(found) == std::vector<std::string>{"mkl=strict"});
  CHECK(found.complete);
  for (const auto& set : planted.few) CHECK((set.size() == 1 || !is_part_of(set_of("mkl=strict"), set)));
  CHECK(planted.whole == std::vector<PinSet>{set_of("mkl=strict")});
}

TEST_CASE("two pins are needed together, found by dropping the others one by one") {
  Planted planted{many, {"mkl=strict onednn=off"}};
  const auto found = search_cures(planted.world());
  CHECK(front_in(found) == std::vector<std::string>{"mkl=strict onednn=off"});
  CHECK(planted.whole.size() == 1);
}

TEST_CASE("another value of a pin than the first is found among several pins too") {
  Planted planted{many, {"mkl=avx2 sdp-flash=off"}};
  CHECK(front_in(search_cures(planted.world())) == std::vector<std::string>{"mkl=avx2 sdp-flash=off"});
}

TEST_CASE("where none suffices no set is offered, and no part of all together is tried in vain") {
  Planted planted{many, {}};
  const auto found = search_cures(planted.world());
  CHECK(front_in(found).empty());
  CHECK(found.complete);
  CHECK(found.together == set_of("isa=avx2 mkl=strict nnpack=off onednn=off sdp-flash=off"));
  CHECK(planted.whole.empty());
  // Six alone, all together, one other value, and five with one left out.
  CHECK(planted.few.size() == 13);
}

TEST_CASE("a cheap set of two pins and an expensive one of one pin are both on the front") {
  Planted planted{
      many, {"onednn=off", "mkl=strict isa=avx2"}, {}, {}, {{"onednn=off", 3.0}, {"mkl=strict", 1.1}}};
  const auto found = search_cures(planted.world());
  CHECK(front_in(found) == std::vector<std::string>{"onednn=off", "isa=avx2 mkl=strict"});
  CHECK(planted.whole.size() == 2);
}

TEST_CASE("of two sets of several pins the cheaper one is found, whichever is met first") {
  Planted planted{many,
                  {"mkl=strict onednn=off", "isa=avx2 nnpack=off"},
                  {},
                  {},
                  {{"isa=avx2", 1.2}, {"nnpack=off", 1.2}, {"mkl=strict", 2.0}, {"onednn=off", 2.0}}};
  CHECK(front_in(search_cures(planted.world())) == std::vector<std::string>{"isa=avx2 nnpack=off"});
  planted.prices = {{"isa=avx2", 2.0}, {"nnpack=off", 2.0}, {"mkl=strict", 1.2}, {"onednn=off", 1.2}};
  CHECK(front_in(search_cures(planted.world())) == std::vector<std::string>{"mkl=strict onednn=off"});
}

TEST_CASE("a set that holds for few steps and fails over the whole run is not offered") {
  Planted planted{many, {}, {"mkl=strict"}};
  const auto found = search_cures(planted.world());
  CHECK(front_in(found).empty());
  const auto failed = std::ranges::find(found.tries, set_of("mkl=strict"), &CureTry::pins);
  REQUIRE(failed != found.tries.end());
  CHECK(failed->state() == CureState::parts_later);
  CHECK(planted.until == 60);
}

TEST_CASE("after such a set the search goes on to the larger one that holds to the end") {
  Planted planted{many, {"mkl=strict onednn=off"}, {"mkl=strict", "onednn=off"}};
  const auto found = search_cures(planted.world());
  CHECK(front_in(found) == std::vector<std::string>{"mkl=strict onednn=off"});
}

TEST_CASE("a pin with which nothing runs is left out of all sets, and the others are tried") {
  Planted planted{many, {"mkl=strict onednn=off"}, {}, {"isa=avx2"}};
  const auto found = search_cures(planted.world());
  CHECK(front_in(found) == std::vector<std::string>{"mkl=strict onednn=off"});
  for (const auto& set : planted.few) CHECK((set.size() == 1 || !is_part_of(set_of("isa=avx2"), set)));
}

TEST_CASE("pins that undo each other do not hide the set that holds without one of them") {
  Planted planted{many, {}};
  CureWorld world = planted.world();
  world.few = world.whole = [](const PinSet& set) {
    const bool holds =
        is_part_of(set_of("mkl=strict onednn=off"), set) && !is_part_of(set_of("nnpack=off"), set);
    return Attempt{holds ? Attempt::Result::equal : Attempt::Result::parts, holds ? 200 : 2, 1.0, ""};
  };
  CHECK(front_in(search_cures(world)) == std::vector<std::string>{"mkl=strict onednn=off"});
}

TEST_CASE("what is another training is tried alone, and stands in no set of several") {
  Planted planted{many, {"mkl=strict precision=float64"}};
  CureWorld world = planted.world();
  world.only_alone = {setting("precision=float64")};
  CHECK(front_in(search_cures(world)).empty());
  for (const auto& set : planted.few)
    CHECK((set.size() == 1 || !is_part_of(set_of("precision=float64"), set)));
  CHECK(std::ranges::count(planted.few, set_of("precision=float64")) == 1);
}

TEST_CASE("a search that may try no more says that it is not complete, and confirms what it has") {
  Planted planted{many, {"mkl=strict", "isa=avx2 onednn=off"}};
  CureWorld world = planted.world();
  world.most_tries = 3;
  const auto found = search_cures(world);
  CHECK_FALSE(found.complete);
  CHECK(planted.few.size() == 3);
  CHECK(front_in(found) == std::vector<std::string>{"mkl=strict"});
}

TEST_CASE("a search that is stopped tries no more and offers nothing that was not confirmed") {
  Planted planted{many, {"mkl=strict"}};
  CureWorld world = planted.world();
  world.stopped = [&] { return planted.few.size() >= 2; };
  const auto found = search_cures(world);
  CHECK_FALSE(found.complete);
  CHECK(planted.few.size() == 2);
  CHECK(front_in(found).empty());
}

TEST_CASE("each try is told before it is made, with how many there are likely to be") {
  Planted planted{many, {"mkl=strict"}};
  CureWorld world = planted.world();
  std::size_t told = 0;
  world.tell = [&](const PinSet&, std::size_t made, std::size_t likely) {
    CHECK(made == told++);
    CHECK(likely > made);
  };
  search_cures(world);
  CHECK(told == planted.few.size());
}
