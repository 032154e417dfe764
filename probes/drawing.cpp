// SPDX-License-Identifier: Apache-2.0
#include "probes/drawing.h"

#include <ATen/ops/empty.h>

#include <numeric>
#include <utility>

namespace reprise {
namespace {

// Draws are multiples of 2^-16: sums of a few of them are exact in float, whatever their order, and would
// show nothing. Times this they round.
constexpr float full_mantissa = 0.98765432F;

template <class Value, class Make>
at::Tensor filled(at::ScalarType type, const Shape& shape, Make make) {
  at::Tensor tensor = at::empty(shape, type);
  auto* values = tensor.mutable_data_ptr<Value>();
  for (std::int64_t i = 0; i < tensor.numel(); ++i) values[i] = make(static_cast<std::uint64_t>(i));
  return tensor;
}

// FNV-1a: a number for each name, the same everywhere.
std::uint32_t number_of(const std::string& name) {
  std::uint32_t number = 2166136261U;
  for (const char letter : name) number = (number ^ static_cast<unsigned char>(letter)) * 16777619U;
  return number;
}

// 64 random bits modulo a limit far below 2^32: no number is more likely than another by more than 2^-32.
std::int64_t one_below(const Philox& draws, std::int64_t limit, std::uint64_t i) {
  return static_cast<std::int64_t>(draws.bits64(i) % static_cast<std::uint64_t>(limit));
}

}  // namespace

Philox Drawing::draws(const std::string& name) const { return setup_.draws(Stream::data, number_of(name)); }

NamedTensor Drawing::normal(const std::string& name, const Shape& shape, std::int64_t first) const {
  const Philox draws = this->draws(name);
  const auto make = [&](std::uint64_t i) {
    return draws.normal(static_cast<std::uint64_t>(first) + i) * full_mantissa;
  };
  return {name, filled<float>(at::kFloat, shape, make).to(device(), dtype())};
}

NamedTensor Drawing::uniform(const std::string& name, const Shape& shape, float least, float most) const {
  const Philox draws = this->draws(name);
  const float width = most - least;
  const auto make = [&](std::uint64_t i) { return least + draws.uniform(i) * width; };
  return {name, filled<float>(at::kFloat, shape, make).to(device(), dtype())};
}

NamedTensor Drawing::levels(const std::string& name, std::int64_t count, const Shape& shape) const {
  const Philox draws = this->draws(name);
  const auto make = [&](std::uint64_t i) { return static_cast<float>(one_below(draws, count, i)); };
  return {name, filled<float>(at::kFloat, shape, make).to(device(), dtype())};
}

NamedTensor Drawing::below(const std::string& name, std::int64_t limit, const Shape& shape) const {
  const Philox draws = this->draws(name);
  const auto make = [&](std::uint64_t i) { return one_below(draws, limit, i); };
  return {name, filled<std::int64_t>(at::kLong, shape, make).to(device())};
}

NamedTensor Drawing::permutation(const std::string& name, std::int64_t count) const {
  const Philox draws = this->draws(name);
  std::vector<std::int64_t> order(static_cast<std::size_t>(count));
  std::iota(order.begin(), order.end(), std::int64_t{0});
  for (std::int64_t i = count - 1; i > 0; --i)
    std::swap(order[static_cast<std::size_t>(i)],
              order[static_cast<std::size_t>(one_below(draws, i + 1, static_cast<std::uint64_t>(i)))]);
  const auto make = [&](std::uint64_t i) { return order[i]; };
  return {name, filled<std::int64_t>(at::kLong, {count}, make).to(device())};
}

}  // namespace reprise
