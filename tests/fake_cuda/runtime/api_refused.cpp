// SPDX-License-Identifier: Apache-2.0
// Entry points that libtorch_cuda links and that nothing here may need: each says so and answers "not
// supported".
#include <cstdio>

#include "fake_cuda/runtime/runtime.h"

// Their prototypes differ; as no argument is read, one form serves all, under names that the header does not
// declare.
#define FAKE_CUDA_ALIAS(name) __asm__(#name)
#define FAKE_CUDA_REFUSE(name)                                                                     \
  extern "C" __attribute__((visibility("default"))) int refused_##name() FAKE_CUDA_ALIAS(name);    \
  int refused_##name() {                                                                           \
    if (reprise::fake_cuda::runtime().log) std::fprintf(stderr, "fake CUDA: refused " #name "\n"); \
    return cudaErrorNotSupported;                                                                  \
  }

FAKE_CUDA_REFUSE(cudaDeviceEnablePeerAccess)
FAKE_CUDA_REFUSE(cudaDeviceGetDefaultMemPool)
FAKE_CUDA_REFUSE(cudaGetSymbolAddress)
FAKE_CUDA_REFUSE(cudaGraphDebugDotPrint)
FAKE_CUDA_REFUSE(cudaGraphNodeGetDependencies)
FAKE_CUDA_REFUSE(cudaIpcCloseMemHandle)
FAKE_CUDA_REFUSE(cudaIpcGetEventHandle)
FAKE_CUDA_REFUSE(cudaIpcGetMemHandle)
FAKE_CUDA_REFUSE(cudaIpcOpenEventHandle)
FAKE_CUDA_REFUSE(cudaIpcOpenMemHandle)
FAKE_CUDA_REFUSE(cudaLaunchCooperativeKernel)
FAKE_CUDA_REFUSE(cudaMemPoolGetAttribute)
FAKE_CUDA_REFUSE(cudaMemPoolSetAccess)
FAKE_CUDA_REFUSE(cudaMemPoolSetAttribute)
FAKE_CUDA_REFUSE(cudaMemPoolTrimTo)
FAKE_CUDA_REFUSE(cudaMemcpy2DAsync)
FAKE_CUDA_REFUSE(cudaMemcpyPeerAsync)
FAKE_CUDA_REFUSE(cudaMemcpyToSymbol)
FAKE_CUDA_REFUSE(cudaProfilerStart)
FAKE_CUDA_REFUSE(cudaProfilerStop)
FAKE_CUDA_REFUSE(cudaStreamAddCallback)
