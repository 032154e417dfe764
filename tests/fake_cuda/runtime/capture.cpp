// SPDX-License-Identifier: Apache-2.0
// Stream capture: work that is queued becomes the nodes of a graph.
#include <algorithm>

#include "fake_cuda/runtime/stream.h"

namespace reprise::fake_cuda {

std::shared_ptr<Capture> Streams::begin_capture(Stream* stream, cudaStreamCaptureMode mode) {
  if (stream->capture || stream->legacy) return nullptr;
  auto capture = std::make_shared<Capture>();
  capture->mode = mode;
  capture->thread = std::this_thread::get_id();
  capture->origin = stream;
  capture->id = ++captures_;
  perform(stream->tail);
  stream->tail.reset();
  stream->capture = capture;
  return capture;
}

cudaError_t Streams::end_capture(Stream* stream, std::unique_ptr<Graph>& graph) {
  const auto capture = stream->capture;
  if (!capture) return cudaErrorIllegalState;
  if (capture->origin != stream) return cudaErrorStreamCaptureUnmatched;
  if (capture->mode != cudaStreamCaptureModeRelaxed && capture->thread != std::this_thread::get_id())
    return cudaErrorStreamCaptureWrongThread;
  const bool joined = std::all_of(capture->open.begin(), capture->open.end(),
                                  [&](const Work* work) { return work == stream->tail.get(); });
  for (Stream* other : all()) {
    if (other->capture != capture) continue;
    other->capture.reset();
    other->tail.reset();
  }
  if (capture->broken) return cudaErrorStreamCaptureInvalidated;
  if (!joined) return cudaErrorStreamCaptureUnjoined;
  graph = std::make_unique<Graph>(Graph{capture->nodes});
  return cudaSuccess;
}

bool Streams::any_capture() const {
  return std::any_of(created_.begin(), created_.end(),
                     [](const auto& one) { return one->capture != nullptr; });
}

// The rule of cudaStreamBeginCapture: a thread's own captures forbid unless they are relaxed; those of other
// threads where they are global, and this thread did not ask for less by cudaThreadExchangeStreamCaptureMode.
bool Streams::unsafe(cudaStreamCaptureMode thread_mode) {
  bool forbidden = false;
  for (Stream* stream : all()) {
    if (!stream->capture || thread_mode == cudaStreamCaptureModeRelaxed) continue;
    Capture& capture = *stream->capture;
    const bool own = capture.thread == std::this_thread::get_id();
    const bool forbids =
        own ? capture.mode != cudaStreamCaptureModeRelaxed
            : capture.mode == cudaStreamCaptureModeGlobal && thread_mode == cudaStreamCaptureModeGlobal;
    if (!forbids) continue;
    capture.broken = true;
    forbidden = true;
  }
  return forbidden;
}

}  // namespace reprise::fake_cuda
