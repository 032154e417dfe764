// SPDX-License-Identifier: Apache-2.0
#pragma once
// A state of named tensors and thousands of ways to change it, each so small or so sly that a sum, a norm or
// an exclusive or of its elements may not see it. What a change must show is told by the bytes themselves.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "harness/tensor/digest.h"

namespace reprise {

struct StateTensor {
  std::string name, dtype;
  std::vector<std::int64_t> shape;
  std::vector<float> values;  // as they lie in memory, whatever the dtype says of them
  Bytes bytes() const { return std::as_bytes(std::span(values)); }
};

enum class Mutation {
  one_ulp,
  sign_pair,
  permutation,
  equal_halves,
  zeros_to_ones,
  other_dtype,
  renamed,
  transposed_shape,
  minus_zero,
  nan_payload,
  element_added,
  element_removed
};
inline constexpr std::array<std::string_view, 12> mutation_names = {
    "one ulp",       "two signs turned", "two elements exchanged", "halves exchanged", "zeros to ones",
    "another dtype", "renamed",          "shape transposed",       "-0 to 0",          "NaN payload",
    "element added", "element removed"};

class StateChanges {
 public:
  StateChanges() : random_(19) {
    for (const std::int64_t columns : {1, 7, 384, 4096, 9000, 30000}) {
      StateTensor tensor{"layer" + std::to_string(columns), "F32", {2, columns}, {}};
      for (std::int64_t i = 0; i < 2 * columns; ++i) tensor.values.push_back(drawn());
      tensors_.push_back(std::move(tensor));
    }
    tensors_.push_back({"zeros", "F32", {2, 5000}, std::vector<float>(10000, 0.0F)});
  }

  const std::vector<StateTensor>& tensors() const { return tensors_; }

  // One tensor changed: which, and how it is before and after. The state itself stays as it is.
  struct Change {
    Mutation how;
    std::size_t tensor;
    StateTensor before, after;
  };
  Change draw() {
    const auto how = static_cast<Mutation>(below(mutation_names.size()));
    const std::size_t which =
        how == Mutation::zeros_to_ones ? tensors_.size() - 1 : below(tensors_.size() - 1);
    Change change{how, which, tensors_[which], tensors_[which]};
    apply(change);
    return change;
  }

 private:
  std::uint64_t below(std::uint64_t limit) { return random_() % limit; }
  float drawn() {
    return std::ldexp(static_cast<float>(1 + below(1 << 23)), -24) * (below(2) == 0 ? 1.F : -1.F);
  }

  static float with_bits(std::uint32_t bits) {
    float value = 0;
    std::memcpy(&value, &bits, sizeof value);
    return value;
  }
  static void change_bits(float& value, std::uint32_t change) {
    std::uint32_t bits = 0;
    std::memcpy(&bits, &value, sizeof bits);
    bits ^= change;
    std::memcpy(&value, &bits, sizeof bits);
  }

  // Two places whose values differ.
  std::pair<std::size_t, std::size_t> two_places(const std::vector<float>& values) {
    const std::size_t first = below(values.size());
    for (std::size_t second = (first + 1 + below(values.size() - 1)) % values.size();;
         second = (second + 1) % values.size())
      if (second != first && values[second] != values[first]) return {first, second};
  }

  void apply(Change& change) {
    auto& [name, dtype, shape, values] = change.after;
    const std::size_t place = below(values.size());
    switch (change.how) {
      case Mutation::one_ulp:
        values[place] = std::nextafter(values[place], 2.0F);
        return;
      case Mutation::sign_pair: {
        const auto [a, b] = two_places(values);
        change_bits(values[a], 0x80000000U);
        change_bits(values[b], 0x80000000U);
        return;
      }
      case Mutation::permutation: {
        const auto [a, b] = two_places(values);
        std::swap(values[a], values[b]);
        return;
      }
      case Mutation::equal_halves:
        std::ranges::swap_ranges(std::span(values).first(values.size() / 2),
                                 std::span(values).last(values.size() / 2));
        return;
      case Mutation::zeros_to_ones:
        std::ranges::fill(values, 1.0F);
        return;
      default:
        return apply_to_form(change, place);
    }
  }

  // What changes more than the order or the bits of a tensor that stays as it is.
  void apply_to_form(Change& change, std::size_t place) {
    auto& [name, dtype, shape, values] = change.after;
    switch (change.how) {
      case Mutation::other_dtype:
        dtype = "I32";
        return;
      case Mutation::renamed:
        name += "'";
        return;
      case Mutation::transposed_shape:
        if (shape[0] == shape[1]) shape = {shape[0] * shape[1]};
        std::ranges::reverse(shape);
        return;
      case Mutation::minus_zero:
        change.before.values[place] = -0.0F;
        values[place] = 0.0F;
        return;
      case Mutation::nan_payload: {
        const auto payload = static_cast<std::uint32_t>(1 + below(1000));
        change.before.values[place] = with_bits(0x7FC00000U);
        values[place] = with_bits(0x7FC00000U | payload);
        return;
      }
      case Mutation::element_added:
        shape = {static_cast<std::int64_t>(values.size()) + 1};
        values.insert(values.begin() + static_cast<std::ptrdiff_t>(place), 0.0F);
        return;
      case Mutation::element_removed:
        shape = {static_cast<std::int64_t>(values.size()) - 1};
        values.erase(values.begin() + static_cast<std::ptrdiff_t>(place));
        return;
      default:
        return;
    }
  }

  std::mt19937_64 random_;
  std::vector<StateTensor> tensors_;
};

}  // namespace reprise
