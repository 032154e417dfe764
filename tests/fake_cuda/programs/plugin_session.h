// SPDX-License-Identifier: Apache-2.0
#pragma once
// libreprise_cuda.so as its callers use it: loaded by name, a session with an end, refusals as exceptions.
#include <cuda_runtime_api.h>

#include <stdexcept>
#include <string>
#include <vector>

#include "harness/record/cuda/plugin.h"
#include "harness/tensor/digest.h"

namespace reprise::fake_cuda {

// The library answered with an error.
struct Refused : std::runtime_error {
  Refused(int number, const std::string& sentence) : std::runtime_error(sentence), code(number) {}
  int code;
};

// A call of this program's own to the CUDA run-time library failed.
struct OwnFailure : std::runtime_error {
  using std::runtime_error::runtime_error;
};

void own(cudaError_t status, const char* what);

class PluginSession {
 public:
  PluginSession(const reprise_cuda_functions& functions, const reprise_cuda_options& options);
  ~PluginSession() { functions_.close(session_); }
  PluginSession(const PluginSession&) = delete;
  PluginSession& operator=(const PluginSession&) = delete;

  using Tensors = std::vector<reprise_cuda_tensor>;
  std::uint64_t submit(const Tensors& tensors, const reprise_cuda_place& place);
  void join(cudaStream_t stream);
  bool ready(std::uint64_t ticket);
  std::vector<Digest> collect(std::uint64_t ticket, std::size_t count);
  std::vector<Digest> leaves(std::uint64_t ticket, std::size_t count);
  void capture(const Tensors& tensors, cudaStream_t stream);
  std::uint64_t replayed(cudaStream_t stream);
  std::vector<Digest> replays(cudaStream_t stream, std::uint64_t first, std::uint64_t rows,
                              std::size_t tensors);
  void self_test(const std::vector<std::byte>& bytes, const Tensors& tensors,
                 const std::vector<Digest>& wanted, cudaStream_t stream);

 private:
  const reprise_cuda_functions& functions_;
  reprise_cuda_session* session_ = nullptr;
};

const reprise_cuda_functions& load_plugin(const char* path);

}  // namespace reprise::fake_cuda
