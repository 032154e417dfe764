// SPDX-License-Identifier: Apache-2.0
// Which kernels a call ran on two sides, out of two traces, and in what words.
#include "harness/judge/explain/launched_kernels.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace reprise;
using Catch::Matchers::Contains;
using Calls = std::vector<OpCall>;

namespace {

constexpr const char* dgrad =
    "sm80_xmma_dgrad_implicit_gemm_f32f32_f32f32_f32_nhwckrsc_nhwc_tilesize128x64x8";
constexpr const char* reduce =
    "void at::native::(anonymous namespace)::reduce_kernel<512, 1, at::native::ReduceOp<float, int> "
    ">(at::native::ReduceOp<float, int>)";

KernelLaunch kernel(const std::string& name, std::int64_t blocks, std::int64_t registers = 32) {
  return {name, {blocks, 1, 1}, {128, 1, 1}, 0, registers, 1};
}

OpCall call(const std::string& name, std::int64_t depth, std::vector<KernelLaunch> kernels) {
  OpCall one;
  one.name = name;
  one.depth = depth;
  one.kernels = std::move(kernels);
  return one;
}

const Facts asked = {{"kernels.device", "cupti"}};

LaunchedKernels sides(const std::vector<KernelLaunch>& a, const std::vector<KernelLaunch>& b) {
  return {{true, "", a}, {true, "", b}};
}

std::string sentence(const LaunchedKernels& kernels, const std::string& a = "aten::convolution_backward",
                     const std::string& b = "aten::convolution_backward") {
  return to_sentence(kernels, a, b);
}

}  // namespace

TEST_CASE("the kernels of a call are its own and those of the calls inside it") {
  const Calls calls = {call("aten::relu", 0, {kernel("x", 1)}), call("aten::linear", 0, {kernel("y", 1)}),
                       call("aten::addmm", 1, {kernel("z", 1), kernel("z", 2)}),
                       call("aten::relu", 0, {kernel("x", 3)})};
  OperatorDivergence divergence;
  divergence.kind = DivergenceKind::result;
  divergence.a = 1;
  divergence.b = 7;  // side B makes no such call
  const auto found =
      launched_kernels(calls, calls, divergence, asked, {{"kernels.device", "none: it is busy"}});
  CHECK(found.a.launches == std::vector{kernel("y", 1), kernel("z", 1), kernel("z", 2)});
  CHECK(found.a.on_device);
  CHECK(found.b.launches.empty());
  CHECK(found.b.untold == "it is busy");
  CHECK_FALSE(found.known());
  CHECK_FALSE(found.other());
}

TEST_CASE("a run on the CPU has no kernels, and one of an older reprise does not tell them") {
  const Calls calls = {call("aten::relu", 0, {})};
  const auto found = launched_kernels(calls, calls, {}, {}, {{"digest.device", "cuda"}});
  CHECK_FALSE(found.a.on_device);
  CHECK_THAT(found.b.untold, Contains("did not ask"));
  CHECK(sentence(launched_kernels(calls, calls, {}, {}, {})).empty());
  CHECK(to_json(launched_kernels(calls, calls, {}, {}, {})).is_null());
}

TEST_CASE("a kernel's name is told without templates, arguments and what it gives back") {
  CHECK(short_kernel_name(reduce) == "at::native::reduce_kernel");
  CHECK(short_kernel_name(dgrad) == dgrad);
  CHECK(short_kernel_name("gemm(int)") == "gemm");
  CHECK(short_kernel_name("(anonymous namespace)::f<a<b> >(int)") == "f");
  CHECK(short_kernel_name("<>") == "<>");
}

TEST_CASE("other kernels are named for each side, with grid and block") {
  CHECK(sentence(sides({kernel(dgrad, 4)}, {kernel(reduce, 2)})) ==
        std::string("aten::convolution_backward ran ") + dgrad +
            " (grid 4x1x1, block 128x1x1, cuDNN) on side A and at::native::reduce_kernel (grid 2x1x1, block "
            "128x1x1, LibTorch) on side B.");
  CHECK(sentence(sides({kernel("f", 1), kernel("g", 1), kernel("h", 1)},
                       {kernel("f", 1), kernel("g", 2), kernel("h", 1)})) ==
        "aten::convolution_backward ran g (grid 1x1x1, block 128x1x1) on side A and g (grid 2x1x1, block "
        "128x1x1) on side B, beside 2 kernels that are equal.");
  CHECK_THAT(sentence(sides({kernel("f", 1)}, {kernel("f", 1), kernel("g", 1)})),
             Contains("ran no kernel on side A and g (grid 1x1x1, block 128x1x1) on side B, beside 1 kernel "
                      "that is equal."));
  CHECK_THAT(sentence(sides({kernel("f", 1)}, {kernel("g", 1)}), "aten::mm", "aten::addmm"),
             Contains("aten::mm ran f (grid 1x1x1, block 128x1x1) on side A, aten::addmm ran g"));
  CHECK_THAT(sentence(sides({}, {kernel("g", 1)}), "", "aten::addmm"),
             Contains("aten::addmm ran no kernel on side A and g"));
}

TEST_CASE("as much is told as tells two kernels apart, and no list is long") {
  CHECK_THAT(sentence(sides({kernel("void f<1>(int)", 1)}, {kernel("void f<2>(int)", 1)})),
             Contains("ran void f<1>(int) (grid") && Contains("and void f<2>(int) (grid"));
  CHECK_THAT(sentence(sides({kernel("f", 1, 32)}, {kernel("f", 1, 40)})),
             Contains("0 bytes of shared memory, 32 registers)") && Contains("40 registers)"));
  std::vector<KernelLaunch> many;
  for (int i = 0; i < 9; ++i) many.push_back(kernel("f" + std::to_string(i), 1));
  CHECK_THAT(sentence(sides(many, {kernel("g", 1)})),
             Contains("f2 (grid 1x1x1, block 128x1x1) and 6 more on"));
  const std::string longest(300, 'k');
  CHECK_THAT(sentence(sides({kernel(longest, 1)}, {kernel("g", 1)})),
             Contains(std::string(100, 'k') + "... ("));
  many = {kernel("f", 1)};
  many[0].count = 5;
  CHECK_THAT(sentence(sides(many, {})), Contains("f (grid 1x1x1, block 128x1x1, 5 times in a row)"));
}

TEST_CASE("equal kernels, none, and those that are not known are told as such") {
  CHECK(sentence(sides({kernel("f", 1)}, {kernel("f", 1)})) ==
        "It ran the same kernel on both sides: f (grid 1x1x1, block 128x1x1).");
  CHECK_THAT(sentence(sides({kernel("f", 1), kernel("g", 1)}, {kernel("f", 1), kernel("g", 1)})),
             Contains("the same kernels on both sides: f (grid 1x1x1, block 128x1x1) and g"));
  CHECK(sentence(sides({}, {})).empty());
  LaunchedKernels found = sides({}, {kernel("f", 1)});
  found.a.untold = "another profiler has CUPTI";
  CHECK(sentence(found) == "Which CUDA kernels it ran on side A is not known: another profiler has CUPTI.");
  found.b.untold = found.a.untold;
  CHECK(sentence(found) == "Which CUDA kernels it ran is not known: another profiler has CUPTI.");
  found.a = {};
  CHECK(sentence(found) == "Which kernels side B ran is not known: another profiler has CUPTI.");
  found.b.untold.clear();
  CHECK(sentence(found) == "It ran f (grid 1x1x1, block 128x1x1) on side B; side A ran without CUDA.");
}

TEST_CASE("kernels as a report's JSON") {
  const auto json = to_json(sides({kernel(dgrad, 4)}, {kernel(dgrad, 4)}));
  CHECK(json["same"] == true);
  CHECK(json["a"]["untold"] == "");
  const auto& launch = json["a"]["launches"][0];
  CHECK(launch["name"] == dgrad);
  CHECK(launch["library"] == "cuDNN");
  CHECK(launch["grid"] == std::vector{4, 1, 1});
  CHECK(launch["block"] == std::vector{128, 1, 1});
  CHECK(launch["registers"] == 32);
  CHECK(launch["count"] == 1);
  LaunchedKernels half = sides({}, {});
  half.a = {};
  CHECK(to_json(half)["same"].is_null());
  CHECK(to_json(half)["a"].is_null());
}

TEST_CASE("where one side's kernels of a call were not seen, nothing is said of which kernels differ") {
  OperatorDivergence divergence;
  divergence.kind = DivergenceKind::result;
  const Calls seen = {call("aten::mm", 0, {kernel("x", 1)})}, unseen = {call("aten::mm", 0, {})};
  const LaunchedKernels kernels = launched_kernels(seen, unseen, divergence, asked, asked);
  CHECK_FALSE(kernels.known());
  CHECK_FALSE(kernels.other());
  CHECK_THAT(sentence(kernels), Contains("side B is not known: none of this call was seen there"));
  CHECK(to_json(kernels)["same"].is_null());
}
