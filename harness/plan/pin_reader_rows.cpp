// SPDX-License-Identifier: Apache-2.0
// What reads each pin, by name. Sources: LibTorch 2.11's headers and sources, and the manuals of its
// libraries. A new pin needs a row here: a test asks for it.
#include "harness/plan/pin_reader_rows.h"

namespace reprise {
namespace {

constexpr std::string_view gpu_blas = "cuBLAS, on a GPU", gpu_dnn = "cuDNN, on a GPU";
constexpr std::string_view gpu_driver = "CUDA, on a GPU", nccl = "NCCL, between several GPUs";
constexpr std::string_view attention = "LibTorch's attention";

constexpr Reader readers[] = {
    {"addmm-lt", "LibTorch's matrix products on a GPU", On::gpu},
    {"batch-order", "the harness, in a native recipe", On::any, In::native},
    {"bf16-reduction", "bfloat16 matrix products on a GPU", On::gpu, In::any, "precision=bfloat16"},
    {"blas-backend", "LibTorch's matrix products on a GPU", On::gpu},
    {"cublas-emulate-double", gpu_blas, On::gpu, In::any, "precision=float64"},
    {"cublas-emulate-single", gpu_blas, On::gpu, In::any, "precision=float32"},
    {"cublas-emulation-bits", gpu_blas, On::gpu, In::any, "cublas-emulate-double=on"},
    {"cublas-emulation-special-values", gpu_blas, On::gpu, In::any, "cublas-emulate-double=on"},
    {"cublas-emulation-strategy", gpu_blas, On::gpu},
    {"cublas-tf32-override", "LibTorch, on a GPU", On::gpu},
    {"cublas-workspace", gpu_blas, On::gpu},
    {"cublaslt-unified-workspace", gpu_blas, On::gpu},
    {"cublaslt-workspace", gpu_blas, On::gpu},
    {"cuda-alloc-conf", gpu_driver, On::gpu},
    {"cuda-device-order", gpu_driver, On::gpu},
    {"cuda-launch-blocking", gpu_driver, On::gpu},
    {"cuda-max-connections", gpu_driver, On::gpu},
    {"cuda-memory-caching", gpu_driver, On::gpu},
    {"cuda-module-loading", gpu_driver, On::gpu},
    {"cuda-mps-percentage", gpu_driver, On::gpu},
    {"cudnn", "LibTorch, on a GPU", On::gpu},
    {"cudnn-benchmark", gpu_dnn, On::gpu, In::any, "cudnn=on"},
    {"cudnn-benchmark-limit", gpu_dnn, On::gpu, In::any, "cudnn-benchmark=on"},
    // In deterministic mode cuDNN is held to deterministic algorithms whatever this says.
    {"cudnn-deterministic", gpu_dnn, On::gpu, In::any, "deterministic=off"},
    {"cudnn-heuristic-b", gpu_dnn, On::gpu, In::any, "cudnn=on"},
    {"cudnn-plan-cache", gpu_dnn, On::gpu, In::any, "cudnn=on"},
    {"cudnn-v8", gpu_dnn, On::gpu, In::any, "cudnn=on"},
    {"default-dtype", "LibTorch"},
    {"deterministic", "LibTorch"},
    {"device", "the harness, in a native recipe; a command that holds {device}", On::any, In::native},
    {"fill-uninitialized", "LibTorch, in deterministic mode", On::any, In::any, "deterministic!=off"},
    {"flush-denormal", "the processor", On::cpu},
    {"fp16-accumulation", "float16 matrix products on a GPU", On::gpu, In::command},
    {"fp16-reduction", "float16 matrix products on a GPU", On::gpu, In::command},
    {"glibc-tunables", "the C library"},
    {"inductor-caches", "torch.compile, in Python", On::any, In::python, "python-compile=on"},
    {"inductor-deterministic", "torch.compile, in Python", On::any, In::python, "python-compile=on"},
    {"inductor-max-autotune", "torch.compile, in Python", On::any, In::python, "python-compile=on"},
    {"interop-threads", "TorchScript's fork", On::any, In::command},
    {"isa", "ATen's kernels on the processor"},
    {"kernel-cache", "LibTorch, on a GPU", On::gpu},
    {"linalg-backend", "LibTorch's factorisations on a GPU", On::gpu},
    {"linear-flatten-3d", "LibTorch's linear layers"},
    {"matmul-precision", "cuBLAS, on a GPU; oneDNN on processors with bfloat16 or TF32"},
    {"mkl", "MKL, on x86_64", On::any, In::any, "", "x86_64"},
    // A native run sets the number of threads, and LibTorch then tells MKL to take just these.
    {"mkl-dynamic", "MKL on x86_64, in a command", On::any, In::command, "", "x86_64"},
    {"mkldnn-deterministic", "oneDNN on Intel's GPUs alone", On::nowhere},
    {"nccl-algo", nccl, On::gpu, In::several},
    {"nccl-buffer", nccl, On::gpu, In::several},
    {"nccl-collnet", nccl, On::gpu, In::several},
    {"nccl-conf-file", nccl, On::gpu, In::several},
    {"nccl-max-channels", nccl, On::gpu, In::several},
    {"nccl-min-channels", nccl, On::gpu, In::several},
    {"nccl-nvls", nccl, On::gpu, In::several},
    {"nccl-proto", nccl, On::gpu, In::several},
    {"nccl-threads", nccl, On::gpu, In::several},
    {"nccl-tuner-plugin", nccl, On::gpu, In::several},
    {"nnpack", "NNPACK, on the CPU", On::cpu},
    {"nvidia-tf32-override", "NVIDIA's libraries, on a GPU", On::gpu},
    {"omp-dynamic", "OpenMP, with several threads", On::any, In::any, "threads!=1"},
    {"omp-proc-bind", "OpenMP"},
    {"omp-schedule", "OpenMP, with several threads", On::any, In::any, "threads!=1"},
    {"onednn", "oneDNN, on the CPU", On::cpu},
    {"onednn-cache", "oneDNN, on the CPU", On::cpu, In::any, "onednn!=off"},
    {"onednn-fpmath", "oneDNN, on the CPU", On::cpu, In::any, "onednn!=off"},
    {"onednn-matmul-min-dim", "oneDNN, on aarch64", On::cpu, In::any, "onednn!=off", "aarch64"},
    {"onednn-matmul-min-size", "oneDNN, on aarch64", On::cpu, In::any, "onednn!=off", "aarch64"},
    {"openblas-coretype", "OpenBLAS, where LibTorch or NumPy uses it"},
    {"precision", "the harness, in a native recipe", On::any, In::native},
    {"python-compile", "torch.compile, in Python", On::any, In::python},
    {"python-hash-seed", "Python", On::any, In::python},
    {"rng", "the harness, in a native recipe", On::any, In::native},
    {"sdp-cudnn", "LibTorch's attention on a GPU", On::gpu},
    {"sdp-fa3", "LibTorch's attention on a GPU", On::gpu},
    {"sdp-flash", attention},
    {"sdp-math", attention},
    {"sdp-math-reduction", "LibTorch's attention in bfloat16 or float16", On::any, In::any,
     "precision=bfloat16"},
    {"sdp-mem-efficient", "LibTorch's attention on a GPU", On::gpu},
    {"sdp-overrideable", "the plugin of a device that is neither a CPU nor an NVIDIA GPU", On::nowhere},
    {"seed", "the harness and LibTorch's generators"},
    {"sm-carveout", "LibTorch's matrix products on a GPU", On::gpu},
    {"stream", "the harness, in a native recipe on a GPU", On::gpu, In::native},
    {"tf32-cudnn", gpu_dnn, On::gpu, In::any, "cudnn=on"},
    {"threads", "OpenMP and MKL"},
    {"tunableop", "LibTorch's matrix products on a GPU", On::gpu},
    {"vector-math-warmup", "MKL, on x86_64 with several threads", On::any, In::any, "threads!=1", "x86_64"},
};

}  // namespace

std::span<const Reader> pin_reader_rows() { return readers; }

}  // namespace reprise
