// SPDX-License-Identifier: Apache-2.0
#include "fake_cuda/ptx_operations.h"

#include <algorithm>
#include <bit>
#include <limits>
#include <type_traits>
#include <utility>

namespace reprise::fake_cuda {

namespace {

using u8 = std::uint8_t;
using u16 = std::uint16_t;
using u32 = std::uint32_t;
using u64 = std::uint64_t;
using s8 = std::int8_t;
using s16 = std::int16_t;
using s32 = std::int32_t;
using s64 = std::int64_t;
__extension__ typedef unsigned __int128 u128;
__extension__ typedef __int128 s128;

using Table = std::map<std::string, Operation>;

template <class T>
constexpr int bits_of = std::is_same_v<T, bool> ? 1 : static_cast<int>(sizeof(T)) * 8;

template <class T>
u64 stored(T value) {
  if constexpr (std::is_same_v<T, bool>)
    return value ? 1 : 0;
  else
    return static_cast<std::make_unsigned_t<T>>(value);
}

// One lane: F takes values of types In... and gives one of type Out.
template <class F, class Out, class... In, std::size_t... I>
u64 computed(const Lanes* const* inputs, unsigned lane, std::index_sequence<I...>) {
  return stored(static_cast<Out>(F{}(static_cast<In>((*inputs[I])[lane])...)));
}

template <class Out, class... In, class F>
void add(Table& table, const std::string& name, F) {
  Operation row;
  row.compute = [](const Lanes* const* inputs, Lanes& out, u32 mask) {
    constexpr auto all = std::index_sequence_for<In...>{};
    if (mask == ~0U) {
      for (unsigned lane = 0; lane < warp_size; ++lane)
        out[lane] = computed<F, Out, In...>(inputs, lane, all);
      return;
    }
    for (; mask != 0; mask &= mask - 1) {
      const auto lane = static_cast<unsigned>(std::countr_zero(mask));
      out[lane] = computed<F, Out, In...>(inputs, lane, all);
    }
  };
  row.result_bits = bits_of<Out>;
  row.input_bits = {bits_of<In>...};
  row.result_signed = std::is_signed_v<Out>;
  table[name] = row;
}

template <class T>
std::string type_name() {
  return (std::is_signed_v<T> ? "s" : "u") + std::to_string(sizeof(T) * 8);
}

template <class T>
using Wider = std::conditional_t<sizeof(T) == 4, std::conditional_t<std::is_signed_v<T>, s64, u64>,
                                 std::conditional_t<std::is_signed_v<T>, s32, u32>>;
template <class T>
using Whole = std::conditional_t<std::is_signed_v<T>, s128, u128>;

template <class T>
void add_numbers(Table& table) {
  using U = std::make_unsigned_t<T>;
  const std::string t = "." + type_name<T>();
  add<T, T, T>(table, "add" + t, [](T a, T b) { return U(u64(U(a)) + U(b)); });
  add<T, T, T>(table, "sub" + t, [](T a, T b) { return U(u64(U(a)) - U(b)); });
  add<T, T, T>(table, "mul.lo" + t, [](T a, T b) { return U(u64(U(a)) * U(b)); });
  add<T, T, T, T>(table, "mad.lo" + t, [](T a, T b, T c) { return U(u64(U(a)) * U(b) + U(c)); });
  add<T, T, T>(table, "mul.hi" + t, [](T a, T b) { return T(Whole<T>(a) * b >> bits_of<T>); });
  add<T, T, T>(table, "min" + t, [](T a, T b) { return std::min(a, b); });
  add<T, T, T>(table, "max" + t, [](T a, T b) { return std::max(a, b); });
  add<T, T, u32>(table, "shr" + t,
                 [](T a, u32 n) { return n < u32(bits_of<T>) ? T(a >> n) : T(a < 0 ? -1 : 0); });
  if constexpr (std::is_unsigned_v<T>) {  // by zero: all bits set, as the hardware answers
    add<T, T, T>(table, "div" + t,
                 [](T a, T b) { return b == 0 ? std::numeric_limits<T>::max() : T(a / b); });
    add<T, T, T>(table, "rem" + t, [](T a, T b) { return b == 0 ? a : T(a % b); });
  } else {
    add<T, T>(table, "neg" + t, [](T a) { return U(0 - u64(U(a))); });
  }
  if constexpr (sizeof(T) < 8) {
    using W = Wider<T>;
    add<W, T, T>(table, "mul.wide" + t, [](T a, T b) { return W(W(a) * W(b)); });
    add<W, T, T, W>(table, "mad.wide" + t, [](T a, T b, W c) { return W(u64(W(a) * W(b)) + u64(c)); });
  }
}

template <class T>
void add_comparisons(Table& table, const std::string& type) {
  const auto compare = [&]<class F>(const std::string& how, F) {
    add<bool, T, T>(table, "setp." + how + "." + type, F{});
    add<bool, T, T, bool>(table, "setp." + how + ".and." + type,
                          [](T a, T b, bool c) { return F{}(a, b) && c; });
    add<bool, T, T, bool>(table, "setp." + how + ".or." + type,
                          [](T a, T b, bool c) { return F{}(a, b) || c; });
  };
  compare("eq", [](T a, T b) { return a == b; });
  compare("ne", [](T a, T b) { return a != b; });
  if (type[0] == 'b') return;
  compare("lt", [](T a, T b) { return a < b; });
  compare("le", [](T a, T b) { return a <= b; });
  compare("gt", [](T a, T b) { return a > b; });
  compare("ge", [](T a, T b) { return a >= b; });
}

template <class U>
U field(U value, u32 at, u32 length) {
  const U shifted = at < u32(bits_of<U>) ? U(value >> at) : U(0);
  return length < u32(bits_of<U>) ? U(shifted & ((U(1) << length) - 1)) : shifted;
}

template <class U>
U inserted(U from, U into, u32 at, u32 length) {
  if (length == 0 || at >= u32(bits_of<U>)) return into;
  const U ones = length < u32(bits_of<U>) ? U((U(1) << length) - 1) : U(~U(0));
  return U((into & ~U(ones << at)) | U((from & ones) << at));
}

template <class U>
U reversed(U value) {
  U out = 0;
  for (int i = 0; i < bits_of<U>; ++i) out = U(out << 1 | (value >> i & 1));
  return out;
}

template <class U>
void add_bits(Table& table) {
  const std::string t = ".b" + std::to_string(bits_of<U>);
  add<U, U, U>(table, "and" + t, [](U a, U b) { return U(a & b); });
  add<U, U, U>(table, "or" + t, [](U a, U b) { return U(a | b); });
  add<U, U, U>(table, "xor" + t, [](U a, U b) { return U(a ^ b); });
  add<U, U>(table, "not" + t, [](U a) { return U(~a); });
  add<U, U, u32>(table, "shl" + t, [](U a, u32 n) { return n < u32(bits_of<U>) ? U(a << n) : U(0); });
  add<U, U, u32>(table, "shr" + t, [](U a, u32 n) { return n < u32(bits_of<U>) ? U(a >> n) : U(0); });
  add<U, U, U, bool>(table, "selp" + t, [](U a, U b, bool c) { return c ? a : b; });
  add_comparisons<U>(table, t.substr(1));
  if constexpr (sizeof(U) >= 4) {
    add<u32, U>(table, "popc" + t, [](U a) { return u32(std::popcount(a)); });
    add<u32, U>(table, "clz" + t, [](U a) { return u32(std::countl_zero(a)); });
    add<U, U>(table, "brev" + t, [](U a) { return reversed(a); });
    add<U, U, u32, u32>(table, "bfe.u" + t.substr(2),
                        [](U a, u32 at, u32 length) { return field(a, at & 255, length & 255); });
    add<U, U, U, u32, u32>(table, "bfi" + t, [](U from, U into, u32 at, u32 length) {
      return inserted(from, into, at & 255, length & 255);
    });
  }
}

template <class To, class From>
void add_conversion(Table& table) {
  add<To, From>(table, "cvt." + type_name<To>() + "." + type_name<From>(), [](From a) { return To(a); });
}

template <class From>
void add_conversions(Table& table) {
  add_conversion<u8, From>(table);
  add_conversion<u16, From>(table);
  add_conversion<u32, From>(table);
  add_conversion<u64, From>(table);
  add_conversion<s8, From>(table);
  add_conversion<s16, From>(table);
  add_conversion<s32, From>(table);
  add_conversion<s64, From>(table);
}

u32 permuted(u32 a, u32 b, u32 selector) {
  const u64 bytes = u64(b) << 32 | a;
  u32 out = 0;
  for (int i = 0; i < 4; ++i) {
    const u32 pick = selector >> (4 * i) & 15;
    u32 byte = u32(bytes >> (8 * (pick & 7)) & 255);
    if (pick & 8) byte = byte & 128 ? 255 : 0;
    out |= byte << (8 * i);
  }
  return out;
}

void add_words(Table& table) {
  add<u32, u32, u32, u32>(table, "prmt.b32", [](u32 a, u32 b, u32 c) { return permuted(a, b, c); });
  add<u32, u32, u32, u32>(table, "shf.l.wrap.b32",
                          [](u32 a, u32 b, u32 n) { return u32((u64(b) << 32 | a) << (n & 31) >> 32); });
  add<u32, u32, u32, u32>(table, "shf.r.wrap.b32",
                          [](u32 a, u32 b, u32 n) { return u32((u64(b) << 32 | a) >> (n & 31)); });
  add<u32, u32, u32, u32>(table, "shf.l.clamp.b32", [](u32 a, u32 b, u32 n) {
    return u32((u64(b) << 32 | a) << std::min(n, 32U) >> 32);
  });
  add<u32, u32, u32, u32>(table, "shf.r.clamp.b32",
                          [](u32 a, u32 b, u32 n) { return u32((u64(b) << 32 | a) >> std::min(n, 32U)); });
}

void add_predicates(Table& table) {
  add<bool, bool, bool>(table, "and.pred", [](bool a, bool b) { return a && b; });
  add<bool, bool, bool>(table, "or.pred", [](bool a, bool b) { return a || b; });
  add<bool, bool, bool>(table, "xor.pred", [](bool a, bool b) { return a != b; });
  add<bool, bool>(table, "not.pred", [](bool a) { return !a; });
}

// Addresses: a window's address is its offset; the generic address adds where the window lies.
void add_addresses(Table& table) {
  add<u64, u64>(table, "cvta.global.u64", [](u64 a) { return a; });
  add<u64, u64>(table, "cvta.to.global.u64", [](u64 a) { return a; });
  add<u64, u64>(table, "cvta.shared.u64", [](u64 a) { return a + shared_window; });
  add<u64, u64>(table, "cvta.to.shared.u64", [](u64 a) { return a - shared_window; });
  add<u64, u64>(table, "cvta.local.u64", [](u64 a) { return a + local_window; });
  add<u64, u64>(table, "cvta.to.local.u64", [](u64 a) { return a - local_window; });
  add<u64, u64>(table, "cvta.param.u64", [](u64 a) { return a + parameter_window; });
}

Table all_operations() {
  Table table;
  add_numbers<u16>(table), add_numbers<s16>(table);
  add_numbers<u32>(table), add_numbers<s32>(table);
  add_numbers<u64>(table), add_numbers<s64>(table);
  add_comparisons<u16>(table, "u16"), add_comparisons<s16>(table, "s16");
  add_comparisons<u32>(table, "u32"), add_comparisons<s32>(table, "s32");
  add_comparisons<u64>(table, "u64"), add_comparisons<s64>(table, "s64");
  add_bits<u16>(table), add_bits<u32>(table), add_bits<u64>(table);
  add_conversions<u8>(table), add_conversions<u16>(table), add_conversions<u32>(table);
  add_conversions<u64>(table), add_conversions<s8>(table), add_conversions<s16>(table);
  add_conversions<s32>(table), add_conversions<s64>(table);
  add_words(table), add_predicates(table), add_addresses(table);
  return table;
}

}  // namespace

const std::map<std::string, Operation>& operations() {
  static const Table table = all_operations();
  return table;
}

}  // namespace reprise::fake_cuda
