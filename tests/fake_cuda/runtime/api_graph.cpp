// SPDX-License-Identifier: Apache-2.0
// Entry points: capture and graphs.
#include <algorithm>

#include "fake_cuda/runtime/runtime.h"

using namespace reprise::fake_cuda;

namespace {

Graph* find(Runtime& r, const void* handle) {
  for (const auto& graph : r.graphs)
    if (graph.get() == handle) return graph.get();
  return nullptr;
}

cudaError_t instantiate(const char* name, cudaGraphExec_t* out, cudaGraph_t handle) {
  return call(name, [&](Runtime& r) {
    const Graph* graph = find(r, handle);
    if (graph == nullptr) return misuse("a graph that does not exist, or was destroyed");
    r.graphs.push_back(std::make_unique<Graph>(*graph));
    *out = reinterpret_cast<cudaGraphExec_t>(r.graphs.back().get());
    return cudaSuccess;
  });
}

cudaError_t destroy(const char* name, const void* handle) {
  return call(name, [&](Runtime& r) {
    const auto gone = std::erase_if(r.graphs, [&](const auto& one) { return one.get() == handle; });
    return gone == 1 ? cudaSuccess : misuse("a graph that does not exist, or was destroyed");
  });
}

}  // namespace

FAKE_CUDA_API cudaError_t cudaStreamBeginCapture(cudaStream_t handle, cudaStreamCaptureMode mode) {
  return call_with_stream("cudaStreamBeginCapture", handle, [&](Runtime& r, Stream& stream) {
    return r.streams.begin_capture(&stream, mode) ? cudaSuccess : cudaErrorStreamCaptureUnsupported;
  });
}

FAKE_CUDA_API cudaError_t cudaStreamEndCapture(cudaStream_t handle, cudaGraph_t* out) {
  return call_with_stream("cudaStreamEndCapture", handle, [&](Runtime& r, Stream& stream) {
    *out = nullptr;
    std::unique_ptr<Graph> graph;
    const cudaError_t status = r.streams.end_capture(&stream, graph);
    if (status != cudaSuccess) return status;
    *out = reinterpret_cast<cudaGraph_t>(graph.get());
    r.graphs.push_back(std::move(graph));
    return cudaSuccess;
  });
}

FAKE_CUDA_API cudaError_t cudaStreamIsCapturing(cudaStream_t handle, cudaStreamCaptureStatus* status) {
  return call_with_stream("cudaStreamIsCapturing", handle, [&](Runtime&, Stream& stream) {
    *status = !stream.capture          ? cudaStreamCaptureStatusNone
              : stream.capture->broken ? cudaStreamCaptureStatusInvalidated
                                       : cudaStreamCaptureStatusActive;
    return cudaSuccess;
  });
}

FAKE_CUDA_API cudaError_t cudaStreamGetCaptureInfo(cudaStream_t handle, cudaStreamCaptureStatus* status,
                                                   unsigned long long* id, cudaGraph_t*,
                                                   const cudaGraphNode_t**, const cudaGraphEdgeData**,
                                                   size_t*) {
  return call_with_stream("cudaStreamGetCaptureInfo", handle, [&](Runtime&, Stream& stream) {
    *status = stream.capture ? cudaStreamCaptureStatusActive : cudaStreamCaptureStatusNone;
    if (id != nullptr) *id = stream.capture ? stream.capture->id : 0;
    return cudaSuccess;
  });
}

FAKE_CUDA_API cudaError_t cudaThreadExchangeStreamCaptureMode(cudaStreamCaptureMode* mode) {
  return call("cudaThreadExchangeStreamCaptureMode", [&](Runtime&) {
    std::swap(*mode, thread_state().capture_mode);
    return cudaSuccess;
  });
}

FAKE_CUDA_API cudaError_t cudaGraphInstantiate(cudaGraphExec_t* out, cudaGraph_t graph, unsigned long long) {
  return instantiate("cudaGraphInstantiate", out, graph);
}

FAKE_CUDA_API cudaError_t cudaGraphInstantiateWithFlags(cudaGraphExec_t* out, cudaGraph_t graph,
                                                        unsigned long long) {
  return instantiate("cudaGraphInstantiateWithFlags", out, graph);
}

FAKE_CUDA_API cudaError_t cudaGraphLaunch(cudaGraphExec_t handle, cudaStream_t stream_handle) {
  return call_with_stream("cudaGraphLaunch", stream_handle, [&](Runtime& r, Stream& stream) {
    const Graph* graph = find(r, handle);
    if (graph == nullptr) return misuse("a graph that does not exist, or was destroyed");
    return r.streams.queue(&stream, "a graph of " + std::to_string(graph->nodes.size()) + " nodes",
                           [&r, replayed = *graph] { r.streams.replay(replayed); });
  });
}

FAKE_CUDA_API cudaError_t cudaGraphGetNodes(cudaGraph_t handle, cudaGraphNode_t* nodes, size_t* count) {
  return call("cudaGraphGetNodes", [&](Runtime& r) {
    const Graph* graph = find(r, handle);
    if (graph == nullptr) return misuse("a graph that does not exist, or was destroyed");
    if (nodes != nullptr)
      for (std::size_t i = 0; i < std::min(*count, graph->nodes.size()); ++i)
        nodes[i] = reinterpret_cast<cudaGraphNode_t>(graph->nodes[i].get());
    *count = graph->nodes.size();
    return cudaSuccess;
  });
}

FAKE_CUDA_API cudaError_t cudaGraphDestroy(cudaGraph_t graph) { return destroy("cudaGraphDestroy", graph); }

FAKE_CUDA_API cudaError_t cudaGraphExecDestroy(cudaGraphExec_t graph) {
  return destroy("cudaGraphExecDestroy", graph);
}
