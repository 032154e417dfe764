// SPDX-License-Identifier: Apache-2.0
// What lanes do together, and what moves values and control about.
#include <random>

#include "fake_cuda/tests/covered.h"
#include "fake_cuda/tests/small_device.h"

namespace reprise::fake_cuda {

namespace {

// %i: a thread's number in the launch; %in, %out: its places in two arrays of 64-bit values.
const std::string head =
    "  .reg .b64 %a<8>;\n  .reg .b64 %in;\n  .reg .b64 %out;\n  .reg .b64 %d<8>;\n  .reg .b32 %t<8>;\n  .reg "
    ".b32 %i;\n"
    "  .reg .b16 %h<8>;\n  .reg .pred %p<8>;\n"
    "  mov.u32 %t0, %tid.x;\n  mov.u32 %t1, %ctaid.x;\n  mov.u32 %t2, %ntid.x;\n  mad.lo.s32 %i, %t1, %t2, "
    "%t0;\n"
    "  mul.wide.u32 %a0, %i, 8;\n  ld.param.u64 %a1, [p0];\n  ld.param.u64 %a2, [p1];\n"
    "  add.s64 %in, %a1, %a0;\n  add.s64 %out, %a2, %a0;\n";

std::vector<std::uint64_t> drawn(std::size_t count, std::uint64_t seed = 1) {
  std::mt19937_64 random(seed);
  std::vector<std::uint64_t> values(count);
  for (auto& value : values) value = random();
  return values;
}

// Runs the body over the values under several schedules; tells what each thread stored.
std::vector<std::uint64_t> ran(const std::string& body, const std::vector<std::uint64_t>& values,
                               std::uint64_t seed, unsigned blocks = 1) {
  SmallDevice device;
  const std::uint64_t in = device.add(values),
                      out = device.add(std::vector<std::uint64_t>(values.size(), 77));
  device.run(ptx_kernel(2, head + body), {in, out}, static_cast<unsigned>(values.size()) / blocks, blocks,
             seed);
  return device.values<std::uint64_t>(out);
}

void require(const std::string& body, const std::vector<std::uint64_t>& values,
             const std::function<std::uint64_t(std::size_t)>& wanted, unsigned blocks = 1) {
  for (std::uint64_t seed = 0; seed < 12; ++seed) {
    const auto found = ran(body, values, seed, blocks);
    for (std::size_t i = 0; i < found.size(); ++i) {
      INFO("seed " << seed << ", thread " << i);
      REQUIRE(found[i] == wanted(i));
    }
  }
}

void add_plain_moves(std::vector<Check>& checks) {
  const auto values = drawn(64);
  for (const std::string type : {"u16", "s16", "b16", "u32", "s32", "b32", "u64", "s64", "b64"}) {
    const std::string bits = type.substr(1), r = bits == "16" ? "%h" : bits == "32" ? "%t" : "%d";
    checks.push_back(
        {"mov." + type, [=] {
           const std::string load = "  ld.global.b" + bits + " " + r + "3, [%in];\n";
           require(load + "  mov." + type + " " + r + "4, " + r +
                       "3;\n  mov.u64 %d5, 0;\n  st.global.u64 [%out], %d5;\n  st.global.b" + bits +
                       " [%out], " + r + "4;\n",
                   values, [&](std::size_t i) {
                     return bits == "64" ? values[i] : values[i] & ((1ULL << std::stoi(bits)) - 1);
                   });
           require("  mov." + type + " " + r +
                       "4, -2;\n  mov.u64 %d5, 0;\n  st.global.u64 [%out], %d5;\n  st.global.b" + bits +
                       " [%out], " + r + "4;\n",
                   values, [&](std::size_t) { return (~0ULL - 1) & (~0ULL >> (64 - std::stoi(bits))); });
         }});
  }
  checks.push_back(
      {"mov.pred", [=] {
         require(
             "  ld.global.u32 %t3, [%in];\n  setp.gt.s32 %p1, %t3, 5;\n  mov.pred %p2, %p1;\n  mov.pred %p3, "
             "-1;\n"
             "  and.pred %p4, %p2, %p3;\n  selp.b64 %d1, 1, 0, %p4;\n  st.global.u64 [%out], %d1;\n",
             values, [&](std::size_t i) { return std::int32_t(values[i]) > 5; });
       }});
}

void add_moves_of_64_bits(std::vector<Check>& checks) {
  const auto values = drawn(64);
  const auto same = [values](std::size_t i) { return values[i]; };
  checks.push_back(
      {"mov.b64 {},", [=] {
         require(
             "  ld.global.u64 %d1, [%in];\n  mov.b64 {%t3, %t4}, %d1;\n  st.global.u32 [%out], %t3;\n"
             "  st.global.u32 [%out+4], %t4;\n",
             values, same);
         require(
             "  ld.global.u64 %d1, [%in];\n  mov.b64 {%h1, %h2, %h3, %h4}, %d1;\n  st.global.v4.u16 [%out], "
             "{%h1, %h2, %h3, %h4};\n",
             values, same);
         require(
             "  ld.global.u64 %d1, [%in];\n  mov.b64 {_, %t4}, %d1;\n  cvt.u64.u32 %d2, %t4;\n  "
             "st.global.u64 [%out], %d2;\n",
             values, [values](std::size_t i) { return values[i] >> 32; });
       }});
  checks.push_back({"mov.b64, {}", [=] {
                      require(
                          "  ld.global.v2.u32 {%t3, %t4}, [%in];\n  mov.b64 %d1, {%t3, %t4};\n  "
                          "st.global.u64 [%out], %d1;\n",
                          values, same);
                      require(
                          "  ld.global.u64 %d1, [%in];\n  mov.b64 {%t3, %t4}, %d1;\n  mov.b64 %d2, {%t4, "
                          "%t3};\n  st.global.u64 [%out], %d2;\n",
                          values, [values](std::size_t i) { return values[i] >> 32 | values[i] << 32; });
                    }});
}

void add_moves_of_32_bits(std::vector<Check>& checks) {
  const auto values = drawn(64);
  checks.push_back({"mov.b32 {},", [=] {
                      require(
                          "  ld.global.u32 %t3, [%in];\n  mov.b32 {%h1, %h2}, %t3;\n  cvt.u64.u16 %d1, "
                          "%h2;\n  st.global.u64 [%out], %d1;\n",
                          values, [values](std::size_t i) { return values[i] >> 16 & 0xFFFF; });
                    }});
  checks.push_back({"mov.b32, {}", [=] {
                      require(
                          "  ld.global.v2.u16 {%h1, %h2}, [%in];\n  mov.b32 %t3, {%h2, %h1};\n  cvt.u64.u32 "
                          "%d1, %t3;\n  st.global.u64 [%out], %d1;\n",
                          values, [values](std::size_t i) {
                            return (values[i] & 0xFFFF) << 16 | (values[i] >> 16 & 0xFFFF);
                          });
                    }});
}

// The source lane by the manual's loop, for segments of `width` lanes; -1 where it lies outside.
int source_of(const std::string& mode, int lane, int by, int width) {
  const int first = lane / width * width, last = first + width - 1;
  const int source = mode == "bfly"   ? (lane ^ by)
                     : mode == "up"   ? lane - by
                     : mode == "down" ? lane + by
                                      : first + by % width;
  if (mode == "up") return source >= first ? source : -1;
  return source <= last ? source : -1;
}

void check_shuffle(const std::string& mode) {
  const auto values = drawn(64);
  for (const int width : {32, 8, 4, 1})
    for (const int by : {0, 1, 2, 3, 5, 16, 31}) {
      const int clamp = (32 - width) << 8 | (mode == "up" ? 0 : 31);
      const std::string ask = "  ld.global.u32 %t3, [%in];\n  shfl.sync." + mode + ".b32 %t4|%p1, %t3, " +
                              std::to_string(by) + ", " + std::to_string(clamp) +
                              ", -1;\n  selp.b32 %t5, 1, 0, %p1;\n  st.global.v2.u32 [%out], {%t4, %t5};\n";
      require(ask, values, [&](std::size_t i) {
        const int source = source_of(mode, static_cast<int>(i % 32), by, width);
        const std::uint64_t value =
            values[source < 0 ? i : i / 32 * 32 + static_cast<std::size_t>(source)] & 0xFFFFFFFF;
        return value | (source < 0 ? 0ULL : 1ULL << 32);
      });
    }
  // Two branches, each with the lanes that take it: no lane waits for the other branch.
  require(
      "  and.b32 %t3, %i, 4;\n  setp.eq.s32 %p1, %t3, 0;\n  @%p1 bra $even;\n"
      "  shfl.sync.bfly.b32 %t4, %i, 1, 31, 0xF0F0F0F0;\n  bra.uni $done;\n"
      "$even:\n  shfl.sync.bfly.b32 %t4, %i, 2, 31, 0x0F0F0F0F;\n"
      "$done:\n  cvt.u64.u32 %d1, %t4;\n  st.global.u64 [%out], %d1;\n",
      values, [&](std::size_t i) { return i & 4 ? i ^ 1 : i ^ 2; });
}

void add_votes(std::vector<Check>& checks) {
  auto values = drawn(96);
  for (std::size_t i = 32; i < 64; ++i) values[i] |= 1;
  for (std::size_t i = 64; i < 96; ++i) values[i] &= ~1ULL;
  const std::string ask = "  ld.global.u32 %t3, [%in];\n  and.b32 %t4, %t3, 1;\n  setp.ne.s32 %p1, %t4, 0;\n";
  const auto ballot = [values](std::size_t i) {
    std::uint64_t bits = 0;
    for (std::size_t lane = 0; lane < 32; ++lane) bits |= (values[i / 32 * 32 + lane] & 1) << lane;
    return bits;
  };
  checks.push_back({"vote.sync.ballot.b32", [=] {
                      require(ask +
                                  "  vote.sync.ballot.b32 %t5, %p1, -1;\n  cvt.u64.u32 %d1, %t5;\n  "
                                  "st.global.u64 [%out], %d1;\n",
                              values, ballot);
                    }});
  checks.push_back({"vote.sync.any.pred", [=] {
                      require(ask +
                                  "  vote.sync.any.pred %p2, %p1, -1;\n  selp.b64 %d1, 1, 0, %p2;\n  "
                                  "st.global.u64 [%out], %d1;\n",
                              values, [&](std::size_t i) { return ballot(i) != 0; });
                    }});
  checks.push_back({"vote.sync.all.pred", [=] {
                      require(ask +
                                  "  vote.sync.all.pred %p2, %p1, -1;\n  selp.b64 %d1, 1, 0, %p2;\n  "
                                  "st.global.u64 [%out], %d1;\n",
                              values, [&](std::size_t i) { return ballot(i) == 0xFFFFFFFF; });
                    }});
}

// Each thread reads what another thread of its block, or of its warp, wrote before the barrier.
void check_barrier(const std::string& barrier, unsigned flip) {
  const auto values = drawn(256);
  require(
      "  .shared .align 8 .b8 s[1024];\n  mov.u64 %a3, s;\n  mul.wide.u32 %a4, %t0, 8;\n  add.s64 %a5, %a3, "
      "%a4;\n"
      "  ld.global.u64 %d1, [%in];\n  st.shared.u64 [%a5], %d1;\n  " +
          barrier +
          ";\n"
          "  xor.b32 %t3, %t0, " +
          std::to_string(flip) +
          ";\n  mul.wide.u32 %a4, %t3, 8;\n  add.s64 %a5, %a3, %a4;\n"
          "  ld.shared.u64 %d2, [%a5];\n  st.global.u64 [%out], %d2;\n",
      values, [&](std::size_t i) { return values[i ^ flip]; }, 2);
}

// A loop whose count differs by lane, left by branches both ways.
void check_branches(const std::string& jump) {
  const auto values = drawn(64);
  require(
      "  ld.global.u64 %d1, [%in];\n  and.b64 %d2, %d1, 15;\n  mov.u64 %d3, 0;\n"
      "$loop:\n  setp.eq.s64 %p1, %d2, 0;\n  @%p1 bra $done;\n  add.s64 %d3, %d3, %d2;\n  sub.s64 %d2, %d2, "
      "1;\n  " +
          jump +
          " $loop;\n"
          "$done:\n  st.global.u64 [%out], %d3;\n",
      values, [&](std::size_t i) { return (values[i] & 15) * ((values[i] & 15) + 1) / 2; });
}

void check_end(const std::string& end) {
  const auto values = drawn(64);
  require("  setp.gt.u32 %p1, %i, 40;\n  @%p1 " + end + ";\n  st.global.u64 [%out], 5;\n", values,
          [&](std::size_t i) { return i > 40 ? 77 : 5; });
}

}  // namespace

std::vector<Check> warp_checks() {
  std::vector<Check> checks;
  add_plain_moves(checks);
  add_moves_of_64_bits(checks);
  add_moves_of_32_bits(checks);
  for (const std::string mode : {"bfly", "idx", "up", "down"})
    checks.push_back({"shfl.sync." + mode + ".b32", [mode] { check_shuffle(mode); }});
  add_votes(checks);
  checks.push_back({"bar.sync", [] { check_barrier("bar.sync 0", 96); }});
  checks.push_back({"barrier.sync", [] { check_barrier("barrier.sync 0", 33); }});
  checks.push_back({"bar.warp.sync", [] { check_barrier("bar.warp.sync -1", 7); }});
  for (const std::string fence : {"membar.gl", "membar.cta", "fence.acq_rel.gpu", "fence.acq_rel.cta"})
    checks.push_back({fence, [fence] { check_barrier(fence + ";\n  bar.sync 0", 64); }});
  checks.push_back({"bra", [] { check_branches("bra"); }});
  checks.push_back({"bra.uni", [] { check_branches("bra.uni"); }});
  checks.push_back({"ret", [] { check_end("ret"); }});
  checks.push_back({"exit", [] { check_end("exit"); }});
  return checks;
}

}  // namespace reprise::fake_cuda
