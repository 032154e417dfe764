// SPDX-License-Identifier: Apache-2.0
// plugin.h's functions over a Session: nothing is thrown across, and a null pointer is an answer, not a
// crash.
#include "harness/record/cuda/plugin.h"

#include <cstring>
#include <new>

#include "harness/record/cuda/runtime/session.h"

struct reprise_cuda_session {
  reprise::cuda::Session session;
};

namespace reprise::cuda {
namespace {

int answer(reprise_cuda_error* error, int code, const char* sentence) {
  if (error == nullptr) return code;
  error->code = code;
  std::strncpy(error->sentence, sentence, sizeof error->sentence - 1);
  error->sentence[sizeof error->sentence - 1] = '\0';
  return code;
}

template <class Work>
int guarded(reprise_cuda_error* error, bool arguments, Work work) {
  if (!arguments) return answer(error, REPRISE_CUDA_MISUSE, "an argument that is needed is null");
  try {
    work();
    return answer(error, REPRISE_CUDA_OK, "");
  } catch (const Failure& failure) {
    return answer(error, failure.code, failure.what());
  } catch (const std::bad_alloc&) {
    return answer(error, REPRISE_CUDA_OUT_OF_MEMORY, "the host is out of memory for digests");
  } catch (const std::exception& other) {
    return answer(error, REPRISE_CUDA_FAILED, other.what());
  }
}

int open(const reprise_cuda_options* options, reprise_cuda_session** session, reprise_cuda_error* error) {
  return guarded(error, options != nullptr && session != nullptr,
                 [&] { *session = new reprise_cuda_session{Session(*options)}; });
}

void close(reprise_cuda_session* session) { delete session; }

int submit(reprise_cuda_session* session, const reprise_cuda_tensor* tensors, uint64_t count,
           const reprise_cuda_place* place, uint64_t* ticket, reprise_cuda_error* error) {
  const bool arguments =
      session != nullptr && (tensors != nullptr || count == 0) && place != nullptr && ticket != nullptr;
  return guarded(error, arguments, [&] { *ticket = session->session.submit({tensors, count}, *place); });
}

int join(reprise_cuda_session* session, void* stream, reprise_cuda_error* error) {
  return guarded(error, session != nullptr,
                 [&] { session->session.join(static_cast<cudaStream_t>(stream)); });
}

int ready(reprise_cuda_session* session, uint64_t ticket, int* is_ready, reprise_cuda_error* error) {
  return guarded(error, session != nullptr && is_ready != nullptr,
                 [&] { *is_ready = session->session.ready(ticket) ? 1 : 0; });
}

int collect(reprise_cuda_session* session, uint64_t ticket, reprise_cuda_digest* digests, uint64_t count,
            reprise_cuda_error* error) {
  return guarded(error, session != nullptr && (digests != nullptr || count == 0), [&] {
    session->session.collect(ticket, {digests, count});
  });
}

int leaves(reprise_cuda_session* session, uint64_t ticket, reprise_cuda_digest* digests, uint64_t count,
           reprise_cuda_error* error) {
  return guarded(error, session != nullptr && (digests != nullptr || count == 0), [&] {
    session->session.leaves(ticket, {digests, count});
  });
}

int capture(reprise_cuda_session* session, const reprise_cuda_tensor* tensors, uint64_t count, void* stream,
            reprise_cuda_error* error) {
  return guarded(error, session != nullptr && (tensors != nullptr || count == 0), [&] {
    session->session.capture({tensors, count}, static_cast<cudaStream_t>(stream));
  });
}

int replayed(reprise_cuda_session* session, void* stream, uint64_t* rows, reprise_cuda_error* error) {
  return guarded(error, session != nullptr && rows != nullptr,
                 [&] { *rows = session->session.replayed(static_cast<cudaStream_t>(stream)); });
}

int replays(reprise_cuda_session* session, void* stream, uint64_t first, uint64_t rows,
            reprise_cuda_digest* digests, uint64_t count, reprise_cuda_error* error) {
  return guarded(error, session != nullptr && digests != nullptr, [&] {
    session->session.replays(static_cast<cudaStream_t>(stream), first, rows, {digests, rows * count});
  });
}

int self_test(reprise_cuda_session* session, const void* bytes, uint64_t size,
              const reprise_cuda_tensor* tensors, const reprise_cuda_digest* wanted, uint64_t count,
              void* stream, reprise_cuda_error* error) {
  const bool arguments =
      session != nullptr && bytes != nullptr && size > 0 && tensors != nullptr && wanted != nullptr;
  return guarded(error, arguments, [&] {
    session->session.self_test({static_cast<const std::byte*>(bytes), size}, {tensors, count},
                               {wanted, count}, static_cast<cudaStream_t>(stream));
  });
}

constexpr reprise_cuda_functions functions = {open,   close,   submit,   join,    ready,    collect,
                                              leaves, capture, replayed, replays, self_test};

}  // namespace
}  // namespace reprise::cuda

extern "C" __attribute__((visibility("default"))) const reprise_cuda_functions* reprise_cuda(
    uint32_t interface_number) {
  return interface_number == REPRISE_CUDA_INTERFACE ? &reprise::cuda::functions : nullptr;
}
