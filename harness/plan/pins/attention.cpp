// SPDX-License-Identifier: Apache-2.0
// Which kernels attention may take.
#include "harness/plan/pin_row.h"

namespace reprise::pin_groups {
namespace {

constexpr PinRow rows[] = {
    {.name = "sdp-cudnn",
     .fallback = "off",
     .values = "off on",
     .why = "whether attention may use cuDNN's kernel",
     .read_by = {.who = "LibTorch's attention on a GPU", .on = On::gpu}},
    {.name = "sdp-fa3",
     .fallback = "off",
     .values = "off on",
     .why = "whether attention may use FlashAttention 3, on GPUs that have it",
     .read_by = {.who = "LibTorch's attention on a GPU", .on = On::gpu}},
    {.name = "sdp-flash",
     .fallback = "on",
     .values = "on off",
     .why = "whether attention may use the flash kernel",
     .read_by = {.who = "LibTorch's attention"}},
    {.name = "sdp-math",
     .fallback = "on",
     .values = "on off",
     .why = "whether attention may be computed by plain operators",
     .read_by = {.who = "LibTorch's attention"}},
    {.name = "sdp-math-reduction",
     .fallback = "off",
     .values = "off on",
     .why = "whether attention by plain operators keeps half-precision intermediates",
     .read_by = {.who = "LibTorch's attention in bfloat16 or float16", .with = "precision=bfloat16"}},
    {.name = "sdp-mem-efficient",
     .fallback = "on",
     .values = "on off",
     .why = "whether attention may use the memory-efficient kernel",
     .read_by = {.who = "LibTorch's attention on a GPU", .on = On::gpu}},
    {.name = "sdp-overrideable",
     .fallback = "on",
     .values = "on off",
     .why = "whether attention may use a kernel that another device's plugin brings",
     .read_by = {.who = "the plugin of a device that is neither a CPU nor an NVIDIA GPU", .on = On::nowhere}},
};

}  // namespace

extern const PinGroup attention{
    .summary = "which kernels attention may take",
    .rows = rows,
};

}  // namespace reprise::pin_groups
