// SPDX-License-Identifier: Apache-2.0
// Entry points: streams and events.
#include <algorithm>

#include "fake_cuda/runtime/runtime.h"

using namespace reprise::fake_cuda;

namespace {

constexpr unsigned long long stream_non_blocking = cudaStreamNonBlocking;

cudaError_t create(const char* name, cudaStream_t* out, unsigned flags, int priority) {
  return call(name, [&](Runtime& r) {
    *out = reinterpret_cast<cudaStream_t>(
        r.streams.create(thread_state().device, (flags & stream_non_blocking) == 0, priority));
    return cudaSuccess;
  });
}

Event* find(Runtime& r, cudaEvent_t handle) {
  for (const auto& event : r.events)
    if (event.get() == reinterpret_cast<Event*>(handle)) return event.get();
  return nullptr;
}

template <class Body>
cudaError_t call_with_event(const char* name, cudaEvent_t handle, Body body) {
  return call(name, [&](Runtime& r) {
    Event* event = find(r, handle);
    if (event == nullptr) {
      misuse(std::string(name) + " with an event that does not exist, or was destroyed");
      return cudaErrorInvalidResourceHandle;
    }
    return body(r, *event);
  });
}

cudaError_t create_event(const char* name, cudaEvent_t* out) {
  return call(name, [&](Runtime& r) {
    r.events.push_back(std::make_unique<Event>());
    *out = reinterpret_cast<cudaEvent_t>(r.events.back().get());
    return cudaSuccess;
  });
}

cudaError_t record(const char* name, cudaEvent_t handle, cudaStream_t stream_handle) {
  return call_with_event(name, handle, [&](Runtime& r, Event& event) {
    Stream* stream = r.streams.find(stream_handle, thread_state().device);
    if (stream == nullptr) return cudaErrorInvalidResourceHandle;
    const cudaError_t status = r.streams.queue(stream, "an event", nullptr);
    if (status != cudaSuccess) return status;
    event = {true, stream->tail, stream->capture, 0};
    return cudaSuccess;
  });
}

// A wait from inside a capture on what is outside, or the other way round, would tie the graph to work that
// it does not hold. A stream that waits for an event of a capture joins it.
cudaError_t wait(Runtime& r, Stream& stream, Event& event) {
  if (!event.recorded) return cudaSuccess;
  if (event.capture && !stream.capture && !event.capture->broken) {
    if (event.capture->origin->capture != event.capture)
      return cudaErrorCapturedEvent;  // that capture has ended
    stream.capture = event.capture;
    stream.tail.reset();
  }
  if (stream.capture != event.capture) {
    if (stream.capture) stream.capture->broken = true;
    return cudaErrorStreamCaptureIsolation;
  }
  return r.streams.queue(&stream, "a wait for an event", nullptr,
                         event.at ? std::vector{event.at} : std::vector<WorkPtr>{});
}

cudaError_t captured_event(Event& event) {
  event.capture->broken = true;
  return cudaErrorCapturedEvent;
}

}  // namespace

FAKE_CUDA_API cudaError_t cudaStreamCreate(cudaStream_t* out) {
  return create("cudaStreamCreate", out, 0, 0);
}

FAKE_CUDA_API cudaError_t cudaStreamCreateWithFlags(cudaStream_t* out, unsigned flags) {
  return create("cudaStreamCreateWithFlags", out, flags, 0);
}

FAKE_CUDA_API cudaError_t cudaStreamCreateWithPriority(cudaStream_t* out, unsigned flags, int priority) {
  return create("cudaStreamCreateWithPriority", out, flags, priority);
}

FAKE_CUDA_API cudaError_t cudaStreamDestroy(cudaStream_t handle) {
  return call_with_stream("cudaStreamDestroy", handle, [&](Runtime& r, Stream& stream) {
    r.streams.destroy(&stream);
    return cudaSuccess;
  });
}

FAKE_CUDA_API cudaError_t cudaStreamGetPriority(cudaStream_t handle, int* priority) {
  return call_with_stream("cudaStreamGetPriority", handle, [&](Runtime&, Stream& stream) {
    *priority = stream.priority;
    return cudaSuccess;
  });
}

FAKE_CUDA_API cudaError_t cudaStreamSynchronize(cudaStream_t handle) {
  return call_with_stream("cudaStreamSynchronize", handle, [&](Runtime& r, Stream& stream) {
    if (stream.capture) {
      stream.capture->broken = true;
      return cudaErrorStreamCaptureUnsupported;
    }
    r.streams.wait(&stream);
    return cudaSuccess;
  });
}

FAKE_CUDA_API cudaError_t cudaStreamQuery(cudaStream_t handle) {
  return call_with_stream("cudaStreamQuery", handle, [&](Runtime&, Stream& stream) {
    if (stream.capture) {
      stream.capture->broken = true;
      return cudaErrorStreamCaptureUnsupported;
    }
    return !stream.tail || stream.tail->done ? cudaSuccess : cudaErrorNotReady;
  });
}

FAKE_CUDA_API cudaError_t cudaStreamWaitEvent(cudaStream_t handle, cudaEvent_t event_handle, unsigned) {
  return call_with_stream("cudaStreamWaitEvent", handle, [&](Runtime& r, Stream& stream) {
    Event* event = find(r, event_handle);
    return event == nullptr ? cudaErrorInvalidResourceHandle : wait(r, stream, *event);
  });
}

FAKE_CUDA_API cudaError_t cudaEventCreate(cudaEvent_t* out) { return create_event("cudaEventCreate", out); }

FAKE_CUDA_API cudaError_t cudaEventCreateWithFlags(cudaEvent_t* out, unsigned) {
  return create_event("cudaEventCreateWithFlags", out);
}

FAKE_CUDA_API cudaError_t cudaEventDestroy(cudaEvent_t handle) {
  return call_with_event("cudaEventDestroy", handle, [](Runtime& r, Event& event) {
    std::erase_if(r.events, [&](const auto& one) { return one.get() == &event; });
    return cudaSuccess;
  });
}

FAKE_CUDA_API cudaError_t cudaEventRecord(cudaEvent_t event, cudaStream_t stream) {
  return record("cudaEventRecord", event, stream);
}

FAKE_CUDA_API cudaError_t cudaEventRecordWithFlags(cudaEvent_t event, cudaStream_t stream, unsigned) {
  return record("cudaEventRecordWithFlags", event, stream);
}

// A poll finds work done sooner or later, but never at a certain poll.
FAKE_CUDA_API cudaError_t cudaEventQuery(cudaEvent_t handle) {
  return call_with_event("cudaEventQuery", handle, [](Runtime& r, Event& event) {
    constexpr int patience = 4;
    if (event.capture) return captured_event(event);
    if (++event.questions > patience || (r.streams.drawn() && r.streams.random()() % 2 == 0))
      r.streams.perform(event.at);
    return !event.at || event.at->done ? cudaSuccess : cudaErrorNotReady;
  });
}

FAKE_CUDA_API cudaError_t cudaEventSynchronize(cudaEvent_t handle) {
  return call_with_event("cudaEventSynchronize", handle, [](Runtime& r, Event& event) {
    if (event.capture) return captured_event(event);
    r.streams.perform(event.at);
    return cudaSuccess;
  });
}

FAKE_CUDA_API cudaError_t cudaEventElapsedTime(float* milliseconds, cudaEvent_t begin, cudaEvent_t) {
  return call_with_event("cudaEventElapsedTime", begin, [&](Runtime&, Event&) {
    *milliseconds = 1;
    return cudaSuccess;
  });
}

FAKE_CUDA_API cudaError_t cudaLaunchHostFunc(cudaStream_t handle, cudaHostFn_t function, void* data) {
  return call_with_stream("cudaLaunchHostFunc", handle, [&](Runtime& r, Stream& stream) {
    return r.streams.queue(&stream, "a function of the host", [function, data] { function(data); });
  });
}
