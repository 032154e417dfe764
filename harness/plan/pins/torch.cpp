// SPDX-License-Identifier: Apache-2.0
// LibTorch's own settings, on any device.
#include "harness/plan/pin_row.h"

namespace reprise::pin_groups {
namespace {

constexpr PinRow rows[] = {
    {.name = "default-dtype",
     .fallback = "float32",
     .values = "float32 float64",
     .why = "number format of new tensors that ask for none",
     .read_by = {.who = "LibTorch"}},
    {.name = "deterministic",
     .fallback = "on",
     .values = "on off warn",
     .why = "whether LibTorch takes its deterministic algorithms; on refuses an operator without one, warn "
            "only says so",
     .read_by = {.who = "LibTorch"}},
    {.name = "fill-uninitialized",
     .fallback = "on",
     .values = "on off",
     .why = "whether new memory is filled with NaN before use, in deterministic mode",
     .read_by = {.who = "LibTorch, in deterministic mode", .with = "deterministic!=off"}},
    {.name = "linear-flatten-3d",
     .fallback = "default",
     .values = "default on off",
     .environment = "on:TORCH_LINEAR_FLATTEN_3D=1;off:TORCH_LINEAR_FLATTEN_3D=0",
     .why = "whether a linear layer on three dimensions becomes one matrix product",
     .read_by = {.who = "LibTorch's linear layers"}},
};

}  // namespace

extern const PinGroup torch{
    .summary = "LibTorch's own settings, on any device",
    .rows = rows,
};

}  // namespace reprise::pin_groups
