// SPDX-License-Identifier: Apache-2.0
#include "harness/record/device_digest.h"

#include <ATen/ops/empty.h>
#include <c10/core/impl/DeviceGuardImplInterface.h>

#include <map>

#include "harness/base/error.h"
#include "harness/record/cuda_library.h"
#include "harness/record/tensor_digest.h"
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

NativeStream current_stream(c10::Device device) {
  return native_stream(*c10::impl::getDeviceGuardImpl(c10::kCUDA), device);
}

// Null, and a reason, where the device's digests are to be made on the CPU.
struct Digester {
  CudaDigester* cuda = nullptr;
  NativeStream stream;
  std::string trouble;
};

Digester digester_of(c10::Device device) {
  if (!device.is_cuda()) return {nullptr, {}, fmt::format("no digest is made on {}", device.str())};
  const NativeStream stream = current_stream(device);
  if (!stream.known) return {nullptr, {}, "this LibTorch does not give its stream away; 2.11 does"};
  CudaDigester& cuda = cuda_digester(device.index(), stream.handle);
  if (!cuda.trouble.empty()) return {nullptr, {}, cuda.trouble};
  return {&cuda, stream, ""};
}

reprise_cuda_tensor cuda_view(const TensorView& view) {
  return {view.data,
          view.dtype.data(),  // dtype_name() gives literals, which end with a zero
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
  const Digester digester = digester_of(device);
  return digester.cuda != nullptr ? "cuda" : "cpu: " + digester.trouble;
}

// A submit that was not collected yet.
struct Digests::Queued {
  reprise_cuda_session* session;
  std::uint64_t ticket = 0, leaf_total = 0;
  bool leaves = false;
  std::vector<std::size_t> places;  // among all digests
  std::vector<std::uint64_t> leaf_counts;
  bool taken = false;

  ~Queued() {
    if (taken || ticket == 0) return;
    std::vector<reprise_cuda_digest> unwanted(places.size());  // the slot must become free
    cuda_library().functions->collect(session, ticket, unwanted.data(), unwanted.size(), nullptr);
  }
  void take(std::vector<TensorDigest>& digests);
};

void Digests::Queued::take(std::vector<TensorDigest>& digests) {
  const auto* functions = cuda_library().functions;
  std::vector<reprise_cuda_digest> found(places.size()), kept(leaves ? leaf_total : 0);
  reprise_cuda_error error{};
  if (leaves && functions->leaves(session, ticket, kept.data(), kept.size(), &error) != REPRISE_CUDA_OK)
    fail_lost(error);
  if (functions->collect(session, ticket, found.data(), found.size(), &error) != REPRISE_CUDA_OK)
    fail_lost(error);
  taken = true;
  std::size_t leaf = 0;
  for (std::size_t i = 0; i < places.size(); ++i) {
    TensorDigest& digest = digests[places[i]];
    digest.digest = {found[i].low, found[i].high};
    for (std::uint64_t k = 0; leaves && k < leaf_counts[i]; ++k, ++leaf)
      digest.leaves.push_back({kept[leaf].low, kept[leaf].high});
  }
}

namespace {

// The tensors of one device: queued there, or digested as copies where that cannot be.
struct Share {
  std::vector<std::size_t> places;
  std::vector<TensorView> views;
};

bool queue_share(const Share& share, const Digester& digester, bool leaves, std::uint64_t& ticket) {
  std::vector<reprise_cuda_tensor> tensors;
  for (const TensorView& view : share.views) tensors.push_back(cuda_view(view));
  const reprise_cuda_place place{digester.stream.handle, REPRISE_CUDA_ON_CALLER, leaves ? 1u : 0u};
  reprise_cuda_error error{};
  const int code = cuda_library().functions->submit(digester.cuda->session, tensors.data(), tensors.size(),
                                                    &place, &ticket, &error);
  if (code == REPRISE_CUDA_OK) return true;
  if (code == REPRISE_CUDA_LOST) fail_lost(error);
  // This call goes on with copies, and so does every later one, which the report says. A capture of the
  // training's own passes.
  if (code != REPRISE_CUDA_CAPTURING) digester.cuda->trouble = error.sentence;
  return false;
}

}  // namespace

Digests::Digests(const Tensors& tensors, bool leaves) : digests_(tensors.size()) {
  std::map<c10::DeviceIndex, Share> shares;
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    const at::Tensor& tensor = tensors[i].tensor;
    if (!tensor.defined() || !tensor.is_cuda()) {
      digests_[i] = digest_of({tensors[i].name, copied_to_cpu(tensor, false)});
      continue;
    }
    const TensorView view = device_view_of(tensor, tensors[i].name);
    digests_[i].name = tensors[i].name;
    digests_[i].dtype = view.dtype;
    digests_[i].shape = {view.shape.begin(), view.shape.end()};
    auto& share = shares[tensor.device().index()];
    share.places.push_back(i);
    share.views.push_back(view);
  }
  for (auto& [index, share] : shares) {
    const Digester digester = digester_of({c10::kCUDA, index});
    auto queued = std::make_unique<Queued>();
    if (digester.cuda == nullptr || !queue_share(share, digester, leaves, queued->ticket)) {
      for (const std::size_t place : share.places)
        digests_[place] = digest_of({tensors[place].name, copied_to_cpu(tensors[place].tensor, false)});
      continue;
    }
    queued->session = digester.cuda->session;
    queued->leaves = leaves;
    queued->places = share.places;
    for (const TensorView& view : share.views) {
      queued->leaf_counts.push_back(leaf_count(elements_of(view.shape) * view.element_bytes));
      queued->leaf_total += queued->leaf_counts.back();
    }
    queued_.push_back(std::move(queued));
  }
}

Digests::~Digests() = default;
Digests::Digests(Digests&&) noexcept = default;
Digests& Digests::operator=(Digests&&) noexcept = default;

bool Digests::waiting() const { return !queued_.empty(); }

std::vector<TensorDigest> Digests::take() {
  for (const auto& queued : queued_) queued->take(digests_);
  queued_.clear();
  return std::move(digests_);
}

at::Tensor copied_to_cpu(const at::Tensor& tensor, bool later) {
  if (!tensor.defined() || tensor.device().is_cpu()) return tensor;
  if (!later || !tensor.is_cuda()) return tensor.detach().to(at::kCPU);
  // Pinned, or the copy would make the host wait.
  at::Tensor copy =
      at::empty(tensor.sizes(), at::TensorOptions().dtype(tensor.scalar_type()).pinned_memory(true));
  copy.copy_(tensor.detach(), true);
  return copy;
}

}  // namespace reprise
