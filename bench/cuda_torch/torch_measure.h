// SPDX-License-Identifier: Apache-2.0
#pragma once
// What is measured on a CUDA device together with LibTorch, a file each in measures/: how the digest compares
// with what people do now, how LibTorch draws random numbers there, what a step of a training costs more.
// Under a plan for the CPU each goes through the same lines, small: a dry run, whose times mean nothing.
#include <ATen/core/Tensor.h>

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "bench/spread.h"
#include "harness/base/shelf.h"
#include "harness/record/cuda/plugin.h"
#include "harness/record/training/program.h"
#include "harness/tensor/digest.h"

namespace reprise {

struct TorchMeasure {
  const char* summary;
  // `plan` names the device, which is in use already.
  Json (*run)(const Plan& plan);
};

Shelf<TorchMeasure> torch_measures_shelf();

bool is_dry_run();  // the device in use is the CPU

// Waits until the device has nothing left to do.
void wait_for_device();
// Wall-clock milliseconds of `work`, the device idle before and after.
double milliseconds_of(const std::function<void()>& work);

// Ways to do one thing take turns in each of so many rounds, after one to warm up: median, least and most
// milliseconds of each, and of its ratio to the first in the same round.
struct Contender {
  std::string name;
  std::function<void()> go;
};
Json contest(const std::vector<Contender>& contenders, std::size_t rounds);
// After as many rounds as a measurement has, or, of a dry run, very few.
std::size_t rounds_to_make();

// A session of the digest's library on the device in use; in a dry run the CPU's digests. Its tensors are
// LibTorch's, dense ones.
class Digester {
 public:
  Digester();
  ~Digester();
  Digester(const Digester&) = delete;
  Digester& operator=(const Digester&) = delete;
  // Queues the digests behind what LibTorch's default stream holds. Each ticket is to be collected once.
  std::uint64_t submit(const std::vector<at::Tensor>& tensors, bool on_side);
  // The default stream waits until all that was submitted is digested.
  void join();
  std::vector<Digest> collect(std::uint64_t ticket, std::size_t count);

 private:
  void expect(int code, const char* call) const;
  const reprise_cuda_functions* functions_ = nullptr;  // none in a dry run
  reprise_cuda_session* session_ = nullptr;
  reprise_cuda_error error_{};
  std::map<std::uint64_t, std::vector<Digest>> of_the_cpu_;  // by ticket
  std::uint64_t last_ticket_ = 0;
};

}  // namespace reprise
