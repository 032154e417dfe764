// SPDX-License-Identifier: Apache-2.0
#include "bench/cuda/device.h"

#include "harness/base/error.h"

extern "C" const reprise_cuda_functions* reprise_cuda(uint32_t interface_number);

namespace reprise {

void check_cuda(cudaError_t result, const char* call) {
  if (result != cudaSuccess)
    fail("{} failed: {} ({})", call, cudaGetErrorString(result), static_cast<int>(result));
}

Memory::Memory(std::size_t bytes) : bytes_(bytes) {
  void* data = nullptr;
  check_cuda(cudaMalloc(&data, bytes), "cudaMalloc");
  data_ = static_cast<std::byte*>(data);
}

Memory::~Memory() { cudaFree(data_); }

void Memory::upload(const void* from, std::size_t bytes, std::size_t at) {
  check(at + bytes <= bytes_, "an upload fits its memory");
  check_cuda(cudaMemcpy(data_ + at, from, bytes, cudaMemcpyHostToDevice), "cudaMemcpy");
}

void Memory::fill(int byte) {
  check_cuda(cudaMemset(data_, byte, bytes_), "cudaMemset");
  // It goes into the default stream, which a stream of ours does not wait for.
  check_cuda(cudaDeviceSynchronize(), "cudaDeviceSynchronize");
}

Device::Device(int number, std::uint32_t lanes)
    : number_(number), functions_(reprise_cuda(REPRISE_CUDA_INTERFACE)) {
  check(functions_ != nullptr, "the digest's library speaks this interface");
  reprise_cuda_options options{};
  options.device = number;
  options.lanes = lanes;
  expect(functions_->open(&options, &session_, &error), "open");
  check_cuda(cudaSetDevice(number), "cudaSetDevice");
  check_cuda(cudaStreamCreateWithFlags(&stream_, cudaStreamNonBlocking), "cudaStreamCreateWithFlags");
  check_cuda(cudaEventCreateWithFlags(&begin_, cudaEventDefault), "cudaEventCreateWithFlags");
  check_cuda(cudaEventCreateWithFlags(&end_, cudaEventDefault), "cudaEventCreateWithFlags");
}

Device::~Device() {
  functions_->close(session_);
  cudaEventDestroy(begin_);
  cudaEventDestroy(end_);
  cudaStreamDestroy(stream_);
}

double Device::time(const std::function<void()>& work) {
  check_cuda(cudaStreamSynchronize(stream_), "cudaStreamSynchronize");
  check_cuda(cudaEventRecord(begin_, stream_), "cudaEventRecord");
  work();
  check_cuda(cudaEventRecord(end_, stream_), "cudaEventRecord");
  check_cuda(cudaEventSynchronize(end_), "cudaEventSynchronize");
  float milliseconds = 0;
  check_cuda(cudaEventElapsedTime(&milliseconds, begin_, end_), "cudaEventElapsedTime");
  return milliseconds;
}

std::uint64_t Device::submit(std::span<const reprise_cuda_tensor> tensors, bool on_side) {
  const reprise_cuda_place place{
      stream_, static_cast<std::uint32_t>(on_side ? REPRISE_CUDA_ON_SIDE : REPRISE_CUDA_ON_CALLER), 0};
  std::uint64_t ticket = 0;
  expect(functions_->submit(session_, tensors.data(), tensors.size(), &place, &ticket, &error), "submit");
  return ticket;
}

std::vector<Digest> Device::collect(std::uint64_t ticket, std::size_t count) {
  std::vector<reprise_cuda_digest> raw(count);
  expect(functions_->collect(session_, ticket, raw.data(), count, &error), "collect");
  std::vector<Digest> digests;
  for (const auto& one : raw) digests.push_back({one.low, one.high});
  return digests;
}

void Device::expect(int code, const char* call) const {
  if (code != REPRISE_CUDA_OK) fail("{} of the digest's library failed: {}", call, error.sentence);
}

reprise_cuda_tensor flat_tensor(const std::byte* data, const Flat& flat) {
  return {data, "F32", &flat.shape, &flat.stride, 1, 4};
}

}  // namespace reprise
