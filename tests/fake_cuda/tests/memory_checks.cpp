// SPDX-License-Identifier: Apache-2.0
// Loads and stores of every space, type and vector against a copy of bytes in C++.
#include <map>
#include <random>

#include "fake_cuda/tests/covered.h"
#include "fake_cuda/tests/small_device.h"

namespace reprise::fake_cuda {

namespace {

constexpr unsigned threads = 64, room = 32;  // bytes that each thread has in every space

struct Access {
  std::string op, space, type;
  bool constant = false;
  int vector = 1;
  int bytes() const { return std::stoi(type.substr(1)) / 8; }
  std::string name() const {
    return op + (space.empty() ? "" : "." + space) + (constant ? ".nc" : "") +
           (vector > 1 ? ".v" + std::to_string(vector) : "") + "." + type;
  }
};

std::string members(int count, const std::string& stem) {
  std::string list;
  for (int i = 0; i < count; ++i) list += (i ? ", %" : "%") + stem + std::to_string(i);
  return count == 1 ? list : "{" + list + "}";
}

// %in, %out: this thread's 32 bytes of the two buffers; %own: its 32 bytes of the space under test.
std::string head(const Access& access, int register_bits) {
  std::string body =
      "  .reg .b64 %a<8>;\n  .reg .b64 %in;\n  .reg .b64 %out;\n  .reg .b64 %own;\n  .reg .b32 %t<4>;\n"
      "  .reg .b16 %h;\n  .reg .b" +
      std::to_string(register_bits) + " %v<4>;\n";
  body += "  .shared .align 32 .b8 shared_bytes[2048];\n  .local .align 32 .b8 local_bytes[32];\n";
  body +=
      "  mov.u32 %t0, %tid.x;\n  mul.wide.u32 %a0, %t0, 32;\n  ld.param.u64 %a1, [p0];\n  ld.param.u64 %a2, "
      "[p1];\n"
      "  add.s64 %in, %a1, %a0;\n  add.s64 %out, %a2, %a0;\n";
  if (access.space == "shared") return body + "  mov.u64 %a3, shared_bytes;\n  add.s64 %own, %a3, %a0;\n";
  if (access.space == "local") return body + "  mov.u64 %own, local_bytes;\n";
  if (access.space == "param") return body + "  mov.b64 %own, p4;\n";
  return body + "  mov.u64 %own, " + (access.op == "ld" ? "%in" : "%out") + ";\n";
}

bool in_memory(const Access& access) { return access.space.empty() || access.space == "global"; }

// Byte by byte between a buffer and the space under test.
std::string copied(const std::string& from_space, const std::string& from, const std::string& to_space,
                   const std::string& to, int count) {
  std::string body;
  for (int i = 0; i < count; ++i) {
    const std::string at = "+" + std::to_string(i) + "]";
    body += "  ld." + from_space + ".b8 %h, [" + from + at + ";\n  st." + to_space + ".b8 [" + to + at +
            ", %h;\n";
  }
  return body;
}

std::string load_kernel(const Access& access, int register_bits) {
  std::string body = head(access, register_bits);
  if (access.space == "shared" || access.space == "local")
    body += copied("global", "%in", access.space, "%own", static_cast<int>(room));
  body += "  " + access.name() + " " + members(access.vector, "v") + ", [%own];\n";
  for (int i = 0; i < access.vector; ++i)
    body += "  st.global.b" + std::to_string(register_bits) + " [%out+" + std::to_string(8 * i) + "], %v" +
            std::to_string(i) + ";\n";
  return body;
}

std::string store_kernel(const Access& access, int register_bits) {
  std::string body = head(access, register_bits);
  for (int i = 0; i < access.vector; ++i)
    body += "  ld.global.b" + std::to_string(register_bits) + " %v" + std::to_string(i) + ", [%in+" +
            std::to_string(8 * i) + "];\n";
  body += "  " + access.name() + " [%own], " + members(access.vector, "v") + ";\n";
  if (!in_memory(access))
    body += copied(access.space, "%own", "global", "%out", access.bytes() * access.vector);
  return body;
}

std::vector<std::uint8_t> drawn_bytes() {
  std::mt19937 random(7);
  std::vector<std::uint8_t> bytes(threads * room);
  for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random());
  return bytes;
}

std::vector<std::uint64_t> words_of_bytes(const std::vector<std::uint8_t>& bytes, std::size_t count) {
  std::vector<std::uint64_t> words(count);
  std::memcpy(words.data(), bytes.data(), count * 8);
  return words;
}

void check_load(const Access& access, int register_bits) {
  SmallDevice device;
  const auto bytes = drawn_bytes();
  const std::vector<std::uint8_t> blank(threads * room, 0);
  const std::uint64_t in = device.add(bytes), out = device.add(blank);
  std::vector<std::uint64_t> parameters = {in, out, 0, 0};
  for (const auto word : words_of_bytes(bytes, 4)) parameters.push_back(word);  // p4 and the three behind it
  device.run(ptx_kernel(8, load_kernel(access, register_bits)), parameters, threads, 1, 3);
  const auto found = device.values<std::uint8_t>(out);
  for (unsigned thread = 0; thread < threads; ++thread) {
    for (int i = 0; i < access.vector; ++i) {
      const std::size_t size = static_cast<std::size_t>(access.bytes());
      const std::size_t from =
          (access.space == "param" ? 0 : thread * room) + static_cast<std::size_t>(i) * size;
      for (std::size_t b = 0; b < static_cast<std::size_t>(register_bits) / 8; ++b) {
        const bool negative = access.type[0] == 's' && bytes[from + size - 1] >= 128;
        const int wanted = b < size ? bytes[from + b] : negative ? 255 : 0;
        REQUIRE(static_cast<int>(found[thread * room + static_cast<std::size_t>(i) * 8 + b]) == wanted);
      }
    }
  }
}

void check_store(const Access& access, int register_bits) {
  SmallDevice device;
  const auto bytes = drawn_bytes();
  const std::uint64_t in = device.add(bytes),
                      out = device.add(std::vector<std::uint8_t>(threads * room, 0xEE));
  device.run(ptx_kernel(2, store_kernel(access, register_bits)), {in, out}, threads, 1, 5);
  const auto found = device.values<std::uint8_t>(out);
  const std::size_t size = static_cast<std::size_t>(access.bytes()),
                    all = size * static_cast<std::size_t>(access.vector);
  for (unsigned thread = 0; thread < threads; ++thread)
    for (std::size_t b = 0; b < room; ++b) {
      const int wanted = b < all ? bytes[thread * room + b / size * 8 + b % size] : 0xEE;
      REQUIRE(static_cast<int>(found[thread * room + b]) == wanted);
    }
}

void add_access(std::vector<Check>& checks, const Access& access) {
  const int bits = access.bytes() * 8, narrowest = bits == 8 ? 16 : bits;
  checks.push_back({access.name(), [access, narrowest] {
                      for (int wide = narrowest; wide <= 64; wide *= 2)  // also registers wider than the type
                        access.op == "ld" ? check_load(access, wide) : check_store(access, wide);
                    }});
}

// 16 lanes of each of 4 warps add to the same place: the sum is right in any order, and every old value is
// seen once.
void check_atomic(const std::string& instruction, const std::string& operation, const std::string& type) {
  SmallDevice device;
  const std::string bits = type.substr(1);
  const bool wide = bits == "64", returns = instruction.starts_with("atom");
  std::string body =
      "  .reg .b64 %a<4>;\n  .reg .b32 %t<4>;\n  .reg .b" + bits + " %v<4>;\n  ld.param.u64 %a1, [p0];\n";
  body += std::string("  mov.u32 %t0, %tid.x;\n  add.s32 %t1, %t0, 1;\n") +
          (wide ? "  cvt.u64.u32 %v0, %t1;\n" : "  mov.u32 %v0, %t1;\n");
  body += "  " + instruction + (returns ? " %v1," : "") + " [%a1], %v0;\n";
  const std::uint64_t start = operation == "and" ? 0xFFFF : 3;
  const std::uint64_t at = device.add(std::vector<std::uint64_t>{start});
  device.run(ptx_kernel(1, body), {at}, 64, 1, 9);
  std::uint64_t wanted = start;
  for (std::uint64_t v = 1; v <= 64; ++v) {
    wanted = operation == "add"   ? wanted + v
             : operation == "min" ? std::min(wanted, v)
             : operation == "max" ? std::max(wanted, v)
             : operation == "and" ? wanted & v
             : operation == "or"  ? wanted | v
                                  : wanted ^ v;
  }
  const std::uint64_t found = device.values<std::uint64_t>(at)[0];
  if (operation == "exch")
    REQUIRE((found >= 1 && found <= 64));
  else
    REQUIRE(found == wanted);
}

}  // namespace

std::vector<Check> memory_checks() {
  std::vector<Check> checks;
  for (const std::string type :
       {"u8", "s8", "b8", "u16", "s16", "b16", "u32", "s32", "b32", "u64", "s64", "b64"})
    for (const int vector : {1, 2, 4})
      for (const std::string space : {"", "global", "shared", "local", "param"}) {
        add_access(checks, {"ld", space, type, false, vector});
        if (space == "global") add_access(checks, {"ld", space, type, true, vector});
        if (space != "param") add_access(checks, {"st", space, type, false, vector});
      }
  const std::pair<const char*, std::vector<std::string>> atomics[] = {{"add", {"u32", "s32", "u64"}},
                                                                      {"min", {"u32", "s32", "u64", "s64"}},
                                                                      {"max", {"u32", "s32", "u64", "s64"}},
                                                                      {"and", {"b32", "b64"}},
                                                                      {"or", {"b32", "b64"}},
                                                                      {"xor", {"b32", "b64"}},
                                                                      {"exch", {"b32", "b64"}}};
  for (const auto& [operation, types] : atomics)
    for (const auto& type : types)
      for (const std::string opcode : {"atom", "red"}) {
        if (opcode == "red" && std::string(operation) == "exch") continue;
        const std::string name = opcode + ".global." + operation + "." + type;
        checks.push_back({name, [=] { check_atomic(name, operation, type); }});
      }
  return checks;
}

}  // namespace reprise::fake_cuda
