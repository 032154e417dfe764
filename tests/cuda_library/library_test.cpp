// SPDX-License-Identifier: Apache-2.0
// What lies in the built libreprise_cuda.so, as cuobjdump lists it: for which devices, with how many
// registers and how much work for each byte. None of it needs a device.
#include <fmt/core.h>

#include <catch2/catch.hpp>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>

#include "program.h"
#include "ptx_loops.h"
#include "scratch.h"

namespace reprise {
namespace {

std::string dump(const std::string& options, const std::string& library) {
  const Scratch scratch;
  const Printed printed = run_program(scratch.path(), options + " '" + library + "'", "", REPRISE_CUOBJDUMP);
  REQUIRE(printed.code == 0);
  return printed.out;
}

std::multiset<std::string> all_matches(const std::string& text, const char* pattern) {
  const std::regex regex(pattern);
  std::multiset<std::string> found;
  for (std::sregex_iterator match(text.begin(), text.end(), regex), end; match != end; ++match)
    found.insert((*match)[1]);
  return found;
}

TEST_CASE("the library holds machine code for seven targets and PTX for later ones") {
  const std::string listing = dump("-lelf -lptx", REPRISE_CUDA_LIBRARY);
  CHECK(all_matches(listing, R"((sm_\d+\w*)\.cubin)") ==
        std::multiset<std::string>{"sm_75", "sm_80", "sm_86", "sm_89", "sm_90", "sm_100", "sm_120"});
  CHECK(all_matches(listing, R"((sm_\d+\w*)\.ptx)") == std::multiset<std::string>{"sm_75"});
  // A later driver would apply these to the PTX: a warning would stop it there.
  CHECK(all_matches(dump("-ptx", REPRISE_CUDA_LIBRARY), "ptxasOptions = *(\\S*)") ==
        std::multiset<std::string>{""});
}

TEST_CASE("no kernel spills a register or uses local memory, on any target") {
  const std::string usage = dump("--dump-resource-usage", REPRISE_CUDA_LIBRARY);
  const std::regex line(R"(REG:(\d+) STACK:(\d+) SHARED:(\d+) LOCAL:(\d+))");
  int kernels = 0;
  for (std::sregex_iterator match(usage.begin(), usage.end(), line), end; match != end; ++match, ++kernels) {
    CHECK((*match)[2] == "0");
    CHECK((*match)[4] == "0");
    // 256 threads of 128 registers: two blocks share a multiprocessor. The nodes' kernel has 512 threads.
    CHECK(std::stoi((*match)[1]) <= 128);
  }
  CHECK(kernels == 7 * 3);
}

TEST_CASE("the library exports its entry alone, and finds its run-time library by name") {
  const Scratch scratch;
  const Printed symbols =
      run_program(scratch.path(), "-D --defined-only '" REPRISE_CUDA_LIBRARY "'", "", "/usr/bin/nm");
  CHECK(all_matches(symbols.out, R"(\w+ [A-Za-z] (\S+))") == std::multiset<std::string>{"reprise_cuda"});
  const Printed needed = run_program(scratch.path(), "-d '" REPRISE_CUDA_LIBRARY "'", "", "/usr/bin/readelf");
  CHECK(all_matches(needed.out, R"(NEEDED.*\[(libcudart\.so\.\d+)\])").size() == 1);
  CHECK_FALSE(contains(needed.out, "libtorch"));
  CHECK_FALSE(contains(needed.out, "(RPATH)"));
}

// Lines of the golden file: kernel, target, instructions in the loop, streaming loads in it.
std::map<std::string, StreamLoop> golden_loops() {
  std::map<std::string, StreamLoop> loops;
  std::ifstream file(REPRISE_SOURCE "/tests/cuda_library/instructions.txt");
  for (std::string line; std::getline(file, line);) {
    std::istringstream words(line);
    std::string kernel, target;
    StreamLoop loop;
    if (line.starts_with('#') || !(words >> kernel >> target >> loop.instructions >> loop.loads)) continue;
    loops[kernel + " " + target] = loop;
  }
  return loops;
}

TEST_CASE(
    "the kernels' inner loops take as many instructions for each byte as the golden file says, within a "
    "tenth") {
  const auto golden = golden_loops(), found = stream_loops(dump("-ptx", REPRISE_CUDA_PTX_LIBRARY));
  std::string lines;
  for (const auto& [name, loop] : found)
    lines += fmt::format("{} {} {}\n", name, loop.instructions, loop.loads);
  INFO("found, as the file would have it:\n" << lines);
  REQUIRE(golden.size() == 6);
  REQUIRE(found.size() == golden.size());
  for (const auto& [name, wanted] : golden) {
    REQUIRE(found.contains(name));
    const StreamLoop& loop = found.at(name);
    CAPTURE(name, loop.instructions, wanted.instructions);
    CHECK(loop.loads == wanted.loads);
    CHECK(loop.instructions <= wanted.instructions * 1.1);
    CHECK(loop.instructions >= wanted.instructions * 0.9);
  }
}

TEST_CASE(
    "a loop's instructions are counted up to its branch back, and only those of the smallest loop that "
    "streams") {
  const auto loops = stream_loops(R"(
.target sm_75
.visible .entry _ZN7reprise4cuda7kernels14leaves_by_fourENS0_8LeafWorkE(
)
{
.reg .b64 %rd<2>;
mov.b64 %rd1, 0;
$L__BB0_1:
add.s64 %rd1, %rd1, 1;
$L__BB0_2:
ld.global.cs.v2.u64 {%rd1, %rd2}, [%rd3];
xor.b64 %rd1, %rd1, %rd2;
@%p1 bra $L__BB0_2;
@%p2 bra $L__BB0_1;
ret;

}
)");
  REQUIRE(loops.size() == 1);
  CHECK(loops.at("leaves_by_four sm_75").instructions == 3);
  CHECK(loops.at("leaves_by_four sm_75").loads == 1);
}

}  // namespace
}  // namespace reprise
