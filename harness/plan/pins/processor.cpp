// SPDX-License-Identifier: Apache-2.0
// Which kernels of LibTorch and its libraries run on a processor.
#include "harness/plan/pin_row.h"

namespace reprise::pin_groups {
namespace {

constexpr PinRow rows[] = {
    {.name = "flush-denormal",
     .fallback = "off",
     .values = "off on",
     .why = "whether numbers below the normal range become zero on the CPU",
     .read_by = {.who = "the processor", .on = On::cpu}},
    {.name = "glibc-tunables",
     .fallback = "default",
     .values = "default no-avx512 no-fma <text>",
     .environment = "default:;no-avx512:GLIBC_TUNABLES=glibc.cpu.hwcaps=-AVX512F;no-fma:GLIBC_TUNABLES=glibc."
                    "cpu.hwcaps=-FMA,-FMA4,-AVX2,-AVX512F;*:GLIBC_TUNABLES={}",
     .why = "which variants of exp, log and sin the C library takes",
     .read_by = {.who = "the C library"}},
    {.name = "isa",
     .fallback = "auto",
     .values = "auto default avx2 avx512",
     .environment = "default:ATEN_CPU_CAPABILITY=default;avx2:ATEN_CPU_CAPABILITY=avx2;avx512:ATEN_CPU_"
                    "CAPABILITY=avx512",
     .why = "vector width of ATen's own CPU kernels; auto takes the widest this processor has",
     .read_by = {.who = "ATen's kernels on the processor"}},
    {.name = "mkl",
     .fallback = "default",
     .values = "default compatible avx2 strict",
     .environment = "compatible:MKL_CBWR=COMPATIBLE;avx2:MKL_CBWR=AVX2;strict:MKL_CBWR=AUTO,STRICT",
     .why = "code branch of MKL's matrix products; strict asks for equal bits whatever the threads",
     .read_by = {.who = "MKL, on x86_64", .architecture = "x86_64"}},
    {.name = "mkldnn-deterministic",
     .fallback = "on",
     .values = "on off",
     .why = "whether oneDNN may only take deterministic algorithms",
     .read_by = {.who = "oneDNN on Intel's GPUs alone", .on = On::nowhere}},
    {.name = "nnpack",
     .fallback = "on",
     .values = "on off",
     .why = "whether NNPACK may do convolutions on the CPU",
     .read_by = {.who = "NNPACK, on the CPU", .on = On::cpu}},
    {.name = "onednn",
     .fallback = "default",
     .values = "default off sse41 avx2 avx512",
     .environment =
         "sse41:ONEDNN_MAX_CPU_ISA=SSE41;avx2:ONEDNN_MAX_CPU_ISA=AVX2;avx512:ONEDNN_MAX_CPU_ISA=AVX512_CORE",
     .why = "widest instructions of oneDNN, which does convolutions on the CPU; off uses ATen's own",
     .read_by = {.who = "oneDNN, on the CPU", .on = On::cpu}},
    {.name = "onednn-cache",
     .fallback = "default",
     .values = "default 0 <integer>",
     .environment = "default:;*:ONEDNN_PRIMITIVE_CACHE_CAPACITY={}",
     .why = "how many compiled oneDNN kernels are kept for reuse",
     .read_by = {.who = "oneDNN, on the CPU", .on = On::cpu, .with = "onednn!=off"}},
    {.name = "onednn-fpmath",
     .fallback = "strict",
     .values = "strict bf16 tf32 any",
     .environment = "strict:ONEDNN_DEFAULT_FPMATH_MODE=STRICT;bf16:ONEDNN_DEFAULT_FPMATH_MODE=BF16;tf32:"
                    "ONEDNN_DEFAULT_FPMATH_MODE=TF32;any:ONEDNN_DEFAULT_FPMATH_MODE=ANY",
     .why = "whether oneDNN may compute float32 in a narrower format",
     .read_by = {.who = "oneDNN, on the CPU", .on = On::cpu, .with = "onednn!=off"}},
    {.name = "onednn-matmul-min-dim",
     .fallback = "default",
     .values = "default 0 <integer>",
     .environment = "default:;*:TORCH_MKLDNN_MATMUL_MIN_DIM={}",
     .why = "smallest dimension at which a matrix product goes to oneDNN (aarch64)",
     .read_by =
         {.who = "oneDNN, on aarch64", .on = On::cpu, .with = "onednn!=off", .architecture = "aarch64"}},
    {.name = "onednn-matmul-min-size",
     .fallback = "default",
     .values = "default 0 <integer>",
     .environment = "default:;*:TORCH_MKLDNN_MATMUL_MIN_SIZE={}",
     .why = "fewest elements at which a matrix product goes to oneDNN (aarch64)",
     .read_by =
         {.who = "oneDNN, on aarch64", .on = On::cpu, .with = "onednn!=off", .architecture = "aarch64"}},
    {.name = "openblas-coretype",
     .fallback = "default",
     .values = "default <text>",
     .environment = "default:;*:OPENBLAS_CORETYPE={}",
     .why = "kernel family of OpenBLAS, where LibTorch uses it: Haswell, SkylakeX, Zen, Prescott",
     .read_by = {.who = "OpenBLAS, where LibTorch or NumPy uses it"}},
    {.name = "vector-math-warmup",
     .fallback = "on",
     .values = "on off",
     .why = "whether each vector-math function of MKL is called once on one thread before anything else: it "
            "chooses its kernel at its first call, and several threads at once may choose otherwise",
     .read_by = {.who = "MKL, on x86_64 with several threads",
                 .with = "threads!=1",
                 .architecture = "x86_64"},
     .before = "off"},
};

}  // namespace

extern const PinGroup processor{
    .summary = "which kernels of LibTorch and its libraries run on a processor",
    .rows = rows,
};

}  // namespace reprise::pin_groups
