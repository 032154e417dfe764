// SPDX-License-Identifier: Apache-2.0
#pragma once
// One operator call while it runs, inside an operator window: what it was given is digested when it starts,
// what it made when it ends, and what its memory was before and after is kept.
#include <ATen/core/Generator.h>
#include <ATen/record_function.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "harness/record/operators/op_memory.h"
#include "harness/record/operators/op_tensor.h"
#include "harness/record/operators/op_window.h"
#include "harness/record/operators/operator_facts.h"
#include "harness/record/operators/python_stack.h"
#include "harness/tensor/digest.h"

namespace reprise {

// An argument that the call writes: where its memory lies, read again at the end if the call does not return
// it.
struct WrittenMemory {
  std::string dtype;
  std::vector<std::int64_t> shape, strides;
  const void* data = nullptr;
  std::size_t element_bytes = 0;
  c10::Device device = c10::kCPU;

  TensorView view() const { return {dtype, shape, strides, data, element_bytes}; }
};

struct CallContext final : at::ObserverContext {
  enum class Kind { call, scope, backward, other } kind = Kind::call;
  const OperatorFacts* facts = nullptr;
  std::shared_ptr<Window> window;
  ThreadCalls* own = nullptr;
  std::uint64_t epoch = 0;
  RunningCall running;
  std::optional<std::size_t> row;  // of the thread's calls; nothing: not of a phase that is recorded
  std::vector<WrittenMemory> written;
  std::vector<const void*> writes;  // storages
  struct Reading {
    std::size_t input;
    c10::weak_intrusive_ptr<c10::StorageImpl> storage;
    OpMemory::Found found;
  };
  std::vector<Reading> readings;
  std::optional<at::Generator> generator;
  bool kept = false;
  bool launches = false;  // what it launches is told under its number
  // Whether what it writes may come after it returned: all of it, or what goes into the CPU's memory.
  enum class Late { nothing, on_cpu, all } late = Late::nothing;
  std::vector<WantedDigest> wanted;  // inputs on a device
  std::string scope;
  PythonStack::Standing standing;  // of the script's code, as it begins
  const void* frame = nullptr;     // of Python, in which a node of a backward pass begins
  std::int64_t next_node = 0;      // the sequence number that the thread's next node gets
};

// Whether it is a node of a backward pass.
bool is_of_backward(const at::RecordFunction& record);
// Where the script's code stands: to be called before a thread's lock is taken.
void see_python(const at::RecordFunction& record, CallContext& context);
// Of a call within a backward pass: where the call was made whose gradient this computes.
void name_forward(Window& window, CallContext& context);
// The nodes that were made since then were made there.
void note_nodes(Window& window, const CallContext& context);

// Adds the call to its thread's calls, with its inputs. The thread's own lock is held by the caller, here and
// below.
void start_call(Window& window, const at::RecordFunction& record, const c10::OperatorName& name,
                CallContext& context);
// Adds its outputs; a call of a step that was taken meanwhile leaves what it did to memory only.
void end_call(Window& window, const at::RecordFunction& record, const CallContext& context);

}  // namespace reprise
