// SPDX-License-Identifier: Apache-2.0
#include "bench/cuda/measure.h"

namespace reprise::measures {
namespace {

struct Graph {
  cudaGraph_t graph = nullptr;
  cudaGraphExec_t runnable = nullptr;
  ~Graph() {
    if (runnable != nullptr) cudaGraphExecDestroy(runnable);
    if (graph != nullptr) cudaGraphDestroy(graph);
  }
};

// What `work` queues on the stream.
template <class Work>
void record(Graph& graph, cudaStream_t stream, const Work& work) {
  check_cuda(cudaStreamBeginCapture(stream, cudaStreamCaptureModeThreadLocal), "cudaStreamBeginCapture");
  work();
  check_cuda(cudaStreamEndCapture(stream, &graph.graph), "cudaStreamEndCapture");
  check_cuda(cudaGraphInstantiate(&graph.runnable, graph.graph, 0), "cudaGraphInstantiate");
}

// The memory holds other bytes before each replay; an eager session tells what each must give.
Json run(Device& device, const Choices& choices) {
  const std::size_t count = 8, replays = choices.dry ? 3 : 7;
  const std::int64_t elements = choices.dry ? 1000 : 300'001;
  Device captured(device.number());
  const Flat flat{elements};
  const std::size_t apart = static_cast<std::size_t>(elements) * 4;
  Memory memory(count * apart);
  std::vector<reprise_cuda_tensor> tensors;
  for (std::size_t i = 0; i < count; ++i) tensors.push_back(flat_tensor(memory.data() + i * apart, flat));
  memory.fill(0);
  const auto capture = [&] {
    captured.expect(captured.digests().capture(captured.session(), tensors.data(), count, captured.stream(),
                                               &captured.error),
                    "capture");
  };
  capture();  // outside any graph: allocates
  Graph graph;
  record(graph, captured.stream(), capture);
  std::vector<Digest> wanted;
  for (std::size_t replay = 0; replay < replays; ++replay) {
    memory.fill(static_cast<int>(replay + 1));
    check_cuda(cudaGraphLaunch(graph.runnable, captured.stream()), "cudaGraphLaunch");
    check_cuda(cudaStreamSynchronize(captured.stream()), "cudaStreamSynchronize");
    for (const auto& digest : device.collect(device.submit(tensors), count)) wanted.push_back(digest);
  }
  std::vector<reprise_cuda_digest> found(replays * count);
  captured.expect(captured.digests().replays(captured.session(), captured.stream(), 0, replays, found.data(),
                                             count, &captured.error),
                  "replays");
  std::size_t wrong = 0;
  for (std::size_t i = 0; i < found.size(); ++i) wrong += Digest{found[i].low, found[i].high} != wanted[i];
  return {{"goal", "G10: replayed digests are those of eager calls"},
          {"ok", wrong == 0},
          {"replays", replays},
          {"tensors", count},
          {"wrong", wrong}};
}

}  // namespace

extern const Measure graph{.summary = "digests captured in a CUDA graph against eager ones", .run = run};

}  // namespace reprise::measures
