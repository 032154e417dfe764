// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/explain/stream_position.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <iterator>

#include "harness/tensor/safetensors.h"
#include "harness/trace/value_file.h"

namespace reprise {
namespace {

constexpr std::size_t size = 624, middle = 397;
constexpr std::int64_t most_blocks = 1'000'000 / static_cast<std::int64_t>(size);
constexpr std::string_view of_streams = "rng/";

// The next 624 words, from the recurrence of the paper.
void next_block(std::array<std::uint32_t, size>& words) {
  for (std::size_t i = 0; i < size; ++i) {
    const std::uint32_t joined = (words[i] & 0x80000000U) | (words[(i + 1) % size] & 0x7fffffffU);
    words[i] = words[(i + middle) % size] ^ (joined >> 1) ^ ((joined & 1U) != 0 ? 0x9908b0dfU : 0U);
  }
}

// Seeding leaves words that no draw gave; a twist keeps nothing of the first one but its highest bit.
bool same_block(const std::array<std::uint32_t, size>& a, const std::array<std::uint32_t, size>& b) {
  return (a[0] >> 31) == (b[0] >> 31) && std::equal(a.begin() + 1, a.end(), b.begin() + 1);
}

std::optional<std::int64_t> blocks_ahead(const Mt19937State& from, const Mt19937State& to) {
  auto words = from.words;
  for (std::int64_t blocks = 0; blocks <= most_blocks; ++blocks) {
    if (same_block(words, to.words)) return blocks;
    next_block(words);
  }
  return std::nullopt;
}

struct Read {
  Mt19937State state;
  std::optional<std::uint64_t> seed;
};

// As torch seeds it: with the lower half of the seed.
std::optional<std::int64_t> draws_since_seeding(const Read& read) {
  if (!read.seed) return std::nullopt;
  Mt19937State start;
  start.words[0] = static_cast<std::uint32_t>(*read.seed);
  for (std::size_t i = 1; i < size; ++i)
    start.words[i] =
        1812433253U * (start.words[i - 1] ^ (start.words[i - 1] >> 30)) + static_cast<std::uint32_t>(i);
  const auto draws = draws_between(start, read.state);
  return draws && *draws >= 0 ? draws : std::nullopt;
}

template <class Number>
Number number_at(const std::vector<std::byte>& bytes, std::size_t place) {
  Number number;
  std::memcpy(&number, bytes.data() + place, sizeof number);
  return number;
}

// As at::CPUGeneratorImpl gives its state: the seed, how many words are left, two more, then the words in 64
// bits each.
std::optional<Read> read_torch(const std::vector<std::byte>& bytes) {
  constexpr std::size_t words_at = 24;
  if (bytes.size() < words_at + size * 8) return std::nullopt;
  Read read{{}, number_at<std::uint64_t>(bytes, 0)};
  for (std::size_t i = 0; i < size; ++i)
    read.state.words[i] = static_cast<std::uint32_t>(number_at<std::uint64_t>(bytes, words_at + i * 8));
  read.state.taken = static_cast<std::int64_t>(size) + 1 - number_at<std::int32_t>(bytes, 8);
  return read;
}

// 624 words, and after them how many are taken, here or in a tensor of its own.
std::optional<Read> read_words(const std::vector<std::byte>& bytes, const std::vector<std::byte>& place) {
  Read read;
  if (bytes.size() < size * 4) return std::nullopt;
  for (std::size_t i = 0; i < size; ++i) read.state.words[i] = number_at<std::uint32_t>(bytes, i * 4);
  if (bytes.size() >= (size + 1) * 4)
    read.state.taken = number_at<std::uint32_t>(bytes, size * 4);
  else if (place.size() >= 8)
    read.state.taken = number_at<std::int64_t>(place, 0);
  else
    return std::nullopt;
  return read;
}

std::vector<std::byte> bytes_of(const Checkpoint& file, const std::string& name) {
  const auto found =
      std::ranges::find(file.tensors(), std::string(of_streams) + name, &CheckpointTensor::name);
  return found == file.tensors().end() ? std::vector<std::byte>{} : file.read(*found);
}

std::optional<Read> read_state(const Checkpoint& file, const std::string& generator) {
  const auto bytes = bytes_of(file, generator);
  if (generator == "torch.cpu") return read_torch(bytes);
  return read_words(bytes,
                    generator == "numpy.random" ? bytes_of(file, "numpy.place") : std::vector<std::byte>{});
}

// As at::CUDAGeneratorImpl gives its state: the seed and the offset.
std::optional<StreamApart> philox_apart(const std::string& generator, const std::vector<std::byte>& a,
                                        const std::vector<std::byte>& b) {
  constexpr std::size_t offset_at = 8, whole = 16;
  if (a.size() != whole || b.size() != whole || a == b) return std::nullopt;
  StreamApart apart;
  apart.generator = generator;
  apart.philox = true;
  apart.seed_a = number_at<std::uint64_t>(a, 0);
  apart.seed_b = number_at<std::uint64_t>(b, 0);
  apart.at_a = number_at<std::int64_t>(a, offset_at);
  apart.at_b = number_at<std::int64_t>(b, offset_at);
  if (apart.seed_a == apart.seed_b) apart.ahead = *apart.at_b - *apart.at_a;
  return apart;
}

std::vector<StreamApart> devices_apart(const Checkpoint& a, const Checkpoint& b) {
  std::vector<StreamApart> apart;
  const std::string begin = std::string(of_streams) + "torch.cuda";
  for (const auto& tensor : a.tensors()) {
    if (!tensor.name.starts_with(begin)) continue;
    const std::string generator = tensor.name.substr(of_streams.size());
    if (auto one = philox_apart(generator, bytes_of(a, generator), bytes_of(b, generator)))
      apart.push_back(std::move(*one));
  }
  return apart;
}

std::string numbers_text(std::int64_t count) {
  return count == 1 ? std::string("1 number of 32 bits") : fmt::format("{} numbers of 32 bits", count);
}

std::string ahead_text(const StreamApart& apart, std::int64_t step) {
  const std::string_view first = *apart.ahead > 0 ? "B" : "A", second = *apart.ahead > 0 ? "A" : "B";
  const std::int64_t more = *apart.ahead > 0 ? *apart.ahead : -*apart.ahead;
  if (apart.philox)
    return fmt::format(
        "After step {} side {} has drawn {} more for each thread of a kernel from {} than side {}: the same "
        "random "
        "stream at another position (Philox, seed {}, offset {} on side A and {} on side B).",
        step, first, numbers_text(more), apart.generator, second, *apart.seed_a, *apart.at_a, *apart.at_b);
  return fmt::format(
      "After step {} side {} has drawn {} more from {} than side {}: the same random stream at another "
      "position.",
      step, first, numbers_text(more), apart.generator, second);
}

}  // namespace

std::optional<std::int64_t> draws_between(const Mt19937State& a, const Mt19937State& b) {
  constexpr auto block = static_cast<std::int64_t>(size);
  if (const auto blocks = blocks_ahead(a, b)) return *blocks * block + b.taken - a.taken;
  if (const auto blocks = blocks_ahead(b, a)) return b.taken - a.taken - *blocks * block;
  return std::nullopt;
}

std::vector<StreamApart> streams_apart(const std::filesystem::path& run_a, const std::filesystem::path& run_b,
                                       std::int64_t step) {
  const Checkpoint a(value_file(run_a, step)), b(value_file(run_b, step));
  std::vector<StreamApart> apart;
  for (const char* generator : {"numpy.random", "python.random", "torch.cpu"}) {
    const auto left = read_state(a, generator), right = read_state(b, generator);
    if (!left || !right || left->state == right->state) continue;
    const auto ahead = draws_between(left->state, right->state);
    if (ahead == 0) continue;  // they go on alike
    apart.push_back(
        {generator, ahead, left->seed, right->seed, draws_since_seeding(*left), draws_since_seeding(*right)});
  }
  std::ranges::move(devices_apart(a, b), std::back_inserter(apart));
  return apart;
}

std::string to_sentence(const StreamApart& apart, std::int64_t step) {
  if (apart.ahead) return ahead_text(apart, step);
  const bool seeds = apart.seed_a && apart.seed_b && *apart.seed_a != *apart.seed_b;
  if (seeds && apart.at_a && apart.at_a == apart.at_b)
    return fmt::format(
        "After step {} {} stands at the same position of another random stream on each side: seeded with {} "
        "on side A "
        "and with {} on side B, {}{} ago.",
        step, apart.generator, *apart.seed_a, *apart.seed_b, numbers_text(*apart.at_a),
        apart.philox ? " for each thread of a kernel" : "");
  if (seeds)
    return fmt::format(
        "After step {} {} has another random stream on each side: it was seeded with {} on side A and with "
        "{} on side "
        "B.",
        step, apart.generator, *apart.seed_a, *apart.seed_b);
  return fmt::format(
      "After step {} the states of {} are not within a million draws of each other: another random stream on "
      "each side, "
      "or one of them has drawn far more.",
      step, apart.generator);
}

}  // namespace reprise
