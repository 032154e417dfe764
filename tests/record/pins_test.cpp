// SPDX-License-Identifier: Apache-2.0
// Pins on this process. ctest runs each of these in a process of its own.
#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <c10/core/DefaultDtype.h>
#include <c10/core/ScalarTypeToTypeMeta.h>

#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstdio>
#include <cstdlib>
#include <map>

#include "fixed_setup.h"
#include "harness/plan/environment.h"
#include "harness/record/pin_torch.h"
#include "harness/record/skip.h"
#include "harness/record/torch_settings.h"

using namespace reprise;
using Catch::Matchers::Contains;

namespace {

// Gives this process the environment that the pins want; what must be read before main() is not cured by it.
void set_environment(const Pins& pins) {
  for (const auto& variable : wrong_variables(pins))
    variable.set ? ::setenv(variable.name.c_str(), variable.text.c_str(), 1)
                 : ::unsetenv(variable.name.c_str());
}

std::string found_after(const Pins& pins, const std::string& pin) { return read_pins(pins).at(pin); }

}  // namespace

TEST_CASE("every setting that is a LibTorch call is a pin of the table") {
  for (const auto& setting : torch_settings()) CHECK_NOTHROW(pick_pin(setting.pin));
}

TEST_CASE("pins that were imposed read back as wanted, and each change is seen") {
  const Pins pins = default_pins();
  set_environment(pins);
  REQUIRE(wrong_variables(pins).empty());
  impose_pins(pins);
  REQUIRE(read_pins(pins) == pins);
  at::set_num_threads(2);
  REQUIRE(found_after(pins, "threads") == "2");
  c10::set_default_dtype(c10::scalarTypeToTypeMeta(at::kDouble));
  REQUIRE(found_after(pins, "default-dtype") == "float64");
  auto& context = at::globalContext();
  context.setDeterministicAlgorithms(true, true);
  REQUIRE(found_after(pins, "deterministic") == "warn");
  context.setAllowTF32CuDNN(true);
  REQUIRE(found_after(pins, "tf32-cudnn") == "on");
  context.setFloat32MatmulPrecision("medium");
  REQUIRE(found_after(pins, "matmul-precision") == "medium");
  context.setUserEnabledMkldnn(false);
  REQUIRE(found_after(pins, "onednn") == "off");
  at::Context::setFlushDenormal(true);
  REQUIRE(found_after(pins, "flush-denormal") == "on");
  at::Context::setFlushDenormal(false);
  context.setSDPUseFlash(false);
  REQUIRE(found_after(pins, "sdp-flash") == "off");
  ::setenv("MKL_CBWR", "COMPATIBLE", 1);
  REQUIRE(found_after(pins, "mkl") == "MKL_CBWR=COMPATIBLE");
  ::unsetenv("OMP_NUM_THREADS");
  REQUIRE(found_after(pins, "threads") == "OMP_NUM_THREADS unset");
}

TEST_CASE("the other value of every switch can be set and read back") {
  Pins pins = default_pins();
  for (const auto* pin : {"bf16-reduction", "cudnn-benchmark", "fp16-accumulation", "fp16-reduction",
                          "sdp-cudnn", "sdp-fa3", "sdp-math-reduction", "tf32-cudnn"})
    pins[pin] = "on";
  for (const auto* pin :
       {"cudnn", "cudnn-deterministic", "deterministic", "fill-uninitialized", "mkldnn-deterministic",
        "nnpack", "onednn", "sdp-flash", "sdp-math", "sdp-mem-efficient", "sdp-overrideable"})
    pins[pin] = "off";
  pins["default-dtype"] = "float64";
  pins["matmul-precision"] = "high";
  pins["cudnn-benchmark-limit"] = "3";
  pins["sm-carveout"] = "8";
  pins["seed"] = "77";
  set_environment(pins);
  impose_pins(pins);
  REQUIRE(read_pins(pins) == pins);
}

namespace {

enum class Told { held, refused, wrong };

Told told_by(const Pins& pins) {
  set_environment(pins);
  try {
    impose_pins(pins);
    return read_pins(pins) == pins ? Told::held : Told::wrong;
  } catch (const Skip& skip) {
    return std::string(skip.what()).size() > 20 ? Told::refused : Told::wrong;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return Told::wrong;
  }
}

// In a process of its own: some settings cannot be taken back.
Told told_in_a_child(const Pins& pins) {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(static_cast<int>(told_by(pins)));
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? static_cast<Told>(WEXITSTATUS(status)) : Told::wrong;
}

}  // namespace

TEST_CASE("every value of every pin is read back, or is untested with its reason") {
  std::map<Told, std::size_t> count;
  for (const Pin& pin : pin_table())
    for (const AllowedValue& allowed : pin.allowed) {
      Pins pins = default_pins();
      std::string& value = pins[std::string(pin.name)];
      value = allowed.kind == AllowedValue::Kind::integer ? "3" : allowed.word;
      if (allowed.kind == AllowedValue::Kind::text) value += "x";
      INFO(pin.name << "=" << value);
      Plan plan;
      plan.pins = pins;
      // Instructions that this processor lacks end a process, so that no run with them is begun.
      const Told told = cannot_run(plan).empty() ? told_in_a_child(pins) : Told::refused;
      REQUIRE(told != Told::wrong);
      ++count[told];
    }
  REQUIRE(count[Told::held] > 150);
  REQUIRE(count[Told::refused] > 0);  // no machine has the card "cuda:x"
}

TEST_CASE("a pin that did not hold is a sentence with its name, the step and both values") {
  const Pins wanted = default_pins();
  Pins found = wanted;
  CHECK_NOTHROW(check_pins_hold(wanted, found, "at step 40"));
  found["threads"] = "2";
  REQUIRE(error_of([&] { check_pins_hold(wanted, found, "at step 40"); }) ==
          "pin threads did not hold at step 40: wanted 1, found 2; something in the recipe changed it");
}
