// SPDX-License-Identifier: Apache-2.0
#include "harness/base/philox.h"

#include <Random123/philox.h>
#undef philox4x32  // its macro for C

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

using namespace reprise;

TEST_CASE("Philox 4x32-10 gives the known answers of Random123") {
  using Words = std::array<std::uint32_t, 4>;
  CHECK(philox4x32({0, 0, 0, 0}, {0, 0}) == Words{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8});
  CHECK(philox4x32({~0U, ~0U, ~0U, ~0U}, {~0U, ~0U}) ==
        Words{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd});
  CHECK(philox4x32({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}) ==
        Words{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1});
}

TEST_CASE("Philox 4x32-10 gives what Random123 gives, for counters and keys of every kind") {
  std::array<std::uint32_t, 4> counter{};
  std::array<std::uint32_t, 2> key{};
  for (int i = 0; i < 20000; ++i) {
    const auto theirs =
        r123::Philox4x32{}({{counter[0], counter[1], counter[2], counter[3]}}, {{key[0], key[1]}});
    const auto ours = philox4x32(counter, key);
    REQUIRE(std::equal(ours.begin(), ours.end(), theirs.begin()));
    // The next are the answer: few bits set at first, then any.
    if (i % 3 == 0) key = {ours[0] >> (i % 32), ours[1]};
    counter = i % 2 == 0 ? ours : std::array{ours[3], std::uint32_t(i), 0U, ~0U << (i % 32)};
  }
}

TEST_CASE("a draw is a function of seed, stream, epoch and index, and of nothing else") {
  const Philox a{7, Stream::weights, 0};
  CHECK(a.bits64(5) == Philox{7, Stream::weights, 0}.bits64(5));
  CHECK(a.bits64(5) != a.bits64(6));
  CHECK(a.bits64(5) != Philox{8, Stream::weights, 0}.bits64(5));
  CHECK(a.bits64(5) != Philox{7, Stream::data, 0}.bits64(5));
  CHECK(a.bits64(5) != Philox{7, Stream::weights, 1}.bits64(5));
  CHECK(a.bits64(5) != Philox{7 + (std::uint64_t{1} << 32), Stream::weights, 0}.bits64(5));
  const auto words = philox4x32({1, 0, 0, 2}, {7, 0});
  CHECK(a.bits32(6) == words[2]);
  CHECK(a.bits64(1) == (std::uint64_t{words[1]} << 32 | words[0]));
}

TEST_CASE("uniform and normal draws have the moments they claim") {
  const Philox draws{1, Stream::noise, 0};
  double sum = 0, squares = 0, fourth = 0, uniform = 0;
  constexpr int count = 40000;
  for (std::uint64_t i = 0; i < count; ++i) {
    const double value = draws.normal(i);
    REQUIRE(std::abs(value) <= 6.0);
    sum += value, squares += value * value, fourth += value * value * value * value;
    const float u = draws.uniform(i);
    REQUIRE((u >= 0.0F && u < 1.0F));
    uniform += u;
  }
  // Five standard errors; the fourth moment of a sum of twelve uniforms is 2.9.
  CHECK(std::abs(sum / count) < 0.025);
  CHECK(std::abs(squares / count - 1) < 0.036);
  CHECK(std::abs(fourth / count - 2.9) < 0.25);
  CHECK(std::abs(uniform / count - 0.5) < 0.0073);
}
