// SPDX-License-Identifier: Apache-2.0
#include "harness/checkpoint/pickle_text.h"

#include <algorithm>
#include <array>
#include <bit>

#include <fmt/core.h>

#include "harness/base/text.h"
#include "harness/checkpoint/element_types.h"
#include "harness/checkpoint/numpy_values.h"
#include "harness/checkpoint/plain_values.h"
#include "harness/tensor/safetensors.h"

namespace reprise {

using pickle::Kind;
using pickle::Ref;
using pickle::Value;

namespace {

// Two's complement of more than eight bytes, as hex() of Python shows it.
std::string big_number(std::string_view little_endian) {
  std::string bytes(little_endian);
  const bool negative = (static_cast<unsigned char>(bytes.back()) & 0x80) != 0;
  bool carry = negative;
  for (char& c : bytes) {
    if (!negative) break;
    c = static_cast<char>(~c + (carry ? 1 : 0));
    carry = carry && c == 0;
  }
  std::string digits;
  for (auto byte = bytes.rbegin(); byte != bytes.rend(); ++byte)
    digits += fmt::format("{:02x}", static_cast<unsigned char>(*byte));
  digits.erase(0, std::min(digits.find_first_not_of('0'), digits.size() - 1));
  return (negative ? "-0x" : "0x") + digits;
}

// Text of one value, of at most so many bytes in all, as values may hold one another many times over.
class TextOf {
 public:
  TextOf(const pickle::Pickle& values, std::uint64_t& work) : values_(values), work_(work) {}
  bool add(Ref ref, int depth);
  std::string text;

 private:
  bool add_list(const std::vector<Ref>& items, std::string_view ends, int depth);
  bool add_set(const std::vector<Ref>& items, int depth);
  bool add_call(Ref ref, int depth);
  bool add_numpy_scalar(Ref ref);
  bool put(std::string_view more) {
    constexpr std::size_t most = std::size_t{16} << 20;
    constexpr std::uint64_t slower = 8;  // than a digest of as many bytes
    text += more;
    return spend(slower * (more.size() + 1)) && text.size() <= most;
  }
  bool spend(std::uint64_t bytes) {
    work_ -= std::min(work_, bytes);
    return work_ > 0;
  }

  const pickle::Pickle& values_;
  std::uint64_t& work_;
};

bool TextOf::add(Ref ref, int depth) {
  constexpr int deepest = 16;
  if (depth > deepest) return false;
  const Value& value = values_[ref];
  if (!spend(value.text.size())) return false;
  switch (value.kind) {
    case Kind::none:
      return put("None");
    case Kind::truth:
      return put(value.whole != 0 ? "True" : "False");
    case Kind::whole:
      return put(std::to_string(value.whole));
    case Kind::number:
      return put(value.text.empty() ? number_text(std::bit_cast<double>(value.whole))
                                    : big_number(value.text));
    case Kind::text:
      return put(text_in_quotes(value.text));
    case Kind::bytes:
      return put(bytes_in_quotes(values_.bytes(ref)->bytes));
    case Kind::tuple:
      return add_list(value.items, "()", depth);
    case Kind::list:
      return add_list(value.items, "[]", depth);
    case Kind::set:
      return add_set(value.items, depth);
    case Kind::dict:
      return value.pairs.empty() && put("{}");
    case Kind::global:
      return is_plain_global(value.text) && put(value.text);
    case Kind::object:
      return add_call(ref, depth);
    default:
      return false;
  }
}

bool TextOf::add_list(const std::vector<Ref>& items, std::string_view ends, int depth) {
  put(ends.substr(0, 1));
  for (std::size_t i = 0; i < items.size(); ++i)
    if ((i > 0 && !put(", ")) || !add(items[i], depth + 1)) return false;
  return put(ends.substr(1));
}

bool TextOf::add_set(const std::vector<Ref>& items, int depth) {
  std::vector<std::string> members;
  const std::string before = std::move(text);
  for (const Ref item : items) {
    text.clear();
    if (!add(item, depth + 1)) return false;
    members.push_back(text);
  }
  std::ranges::sort(members);
  text = before;
  return put(members.empty() ? "set()" : "{" + join(members, ", ") + "}");
}

bool TextOf::add_numpy_scalar(Ref ref) {
  const auto& given = values_.arguments(ref);
  if (given.size() != 2) return false;
  const auto name = numpy_type(values_, given[0]);
  const auto type = name ? dtype_of_numpy(*name) : std::nullopt;
  const auto bytes = values_.bytes(given[1]);
  if (!type || type->swapped != 0 || !bytes || bytes->bytes.size() * 8 != bits_of(type->dtype)) return false;
  return put(fmt::format("numpy {} {}", *name, element_text(type->dtype, bytes->bytes)));
}

bool TextOf::add_call(Ref ref, int depth) {
  const std::string_view head = values_.head(ref);
  const auto& given = values_.arguments(ref);
  if (!given.empty() && !spend(values_[given[0]].text.size())) return false;
  if (const auto bytes = values_.bytes(ref)) return put(bytes_in_quotes(bytes->bytes));
  if (is_set(values_, ref)) {
    if (given.empty()) return add_set(values_[ref].items, depth);
    const Value& members = values_[given[0]];
    return given.size() == 1 && members.kind == Kind::list && add_set(members.items, depth);
  }
  if (head.ends_with(".scalar") && add_numpy_scalar(ref)) return true;
  if (!is_scalar_call(head)) return false;
  if (!put(head) || !add_list(given, "()", depth)) return false;
  const Ref state = values_[ref].state;
  return state == pickle::nothing || add(state, depth + 1);
}

}  // namespace

std::optional<std::string> plain_text(const pickle::Pickle& values, Ref ref, std::uint64_t& work) {
  TextOf made(values, work);
  if (!made.add(ref, 0)) return std::nullopt;
  return std::move(made.text);
}

bool is_set(const pickle::Pickle& values, Ref ref) {
  constexpr std::array<std::string_view, 4> heads{"__builtin__.set", "builtins.set", "__builtin__.frozenset",
                                                  "builtins.frozenset"};
  return values[ref].kind == Kind::set || is_one_of(values.head(ref), heads);
}

bool is_scalar_call(std::string_view head) {
  constexpr std::array<std::string_view, 14> heads{"__builtin__.complex",
                                                   "builtins.complex",
                                                   "__builtin__.slice",
                                                   "builtins.slice",
                                                   "__builtin__.xrange",
                                                   "builtins.range",
                                                   "__builtin__.bytearray",
                                                   "builtins.bytearray",
                                                   "__builtin__.bytes",
                                                   "_codecs.encode",
                                                   "torch.device",
                                                   "numpy.dtype",
                                                   "numpy.core.multiarray.scalar",
                                                   "numpy._core.multiarray.scalar"};
  return is_one_of(head, heads);
}

bool is_plain_global(std::string_view name) {
  constexpr std::array<std::string_view, 12> types{
      "__builtin__.int",  "builtins.int",  "__builtin__.float", "builtins.float",
      "__builtin__.dict", "builtins.dict", "__builtin__.list",  "builtins.list",
      "__builtin__.set",  "builtins.set",  "torch.strided",     "collections.OrderedDict"};
  constexpr std::string_view torch = "torch.";
  return is_one_of(name, types) ||
         (name.starts_with(torch) && !dtype_of_torch(name.substr(torch.size())).empty());
}

}  // namespace reprise
