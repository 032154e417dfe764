// SPDX-License-Identifier: Apache-2.0
// CUDA itself: devices, memory, kernels, streams.
#include "harness/plan/pin_row.h"

namespace reprise::pin_groups {
namespace {

constexpr PinRow rows[] = {
    {.name = "cuda-alloc-conf",
     .fallback = "default",
     .values = "default <text>",
     .environment = "default:;*:PYTORCH_CUDA_ALLOC_CONF={} PYTORCH_ALLOC_CONF={}",
     .why = "settings of the GPU allocator: addresses decide alignment, which is an input of kernel choice",
     .read_by = {.who = "CUDA, on a GPU", .on = On::gpu}},
    {.name = "cuda-device-order",
     .fallback = "pci",
     .values = "pci fastest",
     .environment = "pci:CUDA_DEVICE_ORDER=PCI_BUS_ID;fastest:CUDA_DEVICE_ORDER=FASTEST_FIRST",
     .why = "how GPUs are numbered",
     .read_by = {.who = "CUDA, on a GPU", .on = On::gpu}},
    {.name = "cuda-launch-blocking",
     .fallback = "off",
     .values = "off on",
     .environment = "on:CUDA_LAUNCH_BLOCKING=1",
     .why = "whether each GPU kernel is waited for, which hides races between streams",
     .read_by = {.who = "CUDA, on a GPU", .on = On::gpu}},
    {.name = "cuda-max-connections",
     .fallback = "default",
     .values = "default <integer>",
     .environment = "default:;*:CUDA_DEVICE_MAX_CONNECTIONS={}",
     .why = "hardware queues of a GPU: how far kernels of different streams may overlap",
     .read_by = {.who = "CUDA, on a GPU", .on = On::gpu}},
    {.name = "cuda-memory-caching",
     .fallback = "on",
     .values = "on off",
     .environment = "off:PYTORCH_NO_CUDA_MEMORY_CACHING=1",
     .why = "whether GPU memory is kept for reuse",
     .read_by = {.who = "CUDA, on a GPU", .on = On::gpu}},
    {.name = "cuda-module-loading",
     .fallback = "lazy",
     .values = "lazy eager",
     .environment = "lazy:CUDA_MODULE_LOADING=LAZY;eager:CUDA_MODULE_LOADING=EAGER",
     .why = "whether GPU kernels are loaded when first used or at the start",
     .read_by = {.who = "CUDA, on a GPU", .on = On::gpu}},
    {.name = "cuda-mps-percentage",
     .fallback = "default",
     .values = "default <integer>",
     .environment = "default:;*:CUDA_MPS_ACTIVE_THREAD_PERCENTAGE={}",
     .why = "share of a GPU's processors that is visible, in percent",
     .read_by = {.who = "CUDA, on a GPU", .on = On::gpu}},
    {.name = "kernel-cache",
     .fallback = "off",
     .values = "off on",
     .environment = "off:USE_PYTORCH_KERNEL_CACHE=0;on:USE_PYTORCH_KERNEL_CACHE=1",
     .why = "whether GPU kernels compiled by an earlier run are taken from a folder",
     .read_by = {.who = "LibTorch, on a GPU", .on = On::gpu}},
};

}  // namespace

extern const PinGroup cuda{
    .summary = "CUDA itself: devices, memory, kernels, streams",
    .rows = rows,
};

}  // namespace reprise::pin_groups
