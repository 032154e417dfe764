// SPDX-License-Identifier: Apache-2.0
#include "harness/machine/arithmetic.h"

#include <array>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <vector>

#include "harness/base/error.h"
#include "harness/base/sha256.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace reprise {
namespace {

constexpr int count = 256;

// From 1 up to 4 in equal steps: every place of a reciprocal's and of a root's tables.
float input(int i) { return 1.0F + 3.0F * static_cast<float>(i) / count; }

template <class T>
std::string digest_of(const std::vector<T>& values) {
  std::string bytes(values.size() * sizeof(T), '\0');
  std::memcpy(bytes.data(), values.data(), bytes.size());
  return sha256_text(bytes).substr(0, 8);
}

#if defined(__x86_64__)

struct Estimate {
  std::vector<float> values;
  double worst = 0;  // relative error
};

std::string words_of_estimate(const Estimate& estimate) {
  return fmt::format("{} good bits, {}", good_bits(estimate.worst), digest_of(estimate.values));
}

template <class Call>
Estimate estimate_of(Call call, double power) {
  Estimate estimate;
  for (int i = 0; i < count; ++i) {
    float result[4];
    _mm_storeu_ps(result, call(_mm_set1_ps(input(i))));
    const double wanted = std::pow(static_cast<double>(input(i)), power);
    estimate.worst = std::max(estimate.worst, std::abs(static_cast<double>(result[0]) / wanted - 1));
    estimate.values.push_back(result[0]);
  }
  return estimate;
}

Estimate rsqrt_estimate() {
  return estimate_of([](__m128 x) { return _mm_rsqrt_ps(x); }, -0.5);
}

__attribute__((target("fma"))) float fused(float a, float b, float c) {
  return _mm_cvtss_f32(_mm_fmadd_ss(_mm_set_ss(a), _mm_set_ss(b), _mm_set_ss(c)));
}

bool has_fused() { return __builtin_cpu_supports("fma") != 0; }

float half_of_least() {
  volatile float least = 1.17549435e-38F;
  return least / 2;
}

// Whether numbers below the least normal one are kept, and flushed by who asks for that.
std::string denormals() {
  const unsigned before = _mm_getcsr();
  _mm_setcsr(before & ~0x8040U);
  const bool kept = half_of_least() != 0;
  _mm_setcsr(before | 0x8040U);
  const bool flushed = half_of_least() == 0;
  _mm_setcsr(before);
  return fmt::format("{}, {}", kept ? "kept" : "lost",
                     flushed ? "flushed when asked" : "kept even when flushing is asked");
}

#endif

// (1 + e)(1 - e) - 1 is -e*e where nothing is rounded between, and 0 where the product is.
std::string fma_words(float result) { return result == 0 ? "rounds twice" : "rounds once"; }

struct Function {
  const char* name;
  double (*wide)(double);
  float (*narrow)(float);
};

constexpr Function functions[] = {
    {"exp", std::exp, std::exp},       {"log", std::log, std::log},    {"sin", std::sin, std::sin},
    {"cos", std::cos, std::cos},       {"tan", std::tan, std::tan},    {"atan", std::atan, std::atan},
    {"tanh", std::tanh, std::tanh},    {"erf", std::erf, std::erf},    {"expm1", std::expm1, std::expm1},
    {"log1p", std::log1p, std::log1p}, {"exp2", std::exp2, std::exp2}, {"log2", std::log2, std::log2},
    {"cbrt", std::cbrt, std::cbrt},    {"sinh", std::sinh, std::sinh}, {"lgamma", std::lgamma, std::lgamma},
};

template <class T, class Member>
std::string libm_words(Member member) {
  std::string text;
  for (const auto& function : functions) {
    std::vector<T> values;
    for (int i = 0; i < count; ++i) {
      volatile T x = static_cast<T>(input(i));
      values.push_back((function.*member)(x));
    }
    text += fmt::format("{}{}:{}", text.empty() ? "" : " ", function.name, digest_of(values));
  }
  return text;
}

}  // namespace

int good_bits(double worst) {
  return worst <= 0 ? 24 : std::min(24, static_cast<int>(std::floor(-std::log2(worst))));
}

std::string emulator_artefact(int rsqrt_bits, int wrong_roots) {
  constexpr int more_than_any_chip = 15;
  if (rsqrt_bits < more_than_any_chip || wrong_roots == 0) return "";
  return fmt::format(
      "known artefact of the emulator: LibTorch refines square roots from RSQRTPS here, of which QEMU gives "
      "{} good bits "
      "and processors 11 or 12, so that square roots, and what Adam makes of them, are those of no processor",
      rsqrt_bits);
}

#if defined(__x86_64__)

int rsqrt_bits() { return good_bits(rsqrt_estimate().worst); }

Facts arithmetic_facts() {
  Facts facts;
  facts["arithmetic.rsqrtps"] = words_of_estimate(rsqrt_estimate());
  facts["arithmetic.rcpps"] = words_of_estimate(estimate_of([](__m128 x) { return _mm_rcp_ps(x); }, -1));
  constexpr float small = 1.0F / 8192;
  facts["arithmetic.fma"] = has_fused() ? fma_words(fused(1 + small, 1 - small, -1)) : "no instruction";
  facts["arithmetic.denormals"] = denormals();
  facts["arithmetic.libm.float"] = libm_words<float>(&Function::narrow);
  facts["arithmetic.libm.double"] = libm_words<double>(&Function::wide);
  return facts;
}

#else

int rsqrt_bits() { return 0; }

Facts arithmetic_facts() {
  volatile float small = 1.0F / 8192;
  return {{"arithmetic.fma", fma_words(std::fma(1 + small, 1 - small, -1.0F))},
          {"arithmetic.libm.float", libm_words<float>(&Function::narrow)},
          {"arithmetic.libm.double", libm_words<double>(&Function::wide)}};
}

#endif

}  // namespace reprise
