// SPDX-License-Identifier: Apache-2.0
#pragma once
// Tests that include LibTorch say REQUIRE, never CHECK: a LibTorch header defines a CHECK of its own.
// A Setup for tests: a plan given by hand, no files.
#include <ATen/ops/arange.h>

#include <map>
#include <string>
#include <vector>

#include "harness/base/error.h"
#include "harness/record/training/program.h"

namespace reprise {

class FixedSetup : public Setup {
 public:
  FixedSetup() {
    plan_.recipe = plan_.program = "fixed";
    plan_.pins = default_pins();
    plan_.steps = 10;
    plan_.batch = 2;
    plan_.samples = 8;
    plan_.evaluate_every = 4;
  }
  const Plan& plan() const override { return plan_; }
  at::Tensor batch(std::int64_t) const override { return at::arange(2, at::kLong); }
  std::string data(std::string_view name) const override {
    const auto found = files_.find(std::string(name));
    if (found == files_.end()) fail("no data {} in this test", name);
    return found->second;
  }
  void show_data(const Tensors&, std::int64_t) const override {}
  at::Device device() const override { return device_; }
  Plan plan_;
  std::map<std::string, std::string> files_;  // name -> content
  at::Device device_{at::kCPU};
};

template <class Action>
std::string error_of(Action action) {
  try {
    action();
  } catch (const std::exception& error) {
    return error.what();
  }
  return "no error";
}

}  // namespace reprise
