// SPDX-License-Identifier: Apache-2.0
// The generator of the standard library is the same one, and tells its state.
#include "harness/judge/explain/stream_position.h"

#include <catch2/catch.hpp>
#include <random>
#include <sstream>

#include "harness/tensor/safetensors.h"
#include "harness/trace/value_file.h"
#include "scratch.h"

using namespace reprise;
namespace fs = std::filesystem;

namespace {

// As libstdc++ writes it: 624 words, and how many of them are taken.
Mt19937State state_of(const std::mt19937& generator) {
  std::stringstream text;
  text << generator;
  Mt19937State state;
  for (auto& word : state.words) text >> word;
  text >> state.taken;
  return state;
}

Mt19937State drawn(unsigned seed, unsigned long long draws) {
  std::mt19937 generator(seed);
  generator.discard(draws);
  return state_of(generator);
}

// The state as torch gives it.
fs::path run_of_torch(const fs::path& folder, const Mt19937State& state, std::uint64_t seed) {
  fs::create_directories(folder);
  std::vector<std::uint64_t> words(632, 0);
  words[0] = seed;
  words[1] = static_cast<std::uint64_t>(625 - state.taken) | (std::uint64_t{1} << 32);
  words[2] = static_cast<std::uint64_t>(state.taken);
  for (std::size_t i = 0; i < 624; ++i) words[3 + i] = state.words[i];
  const std::vector<std::int64_t> shape{632}, strides{1};
  write_safetensors(value_file(folder, 3), {{"rng/torch.cpu", {"I64", shape, strides, words.data(), 8}}},
                    {{"elements", "{}"}});
  return folder;
}

// As torch gives the state of a CUDA device: 16 bytes.
fs::path run_of_cuda(const fs::path& folder, std::uint64_t seed, std::uint64_t offset) {
  fs::create_directories(folder);
  const std::uint64_t words[] = {seed, offset};
  const std::vector<std::int64_t> shape{16}, strides{1};
  write_safetensors(value_file(folder, 3), {{"rng/torch.cuda0", {"U8", shape, strides, words, 1}}},
                    {{"elements", "{}"}});
  return folder;
}

fs::path run_of_numpy(const fs::path& folder, const Mt19937State& state) {
  fs::create_directories(folder);
  const std::vector<std::int64_t> many{624}, two{2}, strides{1}, place{state.taken, 0};
  write_safetensors(value_file(folder, 3),
                    {{"rng/numpy.place", {"I64", two, strides, place.data(), 8}},
                     {"rng/numpy.random", {"U32", many, strides, state.words.data(), 4}}},
                    {{"elements", "{}"}});
  return folder;
}

}  // namespace

TEST_CASE("states of one stream are as many draws apart as were made between them") {
  const unsigned long long draws[] = {0, 1, 96, 623, 624, 625, 5000, 700'000};
  for (const auto from : draws)
    for (const auto to : draws) {
      INFO(from << " to " << to);
      CHECK(draws_between(drawn(7, from), drawn(7, to)) ==
            static_cast<std::int64_t>(to) - static_cast<std::int64_t>(from));
    }
}

TEST_CASE("another seed is another stream, and a position too far away is not looked for") {
  CHECK_FALSE(draws_between(drawn(7, 10), drawn(8, 10)));
  CHECK_FALSE(draws_between(drawn(7, 0), drawn(7, 1'100'000)));
}

TEST_CASE("torch's and NumPy's states are read, and the side that drew more is named") {
  const Scratch scratch;
  const auto a = run_of_torch(scratch / "a", drawn(7, 1000), 7),
             b = run_of_torch(scratch / "b", drawn(7, 904), 7);
  const auto apart = streams_apart(a, b, 3);
  REQUIRE(apart.size() == 1);
  CHECK(apart[0].ahead == -96);
  CHECK(to_sentence(apart[0], 3) ==
        "After step 3 side A has drawn 96 numbers of 32 bits more from torch.cpu than side B: the same "
        "random stream at "
        "another position.");
  const auto numpy =
      streams_apart(run_of_numpy(scratch / "c", drawn(7, 3)), run_of_numpy(scratch / "d", drawn(7, 4)), 3);
  REQUIRE(numpy.size() == 1);
  CHECK(numpy[0].ahead == 1);
  CHECK(to_sentence(numpy[0], 3)
            .starts_with("After step 3 side B has drawn 1 number of 32 bits more from numpy.random"));
}

TEST_CASE("equal states are no difference, and other seeds are told where the state holds them") {
  const Scratch scratch;
  const auto a = run_of_torch(scratch / "a", drawn(7, 10), 7),
             b = run_of_torch(scratch / "b", drawn(8, 11), 8);
  CHECK(streams_apart(a, a, 3).empty());
  const auto apart = streams_apart(a, b, 3);
  REQUIRE(apart.size() == 1);
  CHECK(to_sentence(apart[0], 3) ==
        "After step 3 torch.cpu has another random stream on each side: it was seeded with 7 on side A and "
        "with 8 on side B.");
}

TEST_CASE(
    "the same position of another seed is told as that, and a state without draws as equal to none drawn") {
  const Scratch scratch;
  const auto a = run_of_torch(scratch / "a", drawn(7, 1000), 7),
             b = run_of_torch(scratch / "b", drawn(8, 1000), 8);
  const auto apart = streams_apart(a, b, 3);
  REQUIRE(apart.size() == 1);
  CHECK(to_sentence(apart[0], 3) ==
        "After step 3 torch.cpu stands at the same position of another random stream on each side: seeded "
        "with 7 on "
        "side A and with 8 on side B, 1000 numbers of 32 bits ago.");
}

TEST_CASE(
    "a state of Philox is its seed and its offset, and its draws are those of each thread of a kernel") {
  const Scratch scratch;
  const auto a = run_of_cuda(scratch / "a", 7, 24), further = run_of_cuda(scratch / "b", 7, 40),
             other = run_of_cuda(scratch / "c", 8, 24), both = run_of_cuda(scratch / "d", 8, 28);
  CHECK(streams_apart(a, a, 3).empty());
  const auto sentence = [&](const fs::path& side) {
    const auto apart = streams_apart(a, side, 3);
    REQUIRE(apart.size() == 1);
    CHECK(apart[0].generator == "torch.cuda0");
    return to_sentence(apart[0], 3);
  };
  CHECK(sentence(further) ==
        "After step 3 side B has drawn 16 numbers of 32 bits more for each thread of a kernel from "
        "torch.cuda0 than "
        "side A: the same random stream at another position (Philox, seed 7, offset 24 on side A and 40 on "
        "side B).");
  CHECK(sentence(other).ends_with(
      "the same position of another random stream on each side: seeded with 7 on side A and "
      "with 8 on side B, 24 numbers of 32 bits for each thread of a kernel ago."));
  CHECK(sentence(both) ==
        "After step 3 torch.cuda0 has another random stream on each side: it was seeded with 7 on side A and "
        "with 8 on "
        "side B.");
}
