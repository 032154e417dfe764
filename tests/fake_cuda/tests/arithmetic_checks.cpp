// SPDX-License-Identifier: Apache-2.0
// Every row of the interpreter's table of arithmetic against the PTX manual's words, computed another way: by
// whole numbers of 128 bits and bit by bit.
#include <array>
#include <random>

#include "fake_cuda/ptx_operations.h"
#include "fake_cuda/tests/covered.h"
#include "fake_cuda/tests/small_device.h"

namespace reprise::fake_cuda {

namespace {

__extension__ typedef __int128 Whole;
__extension__ typedef unsigned __int128 Natural;
using Inputs = std::array<std::uint64_t, 4>;

struct Type {
  bool is_signed = false;
  int bits = 1;
};

Type type_of(const std::string& word) {
  return word == "pred" ? Type{} : Type{word[0] == 's', std::stoi(word.substr(1))};
}

std::vector<std::string> parts(const std::string& name) {
  std::vector<std::string> out(1);
  for (const char c : name) {
    if (c == '.')
      out.emplace_back();
    else
      out.back() += c;
  }
  return out;
}

// The number that the low bits stand for.
Whole number(std::uint64_t raw, const Type& type) {
  Whole value = 0;
  for (int i = 0; i < type.bits; ++i)
    if (raw >> i & 1) value += (type.is_signed && i + 1 == type.bits ? -(Whole(1) << i) : Whole(1) << i);
  return value;
}

std::uint64_t low_bits(Whole value, int bits) {
  Whole size = Whole(1) << bits, rest = value % size;
  return static_cast<std::uint64_t>(rest < 0 ? rest + size : rest);
}

bool bit(std::uint64_t raw, int i) { return i < 64 && i >= 0 && (raw >> i & 1); }

std::uint64_t from_bits(int bits, const std::function<bool(int)>& is_set) {
  std::uint64_t out = 0;
  for (int i = bits - 1; i >= 0; --i) out = out * 2 + (is_set(i) ? 1 : 0);
  return out;
}

bool compared(const std::string& how, Whole a, Whole b) {
  if (how == "eq") return a == b;
  if (how == "ne") return !(a == b);
  if (how == "lt") return b - a > 0;
  if (how == "le") return !(a - b > 0);
  if (how == "gt") return a - b > 0;
  return !(b - a > 0);
}

// Shifts: a count beyond the width gives what is left when every bit went out.
std::uint64_t shifted(bool left, const Type& type, std::uint64_t raw, std::uint64_t count_raw) {
  const std::uint64_t count = count_raw & 0xFFFFFFFF;
  return from_bits(type.bits, [&](int i) {
    const Whole from = left ? Whole(i) - Whole(count) : Whole(i) + Whole(count);
    if (from < 0) return false;
    if (from >= type.bits) return !left && type.is_signed && bit(raw, type.bits - 1);
    return bit(raw, static_cast<int>(from));
  });
}

std::uint64_t product_high(const Type& type, std::uint64_t a, std::uint64_t b) {
  // Schoolbook in halves of 32 bits; a negative factor takes the other factor off the high half.
  if (type.bits < 64) return low_bits(number(a, type) * number(b, type) >> type.bits, type.bits);
  const std::uint64_t a0 = a & 0xFFFFFFFF, a1 = a >> 32, b0 = b & 0xFFFFFFFF, b1 = b >> 32;
  const std::uint64_t middle = a1 * b0 + (a0 * b0 >> 32), other = a0 * b1 + (middle & 0xFFFFFFFF);
  std::uint64_t high = a1 * b1 + (middle >> 32) + (other >> 32);
  if (type.is_signed && a >> 63) high -= b;
  if (type.is_signed && b >> 63) high -= a;
  return high;
}

std::uint64_t integer_result(const std::string& op, const std::string& kind, const Type& type,
                             const Inputs& in) {
  const Whole a = number(in[0], type), b = number(in[1], type), c = number(in[2], type);
  if (op == "add") return low_bits(a + b, type.bits);
  if (op == "sub") return low_bits(a - b, type.bits);
  if (op == "min") return low_bits(compared("le", a, b) ? a : b, type.bits);
  if (op == "max") return low_bits(compared("ge", a, b) ? a : b, type.bits);
  if (op == "neg") return low_bits(-a, type.bits);
  if (op == "div") return b == 0 ? low_bits(-1, type.bits) : low_bits(a / b, type.bits);
  if (op == "rem") return b == 0 ? low_bits(a, type.bits) : low_bits(a - a / b * b, type.bits);
  if (op == "mul" && kind == "hi") return product_high(type, in[0], in[1]);
  const std::uint64_t product = type.bits == 64 ? in[0] * in[1] : low_bits(a * b, 64);
  const Type wide{type.is_signed, 2 * type.bits};
  if (kind == "wide") return low_bits(Whole(product) + (op == "mad" ? number(in[2], wide) : 0), wide.bits);
  return low_bits(Whole(product) + (op == "mad" ? c : 0), type.bits);
}

std::uint64_t bitwise_result(const std::string& op, const Type& type, const Inputs& in) {
  const int bits = type.bits;
  if (op == "and") return from_bits(bits, [&](int i) { return bit(in[0], i) && bit(in[1], i); });
  if (op == "or") return from_bits(bits, [&](int i) { return bit(in[0], i) || bit(in[1], i); });
  if (op == "xor") return from_bits(bits, [&](int i) { return bit(in[0], i) != bit(in[1], i); });
  if (op == "not") return from_bits(bits, [&](int i) { return !bit(in[0], i); });
  if (op == "brev") return from_bits(bits, [&](int i) { return bit(in[0], bits - 1 - i); });
  std::uint64_t count = 0;
  if (op == "popc") {
    for (int i = 0; i < bits; ++i) count += bit(in[0], i);
    return count;
  }
  if (op == "clz") {
    for (int i = bits - 1; i >= 0 && !bit(in[0], i); --i) ++count;
    return count;
  }
  if (op == "bfe") {
    const int at = static_cast<int>(in[1] & 255), length = static_cast<int>(in[2] & 255);
    return from_bits(bits, [&](int i) { return i < length && at + i < bits && bit(in[0], at + i); });
  }
  const int at = static_cast<int>(in[2] & 255), length = static_cast<int>(in[3] & 255);  // bfi
  return from_bits(bits,
                   [&](int i) { return i >= at && i < at + length ? bit(in[0], i - at) : bit(in[1], i); });
}

std::uint64_t word_result(const std::vector<std::string>& name, const Inputs& in) {
  const auto both = [&](int i) { return i < 32 ? bit(in[0], i) : i < 64 && bit(in[1], i - 32); };
  if (name[0] == "prmt") {
    return from_bits(32, [&](int i) {
      const int pick = static_cast<int>(in[2] >> (i / 8 * 4) & 15);
      return both((pick & 7) * 8 + (pick & 8 ? 7 : i % 8));
    });
  }
  std::uint64_t count = in[2] & 0xFFFFFFFF;
  count = name[2] == "wrap" ? count % 32 : count > 32 ? 32 : count;
  const int by = static_cast<int>(count);
  return from_bits(32, [&](int i) { return both(name[1] == "l" ? 32 + i - by : i + by); });
}

std::uint64_t address_result(const std::vector<std::string>& name, std::uint64_t a) {
  const std::string& space = name[1] == "to" ? name[2] : name[1];
  const std::uint64_t window = space == "global" ? 0 : space == "param" ? 1 : space == "shared" ? 2 : 3;
  return name[1] == "to" ? a - (window << 60) : a + (window << 60);
}

// What the manual says the instruction gives.
std::uint64_t expected(const std::string& full, const Inputs& in) {
  const auto name = parts(full);
  const std::string& op = name[0];
  if (op == "cvta") return address_result(name, in[0]);
  const Type type = type_of(name.back());
  if (op == "cvt") return low_bits(number(in[0], type), type_of(name[1]).bits);
  if (op == "setp") {
    const bool holds = compared(name[1], number(in[0], type), number(in[1], type)), other = in[2] & 1;
    return name[2] == "and" ? holds && other : name[2] == "or" ? holds || other : holds;
  }
  if (op == "selp") return low_bits(number(in[in[2] & 1 ? 0 : 1], type), type.bits);
  if (op == "shl" || op == "shr") return shifted(op == "shl", type, in[0], in[1]);
  if (op == "prmt" || op == "shf") return word_result(name, in);
  const bool plain = name.back()[0] == 'b' || name.back() == "pred" || op == "bfe" || op == "bfi";
  return plain ? bitwise_result(op, type, in) : integer_result(op, name[1], type, in);
}

int register_bits(int bits) { return bits == 8 ? 16 : bits; }

// Loads each input from an array of 64-bit values, runs the instruction, stores the result.
std::string kernel_for(const std::string& name, const Operation& operation) {
  std::string body = "  .reg .b64 %a<8>;\n  .reg .b32 %t<4>;\n  .reg .pred %c<6>;\n";
  body += "  mov.u32 %t0, %tid.x;\n  mul.wide.u32 %a0, %t0, 8;\n";
  std::string operands;
  for (std::size_t i = 0; i < operation.input_bits.size(); ++i) {
    const std::string n = std::to_string(i);
    const int bits = operation.input_bits[i], wide = register_bits(bits);
    body += "  ld.param.u64 %a1, [p" + n + "];\n  add.s64 %a2, %a1, %a0;\n";
    if (bits == 1) {
      body += "  ld.global.u32 %t1, [%a2];\n  and.b32 %t2, %t1, 1;\n  setp.ne.u32 %c" + n + ", %t2, 0;\n";
    } else {
      body += "  .reg .b" + std::to_string(wide) + " %i" + n + ";\n";
      body += "  ld.global.b" + std::to_string(wide) + " %i" + n + ", [%a2];\n";
    }
    operands += ", %" + std::string(bits == 1 ? "c" : "i") + n;
  }
  const int out = operation.result_bits, wide = register_bits(out);
  body += "  ld.param.u64 %a1, [p4];\n  add.s64 %a2, %a1, %a0;\n";
  if (out == 1)
    return body + "  " + name + " %c5" + operands +
           ";\n  selp.b32 %t1, 1, 0, %c5;\n  st.global.u32 [%a2], %t1;\n";
  body += "  .reg .b" + std::to_string(wide) + " %o;\n  " + name + " %o" + operands + ";\n";
  return body + "  st.global.b" + std::to_string(wide) + " [%a2], %o;\n";
}

std::vector<std::uint64_t> drawn(std::mt19937_64& random, std::size_t count) {
  static const std::uint64_t edges[] = {0,
                                        1,
                                        2,
                                        3,
                                        5,
                                        7,
                                        8,
                                        15,
                                        16,
                                        31,
                                        32,
                                        33,
                                        63,
                                        64,
                                        65,
                                        127,
                                        128,
                                        255,
                                        256,
                                        0x7FFF,
                                        0x8000,
                                        0xFFFF,
                                        0x7FFFFFFF,
                                        0x80000000,
                                        0xFFFFFFFF,
                                        0x100000000,
                                        0x7FFFFFFFFFFFFFFF,
                                        0x8000000000000000,
                                        0xFFFFFFFFFFFFFFFF};
  std::vector<std::uint64_t> out(count);
  for (auto& value : out) {
    const std::uint64_t kind = random() % 4;
    value = kind == 0 ? random() : kind == 1 ? random() >> random() % 64 : edges[random() % std::size(edges)];
    if (kind == 3) value += random() % 3 - 1;
  }
  return out;
}

void check_operation(const std::string& name, const Operation& operation) {
  std::mt19937_64 random(std::hash<std::string>{}(name));
  constexpr unsigned threads = 1024;
  SmallDevice device;
  std::vector<std::uint64_t> addresses;
  std::array<std::vector<std::uint64_t>, 4> inputs;
  for (auto& input : inputs) {
    input = drawn(random, threads);
    addresses.push_back(device.add(input));
  }
  addresses.push_back(device.add(std::vector<std::uint64_t>(threads)));
  device.run(ptx_kernel(5, kernel_for(name, operation)), addresses, threads, 1, random() | 1);
  const auto found = device.values<std::uint64_t>(addresses[4]);
  for (unsigned i = 0; i < threads; ++i) {
    Inputs in{};
    for (std::size_t k = 0; k < 4; ++k) in[k] = inputs[k][i];
    std::uint64_t wanted = expected(name, in);
    // A narrow signed result fills the 16 bits of its register.
    if (operation.result_bits == 8 && operation.result_signed && wanted >> 7 & 1) wanted |= 0xFF00;
    INFO(name << " of " << in[0] << ", " << in[1] << ", " << in[2] << ", " << in[3]);
    REQUIRE(found[i] == wanted);
  }
}

}  // namespace

std::vector<Check> arithmetic_checks() {
  std::vector<Check> checks;
  for (const auto& [name, operation] : operations())
    checks.push_back({name, [&name = name, &operation = operation] { check_operation(name, operation); }});
  return checks;
}

}  // namespace reprise::fake_cuda
