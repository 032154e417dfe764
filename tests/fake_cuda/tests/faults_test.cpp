// SPDX-License-Identifier: Apache-2.0
// What the interpreter must find wrong. Each kernel here has one mistake.
#include "fake_cuda/tests/small_device.h"

using namespace reprise::fake_cuda;
using Catch::Matchers::Contains;

namespace {

const std::string head =
    "  .reg .b64 %a<8>;\n  .reg .b32 %t<8>;\n  .reg .b64 %d<4>;\n  .reg .pred %p<4>;\n  .shared .align 8 .b8 "
    "s[256];\n"
    "  mov.u32 %t0, %tid.x;\n  mov.u32 %t1, %ctaid.x;\n  ld.param.u64 %a0, [p0];\n  mul.wide.u32 %a1, %t0, "
    "4;\n"
    "  add.s64 %a2, %a0, %a1;\n  mov.u64 %a4, s;\n  add.s64 %a5, %a4, %a1;\n";

// Runs the body with 64 threads over a buffer of 64 words, under several schedules; the sentence must be
// there every time, and a body without the mistake must pass.
std::string trouble(const std::string& body, unsigned threads = 64, unsigned blocks = 1,
                    bool written = true) {
  std::string first;
  for (std::uint64_t seed = 0; seed < 30; ++seed) {
    SmallDevice device;
    const std::uint64_t at = device.add(256, written);
    const std::string found =
        fault_of([&] { device.run(ptx_kernel(1, head + body), {at}, threads, blocks, seed); });
    if (seed == 0) first = found;
    INFO("seed " << seed << ": " << found);
    REQUIRE(found.empty() == first.empty());
  }
  return first;
}

std::string refused(const std::string& body) {
  return fault_of([&] { parse_ptx(ptx_kernel(1, head + body)); });
}

}  // namespace

TEST_CASE("an address outside of every allocation is a fault, and so is one that is not aligned") {
  REQUIRE(trouble("  st.global.u32 [%a2], %t0;\n").empty());
  CHECK_THAT(trouble("  st.global.u32 [%a2+4], %t0;\n"), Contains("out of bounds") && Contains("thread 63"));
  CHECK_THAT(trouble("  ld.global.u32 %t3, [%a2+-4];\n"), Contains("out of bounds") && Contains("thread 0"));
  CHECK_THAT(trouble("  ld.global.u32 %t3, [%a2+2];\n"), Contains("misaligned"));
  CHECK_THAT(trouble("  ld.global.v2.u32 {%t3, %t4}, [%a2];\n"),
             Contains("misaligned") && Contains("8 bytes"));
  CHECK_THAT(trouble("  st.shared.u32 [%a5+4], %t0;\n"), Contains("shared memory out of bounds"));
  CHECK_THAT(trouble("  ld.param.u64 %d1, [p0+8];\n"), Contains("parameters out of bounds"));
}

TEST_CASE("what was never written is not read") {
  CHECK_THAT(trouble("  ld.global.u32 %t3, [%a2];\n", 64, 1, false), Contains("never written"));
  CHECK_THAT(trouble("  ld.shared.u32 %t3, [%a5];\n"), Contains("shared memory that was never written"));
  CHECK_THAT(trouble("  add.s32 %t3, %t4, 1;\n"), Contains("register that was never written"));
  CHECK_THAT(trouble("  setp.gt.u32 %p1, %t0, 3;\n  @%p1 mov.u32 %t3, 1;\n  add.s32 %t4, %t3, 1;\n"),
             Contains("register that was never written") && Contains("thread"));
  REQUIRE(trouble("  mov.u32 %t3, %t4;\n").empty());  // copied, not used
  CHECK_THAT(trouble("  mov.u32 %t3, %t4;\n  add.s32 %t5, %t3, 1;\n"),
             Contains("register that was never written"));
}

TEST_CASE("two threads that touch a byte race, unless a barrier stands between them") {
  const std::string read_next = "  ld.shared.u32 %t3, [s];\n", write = "  st.shared.u32 [%a5], %t0;\n";
  CHECK_THAT(trouble("  st.global.u32 [%a0], %t0;\n"), Contains("race: written by"));
  CHECK_THAT(trouble("  st.global.u32 [%a0], 1;\n"), Contains("race: written by"));  // equal values race too
  CHECK_THAT(trouble("  st.global.u32 [%a0], 1;\n", 1, 2), Contains("race: written by"));
  CHECK_THAT(trouble(write + "  bar.warp.sync -1;\n" + read_next),
             Contains("race") || Contains("never written"));
  REQUIRE(trouble(write + "  bar.sync 0;\n" + read_next).empty());
  REQUIRE(trouble(write + "  bar.warp.sync -1;\n" + read_next, 32).empty());
  CHECK_THAT(trouble(write + "  bar.sync 0;\n" + read_next + write), Contains("race: read and written"));
  REQUIRE(trouble(write + "  bar.sync 0;\n" + read_next + "  bar.sync 0;\n" + write).empty());
  // All read, one writes: whoever read last, the write races.
  CHECK_THAT(
      trouble(
          "  ld.global.u32 %t3, [%a0];\n  setp.ne.s32 %p1, %t0, 0;\n  @%p1 ret;\n  st.global.u32 [%a0], 1;\n",
          32),
      Contains("race"));
  CHECK_THAT(
      trouble(
          "  ld.global.u32 %t3, [%a0];\n  setp.ne.s32 %p1, %t1, 0;\n  @%p1 ret;\n  st.global.u32 [%a0], 1;\n",
          1, 2),
      Contains("race"));
  CHECK_THAT(trouble("  setp.ne.s32 %p1, %t0, 0;\n  @%p1 bra $read;\n  st.global.u8 [%a0+3], %t0;\n  ret;\n"
                     "$read:\n  ld.global.u32 %t3, [%a0];\n"),
             Contains("race"));
  REQUIRE(trouble("  red.global.add.u32 [%a0], 1;\n").empty());
  CHECK_THAT(trouble("  red.global.add.u32 [%a0], 1;\n  ld.global.u32 %t3, [%a0];\n"), Contains("race"));
  CHECK_THAT(trouble("  st.global.u32 [%a2], 1;\n  ld.global.nc.u32 %t3, [%a2];\n"),
             Contains("ld.global.nc"));
}

TEST_CASE("a shuffle from a lane that takes no part, or with masks that differ, is a fault") {
  const std::string shuffle = "  shfl.sync.bfly.b32 %t3, %t0, 1, 31, ";
  REQUIRE(trouble(shuffle + "-1;\n").empty());
  REQUIRE(trouble(shuffle + "3;\n", 2).empty());
  CHECK_THAT(trouble("  setp.eq.s32 %p1, %t0, 7;\n  @%p1 ret;\n" + shuffle + "-1;\n"),
             Contains("lanes that have ended"));
  CHECK_THAT(trouble(shuffle + "-1;\n", 33), Contains("never were"));
  CHECK_THAT(trouble("  shfl.sync.bfly.b32 %t3, %t0, 1, 31, 1;\n", 1), Contains("takes no part"));
  CHECK_THAT(trouble(shuffle + "0x0000FFFF;\n"), Contains("its own mask"));
  CHECK_THAT(
      trouble("  setp.lt.u32 %p1, %t0, 16;\n  selp.b32 %t4, 0x1FFFF, 0xFFFF0000, %p1;\n" + shuffle + "%t4;\n",
              32),
      Contains("different masks") || Contains("deadlock"));
  CHECK_THAT(trouble("  mov.u32 %t4, 2;\n  shfl.sync.bfly.b32 %t3, %t5, %t4, 31, -1;\n"),
             Contains("never written"));
}

TEST_CASE("threads that wait for others that never come are a deadlock, not a hang") {
  const std::string odd = "  and.b32 %t3, %t0, 1;\n  setp.eq.s32 %p1, %t3, 0;\n";
  CHECK_THAT(trouble(odd + "  @%p1 bra $other;\n  shfl.sync.bfly.b32 %t4, %t0, 1, 31, -1;\n  ret;\n$other:\n"
                           "  shfl.sync.bfly.b32 %t4, %t0, 1, 31, -1;\n"),
             Contains("deadlock"));
  CHECK_THAT(trouble(odd + "  @%p1 ret;\n  bar.sync 0;\n"), Contains("never reach"));
  CHECK_THAT(trouble(odd + "  @%p1 bra $other;\n  bar.sync 0;\n  ret;\n$other:\n  bar.sync 0;\n"),
             Contains("different barriers"));
  CHECK_THAT(trouble(odd + "  @%p1 bra $other;\n  bar.sync 0;\n$other:\n  bar.warp.sync -1;\n"),
             Contains("deadlock"));
  CHECK_THAT(trouble("$loop:\n  bra $loop;\n"), Contains("still running"));
}

TEST_CASE(
    "an instruction, modifier, directive, type or operand that is not known is refused, never guessed") {
  REQUIRE(refused("  add.s32 %t3, %t0, 1;\n").empty());
  for (const std::string line : {"  fma.rn.f32 %t3, %t0, %t0, %t0;\n",
                                 "  add.sat.s32 %t3, %t0, 1;\n",
                                 "  add.cc.u32 %t3, %t0, 1;\n",
                                 "  ld.const.u32 %t3, [%a0];\n",
                                 "  ld.acquire.gpu.global.u32 %t3, [%a0];\n",
                                 "  ld.global.f32 %t3, [%a0];\n",
                                 "  ld.global.v8.u32 %t3, [%a0];\n",
                                 "  shfl.bfly.b32 %t3, %t0, 1, 31;\n",
                                 "  bar.sync 1;\n",
                                 "  bar.sync 0, 32;\n",
                                 "  bar.red.popc.u32 %t3, 0, %p1;\n",
                                 "  mov.u32 %t3, %clock;\n",
                                 "  add.s32 %t3, %nowhere, 1;\n",
                                 "  add.s32 %t3, %t0;\n",
                                 "  add.s32 %t3, %a0, 1;\n",
                                 "  add.s64 %a3, %t0, 1;\n",
                                 "  call.uni (r), f, (x);\n",
                                 "  .reg .f32 %f<2>;\n",
                                 "  .loc 1 2 3\n;\n",
                                 "  { .reg .b32 %x; }\n",
                                 "  brx.idx %t0, $table;\n",
                                 "  bra $nowhere;\n",
                                 "  atom.global.cas.b32 %t3, [%a0], %t0, %t1;\n",
                                 "  red.global.add.f32 [%a0], %t0;\n",
                                 "  mov.u32 %t3, 1.5;\n",
                                 "  vote.sync.uni.pred %p1, %p2, -1;\n",
                                 "  ld.global.u32 %t3, [%a0+%a1];\n",
                                 "  trap;\n"}) {
    INFO(line);
    CHECK_THAT(refused(line), Contains("not supported") || Contains("expected") ||
                                  Contains("no instruction") || Contains("not a number"));
  }
}

TEST_CASE("a module, a kernel or a function of an unknown form is refused, and a torn one is no crash") {
  CHECK_THAT(fault_of([] { parse_ptx(".version 9.0\n.global .align 4 .b8 x[4];\n"); }),
             Contains("not supported"));
  CHECK_THAT(fault_of([] { parse_ptx(ptx_kernel(1, "", ".reqntid 32\n")); }), Contains("not supported"));
  CHECK_THAT(fault_of([] { parse_ptx(".version 9.0\n.visible .func f(\n)\n{ ret; }\n"); }),
             Contains("not supported"));
  CHECK_THAT(fault_of([] { parse_ptx(ptx_kernel(1, "  mov.u32 ")); }), !Contains("crash"));
}

TEST_CASE("a launch that no device would take is a fault") {
  SmallDevice device;
  const std::uint64_t at = device.add(256);
  const std::string text = ptx_kernel(1, head + "  st.global.u32 [%a2], %t0;\n", ".maxntid 64\n");
  REQUIRE(fault_of([&] { device.run(text, {at}, 64); }).empty());
  CHECK_THAT(fault_of([&] { device.run(text, {at}, 65); }), Contains("65 threads"));
  CHECK_THAT(fault_of([&] { device.run(text, {at}, 64, 0); }), Contains("0 blocks"));
  CHECK_THAT(fault_of([&] { device.run(text, {at}, 0); }), Contains("0 threads"));
}
