// SPDX-License-Identifier: Apache-2.0
#pragma once
// The recipes on digits as their TOML says them, at tiny size on made-up digits: bars of ten places.
#include <ATen/Parallel.h>
#include <ATen/TensorOperators.h>

#include <map>
#include <string>

#include "fixed_setup.h"
#include "harness/plan/recipe.h"
#include "recipes/vision/step_draws.h"
#include "training_states.h"

namespace reprise {

// An idx file of `count` images: a bright bar in rows 2d to 2d + 4 of digit d = number % 10, shifted a
// little.
inline std::string images_of_bars(int count) {
  std::string file("\0\0\x08\x03\0\0\0", 7);
  file += static_cast<char>(count);
  for (int extent = 0; extent < 2; ++extent) file += std::string("\0\0\0\x1c", 4);
  for (int i = 0; i < count; ++i)
    for (int r = 0; r < 28; ++r)
      for (int c = 0; c < 28; ++c) {
        const int top = 2 * (i % 10) + 2, left = 4 + i / 10 % 4;
        const bool bright = r >= top && r < top + 5 && c >= left && c < left + 16;
        file += static_cast<char>(bright ? 250 : 5);
      }
  return file;
}

inline std::string labels_of_bars(int count) {
  std::string file("\0\0\x08\x01\0\0\0", 7);
  file += static_cast<char>(count);
  for (int i = 0; i < count; ++i) file += static_cast<char>(i % 10);
  return file;
}

// The tiny transformer that janus and janusflow share, and what they train it with; `own`: what one of them
// has besides, or otherwise.
inline std::map<std::string, Scalar> tiny_unified(std::map<std::string, Scalar> own) {
  own.merge(std::map<std::string, Scalar>{{"features", std::int64_t{8}},
                                          {"groups", std::int64_t{2}},
                                          {"width", std::int64_t{16}},
                                          {"layers", std::int64_t{1}},
                                          {"heads", std::int64_t{2}},
                                          {"ffn", std::int64_t{24}},
                                          {"drawn", std::int64_t{1}},
                                          {"lr", 0.01},
                                          {"warmup", std::int64_t{5}},
                                          {"test_samples", std::int64_t{20}}});
  return own;
}

// Numbers that are no pattern, [shape], in double.
inline at::Tensor numbers(at::IntArrayRef shape, std::uint32_t kind = 9) {
  return fixed_normal(kind, shape).to(at::kDouble);
}

class DoubleSetup : public FixedSetup {
 public:
  DoubleSetup() { plan_.pins["precision"] = "float64"; }
};

class TinyDigits : public FixedSetup {
 public:
  TinyDigits(const std::string& recipe, std::int64_t steps, const std::map<std::string, Scalar>& choices) {
    at::set_num_threads(1);  // so small that threads only wait for each other
    plan_ = read_recipe(shipped_recipes() / (recipe + ".toml")).defaults;
    plan_.steps = steps;
    plan_.evaluate_every = 10;
    plan_.batch = 8;
    for (const auto& [name, value] : choices) plan_.parameters.at(name) = value;
    files_ = {{"train-images", images_of_bars(80)},
              {"train-labels", labels_of_bars(80)},
              {"test-images", images_of_bars(40)},
              {"test-labels", labels_of_bars(40)}};
  }
  at::Tensor batch(std::int64_t i) const override {
    return (at::arange(8, at::kLong) * 7 + i * 3).remainder(80);
  }
  void show_data(const Tensors& data, std::int64_t) const override { shown_ = data; }
  std::unique_ptr<Training> begin() const {
    return pick(programs_shelf(), plan_.program, "program").begin(*this);
  }
  mutable Tensors shown_;
};

inline StepResult train_to(Training& training, std::int64_t first, std::int64_t last) {
  StepResult result;
  for (std::int64_t step = first; step <= last; ++step) result = training.step(step);
  return result;
}

inline double metric_of(const StepResult& result, const std::string& name) {
  for (const auto& [own, value] : result.metrics)
    if (own == name) return value;
  fail("no metric {}", name);
}

inline const at::Tensor& tensor_of(const State& state, const std::string& name) {
  for (const auto& one : state.weights)
    if (one.name == name) return one.tensor;
  fail("no {} in the state", name);
}

}  // namespace reprise
