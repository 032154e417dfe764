// SPDX-License-Identifier: Apache-2.0
// The product's kernels use no instruction that the interpreter's own tests leave out.
#include <iostream>
#include <set>

#include "fake_cuda/tests/covered.h"
#include "fake_cuda/tests/product_run.h"

using namespace reprise;
using namespace reprise::fake_cuda;

namespace {

std::set<std::string> instructions_of_the_product() {
  const Scratch scratch;
  std::set<std::string> names;
  for (const auto& device : both_devices) {
    const std::string summary = (scratch / "summary").string();
    REQUIRE(right(drive(scratch, {"graph"}, on(device, 1, false, "FAKE_CUDA_SUMMARY=" + summary))));
    for (const auto& line : split(content_of(summary), '\n'))
      if (line.starts_with("instruction ")) names.insert(std::string(line.substr(12)));
  }
  return names;
}

}  // namespace

TEST_CASE("every instruction in the product's PTX has a test of the interpreter") {
  std::set<std::string> covered;
  for (const auto& checks : {arithmetic_checks(), memory_checks(), warp_checks()})
    for (const auto& check : checks) covered.insert(check.instruction);
  const auto used = instructions_of_the_product();
  REQUIRE(used.size() > 40);
  std::string missing;
  for (const auto& name : used)
    if (!covered.contains(name)) missing += " " + name;
  std::cout << "instructions in the product's kernels: " << used.size()
            << "; instructions not covered by tests of the interpreter:"
            << (missing.empty() ? " none" : missing) << '\n';
  REQUIRE(missing.empty());
}
