// SPDX-License-Identifier: Apache-2.0
// Setters that come, go or change between LibTorch 2.6 and today are asked for with `requires` on a template
// parameter: on a concrete type a missing member would be an error.
#include "harness/record/torch_settings.h"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <ATen/Version.h>
#include <c10/core/DefaultDtype.h>
#include <c10/core/ScalarTypeToTypeMeta.h>

#include <algorithm>
#include <cctype>
#include <cfloat>
#include <optional>
#include <type_traits>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/record/device.h"
#include "harness/record/skip.h"
#include "harness/record/vector_math.h"

namespace reprise {
namespace {

using at::Context;
using View = std::string_view;

Context& context() { return at::globalContext(); }
std::string on_off(bool on) { return on ? "on" : "off"; }

int whole(View value) {
  const auto number = to_integer(value);
  check(number.has_value(), "a pin with a whole number holds one");
  return static_cast<int>(*number);
}

// A switch that every LibTorch we support has, given as its setter and its getter.
template <auto setter, auto getter>
constexpr TorchSetting toggle(View pin) {
  return {pin, [](View value) { (context().*setter)(value == "on"); },
          [](View) { return on_off((context().*getter)()); }};
}

// Newer versions tell three cases apart where older ones have a bool.
template <class Option>
std::string reduction(Option option) {
  if constexpr (std::is_same_v<Option, bool>) {
    return on_off(option);
  } else {
    if (option == Option::AllowReducedPrecisionWithSplitK) return "on";
    return option == Option::DisallowReducedPrecisionAllowSplitK ? "off" : "no-split-k";
  }
}

// Split-k alone keeps its partial sums in float32: only cuBLASLt can be told to leave it.
template <class C>
void set_reductions(C& c, bool half, View value) {
  const bool on = value == "on";
  if constexpr (requires { c.setAllowFP16ReductionCuBLAS(on, on); }) {
    const bool split = value != "no-split-k";
    half ? c.setAllowFP16ReductionCuBLAS(on, split) : c.setAllowBF16ReductionCuBLAS(on, split);
  } else {
    if (value == "no-split-k") fail("this version cannot forbid split-k");
    half ? c.setAllowFP16ReductionCuBLAS(on) : c.setAllowBF16ReductionCuBLAS(on);
  }
}

template <class C>
void set_fp16_accumulation(C& c, bool on) {
  if constexpr (requires { c.setAllowFP16AccumulationCuBLAS(on); }) c.setAllowFP16AccumulationCuBLAS(on);
}
template <class C>
std::string fp16_accumulation(const C& c, View wanted) {
  if constexpr (requires { c.allowFP16AccumulationCuBLAS(); }) return on_off(c.allowFP16AccumulationCuBLAS());
  return std::string(wanted);
}

template <class C>
void set_mkldnn_deterministic(C& c, bool on) {
  if constexpr (requires { c.setDeterministicMkldnn(on); }) c.setDeterministicMkldnn(on);
}
template <class C>
std::string mkldnn_deterministic(const C& c, View wanted) {
  if constexpr (requires { c.deterministicMkldnn(); }) return on_off(c.deterministicMkldnn());
  return std::string(wanted);
}

template <class C>
void set_fa3(C& c, bool on) {
  if constexpr (requires { c.setSDPUseFA3(on); }) c.setSDPUseFA3(on);
}
template <class C>
std::string fa3(const C& c, View wanted) {
  if constexpr (requires { c.userEnabledFA3SDP(); }) return on_off(c.userEnabledFA3SDP());
  return std::string(wanted);
}

template <class C>
void set_carveout(C& c, std::optional<int> processors) {
  if constexpr (requires { c._setSMCarveout_EXPERIMENTAL(processors); })
    c._setSMCarveout_EXPERIMENTAL(processors);
}
template <class C>
std::string carveout(const C& c, View wanted) {
  if constexpr (requires { c._SMCarveout_EXPERIMENTAL(); }) {
    const auto processors = c._SMCarveout_EXPERIMENTAL();
    return processors ? std::to_string(*processors) : "none";
  }
  return std::string(wanted);
}

void set_deterministic(View value) { context().setDeterministicAlgorithms(value != "off", value == "warn"); }
std::string deterministic(View) {
  if (!context().deterministicAlgorithms()) return "off";
  return context().deterministicAlgorithmsWarnOnly() ? "warn" : "on";
}

// The newer generation of the same settings (fp32_precision of a backend and an operation), where this
// LibTorch has it; once a script has set it, the older getters refuse to answer. Its enums are found by the
// getter's own types: older versions do not know their names.
template <class Precision>
std::string precision_word(Precision precision) {
  switch (precision) {
    case Precision::TF32:
      return "tf32";
    case Precision::BF16:
      return "bf16";
    case Precision::IEEE:
      return "ieee";
    default:
      return "none";
  }
}

template <class C, class Backend, class Op, class Precision>
requires requires { Backend::CUDA; }
std::string newer_matmul(const C& c, Precision (C::*get)(Backend, Op) const) {
  return "fp32_precision cuda.matmul=" + precision_word((c.*get)(Backend::CUDA, Op::MATMUL)) +
         " mkldnn.matmul=" + precision_word((c.*get)(Backend::MKLDNN, Op::MATMUL));
}

template <class C, class Backend, class Op, class Precision>
requires requires { Backend::CUDA; }
std::string newer_cudnn(const C& c, Precision (C::*get)(Backend, Op) const) {
  return "fp32_precision cuda.conv=" + precision_word((c.*get)(Backend::CUDA, Op::CONV)) +
         " cuda.rnn=" + precision_word((c.*get)(Backend::CUDA, Op::RNN));
}

std::string older_matmul() {
  switch (context().float32MatmulPrecision()) {
    case at::Float32MatmulPrecision::HIGHEST:
      return "highest";
    case at::Float32MatmulPrecision::HIGH:
      return "high";
    default:
      return "medium";
  }
}

template <class C>
std::string matmul_precision_of(const C& c) {
  if constexpr (requires { newer_matmul(c, &C::float32Precision); }) {
    try {
      return older_matmul();
    } catch (const std::exception&) {
      return newer_matmul(c, &C::float32Precision);
    }
  } else {
    return older_matmul();
  }
}
std::string matmul_precision(View) { return matmul_precision_of(context()); }

template <class C>
std::string tf32_cudnn_of(const C& c) {
  if constexpr (requires { newer_cudnn(c, &C::float32Precision); }) {
    try {
      return on_off(c.allowTF32CuDNN());
    } catch (const std::exception&) {
      return newer_cudnn(c, &C::float32Precision);
    }
  } else {
    return on_off(c.allowTF32CuDNN());
  }
}
std::string tf32_cudnn(View) { return tf32_cudnn_of(context()); }

void set_blas(View value) {
  if (value == "default") return;
  context().setBlasPreferredBackend(value == "cublaslt" ? at::BlasBackend::Cublaslt
                                                        : at::BlasBackend::Cublas);
}
std::string blas(View wanted) {
  // LibTorch puts its choice of the moment in the place of "default".
  if (wanted == "default") return "default";
  return context().blasPreferredBackend() == at::BlasBackend::Cublaslt ? "cublaslt" : "cublas";
}

void set_linalg(View value) {
  if (value == "default") return;
  context().setLinalgPreferredBackend(value == "magma" ? at::LinalgBackend::Magma
                                                       : at::LinalgBackend::Cusolver);
}
std::string linalg(View) {
  const auto backend = context().linalgPreferredBackend();
  if (backend == at::LinalgBackend::Default) return "default";
  return backend == at::LinalgBackend::Magma ? "magma" : "cusolver";
}

void set_interop_threads(View value) {
  // LibTorch refuses a second call, even one that changes nothing.
  const int wanted = whole(value);
  if (static_cast<int>(at::get_num_interop_threads()) != wanted) at::set_num_interop_threads(wanted);
}

std::string isa(View wanted) {
  if (wanted == "auto") return "auto";
  std::string found = at::get_cpu_capability();
  std::transform(found.begin(), found.end(), found.begin(), [](unsigned char c) { return std::tolower(c); });
  return found == "no avx" ? "default" : found;
}

void set_flush_denormal(View value) {
  if (!Context::setFlushDenormal(value == "on") && value == "on")
    throw Skip("pin flush-denormal=on cannot be set on this processor; leave it off");
}
std::string flush_denormal(View) {
  // Tried, not asked: the same on every processor. volatile keeps the compiler from computing it beforehand.
  const volatile float smallest = FLT_MIN;
  const volatile float half = smallest / 2;
  return on_off(half == 0);
}

void set_onednn(View value) { context().setUserEnabledMkldnn(value != "off"); }
std::string onednn(View wanted) {
  if (!context().userEnabledMkldnn()) return "off";
  return wanted == "off" ? "default" : std::string(wanted);
}

void seed_generator(at::Generator generator, View value) {
  const std::lock_guard<std::mutex> lock(generator.mutex());
  generator.set_current_seed(static_cast<std::uint64_t>(*to_integer(value)));
}
void set_seed(View value) {
  seed_generator(at::detail::getDefaultCPUGenerator(), value);
  if (const auto generator = device_generator()) seed_generator(*generator, value);
}
std::string seed(View) {
  const std::string found = std::to_string(at::detail::getDefaultCPUGenerator().current_seed());
  const auto generator = device_generator();
  if (!generator) return found;
  const std::string other = std::to_string(generator->current_seed());
  return other == found ? found : fmt::format("{} on the CPU and {} on the GPU", found, other);
}

void set_default_dtype(View value) {
  c10::set_default_dtype(c10::scalarTypeToTypeMeta(value == "float64" ? at::kDouble : at::kFloat));
}
std::string default_dtype(View) {
  const auto type = c10::get_default_dtype_as_scalartype();
  if (type == at::kFloat) return "float32";
  return type == at::kDouble ? "float64" : c10::toString(type);
}

constexpr TorchSetting settings[] = {
    {"bf16-reduction", [](View v) { set_reductions(context(), false, v); },
     [](View) { return reduction(context().allowBF16ReductionCuBLAS()); }},
    {"blas-backend", set_blas, blas},
    toggle<&Context::setUserEnabledCuDNN, &Context::userEnabledCuDNN>("cudnn"),
    toggle<&Context::setBenchmarkCuDNN, &Context::benchmarkCuDNN>("cudnn-benchmark"),
    {"cudnn-benchmark-limit", [](View v) { context().setBenchmarkLimitCuDNN(whole(v)); },
     [](View) { return std::to_string(context().benchmarkLimitCuDNN()); }},
    toggle<&Context::setDeterministicCuDNN, &Context::deterministicCuDNN>("cudnn-deterministic"),
    {"default-dtype", set_default_dtype, default_dtype},
    {"deterministic", set_deterministic, deterministic},
    // use_device() has taken it already.
    {"device", [](View) {}, device_now},
    toggle<&Context::setDeterministicFillUninitializedMemory, &Context::deterministicFillUninitializedMemory>(
        "fill-uninitialized"),
    {"flush-denormal", set_flush_denormal, flush_denormal},
    {"fp16-accumulation", [](View v) { set_fp16_accumulation(context(), v == "on"); },
     [](View wanted) { return fp16_accumulation(context(), wanted); }},
    {"fp16-reduction", [](View v) { set_reductions(context(), true, v); },
     [](View) { return reduction(context().allowFP16ReductionCuBLAS()); }},
    {"interop-threads", set_interop_threads,
     [](View) { return std::to_string(at::get_num_interop_threads()); }},
    {"isa", [](View) {}, isa},
    {"linalg-backend", set_linalg, linalg},
    {"matmul-precision", [](View v) { context().setFloat32MatmulPrecision(std::string(v)); },
     matmul_precision},
    {"mkldnn-deterministic", [](View v) { set_mkldnn_deterministic(context(), v == "on"); },
     [](View wanted) { return mkldnn_deterministic(context(), wanted); }},
    toggle<&Context::setUserEnabledNNPACK, &Context::userEnabledNNPACK>("nnpack"),
    {"onednn", set_onednn, onednn},
    toggle<&Context::setSDPUseCuDNN, &Context::userEnabledCuDNNSDP>("sdp-cudnn"),
    {"sdp-fa3", [](View v) { set_fa3(context(), v == "on"); },
     [](View wanted) { return fa3(context(), wanted); }},
    toggle<&Context::setSDPUseFlash, &Context::userEnabledFlashSDP>("sdp-flash"),
    toggle<&Context::setSDPUseMath, &Context::userEnabledMathSDP>("sdp-math"),
    toggle<&Context::setAllowFP16BF16ReductionMathSDP, &Context::allowFP16BF16ReductionMathSDP>(
        "sdp-math-reduction"),
    toggle<&Context::setSDPUseMemEfficient, &Context::userEnabledMemEfficientSDP>("sdp-mem-efficient"),
    toggle<&Context::setSDPUseOverrideable, &Context::userEnabledOverrideableSDP>("sdp-overrideable"),
    {"seed", set_seed, seed},
    {"sm-carveout",
     [](View v) { set_carveout(context(), v == "none" ? std::nullopt : std::optional<int>(whole(v))); },
     [](View wanted) { return carveout(context(), wanted); }},
    {"stream", [](View) {}, stream_now},
    {"tf32-cudnn", [](View v) { context().setAllowTF32CuDNN(v == "on"); }, tf32_cudnn},
    {"threads", [](View v) { at::set_num_threads(whole(v)); },
     [](View) { return std::to_string(at::get_num_threads()); }},
    {"vector-math-warmup", set_vector_math_warmup, [](View) { return vector_math_warmup(); }},
};

}  // namespace

std::span<const TorchSetting> torch_settings() { return settings; }

}  // namespace reprise
