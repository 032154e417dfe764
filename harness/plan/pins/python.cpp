// SPDX-License-Identifier: Apache-2.0
// Python and what compiles its models.
#include "harness/plan/pin_row.h"

namespace reprise::pin_groups {
namespace {

constexpr PinRow rows[] = {
    {.name = "inductor-caches",
     .fallback = "off",
     .values = "off on",
     .environment = "off:TORCHINDUCTOR_FORCE_DISABLE_CACHES=1",
     .why = "whether compiled Python models reuse choices of earlier runs",
     .read_by = {.who = "torch.compile, in Python", .in = In::python, .with = "python-compile=on"}},
    {.name = "inductor-deterministic",
     .fallback = "on",
     .values = "on off",
     .environment = "on:TORCHINDUCTOR_DETERMINISTIC=1;off:TORCHINDUCTOR_DETERMINISTIC=0",
     .why = "whether compiled Python models forgo choices made by timing",
     .read_by = {.who = "torch.compile, in Python", .in = In::python, .with = "python-compile=on"}},
    {.name = "inductor-max-autotune",
     .fallback = "off",
     .values = "off on",
     .environment =
         "off:TORCHINDUCTOR_MAX_AUTOTUNE=0 TORCHINDUCTOR_MAX_AUTOTUNE_GEMM=0;on:TORCHINDUCTOR_MAX_AUTOTUNE=1 "
         "TORCHINDUCTOR_MAX_AUTOTUNE_GEMM=1",
     .why = "whether compiled Python models choose kernels by timing",
     .read_by = {.who = "torch.compile, in Python", .in = In::python, .with = "python-compile=on"}},
    {.name = "python-compile",
     .fallback = "on",
     .values = "on off",
     .environment = "off:TORCH_COMPILE_DISABLE=1",
     .why = "whether torch.compile compiles; off runs operator by operator, so that all are seen",
     .read_by = {.who = "torch.compile, in Python", .in = In::python}},
    {.name = "python-hash-seed",
     .fallback = "0",
     .values = "0 <integer> random",
     .environment = "*:PYTHONHASHSEED={}",
     .why = "order of Python sets of texts, for recipes that are commands",
     .read_by = {.who = "Python", .in = In::python},
     .promise = Promise::bitwise},
};

}  // namespace

extern const PinGroup python{
    .summary = "Python and what compiles its models",
    .rows = rows,
};

}  // namespace reprise::pin_groups
