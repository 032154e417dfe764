// SPDX-License-Identifier: Apache-2.0
// Examinations of machines that are made by hand.
#include "harness/judge/doctor/examination.h"

#include <catch2/catch.hpp>
#include <set>

#include "harness/base/text.h"
#include "harness/plan/environment.h"

using namespace reprise;
using Catch::Matchers::Contains;

namespace {

Plan usual_plan() {
  Plan plan;
  plan.pins = default_pins();
  return plan;
}

std::string sentences(const Facts& facts, const std::vector<SetVariable>& variables = {},
                      const Plan& plan = usual_plan(), const std::string& cannot = "") {
  std::string all;
  for (const auto& one : warnings_of(facts, variables, plan, cannot)) {
    CHECK_FALSE(one.remedy.empty());
    all += one.sentence + "\n";
  }
  return all;
}

const SetVariable& variable(const std::vector<SetVariable>& all, const std::string& name) {
  for (const auto& one : all)
    if (one.name == name) return one;
  FAIL("no variable " << name);
  return all.front();
}

}  // namespace

TEST_CASE("every row of the table names pins that there are, a reason and a source") {
  std::set<std::string_view> reasons;
  for (const auto& row : moving_facts()) {
    INFO(row.names);
    CHECK_FALSE(row.reason.empty());
    CHECK_FALSE(row.source.empty());
    CHECK(reasons.insert(row.reason).second);
    for (const auto& pin : pins_named(row.pins)) CHECK(find_pin(pin) != nullptr);
    for (const auto& word : split(row.pins, ' '))
      if (const auto equals = word.find('='); equals != std::string::npos)
        for (const auto& value : split(word.substr(equals + 1), ','))
          CHECK_NOTHROW(check_pin(pick_pin(word.substr(0, equals)), value));
  }
}

TEST_CASE("a pin holds a fact where its value imposes something") {
  Plan plan = usual_plan();
  plan.pins["isa"] = "avx2";
  plan.pins["mkl"] = "default";
  CHECK(held_by("isa mkl", plan) == "isa=avx2");
  CHECK(left_open("isa mkl", plan) == "mkl");
  plan.pins["mkl"] = "strict";
  CHECK(held_by("isa mkl", plan) == "isa=avx2, mkl=strict");
  plan.pins["isa"] = "default";  // imposes ATEN_CPU_CAPABILITY=default
  CHECK(held_by("isa", plan) == "isa=default");
  CHECK(held_by("", plan).empty());
  CHECK(held_by("openblas-coretype", plan).empty());
}

TEST_CASE("a value by which a library still chooses by the processor holds no instruction set") {
  Plan plan = usual_plan();
  plan.pins["isa"] = "avx2";
  plan.pins["mkl"] = "strict";  // AUTO,STRICT: the best branch that the processor has
  const auto pins = moving_fact("cpu.flags")->pins;
  CHECK(held_by(pins, plan) == "isa=avx2");
  CHECK(left_open(pins, plan) == "mkl, onednn, glibc-tunables");
  plan.pins["mkl"] = "avx2";
  CHECK(held_by(pins, plan) == "isa=avx2, mkl=avx2");
}

TEST_CASE("facts of one run are no facts of the machine") {
  CHECK(moving_fact("git.commit") == nullptr);
  CHECK(moving_fact("cpu.flags")->moves == MovesBits::usually);
  CHECK(moving_fact("gpu.1.memory") == moving_fact("gpu.memory"));
  CHECK(moving_fact("cpu.something_new")->moves == MovesBits::sometimes);
}

TEST_CASE("variables are pinned, reach runs or are kept away") {
  const Variables now = {{"OMP_NUM_THREADS", "8"},
                         {"LD_LIBRARY_PATH", "/opt/lib"},
                         {"KMP_AFFINITY", "compact"},
                         {"EDITOR", "vi"}};
  Plan plan = usual_plan();
  plan.pins["threads"] = "2";
  const auto found = set_variables(now, plan, {{"OMP_NUM_THREADS", "2"}, {"LD_LIBRARY_PATH", "/opt/lib"}});
  CHECK(found.size() == 3);
  CHECK(variable(found, "OMP_NUM_THREADS").reaches == Reaches::pinned);
  CHECK(variable(found, "OMP_NUM_THREADS").in_run == "2");
  CHECK(variable(found, "OMP_NUM_THREADS").pin == "threads=2");
  CHECK(variable(found, "LD_LIBRARY_PATH").reaches == Reaches::reaches);
  CHECK(variable(found, "KMP_AFFINITY").reaches == Reaches::kept_away);
  CHECK_THAT(sentences({}, found), Contains("LD_LIBRARY_PATH=/opt/lib reaches every run"));
}

TEST_CASE("warnings tell what is amiss, and nothing where nothing is") {
  CHECK(sentences({{"cpu.cores", "8"}, {"gpu.ecc", "on"}, {"gpu.mig", "off"}, {"gpu.name", "H100"}}).empty());
  CHECK_THAT(sentences({{"script.openmp", "libgomp.so.1 libiomp5.so"}}), Contains("2 OpenMP runtimes"));
  CHECK(sentences({{"script.openmp", "libgomp.so.1"}}).empty());
  CHECK_THAT(sentences({{"gpu.ecc", "off"}}), Contains("gpu.ecc is off"));
  CHECK_THAT(sentences({{"gpu.1.mig", "slice"}}), Contains("gpu.1.mig is a slice"));
  CHECK_THAT(sentences({{"gpu.name", "H100"}, {"gpu.1.name", "H200"}}),
             Contains("not of one kind: H100, H200"));
  CHECK_THAT(sentences({{"nccl.conf.home", "1f"}}), Contains("~/.nccl.conf is there"));
  CHECK_THAT(sentences({}, {}, usual_plan(), "no avx512f"), Contains("does not run here: no avx512f"));
  CHECK_THAT(sentences({{"script.failed.numpy", "ModuleNotFoundError"}}), Contains("cannot import"));
  Plan plan = usual_plan();
  plan.pins["threads"] = "4";
  CHECK_THAT(sentences({{"cpu.cores", "2"}}, {}, plan), Contains("threads=4 on 2 cores"));
  plan.pins["openblas-coretype"] = "HASWELL";
  CHECK_THAT(sentences({{"script.blas", "libopenblas.so.0"}}), Contains("OpenBLAS chooses its kernels"));
  CHECK(sentences({{"script.blas", "libopenblas.so.0"}}, {}, plan).empty());
}
