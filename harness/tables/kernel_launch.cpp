// SPDX-License-Identifier: Apache-2.0
#include "harness/tables/kernel_launch.h"

namespace reprise {
namespace {

struct Hint {
  std::string_view part;
  KernelLibrary library;
};

// The first part that a name holds decides. LibTorch compiles CUTLASS's templates into kernels of its own
// (attention), so its namespaces come first; cuBLAS and cuDNN carry CUTLASS's kernels under its name, and
// from such a name nobody can tell which of the two.
constexpr Hint hints[] = {
    {"at::native", KernelLibrary::torch},
    {"at::cuda", KernelLibrary::torch},
    {"pytorch_flash", KernelLibrary::torch},
    {"fmha_cutlass", KernelLibrary::torch},
    {"PyTorchMemEffAttention", KernelLibrary::torch},
    {"cudnn", KernelLibrary::cudnn},
    {"xmma_fprop", KernelLibrary::cudnn},
    {"xmma_dgrad", KernelLibrary::cudnn},
    {"xmma_wgrad", KernelLibrary::cudnn},
    {"scudnn", KernelLibrary::cudnn},
    {"implicit_convolve", KernelLibrary::cudnn},
    {"triton_", KernelLibrary::triton},
    {"cutlass", KernelLibrary::cutlass},
    {"cublas", KernelLibrary::cublas},
    {"nvjet", KernelLibrary::cublas},
    {"gemm", KernelLibrary::cublas},
    {"gemv", KernelLibrary::cublas},
    {"splitKreduce", KernelLibrary::cublas},
};

constexpr Word<KernelLibrary> library_words[] = {
    {KernelLibrary::unknown, "unknown"}, {KernelLibrary::torch, "LibTorch"},
    {KernelLibrary::cublas, "cuBLAS"},   {KernelLibrary::cutlass, "CUTLASS"},
    {KernelLibrary::cudnn, "cuDNN"},     {KernelLibrary::triton, "Triton"}};

}  // namespace

std::span<const Word<KernelLibrary>> words_of(KernelLibrary) { return library_words; }

KernelLibrary library_of_kernel(std::string_view name) {
  for (const Hint& hint : hints)
    if (name.find(hint.part) != std::string_view::npos) return hint.library;
  return KernelLibrary::unknown;
}

}  // namespace reprise
