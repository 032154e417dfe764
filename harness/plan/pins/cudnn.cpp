// SPDX-License-Identifier: Apache-2.0
// CuDNN: convolutions and recurrent layers on a GPU.
#include "harness/plan/pin_row.h"

namespace reprise::pin_groups {
namespace {

constexpr PinRow rows[] = {
    {.name = "cudnn",
     .fallback = "on",
     .values = "on off",
     .why = "whether cuDNN is used at all; off takes LibTorch's own kernels",
     .read_by = {.who = "LibTorch, on a GPU", .on = On::gpu}},
    {.name = "cudnn-benchmark",
     .fallback = "off",
     .values = "off on",
     .why = "whether cuDNN's algorithm is chosen by timing, which varies from run to run",
     .read_by = {.who = "cuDNN, on a GPU", .on = On::gpu, .with = "cudnn=on", .refused_on_cpu = true}},
    {.name = "cudnn-benchmark-limit",
     .fallback = "10",
     .values = "0 <integer>",
     .why = "how many cuDNN algorithms are timed where cudnn-benchmark is on; 0 times all",
     .read_by = {.who = "cuDNN, on a GPU", .on = On::gpu, .with = "cudnn-benchmark=on"}},
    // In deterministic mode cuDNN is held to deterministic algorithms whatever this says.
    {.name = "cudnn-deterministic",
     .fallback = "on",
     .values = "on off",
     .why = "whether cuDNN may only take deterministic algorithms",
     .read_by = {.who = "cuDNN, on a GPU", .on = On::gpu, .with = "deterministic=off"}},
    {.name = "cudnn-heuristic-b",
     .fallback = "off",
     .values = "off on",
     .environment = "on:TORCH_CUDNN_USE_HEURISTIC_MODE_B=1",
     .why = "which of cuDNN's heuristics chooses the algorithm",
     .read_by = {.who = "cuDNN, on a GPU", .on = On::gpu, .with = "cudnn=on"}},
    {.name = "cudnn-plan-cache",
     .fallback = "default",
     .values = "default 0 <integer>",
     .environment = "default:;*:TORCH_CUDNN_V8_API_LRU_CACHE_LIMIT={}",
     .why = "how many of cuDNN's choices are remembered",
     .read_by = {.who = "cuDNN, on a GPU", .on = On::gpu, .with = "cudnn=on"}},
    {.name = "cudnn-v8",
     .fallback = "on",
     .values = "on off",
     .environment = "off:TORCH_CUDNN_V8_API_DISABLED=1",
     .why = "which of cuDNN's two interfaces chooses the algorithm",
     .read_by = {.who = "cuDNN, on a GPU", .on = On::gpu, .with = "cudnn=on"}},
    {.name = "tf32-cudnn",
     .fallback = "off",
     .values = "off on",
     .why = "whether cuDNN's convolutions may use TF32 (LibTorch's own default is on)",
     .read_by = {.who = "cuDNN, on a GPU", .on = On::gpu, .with = "cudnn=on", .refused_on_cpu = true}},
};

}  // namespace

extern const PinGroup cudnn{
    .summary = "cuDNN: convolutions and recurrent layers on a GPU",
    .rows = rows,
};

}  // namespace reprise::pin_groups
