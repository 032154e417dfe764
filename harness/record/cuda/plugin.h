// SPDX-License-Identifier: Apache-2.0
#pragma once
// The interface of libreprise_cuda.so: digests of tensors that lie in the memory of a CUDA device, made
// there, with the bits that harness/trace makes on the CPU. Plain C: whoever loads the library by dlopen
// needs neither CUDA's headers nor the C++ library it was built with, only
//
//     auto* make = (reprise_cuda_entry)dlsym(library, REPRISE_CUDA_ENTRY);
//     const reprise_cuda_functions* cuda = make(REPRISE_CUDA_INTERFACE);
//
// No function throws, exits or prints. Each returns 0, or a code and a sentence in `error` (which may be
// null). A session belongs to one device and one caller at a time; two sessions may be used by two threads.
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define REPRISE_CUDA_INTERFACE 1
#define REPRISE_CUDA_ENTRY "reprise_cuda"

// Codes. Whatever it is, the caller can go on by digesting a copy on the CPU, except after LOST: the device
// is gone for this process then, and every tensor on it.
enum {
  REPRISE_CUDA_OK = 0,
  REPRISE_CUDA_NO_DRIVER = 1,      // none, or one too old for this library
  REPRISE_CUDA_NO_DEVICE = 2,      // no such device
  REPRISE_CUDA_TOO_OLD = 3,        // compute capability below 7.5
  REPRISE_CUDA_OUT_OF_MEMORY = 4,  // for the scratch
  REPRISE_CUDA_LOST = 5,           // the device failed: an error that every later call repeats
  REPRISE_CUDA_FAILED = 6,         // any other error of the CUDA run-time library
  REPRISE_CUDA_WRONG = 7,          // the self-test found other bits
  REPRISE_CUDA_MISUSE = 8,         // the caller: an unknown ticket, no free slot, an element of 3 bytes
  REPRISE_CUDA_CAPTURING = 9       // would need memory or an upload, which a stream under capture cannot give
};

typedef struct reprise_cuda_error {
  int code;
  char sentence[500];  // what was wanted and what was found; ends with a zero byte
} reprise_cuda_error;

typedef struct reprise_cuda_session reprise_cuda_session;

// As the trace holds it: low half, then high half.
typedef struct reprise_cuda_digest {
  uint64_t low, high;
} reprise_cuda_digest;

// A tensor as it lies in the device's memory: element (i, j, ...) stands at
// data + element_bytes * (i * strides[0] + j * strides[1] + ...), at any address. Nothing of it is kept after
// the call but the numbers.
typedef struct reprise_cuda_tensor {
  const void* data;
  const char* dtype;       // the safetensors name: "F32"; at most 16 bytes
  const int64_t* shape;    // `axes` of them
  const int64_t* strides;  // in elements; may be zero or negative
  uint32_t axes;           // at most 64
  uint32_t element_bytes;  // 1, 2, 4, 8 or 16
} reprise_cuda_tensor;

// How many lanes work on one leaf of 16 KiB. The bits are the same.
enum {
  REPRISE_CUDA_LANES_BY_WORK = 0,  // a warp where there are few leaves, else four lanes
  REPRISE_CUDA_LANES_FOUR = 1,
  REPRISE_CUDA_LANES_WARP = 2
};

typedef struct reprise_cuda_options {
  int device;       // the ordinal, as cudaSetDevice counts
  uint32_t slots;   // results that may wait to be collected; 0: 8
  uint32_t lanes;   // REPRISE_CUDA_LANES_...
  uint32_t blocks;  // at most so many thread blocks hash leaves on the side stream; 0: 32
} reprise_cuda_options;

enum {
  REPRISE_CUDA_ON_CALLER = 0,  // in the caller's stream, after what it holds
  REPRISE_CUDA_ON_SIDE =
      1  // in the session's own stream of lowest priority, after what the caller's holds now
};

typedef struct reprise_cuda_place {
  void* stream;          // the caller's cudaStream_t; null is the legacy default stream
  uint32_t where;        // REPRISE_CUDA_ON_...
  uint32_t keep_leaves;  // 1: leaves() can be called for this ticket
} reprise_cuda_place;

typedef struct reprise_cuda_functions {
  // Streams, events and pinned memory on one device. close() waits for what is in flight; null is let be.
  int (*open)(const reprise_cuda_options* options, reprise_cuda_session** session, reprise_cuda_error* error);
  void (*close)(reprise_cuda_session* session);

  // Digests of all `count` tensors: two kernels and one copy of 16 bytes for each tensor, queued; nothing is
  // waited for. (Memory is allocated, and waited for, only where there are more tensors or leaves than in any
  // earlier call.) The tensors must stay as they are until the digests are made: on the side stream call
  // join() before anything overwrites or frees them.
  int (*submit)(reprise_cuda_session* session, const reprise_cuda_tensor* tensors, uint64_t count,
                const reprise_cuda_place* place, uint64_t* ticket, reprise_cuda_error* error);

  // Makes `stream` wait on the device, not the caller, until everything submitted so far is digested.
  int (*join)(reprise_cuda_session* session, void* stream, reprise_cuda_error* error);

  // `*ready` is 1 if collect() would not wait.
  int (*ready)(reprise_cuda_session* session, uint64_t ticket, int* ready, reprise_cuda_error* error);

  // The digests of a ticket, one for each tensor, in order: sealed with dtype and shape. Waits for them. The
  // ticket's slot, and its leaves, are free afterwards.
  int (*collect)(reprise_cuda_session* session, uint64_t ticket, reprise_cuda_digest* digests, uint64_t count,
                 reprise_cuda_error* error);

  // Before collect(): the leaves of all tensors of a ticket that keeps them, one tensor's after the other's,
  // leaf_count(bytes) for each.
  int (*leaves)(reprise_cuda_session* session, uint64_t ticket, reprise_cuda_digest* leaves, uint64_t count,
                reprise_cuda_error* error);

  // For a CUDA graph: capture() on a stream under capture queues the two kernels alone. Call it once on a
  // stream that is not under capture first, with the same tensors: that allocates and uploads, hashes once,
  // and waits. Each replay of the graph then adds one row to a ring of `slots` rows on the device. replayed()
  // waits for the device's row count; replays() copies rows [first, first + rows) counted from the first
  // replay, `count` digests each, the newest `slots` rows at most. A session that captured does not submit.
  int (*capture)(reprise_cuda_session* session, const reprise_cuda_tensor* tensors, uint64_t count,
                 void* stream, reprise_cuda_error* error);
  int (*replayed)(reprise_cuda_session* session, void* stream, uint64_t* rows, reprise_cuda_error* error);
  int (*replays)(reprise_cuda_session* session, void* stream, uint64_t first, uint64_t rows,
                 reprise_cuda_digest* digests, uint64_t count, reprise_cuda_error* error);

  // Known answers through the real kernels and streams. `bytes` is host memory, copied to the device; the
  // tensors' data point into it. Both counts of lanes, both streams. WRONG names the tensor and both digests.
  int (*self_test)(reprise_cuda_session* session, const void* bytes, uint64_t size,
                   const reprise_cuda_tensor* tensors, const reprise_cuda_digest* wanted, uint64_t count,
                   void* stream, reprise_cuda_error* error);
} reprise_cuda_functions;

// Null if this library speaks another interface.
typedef const reprise_cuda_functions* (*reprise_cuda_entry)(uint32_t interface_number);

#ifdef __cplusplus
}
#endif
