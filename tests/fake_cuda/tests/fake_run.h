// SPDX-License-Identifier: Apache-2.0
#pragma once
// Starts one of the programs that run on the fake CUDA run-time library, each in a process of its own.
#include <catch2/catch.hpp>
#include <string>

#include "program.h"
#include "scratch.h"

namespace reprise::fake_cuda {

struct FakeRun {
  std::string devices = "7.5/4";  // compute_75 runs there, compute_120 on 12.0
  unsigned seed = 1;
  bool late = false;
  std::string more;  // further variables: "FAKE_CUDA_MEMORY=100"
};

inline FakeRun on(const std::string& devices, unsigned seed = 1, bool late = false,
                  const std::string& more = "") {
  return {devices, seed, late, more};
}

inline Printed run_on_fake(const Scratch& scratch, const std::string& program, const std::string& arguments,
                           const FakeRun& how = {}) {
  const std::string before = "FAKE_CUDA_DEVICES=" + how.devices +
                             " FAKE_CUDA_SEED=" + std::to_string(how.seed) +
                             (how.late ? " FAKE_CUDA_ORDER=late " : " ") + how.more;
  return run_program(scratch.path(), arguments, before, FAKE_CUDA "/" + program);
}

// Both kinds of PTX that the tests are built with.
inline const std::string both_devices[] = {"7.5/4", "12.0/4"};

}  // namespace reprise::fake_cuda
