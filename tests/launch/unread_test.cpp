// SPDX-License-Identifier: Apache-2.0
// Which configurations of a matrix are not worth a run on this machine.
#include "harness/launch/unread.h"

#include "harness/machine/cpu.h"
#include "plan/small_recipe.h"
#include "skip.h"

using namespace reprise;
using Catch::Matchers::Contains;

namespace {

std::map<std::string, std::string> unread(const std::vector<std::string>& axes, Design design = Design::one) {
  const Scratch scratch;
  std::vector<AxisChoice> choices;
  for (const auto& axis : axes) choices.push_back(parse_axis(axis));
  const Planned planned = expand(small_recipe(scratch).defaults, choices, design);
  const auto reasons = unread_here(planned);
  std::map<std::string, std::string> found;
  for (std::size_t i = 0; i < reasons.size(); ++i)
    if (!reasons[i].empty()) found[planned.matrix.configurations[i].name] = reasons[i];
  return found;
}

}  // namespace

TEST_CASE("a configuration in which one factor changes nothing that is read is not worth a run") {
  const auto found = unread({"threads=1,2", "tf32=off,cublas", "repeat=2"}, Design::full);
  CHECK(found.size() == 4);  // with one thread and with two, twice each
  for (const auto& [name, reason] : found) {
    CHECK_THAT(name, Contains("tf32=cublas"));
    CHECK_THAT(reason, Contains("nothing reads matmul-precision here"));
  }
}

TEST_CASE("what is read is worth a run") {
  CHECK(unread({"threads=1,2", "mkl=default,strict", "seed=0,1"}).empty());
}

TEST_CASE("the value that this processor has anyway is the same setting, and only that") {
  const Cpu cpu = this_cpu();
  if (cpu.architecture != "x86_64") skip("the widths that isa names are of x86_64");
  const bool wide = has_flag(cpu, "avx512f") && has_flag(cpu, "avx512bw") && has_flag(cpu, "avx512dq") &&
                    has_flag(cpu, "avx512vl");
  const std::string own = wide ? "avx512" : has_flag(cpu, "avx2") ? "avx2" : "default";
  const auto found = unread({"isa=auto,default,avx2,avx512"});
  REQUIRE(found.size() == 1);
  CHECK_THAT(found.at("isa=" + own), Contains("isa=" + own + " is the same setting here as isa=auto"));
}
