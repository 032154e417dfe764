// SPDX-License-Identifier: Apache-2.0
#include "harness/record/cuda/runtime/resources.h"

#include "harness/record/cuda/table.h"

namespace reprise::cuda {
namespace {

// After these the device answers no more.
bool lost_with(cudaError_t status) {
  switch (status) {
    case cudaErrorECCUncorrectable:
    case cudaErrorNvlinkUncorrectable:
    case cudaErrorIllegalAddress:
    case cudaErrorLaunchTimeout:
    case cudaErrorContextIsDestroyed:
    case cudaErrorAssert:
    case cudaErrorHardwareStackError:
    case cudaErrorIllegalInstruction:
    case cudaErrorMisalignedAddress:
    case cudaErrorInvalidAddressSpace:
    case cudaErrorInvalidPc:
    case cudaErrorLaunchFailure:
      return true;
    default:
      return false;
  }
}

}  // namespace

int code_of(cudaError_t status) {
  if (lost_with(status)) return REPRISE_CUDA_LOST;
  switch (status) {
    case cudaSuccess:
      return REPRISE_CUDA_OK;
    case cudaErrorInsufficientDriver:
    case cudaErrorStubLibrary:
    case cudaErrorSystemDriverMismatch:
    case cudaErrorCompatNotSupportedOnDevice:
      return REPRISE_CUDA_NO_DRIVER;
    case cudaErrorNoDevice:
    case cudaErrorInvalidDevice:
    case cudaErrorDevicesUnavailable:
      return REPRISE_CUDA_NO_DEVICE;
    case cudaErrorMemoryAllocation:
      return REPRISE_CUDA_OUT_OF_MEMORY;
    case cudaErrorStreamCaptureUnsupported:
    case cudaErrorStreamCaptureInvalidated:
    case cudaErrorStreamCaptureMerge:
    case cudaErrorStreamCaptureUnmatched:
    case cudaErrorStreamCaptureUnjoined:
    case cudaErrorStreamCaptureIsolation:
    case cudaErrorStreamCaptureImplicit:
    case cudaErrorStreamCaptureWrongThread:
      return REPRISE_CUDA_CAPTURING;
    default:
      return REPRISE_CUDA_FAILED;
  }
}

void demand(cudaError_t status, const std::string& wanted) {
  if (status == cudaSuccess) return;
  static_cast<void>(cudaGetLastError());
  throw Failure(code_of(status), "wanted to " + wanted + "; the CUDA run-time library answered " +
                                     cudaGetErrorName(status) + ", " + cudaGetErrorString(status));
}

CurrentDevice::CurrentDevice(int device) : now_(device) {
  demand(cudaGetDevice(&before_), "learn the current device");
  if (before_ != now_) demand(cudaSetDevice(now_), "switch to device " + std::to_string(now_));
}

CurrentDevice::~CurrentDevice() {
  if (before_ != now_) static_cast<void>(cudaSetDevice(before_));
}

template <Kind kind>
void Memory<kind>::release() {
  if (data_ == nullptr) return;
  static_cast<void>(kind == Kind::device ? cudaFree(data_) : cudaFreeHost(data_));
  data_ = nullptr;
  bytes_ = 0;
}

template <Kind kind>
void Memory<kind>::reserve(u64 bytes) {
  if (holds(bytes)) return;
  release();
  void* data = nullptr;
  if constexpr (kind == Kind::device)
    demand(cudaMalloc(&data, bytes),
           "allocate " + std::to_string(bytes) + " bytes on the device for digests");
  else
    demand(cudaHostAlloc(&data, bytes, cudaHostAllocDefault),
           "allocate " + std::to_string(bytes) + " bytes of pinned memory for digests");
  data_ = data;
  bytes_ = bytes;
}

template class Memory<Kind::device>;
template class Memory<Kind::pinned>;

Event::Event() { demand(cudaEventCreateWithFlags(&event_, cudaEventDisableTiming), "create an event"); }

Event::~Event() {
  if (event_ != nullptr) static_cast<void>(cudaEventDestroy(event_));
}

SideStream::SideStream() {
  int least = 0, greatest = 0;
  demand(cudaDeviceGetStreamPriorityRange(&least, &greatest), "learn the priorities of streams");
  demand(cudaStreamCreateWithPriority(&stream_, cudaStreamNonBlocking, least), "create a stream");
}

SideStream::~SideStream() {
  if (stream_ != nullptr) static_cast<void>(cudaStreamDestroy(stream_));
}

}  // namespace reprise::cuda
