// SPDX-License-Identifier: Apache-2.0
#include "bench/cuda_torch/torch_measure.h"
#include "harness/base/error.h"
#include "harness/record/device.h"
#include "harness/record/tensor_digest.h"

extern "C" const reprise_cuda_functions* reprise_cuda(uint32_t interface_number);

namespace reprise {

namespace {

std::vector<Digest> digests_by_cpu(const std::vector<at::Tensor>& tensors) {
  std::vector<Digest> digests;
  for (const auto& tensor : tensors) digests.push_back(digest_of(NamedTensor{"a tensor", tensor}).digest);
  return digests;
}

}  // namespace

bool is_dry_run() { return device_in_use().is_cpu(); }

Digester::Digester() {
  if (is_dry_run()) return;
  functions_ = reprise_cuda(REPRISE_CUDA_INTERFACE);
  check(functions_ != nullptr, "the digest's library speaks this interface");
  reprise_cuda_options options{};
  options.device = device_in_use().index();
  expect(functions_->open(&options, &session_, &error_), "open");
}

Digester::~Digester() {
  if (functions_ != nullptr) functions_->close(session_);
}

std::uint64_t Digester::submit(const std::vector<at::Tensor>& tensors, bool on_side) {
  if (functions_ == nullptr) {
    of_the_cpu_[++last_ticket_] = digests_by_cpu(tensors);
    return last_ticket_;
  }
  std::vector<reprise_cuda_tensor> rows;
  std::vector<std::string> dtypes;
  dtypes.reserve(tensors.size());
  for (const auto& tensor : tensors) {
    dtypes.emplace_back(dtype_name(tensor.scalar_type()));
    rows.push_back({tensor.const_data_ptr(), dtypes.back().c_str(), tensor.sizes().data(),
                    tensor.strides().data(), static_cast<std::uint32_t>(tensor.dim()),
                    static_cast<std::uint32_t>(tensor.element_size())});
  }
  const reprise_cuda_place place{
      nullptr, static_cast<std::uint32_t>(on_side ? REPRISE_CUDA_ON_SIDE : REPRISE_CUDA_ON_CALLER), 0};
  std::uint64_t ticket = 0;
  expect(functions_->submit(session_, rows.data(), rows.size(), &place, &ticket, &error_), "submit");
  return ticket;
}

void Digester::join() {
  if (functions_ != nullptr) expect(functions_->join(session_, nullptr, &error_), "join");
}

std::vector<Digest> Digester::collect(std::uint64_t ticket, std::size_t count) {
  if (functions_ == nullptr) return of_the_cpu_.extract(ticket).mapped();
  std::vector<reprise_cuda_digest> raw(count);
  expect(functions_->collect(session_, ticket, raw.data(), count, &error_), "collect");
  std::vector<Digest> digests;
  for (const auto& one : raw) digests.push_back({one.low, one.high});
  return digests;
}

void Digester::expect(int code, const char* call) const {
  if (code != REPRISE_CUDA_OK) fail("{} of the digest's library failed: {}", call, error_.sentence);
}

}  // namespace reprise
