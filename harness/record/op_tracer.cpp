// SPDX-License-Identifier: Apache-2.0
#include "harness/record/op_tracer.h"

#include <ATen/Context.h>
#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <stdexcept>
#include <string_view>

#include "harness/base/error.h"
#include "harness/record/call_keeper.h"
#include "harness/record/op_arguments.h"
#include "harness/record/op_generator.h"
#include "harness/record/op_memory.h"
#include "harness/record/op_tensor.h"
#include "harness/record/op_window.h"
#include "harness/record/operator_facts.h"
#include "harness/record/tensor_digest.h"

namespace reprise {
namespace {

std::uint64_t windows_opened = 0;

constexpr std::string_view backward_record = "autograd::engine::evaluate_function";
constexpr std::string_view optimizer_scope = "Optimizer.step", evaluate_scope = "evaluate";

// An argument that the call writes: where its memory lies, read again at the end if the call does not return
// it.
struct WrittenMemory {
  std::string dtype;
  std::vector<std::int64_t> shape, strides;
  const void* data = nullptr;
  std::size_t element_bytes = 0;

  TensorView view() const { return {dtype, shape, strides, data, element_bytes}; }
};

struct CallContext final : at::ObserverContext {
  enum class Kind { call, scope, backward } kind = Kind::call;
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
  std::string scope;
};

Phase phase_of(const Window& window, const ThreadCalls& own) {
  if (window.step.load() == 0) return Phase::begin;
  if (!own.backward.empty()) return Phase::backward;
  if (own.optimizer > 0) return Phase::optimizer;
  return own.evaluate > 0 ? Phase::evaluate : Phase::forward;
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
    call.sequence = own.backward.back();
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
  if (!is_observable(tensor)) return;
  const TensorView view = view_of(tensor, "of an operator call");
  context.written.push_back(
      {std::string(view.dtype), tensor.sizes().vec(), tensor.strides().vec(), view.data, view.element_bytes});
}

void read_input(Window& window, bool written, bool overwritten, const at::Tensor& tensor,
                CallContext& context, OpCall& call) {
  const bool plain = is_observable(tensor);
  OpMemory::Found found;
  if (plain && !overwritten) {
    found = window.memory.read(tensor, context.running);
    context.readings.push_back({call.inputs.size(), tensor.storage().getWeakStorageImpl(), found});
  }
  call.inputs.push_back(
      op_tensor_of(tensor, overwritten ? Seen::uninitialised : found.seen, window.min_elements));
  call.inputs.back().writer = found.writer;
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

bool is_place(const CallPlace& place, const Window& window, const OpCall& call) {
  return place.step == window.step.load() && place.thread == call.thread && place.order == call.order;
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
  context.running = {own.number, call.thread, call.name, call.depth};
  name_scope(window, own, record.seqNr(), call);
  read_inputs(window, *context.facts, record.inputs(), context, call);
  if (!window.phases.contains(call.phase)) return;
  if (window.dump && is_place(*window.dump, window, call)) {
    window.keeper->keep_inputs(name, record.inputs());
    context.kept = true;
  }
  context.row = own.taken + own.calls.size();
  own.calls.push_back(std::move(call));
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
                 OpCall* call) {
  const OperatorFacts& facts = *context.facts;
  const bool view = result < facts.view.size() && facts.view[result], plain = is_observable(tensor);
  if (plain) note_result(window, context, view, tensor);
  if (call == nullptr) return;
  Seen marked = Seen::content;
  if (facts.hands_over || (facts.makes_empty && !window.fill)) marked = Seen::uninitialised;
  if (view) marked = Seen::view;
  if (marked == Seen::uninitialised && plain && !facts.hands_over && !facts.resizes)
    context.own->fresh.push_back({*context.row, call->outputs.size(), OpMemory::storage_of(tensor)});
  call->outputs.push_back(op_tensor_of(tensor, marked, window.min_elements));
  if (context.kept) window.keeper->keep_output(tensor);
}

void read_written(Window& window, const CallContext& context, OpCall& call) {
  for (const auto& memory : context.written) {
    OpTensor left{{}, memory.dtype, memory.shape, Seen::content};
    std::int64_t elements = 1;
    for (const auto size : memory.shape) elements *= size;
    if (elements < window.min_elements)
      left.seen = Seen::small;
    else
      left.digest = digest_of(memory.view()).digest;
    call.outputs.push_back(std::move(left));
    if (context.kept) window.keeper->keep_output(memory.view());
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
  }
  if (call == nullptr || !context.facts->random) return;
  const OpTensor& before = call->inputs.back();
  if (before.seen == Seen::content && before == state_of(context.generator)) call->inputs.pop_back();
}

void end_call(Window& window, const at::RecordFunction& record, const CallContext& context) {
  ThreadCalls& own = *context.own;
  --own.depth;
  const bool recorded = context.row && *context.row >= own.taken;
  OpCall* call = recorded ? &own.calls[*context.row - own.taken] : nullptr;
  look_again(window, context, call);
  for (const void* storage : context.writes) window.memory.end_write(storage, context.running);
  const auto& results = record.outputs();
  for (std::size_t i = 0; i < results.size(); ++i)
    each_tensor(results[i], [&](const at::Tensor& tensor) { read_output(window, context, i, tensor, call); });
  if (call == nullptr) return;
  read_written(window, context, *call);
  if (context.kept) window.keeper->write();
}

void start_scope(ThreadCalls& own, const std::string& name, CallContext& context) {
  context.kind = CallContext::Kind::scope;
  context.scope = name;
  if (name.starts_with(optimizer_scope))
    ++own.optimizer;
  else if (name == evaluate_scope)
    ++own.evaluate;
  else
    own.scopes.push_back(name);
}

void end_scope(ThreadCalls& own, const std::string& name) {
  if (name.starts_with(optimizer_scope))
    --own.optimizer;
  else if (name == evaluate_scope)
    --own.evaluate;
  else if (!own.scopes.empty())
    own.scopes.pop_back();
}

bool start(const at::RecordFunction& record, CallContext& context) {
  Window& window = *context.window;
  ThreadCalls& own = *context.own;
  if (record.scope() == at::RecordScope::USER_SCOPE) {
    start_scope(own, record.name(), context);
  } else if (record.scope() == at::RecordScope::BACKWARD_FUNCTION ||
             std::string_view(record.name()).starts_with(backward_record)) {
    context.kind = CallContext::Kind::backward;
    own.backward.push_back(record.seqNr());
  } else if (const auto name = record.operator_name()) {
    start_call(window, record, *name, context);
  } else {
    return false;
  }
  return true;
}

// Exceptions of a callback would be swallowed by LibTorch, and printed: they are kept for take().
std::unique_ptr<at::ObserverContext> on_start(const at::RecordFunction& record) {
  const auto window = listening();
  if (!window) return nullptr;
  const at::DisableRecordFunctionGuard unwatched;
  auto context = std::make_unique<CallContext>();
  try {
    context->window = window;
    context->own = &own_calls(*window);
    const std::lock_guard lock(context->own->lock);
    context->epoch = context->own->epoch;
    if (!start(record, *context)) return nullptr;
  } catch (const std::exception& error) {
    note_trouble(*window, error.what());
  }
  return context;
}

void on_end(const at::RecordFunction& record, at::ObserverContext* started) {
  const auto* context = static_cast<const CallContext*>(started);
  if (context == nullptr || context->own == nullptr) return;
  const at::DisableRecordFunctionGuard unwatched;
  Window& window = *context->window;
  ThreadCalls& own = *context->own;
  try {
    const std::lock_guard lock(own.lock);
    if (context->epoch != own.epoch) return;
    if (context->kind == CallContext::Kind::scope)
      end_scope(own, context->scope);
    else if (context->kind == CallContext::Kind::backward)
      own.backward.pop_back();
    else if (context->facts != nullptr)
      end_call(window, record, *context);
  } catch (const std::exception& error) {
    note_trouble(window, error.what());
  }
}

at::CallbackHandle registered() {
  static const at::CallbackHandle handle = [] {
    at::RecordFunctionCallback callback(&on_start, &on_end);
    callback.needsInputs(true).needsOutputs(true).scopes(
        {at::RecordScope::FUNCTION, at::RecordScope::BACKWARD_FUNCTION, at::RecordScope::USER_SCOPE});
    const auto made = at::addGlobalCallback(callback);
    at::disableCallback(made);
    return made;
  }();
  return handle;
}

std::set<Phase> phases_of(const OperatorWindow& ops) {
  std::set<Phase> phases;
  for (std::size_t i = 0; i < phase_count; ++i)
    if (ops.phases.empty() || std::ranges::find(ops.phases, phase_names[i]) != ops.phases.end())
      phases.insert(static_cast<Phase>(i));
  return phases;
}

void close() {
  at::disableCallback(registered());
  listen(nullptr);
}

}  // namespace

OpWindow::OpWindow(const Watch& watch, std::int64_t step, const std::filesystem::path& call_file)
    : watch_(watch) {
  if (!watch.ops.holds(step)) return;
  check(!listening(), "one operator window at a time");
  auto window = std::make_shared<Window>();
  window->number = ++windows_opened;
  window->min_elements = watch.ops.min_elements;
  window->phases = phases_of(watch.ops);
  if (watch.dump && watch.dump->step >= step) {
    window->dump = watch.dump;
    window->keeper.emplace(call_file);
  }
  begin_step(*window, step);
  listen(window);
  at::reenableCallback(registered());
  awake_ = true;
}

OpWindow::~OpWindow() {
  if (awake_) close();
}

std::vector<OpCall> OpWindow::take() { return take_until(std::nullopt); }

std::vector<OpCall> OpWindow::go_on(std::int64_t step) {
  return take_until(watch_.ops.holds(step) ? std::optional(step) : std::nullopt);
}

std::vector<OpCall> OpWindow::take_until(std::optional<std::int64_t> next) {
  if (!awake_) return {};
  const auto window = listening();
  if (!next) {
    close();
    awake_ = false;
  }
  auto calls = take_step(*window);
  const std::string lack = lack_of(*window);
  if (next) begin_step(*window, *next);
  if (!lack.empty()) fail("{}", lack);
  return calls;
}

Scope::Scope(const char* name) : record_(at::RecordScope::USER_SCOPE) {
  if (record_.isActive()) record_.before(name);
}

}  // namespace reprise
