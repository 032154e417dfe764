// SPDX-License-Identifier: Apache-2.0
// What the harness itself decides, in a native recipe.
#include "harness/plan/pin_row.h"

namespace reprise::pin_groups {
namespace {

constexpr PinRow rows[] = {
    {.name = "batch-order",
     .fallback = "seeded",
     .values = "seeded sequential file program",
     .why = "which samples make up the batch of each step",
     .read_by = {.who = "the harness, in a native recipe", .in = In::native},
     .promise = Promise::statistical},
    {.name = "device",
     .fallback = "cpu",
     .values = "cpu cuda cuda:<text>",
     .why = "where it trains: cpu, or a GPU as cuda:NUMBER, cuda:UUID or cuda:NAME; cuda is the first",
     .read_by = {.who = "the harness, in a native recipe; a command that holds {device}", .in = In::native}},
    {.name = "precision",
     .fallback = "float32",
     .values = "float32 float64 bfloat16",
     .why = "number format in which the recipe computes",
     .read_by = {.who = "the harness, in a native recipe", .in = In::native}},
    {.name = "rng",
     .fallback = "harness",
     .values = "harness device",
     .why =
         "who draws random numbers: the harness, on the CPU, the same everywhere; or LibTorch on the device",
     .read_by = {.who = "the harness, in a native recipe", .in = In::native}},
    {.name = "seed",
     .fallback = "0",
     .values = "0 <integer>",
     .why = "the number all of the harness's random draws and LibTorch's generators start from",
     .read_by = {.who = "the harness and LibTorch's generators"},
     .promise = Promise::statistical},
    {.name = "start",
     .fallback = "recipe",
     .values = "recipe exact",
     .why = "initial weights: the recipe's own, or whole numbers scaled by powers of two, whatever rng says",
     .read_by = {.who = "the harness, in a native recipe", .in = In::native},
     .promise = Promise::statistical,
     .before = "recipe"},
    {.name = "stream",
     .fallback = "default",
     .values = "default pool",
     .why = "the CUDA stream that the training runs in: the default one, or one of LibTorch's pool",
     .read_by = {.who = "the harness, in a native recipe on a GPU",
                 .on = On::gpu,
                 .in = In::native,
                 .refused_on_cpu = true},
     .promise = Promise::bitwise},
};

}  // namespace

extern const PinGroup harness{
    .summary = "what the harness itself decides, in a native recipe",
    .rows = rows,
};

}  // namespace reprise::pin_groups
