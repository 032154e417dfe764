// SPDX-License-Identifier: Apache-2.0
// NCCL: sums over several GPUs.
#include "harness/plan/pin_row.h"

namespace reprise::pin_groups {
namespace {

constexpr PinRow rows[] = {
    {.name = "nccl-algo",
     .fallback = "ring",
     .values = "default ring tree",
     .environment = "ring:NCCL_ALGO=Ring;tree:NCCL_ALGO=Tree",
     .why = "order in which NCCL sums over GPUs",
     .read_by = {.who = "NCCL, between several GPUs", .on = On::gpu, .in = In::several}},
    {.name = "nccl-buffer",
     .fallback = "default",
     .values = "default <integer>",
     .environment = "default:;*:NCCL_BUFFSIZE={}",
     .why = "bytes that NCCL moves at a time",
     .read_by = {.who = "NCCL, between several GPUs", .on = On::gpu, .in = In::several}},
    {.name = "nccl-collnet",
     .fallback = "off",
     .values = "default off on",
     .environment = "off:NCCL_COLLNET_ENABLE=0;on:NCCL_COLLNET_ENABLE=1",
     .why = "whether the network does the sums",
     .read_by = {.who = "NCCL, between several GPUs", .on = On::gpu, .in = In::several}},
    {.name = "nccl-conf-file",
     .fallback = "default",
     .values = "default <text>",
     .environment = "default:;*:NCCL_CONF_FILE={}",
     .why = "file of NCCL settings",
     .read_by = {.who = "NCCL, between several GPUs", .on = On::gpu, .in = In::several}},
    {.name = "nccl-max-channels",
     .fallback = "default",
     .values = "default <integer>",
     .environment = "default:;*:NCCL_MAX_NCHANNELS={}",
     .why = "most channels that NCCL splits a sum over",
     .read_by = {.who = "NCCL, between several GPUs", .on = On::gpu, .in = In::several}},
    {.name = "nccl-min-channels",
     .fallback = "default",
     .values = "default <integer>",
     .environment = "default:;*:NCCL_MIN_NCHANNELS={}",
     .why = "fewest channels that NCCL splits a sum over",
     .read_by = {.who = "NCCL, between several GPUs", .on = On::gpu, .in = In::several}},
    {.name = "nccl-nvls",
     .fallback = "off",
     .values = "default off on",
     .environment = "off:NCCL_NVLS_ENABLE=0;on:NCCL_NVLS_ENABLE=1",
     .why = "whether switches between GPUs do the sums",
     .read_by = {.who = "NCCL, between several GPUs", .on = On::gpu, .in = In::several}},
    {.name = "nccl-proto",
     .fallback = "simple",
     .values = "default simple ll ll128",
     .environment = "simple:NCCL_PROTO=Simple;ll:NCCL_PROTO=LL;ll128:NCCL_PROTO=LL128",
     .why = "how NCCL moves data, which changes the pieces it sums",
     .read_by = {.who = "NCCL, between several GPUs", .on = On::gpu, .in = In::several}},
    {.name = "nccl-threads",
     .fallback = "default",
     .values = "default <integer>",
     .environment = "default:;*:NCCL_NTHREADS={}",
     .why = "GPU threads of each NCCL block",
     .read_by = {.who = "NCCL, between several GPUs", .on = On::gpu, .in = In::several}},
    {.name = "nccl-tuner-plugin",
     .fallback = "default",
     .values = "default <text>",
     .environment = "default:;*:NCCL_TUNER_PLUGIN={}",
     .why = "library that chooses NCCL's algorithms",
     .read_by = {.who = "NCCL, between several GPUs", .on = On::gpu, .in = In::several}},
};

}  // namespace

extern const PinGroup nccl{
    .summary = "NCCL: sums over several GPUs",
    .rows = rows,
};

}  // namespace reprise::pin_groups
