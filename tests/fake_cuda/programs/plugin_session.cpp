// SPDX-License-Identifier: Apache-2.0
#include "fake_cuda/programs/plugin_session.h"

#include <dlfcn.h>

#include <utility>

namespace reprise::fake_cuda {

namespace {

std::vector<Digest> as_digests(const std::vector<reprise_cuda_digest>& raw) {
  std::vector<Digest> digests;
  for (const auto& one : raw) digests.push_back({one.low, one.high});
  return digests;
}

// Calls and turns an error into an exception.
template <class Function, class... Arguments>
void ask(Function function, Arguments... arguments) {
  reprise_cuda_error error{};
  if (const int code = function(arguments..., &error); code != REPRISE_CUDA_OK)
    throw Refused(code, error.sentence);
}

}  // namespace

void own(cudaError_t status, const char* what) {
  if (status != cudaSuccess)
    throw OwnFailure(std::string(what) + " answered " + std::to_string(static_cast<int>(status)));
}

const reprise_cuda_functions& load_plugin(const char* path) {
  void* library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) throw OwnFailure(dlerror());
  const auto entry = reinterpret_cast<reprise_cuda_entry>(dlsym(library, REPRISE_CUDA_ENTRY));
  const reprise_cuda_functions* functions = entry == nullptr ? nullptr : entry(REPRISE_CUDA_INTERFACE);
  if (functions == nullptr) throw OwnFailure("no plugin of this interface");
  return *functions;
}

PluginSession::PluginSession(const reprise_cuda_functions& functions, const reprise_cuda_options& options)
    : functions_(functions) {
  ask(functions.open, &options, &session_);
}

std::uint64_t PluginSession::submit(const Tensors& tensors, const reprise_cuda_place& place) {
  std::uint64_t ticket = 0;
  ask(functions_.submit, session_, tensors.data(), tensors.size(), &place, &ticket);
  return ticket;
}

void PluginSession::join(cudaStream_t stream) { ask(functions_.join, session_, static_cast<void*>(stream)); }

bool PluginSession::ready(std::uint64_t ticket) {
  int yes = 0;
  ask(functions_.ready, session_, ticket, &yes);
  return yes != 0;
}

std::vector<Digest> PluginSession::collect(std::uint64_t ticket, std::size_t count) {
  std::vector<reprise_cuda_digest> raw(count);
  ask(functions_.collect, session_, ticket, raw.data(), count);
  return as_digests(raw);
}

std::vector<Digest> PluginSession::leaves(std::uint64_t ticket, std::size_t count) {
  std::vector<reprise_cuda_digest> raw(count);
  ask(functions_.leaves, session_, ticket, raw.data(), count);
  return as_digests(raw);
}

void PluginSession::capture(const Tensors& tensors, cudaStream_t stream) {
  ask(functions_.capture, session_, tensors.data(), tensors.size(), static_cast<void*>(stream));
}

std::uint64_t PluginSession::replayed(cudaStream_t stream) {
  std::uint64_t rows = 0;
  ask(functions_.replayed, session_, static_cast<void*>(stream), &rows);
  return rows;
}

std::vector<Digest> PluginSession::replays(cudaStream_t stream, std::uint64_t first, std::uint64_t rows,
                                           std::size_t tensors) {
  std::vector<reprise_cuda_digest> raw(rows * tensors);
  ask(functions_.replays, session_, static_cast<void*>(stream), first, rows, raw.data(), tensors);
  return as_digests(raw);
}

void PluginSession::self_test(const std::vector<std::byte>& bytes, const Tensors& tensors,
                              const std::vector<Digest>& wanted, cudaStream_t stream) {
  std::vector<reprise_cuda_digest> raw;
  for (const auto& one : wanted) raw.push_back({one.low, one.high});
  ask(functions_.self_test, session_, static_cast<const void*>(bytes.data()), bytes.size(), tensors.data(),
      raw.data(), raw.size(), static_cast<void*>(stream));
}

}  // namespace reprise::fake_cuda
