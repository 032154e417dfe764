// SPDX-License-Identifier: Apache-2.0
#include <cstdlib>

#include "harness/machine/cpu.h"
#include "harness/plan/environment.h"
#include "launch/fake_worker.h"

using namespace reprise;
using Catch::Matchers::Contains;

TEST_CASE("a run inherits nothing that a library could read, and has its pins") {
  ::setenv("MKL_CBWR", "COMPATIBLE", 1);
  ::setenv("ATEN_CPU_CAPABILITY", "default", 1);
  ::setenv("OMP_NUM_THREADS", "7", 1);
  ::setenv("LD_PRELOAD_NOT_REALLY", "x", 1);
  ::setenv("LC_NUMERIC", "de_DE.UTF-8", 1);
  ::setenv("REPRISE_DATA", "/some/data", 1);
  FakeWorker fake("env > \"$2\"\n");
  fake.plan.pins["threads"] = "2";
  const RunResult result = fake.run_once();
  for (const auto* name : {"MKL_CBWR", "ATEN_CPU_CAPABILITY", "OMP_NUM_THREADS", "LD_PRELOAD_NOT_REALLY",
                           "LC_NUMERIC", "REPRISE_DATA"})
    ::unsetenv(name);
  const auto expected = [&] {
    auto variables = pin_environment(fake.plan.pins);
    for (const auto* name :
         {"PATH", "HOME", "TMPDIR", "USER", "XDG_CACHE_HOME", "LD_LIBRARY_PATH", "CUDA_VISIBLE_DEVICES"})
      if (const auto value = environment_text(name); !value.empty()) variables[name] = value;
    variables["REPRISE_DATA"] = "/some/data";
    variables["LC_ALL"] = "C";
    variables["TZ"] = "UTC";
    variables["GOMP_SPINCOUNT"] = "1000";
    variables["REPRISE_EVENTS"] = "3";  // where it tells how far it is
    return variables;
  }();
  std::map<std::string, std::string> found;
  for (const auto& line : split(read_file(result.folder / "trace.h5", "environment"), '\n')) {
    const auto equals = line.find('=');
    if (equals != std::string::npos) found[line.substr(0, equals)] = line.substr(equals + 1);
  }
  // The shell that the fake worker is adds these of its own.
  for (const auto* name : {"PWD", "SHLVL", "_", "OLDPWD"}) found.erase(name);
  CHECK(found == expected);
  CHECK(found.at("OMP_NUM_THREADS") == "2");
}

TEST_CASE("a plan that asks for instructions this processor lacks is untested without a process") {
  FakeWorker fake(good_script);
  CHECK(cannot_run(fake.plan).empty());
  const Cpu cpu = this_cpu();
  const struct {
    const char *pin, *value, *flag;
  } rows[] = {{"isa", "avx2", "avx2"},         {"isa", "avx512", "avx512f"},  {"onednn", "avx2", "avx2"},
              {"onednn", "avx512", "avx512f"}, {"onednn", "sse41", "sse4_1"}, {"mkl", "avx2", "avx2"}};
  for (const auto& row : rows) {
    Plan plan = fake.plan;
    plan.pins[row.pin] = row.value;
    const std::string reason = cannot_run(plan);
    INFO(row.pin << "=" << row.value << ": " << reason);
    if (has_flag(cpu, row.flag)) {
      CHECK_THAT(reason, !Contains(std::string("has no ") + row.flag));
    } else {
      CHECK_THAT(reason, Contains(std::string(row.flag)) &&
                             Contains(std::string(row.pin) + "=" + row.value + " needs"));
      const auto result = launch({{"run", plan, 1}}, fake.options)[0];
      CHECK(result.outcome.ending == Ending::skipped);
      CHECK(result.outcome.reason == reason);
      CHECK_FALSE(std::filesystem::exists(result.folder));
    }
  }
}
