// SPDX-License-Identifier: Apache-2.0
// How many threads compute, and how work is handed to them.
#include "harness/plan/pin_row.h"

namespace reprise::pin_groups {
namespace {

constexpr PinRow rows[] = {
    {.name = "threads",
     .fallback = "1",
     .values = "<integer>",
     .environment = "*:OMP_NUM_THREADS={} MKL_NUM_THREADS={} OPENBLAS_NUM_THREADS={}",
     .why = "threads within one operator: how sums are split into parts",
     .read_by = {.who = "OpenMP and MKL"}},
    {.name = "interop-threads",
     .fallback = "1",
     .values = "<integer>",
     .why = "threads that run independent operators side by side",
     .read_by = {.who = "TorchScript's fork", .in = In::command}},
    {.name = "omp-dynamic",
     .fallback = "off",
     .values = "off on",
     .environment = "off:OMP_DYNAMIC=false;on:OMP_DYNAMIC=true",
     .why = "whether OpenMP may use fewer threads than asked when the machine is busy",
     .read_by = {.who = "OpenMP, with several threads", .with = "threads!=1"}},
    {.name = "omp-proc-bind",
     .fallback = "default",
     .values = "default false true close spread",
     .environment = "default:;*:OMP_PROC_BIND={}",
     .why = "whether OpenMP threads stay on their cores",
     .read_by = {.who = "OpenMP"}},
    {.name = "omp-schedule",
     .fallback = "default",
     .values = "default static dynamic guided",
     .environment = "static:OMP_SCHEDULE=static;dynamic:OMP_SCHEDULE=dynamic;guided:OMP_SCHEDULE=guided",
     .why = "how OpenMP hands out loop parts that leave it open",
     .read_by = {.who = "OpenMP, with several threads", .with = "threads!=1"}},
    // A native run sets the number of threads, and LibTorch then tells MKL to take just these.
    {.name = "mkl-dynamic",
     .fallback = "off",
     .values = "off on",
     .environment = "off:MKL_DYNAMIC=FALSE;on:MKL_DYNAMIC=TRUE",
     .why = "whether MKL may use fewer threads than asked",
     .read_by = {.who = "MKL on x86_64, in a command", .in = In::command, .architecture = "x86_64"}},
};

}  // namespace

extern const PinGroup threads{
    .summary = "how many threads compute, and how work is handed to them",
    .rows = rows,
};

}  // namespace reprise::pin_groups
