// SPDX-License-Identifier: Apache-2.0
#include <cstring>
#include <deque>

#include "fake_cuda/programs/scenarios.h"

namespace reprise::fake_cuda {

namespace {

constexpr unsigned steps = 7, lag = 3;  // digests are collected so many steps later
constexpr std::int64_t sizes[] = {5000, 1, 700, 33000};

// Weights in float32 that a "training" overwrites each step from pinned memory.
struct Weights {
  std::vector<std::int64_t> size;  // of the one axis
  std::int64_t one = 1;
  std::vector<DeviceCopy> device;
  std::vector<float*> pinned;

  explicit Weights(std::int64_t divisor) {
    for (std::int64_t count : sizes) {
      count = (count - 1) / divisor + 1;
      size.push_back(count);
      device.emplace_back(static_cast<std::size_t>(count) * 4);
      float* memory = nullptr;
      own(cudaMallocHost(reinterpret_cast<void**>(&memory), static_cast<std::size_t>(count) * 4),
          "cudaMallocHost");
      pinned.push_back(memory);
    }
  }
  ~Weights() {
    for (float* memory : pinned) static_cast<void>(cudaFreeHost(memory));
  }
  Weights(const Weights&) = delete;
  Weights& operator=(const Weights&) = delete;

  PluginSession::Tensors tensors() {
    PluginSession::Tensors all;
    for (std::size_t i = 0; i < size.size(); ++i)
      all.push_back({device[i].data(), "F32", &size[i], &one, 1, 4});
    return all;
  }
  std::vector<Digest> digests() {
    std::vector<Digest> all;
    for (std::size_t i = 0; i < size.size(); ++i)
      all.push_back(digest_of({"F32", {&size[i], 1}, {&one, 1}, pinned[i], 4}).digest);
    return all;
  }
  void draw(Random& random) {
    for (std::size_t i = 0; i < size.size(); ++i)
      for (std::int64_t k = 0; k < size[i]; ++k) pinned[i][k] = static_cast<float>(random() % 100000) / 7.0F;
  }
  void upload(cudaStream_t stream) {
    for (std::size_t i = 0; i < size.size(); ++i)
      own(cudaMemcpyAsync(device[i].data(), pinned[i], static_cast<std::size_t>(size[i]) * 4,
                          cudaMemcpyHostToDevice, stream),
          "cudaMemcpyAsync");
  }
};

struct Pending {
  std::uint64_t ticket;
  std::vector<Digest> wanted;
};

void collect(PluginSession& session, std::deque<Pending>& pending) {
  const Pending& oldest = pending.front();
  require_equal(session.collect(oldest.ticket, oldest.wanted.size()), oldest.wanted, "training steps");
  pending.pop_front();
}

}  // namespace

void training_steps(const Scene& scene) {
  Random random(scene.seed);
  cudaStream_t stream = nullptr;
  cudaEvent_t uploaded = nullptr;
  own(cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking), "cudaStreamCreateWithFlags");
  own(cudaEventCreateWithFlags(&uploaded, cudaEventDisableTiming), "cudaEventCreateWithFlags");
  {
    Weights weights(scene.most_bytes < 10000 ? 16 : 1);
    PluginSession session(scene.plugin, {0, lag + 1, REPRISE_CUDA_LANES_BY_WORK, 8});
    std::deque<Pending> pending;
    for (unsigned step = 0; step < steps; ++step) {
      // The last step's upload reads the pinned memory, perhaps still.
      if (scene.mistake != "no-synchronise") own(cudaEventSynchronize(uploaded), "cudaEventSynchronize");
      weights.draw(random);
      if (scene.mistake != "no-join") session.join(stream);
      weights.upload(stream);
      own(cudaEventRecord(uploaded, stream), "cudaEventRecord");
      auto tensors = weights.tensors();
      std::int64_t beyond = weights.size[2] + 3;
      if (scene.mistake == "out-of-bounds") tensors[2].shape = &beyond;
      if (scene.mistake == "host-read" && *static_cast<const volatile char*>(tensors[0].data) == 1) return;
      const std::uint64_t ticket = session.submit(tensors, {stream, REPRISE_CUDA_ON_SIDE, 0});
      pending.push_back({ticket, weights.digests()});
      if (step % 2 == 0) static_cast<void>(session.ready(ticket));
      if (pending.size() > lag) collect(session, pending);
    }
    while (!pending.empty()) collect(session, pending);
    session.join(stream);
    own(cudaStreamSynchronize(stream), "cudaStreamSynchronize");
  }
  own(cudaEventDestroy(uploaded), "cudaEventDestroy");
  own(cudaStreamDestroy(stream), "cudaStreamDestroy");
}

}  // namespace reprise::fake_cuda
