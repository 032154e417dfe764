// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/explain/call_distance.h"

#include <fmt/format.h>

#include <cstring>
#include <map>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/judge/compare/float_forms.h"
#include "harness/judge/compare/ulp.h"
#include "harness/tensor/safetensors.h"

namespace reprise {

namespace fs = std::filesystem;

namespace {

using Content = std::vector<std::byte>;

std::string said(const Checkpoint& file, const char* key) {
  const auto found = file.metadata().find(key);
  return found == file.metadata().end() ? std::string() : found->second;
}

std::string operator_of(const Checkpoint& file) {
  const std::string overload = said(file, "overload");
  return said(file, "operator") + (overload.empty() ? "" : "." + overload);
}

const CheckpointTensor* named(const Checkpoint& file, const std::string& name) {
  for (const auto& tensor : file.tensors())
    if (tensor.name == name) return &tensor;
  return nullptr;
}

// Most significant digit first; tensors are little-endian.
std::string hex_of(const std::byte* element, std::size_t width) {
  std::string text = "0x";
  for (std::size_t i = width; i-- > 0;) text += fmt::format("{:02x}", static_cast<unsigned>(element[i]));
  return text;
}

double number_of(const std::string& dtype, const std::byte* element, std::size_t width) {
  double value = 0;
  const bool is_float = with_float_form(dtype, [&](auto form) {
    typename decltype(form)::Bits bits;
    std::memcpy(&bits, element, sizeof bits);
    value = form.value(bits);
  });
  if (is_float) return value;
  std::int64_t whole = 0;
  std::memcpy(&whole, element, std::min<std::size_t>(width, 8));
  if (dtype.starts_with("I") && width < 8) {
    const int unused = static_cast<int>(64 - 8 * width);
    whole = static_cast<std::int64_t>(static_cast<std::uint64_t>(whole) << unused) >> unused;
  }
  return static_cast<double>(whole);
}

std::vector<std::int64_t> index_of(std::size_t element, const std::vector<std::int64_t>& shape) {
  std::vector<std::int64_t> index(shape.size());
  auto rest = static_cast<std::int64_t>(element);
  for (std::size_t axis = shape.size(); axis-- > 0;) {
    index[axis] = rest % shape[axis];
    rest /= shape[axis];
  }
  return index;
}

std::optional<ElementPair> first_pair(const CheckpointTensor& tensor, const Content& a, const Content& b) {
  const std::size_t width = element_bytes(tensor.dtype);
  for (std::size_t i = 0; i + width <= a.size(); i += width) {
    if (std::memcmp(&a[i], &b[i], width) == 0) continue;
    return ElementPair{index_of(i / width, tensor.shape), number_of(tensor.dtype, &a[i], width),
                       number_of(tensor.dtype, &b[i], width), hex_of(&a[i], width), hex_of(&b[i], width)};
  }
  return std::nullopt;
}

// Bins 1, 2, 3-4, 5-8, ...: told by the power of two that bounds them from above.
std::vector<UlpBin> histogram(const std::string& dtype, const Content& a, const Content& b) {
  std::map<int, std::uint64_t> counts;
  with_float_form(dtype, [&](auto form) {
    using Bits = typename decltype(form)::Bits;
    for (std::size_t i = 0; i + sizeof(Bits) <= a.size(); i += sizeof(Bits)) {
      Bits left, right;
      std::memcpy(&left, &a[i], sizeof left);
      std::memcpy(&right, &b[i], sizeof right);
      const std::uint64_t apart = ulp_between(left, right);
      if (apart > 0) ++counts[static_cast<int>(std::bit_width(apart - 1))];
    }
  });
  std::vector<UlpBin> bins;
  for (const auto& [power, elements] : counts) {
    const std::uint64_t high =
        power >= 64 ? std::numeric_limits<std::uint64_t>::max() : std::uint64_t{1} << power;
    bins.push_back({power == 0 ? 1 : (std::uint64_t{1} << (power - 1)) + 1, high, elements});
  }
  return bins;
}

// Bit for bit, but for the payload of what is not a number: rounding does not decide it.
bool same_number(double a, double b) {
  if (std::isnan(a) || std::isnan(b)) return std::isnan(a) && std::isnan(b);
  return a == b && std::signbit(a) == std::signbit(b);
}

std::optional<Rounded> rounded(const CheckpointTensor& tensor, const Content& a, const Content& b,
                               const std::optional<Checkpoint>& exact) {
  const auto* answer = exact ? named(*exact, tensor.name) : nullptr;
  if (answer == nullptr || answer->dtype != "F64" || answer->shape != tensor.shape) return std::nullopt;
  const Content right = exact->read(*answer);
  Rounded result;
  const bool is_float = with_float_form(tensor.dtype, [&](auto form) {
    using Form = decltype(form);
    using Bits = typename Form::Bits;
    result.elements = a.size() / sizeof(Bits);
    for (std::size_t i = 0; i < result.elements; ++i) {
      double value;
      std::memcpy(&value, &right[i * sizeof value], sizeof value);
      value = rounded_to<Form>(value);
      const auto is = [&](const Content& side) {
        return same_number(number_of(tensor.dtype, &side[i * sizeof(Bits)], sizeof(Bits)), value);
      };
      result.right_a += is(a) ? 1 : 0;
      result.right_b += is(b) ? 1 : 0;
    }
  });
  return is_float ? std::optional(result) : std::nullopt;
}

// Whether all tensors whose names begin so are equal in both files.
bool equal_tensors(const Checkpoint& a, const Checkpoint& b, std::string_view begin) {
  for (const auto& left : a.tensors()) {
    if (!left.name.starts_with(begin)) continue;
    const auto* right = named(b, left.name);
    if (right == nullptr || right->dtype != left.dtype || right->shape != left.shape ||
        a.read(left) != b.read(*right))
      return false;
  }
  return true;
}

}  // namespace

CallDistance call_distance(const fs::path& path_a, const fs::path& path_b,
                           const std::optional<fs::path>& exact_path) {
  const Checkpoint a(path_a), b(path_b);
  std::optional<Checkpoint> exact;
  if (exact_path) exact.emplace(*exact_path);
  CallDistance found{operator_of(a), equal_tensors(a, b, "input/"), {}, 0};
  if (operator_of(b) != found.name)
    fail("the two sides kept different calls: {} and {}", found.name, operator_of(b));
  for (const auto& left : a.tensors()) {
    const auto* right = named(b, left.name);
    if (!left.name.starts_with("output/") || right == nullptr || right->dtype != left.dtype ||
        right->shape != left.shape)
      continue;
    ++found.outputs_compared;
    const Content in_a = a.read(left), in_b = b.read(*right);
    OutputDistance output;
    output.output = static_cast<std::size_t>(to_integer(left.name.substr(7)).value_or(0));
    output.shape = left.shape;
    output.distance = distance_of(left.dtype, in_a, in_b);
    output.distance.name = left.name;
    if (output.distance.differing == 0) continue;
    output.first = first_pair(left, in_a, in_b);
    output.ulp = histogram(left.dtype, in_a, in_b);
    output.rounded = rounded(left, in_a, in_b, exact);
    found.outputs.push_back(std::move(output));
  }
  return found;
}

}  // namespace reprise
