// SPDX-License-Identifier: Apache-2.0
#include "harness/record/operators/watched_call.h"

#include <ATen/SequenceNumber.h>

#include <string_view>

#include "harness/base/error.h"
#include "harness/record/operators/op_arguments.h"
#include "harness/record/operators/op_generator.h"
#include "harness/record/operators/op_tensor.h"
#include "harness/record/tensor_digest.h"

namespace reprise {
namespace {

Phase phase_of(const Window& window, const ThreadCalls& own) {
  if (window.step.load() == 0) return Phase::begin;
  if (!own.backward.empty()) return Phase::backward;
  if (own.optimizer > 0) return Phase::optimizer;
  return own.evaluate > 0 ? Phase::evaluate : Phase::forward;
}

// Where the call was made whose gradient the thread computes now.
KnownPlace forward_place(Window& window, const ThreadCalls& own) {
  const auto& node = own.backward.back();
  const std::lock_guard lock(window.lock);
  const auto found = window.place_of_node.find({node.maker, node.sequence});
  return node.sequence < 0 || found == window.place_of_node.end() ? KnownPlace() : found->second;
}

std::string scope_text(const ThreadCalls& own) {
  std::string text;
  for (const auto& scope : own.scopes) {
    if (!text.empty()) text += '/';
    text += scope;
  }
  return text;
}

void name_scope(Window& window, const ThreadCalls& own, std::int64_t forward_sequence, OpCall& call) {
  if (!own.backward.empty()) {
    call.sequence = own.backward.back().sequence;
    const std::lock_guard lock(window.lock);
    const auto found = window.scope_of_sequence.find(call.sequence);
    if (found != window.scope_of_sequence.end()) call.scope = found->second;
    return;
  }
  call.sequence = forward_sequence;
  call.scope = scope_text(own);
  if (call.sequence < 0 || call.scope.empty()) return;
  const std::lock_guard lock(window.lock);
  window.scope_of_sequence.emplace(call.sequence, call.scope);
}

void keep_written(const at::Tensor& tensor, CallContext& context) {
  const TensorView view = device_view_of(tensor, "of an operator call");
  context.written.push_back({std::string(view.dtype), tensor.sizes().vec(), tensor.strides().vec(), view.data,
                             view.element_bytes, tensor.device()});
}

void read_input(Window& window, bool written, bool overwritten, const at::Tensor& tensor,
                CallContext& context, OpCall& call) {
  const bool plain = is_observable(tensor) || is_observable_there(tensor);
  OpMemory::Found found;
  if (plain && !overwritten) {
    found = window.memory.read(tensor, context.running);
    context.readings.push_back({call.inputs.size(), tensor.storage().getWeakStorageImpl(), found});
  }
  call.inputs.push_back(op_tensor_of(tensor, overwritten ? Seen::uninitialised : found.seen,
                                     window.min_elements, call.inputs.size(), context.wanted));
  call.inputs.back().writer = found.writer;
  call.inputs.back().writer_place = found.place;
  if (!written || !plain) return;
  if (context.facts->returns_nothing) keep_written(tensor, context);
  window.memory.begin_write(tensor, overwritten, context.running);
  context.writes.push_back(OpMemory::storage_of(tensor));
}

void read_inputs(Window& window, const OperatorFacts& facts, c10::ArrayRef<const c10::IValue> inputs,
                 CallContext& context, OpCall& call) {
  for (std::size_t i = 0; i < inputs.size() && i < facts.arguments.size(); ++i) {
    const bool is_tensor = each_tensor(inputs[i], [&](const at::Tensor& tensor) {
      read_input(window, facts.written[i], facts.overwritten[i], tensor, context, call);
    });
    if (is_tensor) continue;
    if (!call.scalars.empty()) call.scalars += ' ';
    call.scalars += facts.arguments[i] + "=" + scalar_text(inputs[i]);
  }
  if (!facts.random) return;
  context.generator = generator_of(inputs);
  call.inputs.push_back(state_of(context.generator));
}

const OperatorFacts* facts_of_record(const at::RecordFunction& record, const c10::OperatorName& name) {
  if (const auto* known = known_facts_of(name)) return known;
  const auto schema = record.operator_schema();
  return schema ? &facts_of(name, *schema) : nullptr;
}

// A collective's result is there once somebody has waited for it; a copy from a device into the CPU's memory
// may have been asked not to wait.
CallContext::Late lateness(const OperatorFacts& facts, c10::ArrayRef<const c10::IValue> inputs) {
  if (facts.name.starts_with("c10d::")) return CallContext::Late::all;
  bool later = false, from_device = false;
  for (std::size_t i = 0; i < inputs.size() && i < facts.arguments.size(); ++i) {
    later = later || (facts.arguments[i] == "non_blocking" && inputs[i].isBool() && inputs[i].toBool());
    each_tensor(inputs[i], [&](const at::Tensor& tensor) {
      from_device = from_device || (tensor.defined() && !tensor.device().is_cpu());
    });
  }
  return later && from_device ? CallContext::Late::on_cpu : CallContext::Late::nothing;
}

bool is_late(const CallContext& context, c10::Device device) {
  return context.late == CallContext::Late::all ||
         (context.late == CallContext::Late::on_cpu && device.is_cpu());
}

bool is_place(const CallPlace& place, Window& window, const OpCall& call) {
  if (place.step != window.step.load() || place.thread != call.thread) return false;
  if (place.name.empty()) return place.order == call.order;
  return place.name == call.name && place.order == window.of_that_name++;
}

// What becomes of a result's memory.
void note_result(Window& window, const CallContext& context, bool view, const at::Tensor& tensor) {
  const OperatorFacts& facts = *context.facts;
  if (view || facts.hands_over) return;
  if (facts.resizes)
    window.memory.resized(tensor);
  else if (facts.makes_empty)
    window.memory.made(tensor, window.fill, context.running);
  else
    window.memory.wrote(tensor, context.running);
}

void read_output(Window& window, const CallContext& context, std::size_t result, const at::Tensor& tensor,
                 OpCall* call, std::vector<WantedDigest>& wanted) {
  const OperatorFacts& facts = *context.facts;
  const bool view = result < facts.view.size() && facts.view[result];
  const bool plain = is_observable(tensor) || is_observable_there(tensor);
  if (plain) note_result(window, context, view, tensor);
  if (call == nullptr) return;
  Seen marked = Seen::content;
  if (facts.hands_over || (facts.makes_empty && !window.fill)) marked = Seen::uninitialised;
  if (view) marked = Seen::view;
  if (marked == Seen::uninitialised && plain && !facts.hands_over && !facts.resizes)
    context.own->fresh.push_back({*context.row, call->outputs.size(), OpMemory::storage_of(tensor)});
  if (marked == Seen::content && tensor.defined() && is_late(context, tensor.device()))
    marked = Seen::unobserved;
  call->outputs.push_back(op_tensor_of(tensor, marked, window.min_elements, call->outputs.size(), wanted));
  if (context.kept) window.keeper->keep_output(tensor);
}

void read_written(Window& window, const CallContext& context, OpCall& call,
                  std::vector<WantedDigest>& wanted) {
  for (const auto& memory : context.written) {
    OpTensor left{{}, memory.dtype, memory.shape, Seen::content};
    std::int64_t elements = 1;
    for (const auto size : memory.shape) elements *= size;
    if (is_late(context, memory.device))
      left.seen = Seen::unobserved;
    else if (elements < window.min_elements)
      left.seen = Seen::small;
    else if (memory.device.is_cpu())
      left.digest = digest_of(memory.view()).digest;
    else
      wanted.push_back({call.outputs.size(), memory.view(), memory.device});
    call.outputs.push_back(std::move(left));
    if (context.kept) window.keeper->keep_output(memory.view(), memory.device);
  }
}

// What another thread wrote while the call ran is no input that was seen; a generator from which nothing was
// drawn is no input at all.
void look_again(Window& window, const CallContext& context, OpCall* call) {
  for (const auto& reading : context.readings) {
    const auto alive = reading.storage.lock();
    if (!alive) continue;
    const std::string writer = window.memory.changed_since(*alive, context.running, reading.found);
    if (writer.empty() || call == nullptr) continue;
    OpTensor& input = call->inputs[reading.input];
    input.digest = {};
    input.seen = Seen::unobserved;
    input.writer = writer;
    input.writer_place = {};
  }
  if (call == nullptr || !context.facts->random) return;
  const OpTensor& before = call->inputs.back();
  if (before.seen == Seen::content && before == state_of(context.generator)) call->inputs.pop_back();
}

}  // namespace

bool is_of_backward(const at::RecordFunction& record) {
  return record.scope() == at::RecordScope::BACKWARD_FUNCTION ||
         std::string_view(record.name()).starts_with("autograd::engine::evaluate_function");
}

void see_python(const at::RecordFunction& record, CallContext& context) {
  context.next_node = static_cast<std::int64_t>(at::sequence_number::peek());
  if (record.scope() == at::RecordScope::USER_SCOPE) return;
  auto& python = PythonStack::of_process();
  if (is_of_backward(record)) {
    context.frame = python.innermost();
    return;
  }
  const void* base = nullptr;
  {
    const std::lock_guard lock(context.own->lock);
    if (!context.own->backward.empty()) base = context.own->backward.back().frame;
  }
  context.standing = python.standing(base);
}

// In a backward pass only code of the script's own that runs within it says where a call comes from.
void name_forward(Window& window, CallContext& context) {
  if (context.own->backward.empty() || (context.standing.place.at && context.standing.within)) return;
  context.running.forward = forward_place(window, *context.own);
}

void note_nodes(Window& window, const CallContext& context) {
  if (context.kind != CallContext::Kind::call && context.kind != CallContext::Kind::other) return;
  const auto& forward = context.running.forward;
  const KnownPlace& place = forward.at ? forward : context.standing.place;
  const auto next = static_cast<std::int64_t>(at::sequence_number::peek());
  if (!place.at || next == context.next_node) return;
  const std::uint64_t thread = at::RecordFunction::currentThreadId();
  const std::lock_guard lock(window.lock);
  for (std::int64_t node = context.next_node; node < next; ++node)
    window.place_of_node.emplace(std::pair(thread, node), place);
}

void start_call(Window& window, const at::RecordFunction& record, const c10::OperatorName& name,
                CallContext& context) {
  ThreadCalls& own = *context.own;
  context.facts = facts_of_record(record, name);
  check(context.facts != nullptr, "an operator of the dispatcher has a schema");
  OpCall call;
  call.phase = phase_of(window, own);
  call.thread = own.shown_name();
  if (own.depth == 0) {
    own.open_row = own.taken + own.calls.size();
    own.open_order = own.order;
  }
  call.order = own.order++;
  call.depth = own.depth++;
  call.name = context.facts->name;
  context.running = {own.number, call.thread, call.name, call.depth, context.standing.place, {}};
  name_forward(window, context);
  call.place = context.running.place;
  call.forward = context.running.forward;
  name_scope(window, own, record.seqNr(), call);
  context.late = lateness(*context.facts, record.inputs());
  read_inputs(window, *context.facts, record.inputs(), context, call);
  if (!window.phases.contains(call.phase)) return;
  if (window.dump && is_place(*window.dump, window, call)) {
    window.keeper->keep_inputs(name, record.inputs());
    context.kept = true;
  }
  context.row = own.taken + own.calls.size();
  own.calls.push_back(std::move(call));
  window.digests.ask(own, *context.row, OpDigests::Side::inputs, context.wanted);
}

void end_call(Window& window, const at::RecordFunction& record, const CallContext& context) {
  ThreadCalls& own = *context.own;
  --own.depth;
  const bool recorded = context.row && *context.row >= own.taken;
  OpCall* call = recorded ? &own.calls[*context.row - own.taken] : nullptr;
  look_again(window, context, call);
  for (const void* storage : context.writes) window.memory.end_write(storage, context.running);
  const auto& results = record.outputs();
  std::vector<WantedDigest> wanted;
  for (std::size_t i = 0; i < results.size(); ++i)
    each_tensor(results[i],
                [&](const at::Tensor& tensor) { read_output(window, context, i, tensor, call, wanted); });
  if (call == nullptr) return;
  read_written(window, context, *call, wanted);
  window.digests.ask(own, *context.row, OpDigests::Side::outputs, wanted);
  if (context.kept) window.keeper->write();
}

}  // namespace reprise
