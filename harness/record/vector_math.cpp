// SPDX-License-Identifier: Apache-2.0
#include "harness/record/vector_math.h"

#include <ATen/Parallel.h>
#include <ATen/core/Tensor.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/empty.h>
#include <ATen/record_function.h>

#include <array>
#include <cstdint>

namespace reprise {
namespace {

// What ATen's vml.h and its unary kernels hand on, and a few neighbours.
constexpr std::array<const char*, 30> functions = {
    "abs",   "acos", "acosh",  "asin",  "asinh",   "atan",  "atanh", "ceil",   "cos", "cosh",
    "erf",   "erfc", "erfinv", "exp",   "exp2",    "expm1", "floor", "lgamma", "log", "log10",
    "log1p", "log2", "round",  "rsqrt", "sigmoid", "sin",   "sinh",  "sqrt",   "tan", "tanh"};
constexpr const char* last = "trunc";

// Enough for vector code, and so few that LibTorch does not share them out to threads.
constexpr std::int64_t count = 1024;

std::string wanted = "off";
bool warm = false;

void call(const char* name, const at::Tensor& numbers) {
  const auto found = c10::Dispatcher::singleton().findSchema({std::string("aten::") + name, ""});
  if (found) found->typed<at::Tensor(const at::Tensor&)>().call(numbers);
}

at::Tensor numbers_of(at::ScalarType type) {
  at::Tensor numbers = at::empty({count}, type);
  for (std::int64_t i = 0; i < count; ++i) {
    const double value = static_cast<double>(i + 1) / (count + 2);  // where all of them are defined
    if (type == at::kFloat)
      numbers.mutable_data_ptr<float>()[i] = static_cast<float>(value);
    else
      numbers.mutable_data_ptr<double>()[i] = value;
  }
  return numbers;
}

}  // namespace

void warm_vector_math() {
  const at::NoGradGuard no_gradients;
  const at::DisableRecordFunctionGuard unwatched;
  const int threads = at::get_num_threads();
  if (threads > 1) at::set_num_threads(1);
  for (const auto type : {at::kFloat, at::kDouble}) {
    const at::Tensor numbers = numbers_of(type);
    for (const char* name : functions) call(name, numbers);
    call(last, numbers);
    numbers.pow(numbers);
  }
  if (threads > 1) at::set_num_threads(threads);
  warm = true;
}

std::string warmed_vector_math() {
  if (wanted != "on") return {};
  std::string names;
  for (const char* name : functions) names += std::string(name) + " ";
  return names + last + " pow (float, double)";
}

void set_vector_math_warmup(std::string_view value) {
  wanted = value;
  if (value == "on" && !warm) warm_vector_math();
}

std::string vector_math_warmup() { return wanted; }

}  // namespace reprise
