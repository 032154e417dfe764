// SPDX-License-Identifier: Apache-2.0
#pragma once
// Which CUDA kernels one call launched on two sides, as far as their traces tell.
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "harness/judge/explain/operator_divergence.h"
#include "harness/trace/trace.h"

namespace reprise {

struct LaunchedKernels {
  struct Side {
    bool on_device = false;              // the run used CUDA
    std::string untold;                  // why its kernels are not known, a sentence; "" they are
    std::vector<KernelLaunch> launches;  // those of the calls inside too, in the order of the calls
  };
  Side a, b;

  bool known() const { return a.on_device && b.on_device && a.untold.empty() && b.untold.empty(); }
  bool other() const { return known() && a.launches != b.launches; }
};

// Of the guilty calls; the facts are those of the traces that hold them.
LaunchedKernels launched_kernels(const std::vector<OpCall>& a, const std::vector<OpCall>& b,
                                 const OperatorDivergence& divergence, const Facts& facts_a,
                                 const Facts& facts_b);

// "at::native::reduce_kernel" for "void at::native::reduce_kernel<512, 1, ...>(at::native::ReduceOp<...>)".
std::string short_kernel_name(std::string_view name);

// What each side ran, a sentence; "" where both ran on the CPU or launched nothing. `operator_a` and
// `operator_b`: what the sides call, "" for no call.
std::string to_sentence(const LaunchedKernels& kernels, const std::string& operator_a,
                        const std::string& operator_b);

// As a report holds it (docs/report-json.md); null where both sides ran on the CPU.
nlohmann::ordered_json to_json(const LaunchedKernels& kernels);

}  // namespace reprise
