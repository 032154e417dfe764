// SPDX-License-Identifier: Apache-2.0
#include <cstring>

#include "fake_cuda/programs/scenarios.h"

namespace reprise::fake_cuda {

namespace {

constexpr unsigned replays = 6, slots = 4;

struct Streams {
  cudaStream_t main = nullptr, other = nullptr;
  cudaEvent_t fork = nullptr, back = nullptr;
  Streams() {
    own(cudaStreamCreateWithFlags(&main, cudaStreamNonBlocking), "cudaStreamCreateWithFlags");
    own(cudaStreamCreateWithFlags(&other, cudaStreamNonBlocking), "cudaStreamCreateWithFlags");
    own(cudaEventCreateWithFlags(&fork, cudaEventDisableTiming), "cudaEventCreateWithFlags");
    own(cudaEventCreateWithFlags(&back, cudaEventDisableTiming), "cudaEventCreateWithFlags");
  }
  ~Streams() {
    static_cast<void>(cudaEventDestroy(fork));
    static_cast<void>(cudaEventDestroy(back));
    static_cast<void>(cudaStreamDestroy(main));
    static_cast<void>(cudaStreamDestroy(other));
  }
  Streams(const Streams&) = delete;
  Streams& operator=(const Streams&) = delete;
};

void queue_copy(void* to, const void* from, std::size_t bytes, cudaStream_t stream) {
  own(cudaMemcpyAsync(to, from, bytes, cudaMemcpyHostToDevice, stream), "cudaMemcpyAsync");
}

// The captured "step": a copy into the tensor on a second stream, then the digest on the first.
void capture_step(const Scene& scene, PluginSession& session, Streams& streams, void* to, const void* from,
                  std::size_t bytes, const PluginSession::Tensors& tensors) {
  own(cudaEventRecord(streams.fork, streams.main), "cudaEventRecord");
  own(cudaStreamWaitEvent(streams.other, streams.fork, 0), "cudaStreamWaitEvent");
  queue_copy(to, from, bytes, streams.other);
  own(cudaEventRecord(streams.back, streams.other), "cudaEventRecord");
  if (scene.mistake != "unjoined")
    own(cudaStreamWaitEvent(streams.main, streams.back, 0), "cudaStreamWaitEvent");
  if (scene.mistake == "synchronise-in-capture")
    own(cudaStreamSynchronize(streams.main), "cudaStreamSynchronize");
  session.capture(tensors, streams.main);
}

}  // namespace

void graph_replays(const Scene& scene) {
  Random random(scene.seed);
  Streams streams;
  RandomTensor changing = random_tensor(random, scene.most_bytes / 3);
  const RandomTensor fixed = random_tensor(random, scene.most_bytes / 3);
  const std::size_t bytes = changing.bytes.size();
  const DeviceCopy first(bytes), second(fixed.bytes.size());
  void* pinned = nullptr;
  own(cudaMallocHost(&pinned, bytes), "cudaMallocHost");
  std::memcpy(pinned, changing.bytes.data(), bytes);
  queue_copy(first.data(), pinned, bytes, streams.main);
  queue_copy(second.data(), fixed.bytes.data(), fixed.bytes.size(), streams.main);
  {
    PluginSession session(scene.plugin, {0, slots, REPRISE_CUDA_LANES_BY_WORK, 8});
    PluginSession::Tensors tensors = {changing.at(first.data()), fixed.at(second.data())};
    session.capture(tensors, streams.main);
    if (scene.mistake == "other-tensors") tensors.pop_back();
    cudaGraph_t graph = nullptr;
    cudaGraphExec_t ready = nullptr;
    own(cudaStreamBeginCapture(streams.main, cudaStreamCaptureModeThreadLocal), "cudaStreamBeginCapture");
    capture_step(scene, session, streams, first.data(), pinned, bytes, tensors);
    own(cudaStreamEndCapture(streams.main, &graph), "cudaStreamEndCapture");
    own(cudaGraphInstantiate(&ready, graph, 0), "cudaGraphInstantiate");
    std::vector<Digest> wanted;
    for (unsigned i = 0; i < replays; ++i) {
      fill(changing.bytes, random);
      std::memcpy(pinned, changing.bytes.data(), bytes);
      own(cudaGraphLaunch(ready, streams.main), "cudaGraphLaunch");
      if (session.replayed(streams.main) != i + 1) throw WrongDigest("the count of replays");
      wanted.push_back(changing.digest().digest);
      wanted.push_back(fixed.digest().digest);
    }
    const std::vector<Digest> kept(wanted.end() - 2 * slots, wanted.end());
    require_equal(session.replays(streams.main, replays - slots, slots, 2), kept, "graph replays");
    own(cudaGraphExecDestroy(ready), "cudaGraphExecDestroy");
    own(cudaGraphDestroy(graph), "cudaGraphDestroy");
  }
  own(cudaFreeHost(pinned), "cudaFreeHost");
}

}  // namespace reprise::fake_cuda
