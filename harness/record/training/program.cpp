// SPDX-License-Identifier: Apache-2.0
#include "harness/record/training/program.h"

#include <ATen/core/grad_mode.h>

#include "harness/base/error.h"
#include "harness/record/device.h"
#include "harness/record/skip.h"

namespace reprise {
namespace {

std::vector<std::string> names_of_parameters(const Plan& plan) {
  std::vector<std::string> names;
  for (const auto& [name, value] : plan.parameters) names.push_back(name);
  return names;
}

const Scalar& parameter_of(const Plan& plan, std::string_view name) {
  const auto found = plan.parameters.find(std::string(name));
  if (found == plan.parameters.end())
    fail("program {} needs a parameter that the recipe does not set: {}", plan.program,
         unknown_name("parameter", name, names_of_parameters(plan)));
  return found->second;
}

[[noreturn]] void wrong_type(std::string_view wanted, std::string_view name, const Scalar& found) {
  fail("wanted {} for parameter {}, found {}; change it in the recipe's [parameters]", wanted, name,
       to_toml(found));
}

// Each saved tensor into the live one of its name.
void copy_saved(const Tensors& live, const Tensors& saved, std::string_view stage) {
  for (const auto& one : saved) {
    const at::Tensor* into = nullptr;
    for (const auto& other : live)
      if (other.name == one.name) into = &other.tensor;
    if (into == nullptr)
      fail(
          "the checkpoint has {} {}, which the recipe does not have before its first step; give its Training "
          "a "
          "restore()",
          stage, one.name);
    if (into->sizes() != one.tensor.sizes() || into->scalar_type() != one.tensor.scalar_type())
      fail("the checkpoint's {} {} has another shape or number format than the recipe's", stage, one.name);
    into->copy_(one.tensor);
  }
}

}  // namespace

void Training::restore(std::int64_t /*step*/, const State& saved) {
  const at::NoGradGuard no_gradients;
  const State live = state();
  copy_saved(live.weights, saved.weights, "weights");
  copy_saved(live.optimizer, saved.optimizer, "optimizer state");
}

std::string Setup::text(std::string_view parameter) const {
  const Scalar& value = parameter_of(plan(), parameter);
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  wrong_type("a text", parameter, value);
}

std::int64_t Setup::integer(std::string_view parameter) const {
  const Scalar& value = parameter_of(plan(), parameter);
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return *whole;
  wrong_type("a whole number", parameter, value);
}

double Setup::number(std::string_view parameter) const {
  const Scalar& value = parameter_of(plan(), parameter);
  if (const auto* number = std::get_if<double>(&value)) return *number;
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return static_cast<double>(*whole);
  wrong_type("a number", parameter, value);
}

bool Setup::truth(std::string_view parameter) const {
  const Scalar& value = parameter_of(plan(), parameter);
  if (const auto* truth = std::get_if<bool>(&value)) return *truth;
  wrong_type("true or false", parameter, value);
}

bool Setup::has(std::string_view parameter) const {
  return plan().parameters.contains(std::string(parameter));
}

bool Setup::evaluates(std::int64_t i) const {
  return i == plan().steps || (plan().evaluate_every > 0 && i % plan().evaluate_every == 0);
}

Philox Setup::draws(Stream stream, std::uint32_t epoch) const {
  const bool shared = stream == Stream::order || stream == Stream::weights || stream == Stream::data;
  if (ranks() > 1 && !shared)
    throw Skip(fmt::format(
        "the program {} draws random numbers of its own for each sample, which {} ranks would draw "
        "alike: it is trained by one rank only",
        plan().program, ranks()));
  return draws_alike(stream, epoch);
}

Philox Setup::draws_alike(Stream stream, std::uint32_t epoch) const {
  const auto seed = to_integer(plan().pins.at("seed"));
  check(seed.has_value(), "a plan's seed is a whole number");
  if (stream == Stream::weights && has("weights_seed") && integer("weights_seed") >= 0)
    return {static_cast<std::uint64_t>(integer("weights_seed")), stream, epoch};
  return {static_cast<std::uint64_t>(*seed), stream, epoch};
}

at::ScalarType Setup::dtype() const {
  const std::string& precision = plan().pins.at("precision");
  if (precision == "float32") return at::kFloat;
  if (precision == "float64") return at::kDouble;
  if (precision == "bfloat16") return at::kBFloat16;
  fail("wanted float32, float64 or bfloat16 for pin precision, found '{}'", precision);
}

at::Device Setup::device() const { return device_in_use(); }

bool Setup::draws_on_device() const { return plan().pins.at("rng") == "device"; }

}  // namespace reprise
