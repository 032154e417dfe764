// SPDX-License-Identifier: Apache-2.0
#pragma once
// The PTX inside what nvcc embeds in an object, and the kernels that a program's registration names.
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "fake_cuda/ptx_kernel.h"

namespace reprise::fake_cuda {

struct PtxText {
  unsigned capability = 0;  // 75: compute_75
  std::string text;
};

// `wrapper` is what __cudaRegisterFatBinary gets. Throws a Fault for a form it does not know; PTX that is
// compressed is left out, as this library does not read it.
std::vector<PtxText> ptx_texts(const void* wrapper);

class FatBinary {
 public:
  explicit FatBinary(std::vector<PtxText> texts) : texts_(std::move(texts)) {}
  // As a driver chooses: of the newest PTX that is not newer than the device. Null if there is none.
  const Kernel* kernel(const std::string& name, unsigned capability);

 private:
  std::vector<PtxText> texts_;
  std::map<unsigned, Module> modules_;  // read on first use
};

// Every instruction that stands in a kernel's module read so far.
const std::set<std::string>& instructions_seen();

}  // namespace reprise::fake_cuda
