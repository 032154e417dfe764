// SPDX-License-Identifier: Apache-2.0
// The grid rule against the numbers that others measured, and against itself, element by element.
#include "probes/streams/grid_rule.h"

#include <catch2/catch.hpp>

#include "harness/base/philox.h"
#include "probes/streams/cards.h"
#include "probes/streams/draw_kinds.h"

using namespace reprise;
using Catch::Matchers::Contains;

namespace {

std::uint64_t at_once(const char* name) { return static_cast<std::uint64_t>(cuda_card_like(name).at_once()); }

const DrawKind& kind_named(std::string_view name) {
  for (const auto& kind : draw_kinds())
    if (kind.name == name) return kind;
  FAIL("no kind of draws is named " << name);
  return draw_kinds().front();
}

// By walking through a draw, on both cards.
std::optional<std::uint64_t> first_by_walking(std::uint64_t count, std::uint64_t a, std::uint64_t b) {
  for (std::uint64_t i = 0; i < count; ++i)
    if (place_of(i, count, a) != place_of(i, count, b)) return i;
  return std::nullopt;
}

}  // namespace

// PyTorch issues 194676 (T4, L4), 176584 and 196613 (A10G, L40, L40S, H100), and what the rule says of the
// others.
TEST_CASE("each known card draws as many numbers at once as its row of the table says") {
  const std::pair<const char*, std::uint64_t> rows[] = {
      {"T4", 40960},         {"L4", 89088},    {"A10", 110592},  {"A10G", 122880},
      {"RTX 3090", 125952},  {"H20", 159744},  {"V100", 163840}, {"RTX 4090D", 175104},
      {"RTX 4090", 196608},  {"L40", 218112},  {"L40S", 218112}, {"A100", 221184},
      {"H100 PCIe", 233472}, {"H100", 270336}, {"H200", 270336}, {"B200", 303104}};
  CHECK(std::size(rows) == known_cuda_cards().size());
  for (const auto& [name, numbers] : rows) {
    INFO(name);
    CHECK(at_once(name) == numbers);
  }
  for (std::size_t i = 1; i < known_cuda_cards().size(); ++i)
    CHECK(known_cuda_cards()[i - 1].at_once() <= known_cuda_cards()[i].at_once());
  CHECK_FALSE(cuda_card_like("b200").sure);
}

TEST_CASE("a card is found by what people call it, or by its numbers") {
  CHECK(cuda_card_like("NVIDIA H100 SXM").at_once() == 270336);
  CHECK(cuda_card_like("rtx4090").name == "RTX 4090");
  CHECK(cuda_card_like("4090D").name == "RTX 4090D");
  CHECK(cuda_card_like("66x1536").at_once() == 256 * 66 * 6);
  CHECK_THROWS_WITH(cuda_card_like("H1000"), Contains("H100") && Contains("PROCESSORSxTHREADS"));
  CHECK_THROWS_WITH(cuda_card_like("0x2048"), Contains("1 to 4096 processors"));
  CHECK_THROWS_WITH(cuda_card_like("132x128"), Contains("256 to 65536 threads"));
}

TEST_CASE("two cards part at the first element behind what the smaller one draws at once") {
  const std::uint64_t t4 = at_once("T4"), l4 = at_once("L4");
  for (const std::uint64_t count : {std::uint64_t{1}, t4 - 1, t4, t4 + 1, t4 + 300, l4, l4 + 1, 5 * l4}) {
    INFO(count);
    const auto found = first_other(count, t4, l4);
    CHECK(found == first_by_walking(count, t4, l4));
    CHECK(found.has_value() == (count > t4));
    CHECK(first_other(count, l4, l4) == std::nullopt);
    if (found) CHECK(*found == t4);
  }
  for (const std::uint64_t count : {4 * t4, 4 * t4 + 1})
    CHECK((advance_of(count, t4) == advance_of(count, l4)) == (count == 4 * t4));
}

TEST_CASE("an element's place follows from its thread and its turn") {
  CHECK(place_of(0, 1, 40960) == DrawPlace{0, 0, 0});
  // 300 numbers take two blocks of threads.
  CHECK(place_of(299, 300, 40960) == DrawPlace{299, 0, 0});
  CHECK(place_of(40960, 100000, 40960) == DrawPlace{0, 0, 1});
  CHECK(place_of(4 * 40960 + 7, 200000, 40960) == DrawPlace{7, 1, 0});
  CHECK(place_of(2 * 40960 + 7, 200000, 40960, 2) == DrawPlace{7, 1, 0});
  CHECK(advance_of(1, 40960) == 4);
  CHECK(advance_of(4 * 40960 + 1, 40960) == 8);
  CHECK(advance_of(2 * 40960 + 1, 40960, 2) == 8);
}

TEST_CASE("integers that a card draws are the words of those places") {
  const auto numbers = random_integers(100000, 40960, 7);
  REQUIRE(numbers.size() == 100000);
  CHECK(numbers[0] == static_cast<std::int32_t>(philox4x32({0, 0, 0, 0}, {7, 0})[0] & 0x7fffffff));
  CHECK(numbers[40961] == static_cast<std::int32_t>(philox4x32({0, 0, 1, 0}, {7, 0})[1] & 0x7fffffff));
  const auto larger = random_integers(100000, 89088, 7);
  CHECK(std::equal(numbers.begin(), numbers.begin() + 40960, larger.begin()));
  CHECK(numbers[40960] != larger[40960]);
}

TEST_CASE("what is portable between two cards depends on how a kind of draw hands out its numbers") {
  const CudaCard a100 = cuda_card_like("A100"), h100 = cuda_card_like("H100"), h200 = cuda_card_like("H200");
  CHECK(same_up_to(kind_named("normal"), a100, h100) == 221184);
  CHECK(same_up_to(kind_named("dropout"), a100, h100) == 4 * 221184);
  CHECK(same_after(kind_named("normal"), a100, h100) == 4 * 221184);
  CHECK(same_up_to(kind_named("poisson"), a100, h100) == std::nullopt);
  CHECK(same_after(kind_named("poisson"), a100, h100) == std::nullopt);
  for (const auto& kind : draw_kinds()) {
    CHECK(same_up_to(kind, h100, h200) == std::nullopt);
    CHECK(same_up_to(kind, a100, h100) == same_up_to(kind, h100, a100));
    CHECK_FALSE(to_text(kind.card).empty());
    CHECK_FALSE(to_text(kind.cpu).empty());
  }
}
