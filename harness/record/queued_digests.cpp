// SPDX-License-Identifier: Apache-2.0
#include "harness/record/queued_digests.h"

#include <c10/core/impl/DeviceGuardImplInterface.h>

#include <mutex>
#include <utility>

#include "harness/base/error.h"
#include "harness/record/cuda_library.h"
#include "harness/tensor/dtypes.h"
#include "harness/tensor/element_walk.h"

namespace reprise {
namespace {

// The native handle of LibTorch's current stream. The guard of CUDA devices knows it, through a virtual
// method of libc10, so that nothing of LibTorch's CUDA half has to be linked; older versions have no such
// method.
struct NativeStream {
  void* handle = nullptr;
  bool known = false;
};

template <class Guard>
NativeStream native_stream(const Guard& guard, c10::Device device) {
  if constexpr (requires { guard.getStreamNativeHandle(guard.getStream(device)); })
    return {guard.getStreamNativeHandle(guard.getStream(device)), true};
  else
    return {};
}

// Null, and a reason, where the device's digests are to be made on the CPU.
struct Found {
  CudaDigester* digester = nullptr;
  NativeStream stream;
  std::string trouble;
};

Found digester_of(c10::Device device) {
  if (!device.is_cuda()) return {nullptr, {}, fmt::format("no digest is made on {}", device.str())};
  const NativeStream stream = native_stream(*c10::impl::getDeviceGuardImpl(c10::kCUDA), device);
  if (!stream.known) return {nullptr, {}, "this LibTorch does not give its stream away; 2.11 does"};
  CudaDigester& digester = cuda_digester(device.index(), stream.handle);
  const std::lock_guard lock(digester.lock);
  if (!digester.trouble.empty()) return {nullptr, {}, digester.trouble};
  return {&digester, stream, ""};
}

reprise_cuda_tensor cuda_view(const TensorView& view) {
  return {view.data,
          dtype_named(view.dtype)->name.data(),  // a literal, which ends with a zero
          view.shape.data(),
          view.strides.data(),
          static_cast<std::uint32_t>(view.shape.size()),
          static_cast<std::uint32_t>(view.element_bytes)};
}

[[noreturn]] void fail_lost(const reprise_cuda_error& error) {
  fail("the digests of the GPU's tensors are lost: {}; see nvidia-smi and the kernel's log for Xid lines",
       error.sentence);
}

}  // namespace

std::string digest_place(c10::Device device) {
  if (device.is_cpu()) return "cpu";
  const Found found = digester_of(device);
  return found.digester != nullptr ? "cuda" : "cpu: " + found.trouble;
}

std::optional<QueuedDigests> QueuedDigests::submit(c10::Device device, std::span<const TensorView> tensors,
                                                   bool leaves) {
  const Found found = digester_of(device);
  if (found.digester == nullptr) return std::nullopt;
  std::vector<reprise_cuda_tensor> views;
  views.reserve(tensors.size());
  for (const TensorView& view : tensors) views.push_back(cuda_view(view));
  const reprise_cuda_place place{found.stream.handle, REPRISE_CUDA_ON_CALLER, leaves ? 1u : 0u};
  reprise_cuda_error error{};
  QueuedDigests queued;
  const std::lock_guard lock(found.digester->lock);
  const int code = cuda_library().functions->submit(found.digester->session, views.data(), views.size(),
                                                    &place, &queued.ticket_, &error);
  if (code == REPRISE_CUDA_LOST) fail_lost(error);
  if (code != REPRISE_CUDA_OK) {
    // Whoever asked goes on with copies, and so does every later one, which the report says. A capture of the
    // training's own passes.
    if (code != REPRISE_CUDA_CAPTURING) found.digester->trouble = error.sentence;
    return std::nullopt;
  }
  queued.digester_ = found.digester;
  for (const TensorView& view : tensors)
    queued.leaf_counts_.push_back(leaf_count(elements_of(view.shape) * view.element_bytes));
  return queued;
}

QueuedDigests::~QueuedDigests() { drop(); }

QueuedDigests::QueuedDigests(QueuedDigests&& other) noexcept
    : digester_(std::exchange(other.digester_, nullptr)),
      ticket_(other.ticket_),
      leaf_counts_(std::move(other.leaf_counts_)) {}

QueuedDigests& QueuedDigests::operator=(QueuedDigests&& other) noexcept {
  if (this == &other) return *this;
  drop();
  digester_ = std::exchange(other.digester_, nullptr);
  ticket_ = other.ticket_;
  leaf_counts_ = std::move(other.leaf_counts_);
  return *this;
}

// What nobody took: its slot must become free.
void QueuedDigests::drop() {
  if (digester_ == nullptr) return;
  std::vector<reprise_cuda_digest> unwanted(leaf_counts_.size());
  CudaDigester& digester = *std::exchange(digester_, nullptr);
  const std::lock_guard lock(digester.lock);
  cuda_library().functions->collect(digester.session, ticket_, unwanted.data(), unwanted.size(), nullptr);
}

std::vector<ContentDigest> QueuedDigests::take(bool leaves) {
  check(digester_ != nullptr, "queued digests are taken once");
  const auto* functions = cuda_library().functions;
  std::uint64_t leaf_total = 0;
  for (const auto count : leaf_counts_) leaf_total += count;
  std::vector<reprise_cuda_digest> found(leaf_counts_.size()), kept(leaves ? leaf_total : 0);
  reprise_cuda_error error{};
  CudaDigester& digester = *std::exchange(digester_, nullptr);
  const std::lock_guard lock(digester.lock);
  auto* session = digester.session;
  if (leaves && functions->leaves(session, ticket_, kept.data(), kept.size(), &error) != REPRISE_CUDA_OK)
    fail_lost(error);
  if (functions->collect(session, ticket_, found.data(), found.size(), &error) != REPRISE_CUDA_OK)
    fail_lost(error);
  std::vector<ContentDigest> digests(found.size());
  std::size_t leaf = 0;
  for (std::size_t i = 0; i < found.size(); ++i) {
    digests[i].digest = {found[i].low, found[i].high};
    for (std::uint64_t k = 0; leaves && k < leaf_counts_[i]; ++k, ++leaf)
      digests[i].leaves.push_back({kept[leaf].low, kept[leaf].high});
  }
  return digests;
}

}  // namespace reprise
