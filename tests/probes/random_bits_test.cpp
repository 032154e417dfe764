// SPDX-License-Identifier: Apache-2.0
// LibTorch's normal numbers under each vector width, asked of LibTorch directly: a process of its own for
// each, since it reads ATEN_CPU_CAPABILITY once.
#include <ATen/CPUGeneratorImpl.h>
#include <ATen/ops/randn.h>

#include <catch2/catch.hpp>
#include <cstdio>

#include "harness/record/tensor_digest.h"
#include "program.h"
#include "scratch.h"

using namespace reprise;

namespace {

std::string digest_with(const Scratch& folder, const std::string& capability) {
  const auto printed = run_program(folder.path(), "'print normal numbers'",
                                   "ATEN_CPU_CAPABILITY=" + capability, REPRISE_BIN "/probes_tests");
  const auto at = printed.out.find("randn=");
  REQUIRE(at != std::string::npos);
  return printed.out.substr(at, printed.out.find('\n', at) - at);
}

}  // namespace

TEST_CASE("print normal numbers", "[.]") {
  auto generator = at::detail::getDefaultCPUGenerator();
  generator.set_current_seed(0);
  std::printf("randn=%s\n", to_text(digest_of(NamedTensor{"x", at::randn({65536})}).digest).c_str());
  REQUIRE(true);
}

TEST_CASE("LibTorch itself draws other normal numbers without vectors") {
  const Scratch folder;
  const std::string avx2 = digest_with(folder, "avx2");
  REQUIRE(digest_with(folder, "avx2") == avx2);
  REQUIRE(digest_with(folder, "default") != avx2);
  // On a processor without AVX-512 LibTorch would be ended by its first instruction of that kind.
  const std::string widest = content_of("/proc/cpuinfo");
  if (contains(widest, "avx512f")) REQUIRE(digest_with(folder, "avx512") == avx2);
}
