// SPDX-License-Identifier: Apache-2.0
#pragma once
// libreprise_cuda.so, or a copy with a mistake in it, driven by the program `product` (programs/product.cpp).
#include "fake_cuda/tests/fake_run.h"
#include "harness/base/text.h"

namespace reprise::fake_cuda {

inline const std::string product_library = REPRISE_BUILD "/lib/libreprise_cuda_ptx.so";

struct Scene {
  std::string name;
  unsigned count = 10;
  std::string mistake = {};
  std::string library = product_library;
};

inline Printed drive(const Scratch& scratch, const Scene& scene, const FakeRun& how) {
  return run_on_fake(scratch, "fake_product",
                     "'" + scene.library + "' " + scene.name + " " + std::to_string(how.seed) + " " +
                         std::to_string(scene.count) + " " + scene.mistake,
                     how);
}

inline bool right(const Printed& printed) { return printed.code == 0 && printed.out == "right\n"; }

}  // namespace reprise::fake_cuda
