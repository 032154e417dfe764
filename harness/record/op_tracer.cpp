// SPDX-License-Identifier: Apache-2.0
#include "harness/record/op_tracer.h"

#include <ATen/Context.h>

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
#include "harness/record/op_tensor.h"
#include "harness/record/operator_facts.h"
#include "harness/record/tensor_digest.h"

namespace reprise {
namespace {

constexpr std::string_view backward_record = "autograd::engine::evaluate_function";
constexpr std::string_view optimizer_scope = "Optimizer.step", evaluate_scope = "evaluate";

// What one thread has called in the window.
struct ThreadCalls {
  std::int64_t role = 0, order = 0, depth = 0;
  std::int64_t optimizer = 0, evaluate = 0;  // how many such scopes it is inside of
  std::vector<std::int64_t> backward;        // sequence numbers of the autograd nodes it is inside of
  std::vector<std::string> scopes;
  std::vector<OpCall> calls;
};

struct Window {
  std::uint64_t number = 0;  // tells windows apart for a thread that saw an earlier one
  std::int64_t step = 0, min_elements = 0;
  std::set<Phase> phases;
  std::optional<CallPlace> dump;
  std::optional<CallKeeper> keeper;
  bool fill = false;  // fresh memory is filled, so its content means something
  std::mutex lock;    // of what follows
  std::vector<std::unique_ptr<ThreadCalls>> threads;
  std::map<std::int64_t, std::string> scope_of_sequence;  // of forward calls, for backward ones
  std::string trouble;
  std::size_t troubles = 0;
};

// The one thing in this program that is global and changes: LibTorch's callbacks are plain function pointers,
// so who listens cannot be handed to them.
std::atomic<Window*> listening{nullptr};
std::uint64_t windows_opened = 0;

ThreadCalls& own_calls(Window& window) {
  thread_local std::uint64_t number = 0;
  thread_local ThreadCalls* own = nullptr;
  if (number != window.number) {
    const std::lock_guard lock(window.lock);
    window.threads.push_back(std::make_unique<ThreadCalls>());
    own = window.threads.back().get();
    own->role = static_cast<std::int64_t>(window.threads.size()) - 1;
    number = window.number;
  }
  return *own;
}

// An argument that the call writes and does not return: where its memory lies, read again at the end.
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
  std::uint64_t window = 0;
  std::optional<std::size_t> row;  // of the thread's calls; nothing: not of a phase that is recorded
  std::vector<WrittenMemory> written;
  bool kept = false;
  std::string scope;
};

Phase phase_of(const Window& window, const ThreadCalls& own) {
  if (window.step == 0) return Phase::begin;
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

void read_inputs(const Window& window, const OperatorFacts& facts, c10::ArrayRef<const c10::IValue> inputs,
                 CallContext& context, OpCall& call) {
  for (std::size_t i = 0; i < inputs.size() && i < facts.arguments.size(); ++i) {
    const Seen marked = facts.overwritten[i] ? Seen::uninitialised : Seen::content;
    const bool is_tensor = each_tensor(inputs[i], [&](const at::Tensor& tensor) {
      call.inputs.push_back(op_tensor_of(tensor, marked, window.min_elements));
      if (facts.returns_nothing && facts.written[i]) keep_written(tensor, context);
    });
    if (is_tensor) continue;
    if (!call.scalars.empty()) call.scalars += ' ';
    call.scalars += facts.arguments[i] + "=" + scalar_text(inputs[i]);
  }
}

const OperatorFacts* facts_of_record(const at::RecordFunction& record, const c10::OperatorName& name) {
  if (const auto* known = known_facts_of(name)) return known;
  const auto schema = record.operator_schema();
  return schema ? &facts_of(name, *schema) : nullptr;
}

void start_call(Window& window, const at::RecordFunction& record, const c10::OperatorName& name,
                CallContext& context) {
  ThreadCalls& own = own_calls(window);
  context.facts = facts_of_record(record, name);
  check(context.facts != nullptr, "an operator of the dispatcher has a schema");
  OpCall call;
  call.step = window.step;
  call.phase = phase_of(window, own);
  call.role = own.role;
  call.order = own.order++;
  call.depth = own.depth++;
  if (!window.phases.contains(call.phase)) return;
  call.name = context.facts->name;
  name_scope(window, own, record.seqNr(), call);
  read_inputs(window, *context.facts, record.inputs(), context, call);
  if (window.dump && window.dump->role == call.role && window.dump->order == call.order) {
    window.keeper->keep_inputs(name, record.inputs());
    context.kept = true;
  }
  context.row = own.calls.size();
  own.calls.push_back(std::move(call));
}

void read_output(Window& window, const CallContext& context, std::size_t result, const at::Tensor& tensor,
                 OpCall& call) {
  const OperatorFacts& facts = *context.facts;
  Seen marked = Seen::content;
  if (facts.hands_over || (facts.makes_empty && !window.fill)) marked = Seen::uninitialised;
  if (result < facts.view.size() && facts.view[result]) marked = Seen::view;
  call.outputs.push_back(op_tensor_of(tensor, marked, window.min_elements));
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

void end_call(Window& window, const at::RecordFunction& record, const CallContext& context) {
  ThreadCalls& own = own_calls(window);
  --own.depth;
  if (!context.row) return;
  OpCall& call = own.calls[*context.row];
  const auto& results = record.outputs();
  for (std::size_t i = 0; i < results.size(); ++i)
    each_tensor(results[i], [&](const at::Tensor& tensor) { read_output(window, context, i, tensor, call); });
  read_written(window, context, call);
  if (context.kept) window.keeper->write();
}

void start_scope(Window& window, const std::string& name, CallContext& context) {
  ThreadCalls& own = own_calls(window);
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

void note_trouble(Window& window, const char* words) {
  const std::lock_guard lock(window.lock);
  if (window.troubles++ == 0) window.trouble = words;
}

// Exceptions of a callback would be swallowed by LibTorch, and printed: they are kept for take().
std::unique_ptr<at::ObserverContext> on_start(const at::RecordFunction& record) {
  Window* window = listening.load();
  if (window == nullptr) return nullptr;
  const at::DisableRecordFunctionGuard unwatched;
  auto context = std::make_unique<CallContext>();
  context->window = window->number;
  try {
    if (record.scope() == at::RecordScope::USER_SCOPE) {
      start_scope(*window, record.name(), *context);
    } else if (record.scope() == at::RecordScope::BACKWARD_FUNCTION ||
               std::string_view(record.name()).starts_with(backward_record)) {
      context->kind = CallContext::Kind::backward;
      own_calls(*window).backward.push_back(record.seqNr());
    } else if (const auto name = record.operator_name()) {
      start_call(*window, record, *name, *context);
    } else {
      return nullptr;
    }
  } catch (const std::exception& error) {
    note_trouble(*window, error.what());
  }
  return context;
}

void on_end(const at::RecordFunction& record, at::ObserverContext* started) {
  Window* window = listening.load();
  const auto* context = static_cast<const CallContext*>(started);
  if (window == nullptr || context == nullptr || context->window != window->number) return;
  const at::DisableRecordFunctionGuard unwatched;
  try {
    ThreadCalls& own = own_calls(*window);
    if (context->kind == CallContext::Kind::scope)
      end_scope(own, context->scope);
    else if (context->kind == CallContext::Kind::backward)
      own.backward.pop_back();
    else if (context->facts != nullptr)
      end_call(*window, record, *context);
  } catch (const std::exception& error) {
    note_trouble(*window, error.what());
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

void close(Window* window) {
  at::disableCallback(registered());
  listening.store(nullptr);
  delete window;
}

}  // namespace

OpWindow::OpWindow(const Watch& watch, std::int64_t step, const std::filesystem::path& call_file) {
  if (!watch.ops.holds(step)) return;
  check(listening.load() == nullptr, "one operator window at a time");
  auto window = std::make_unique<Window>();
  window->number = ++windows_opened;
  window->step = step;
  window->min_elements = watch.ops.min_elements;
  window->phases = phases_of(watch.ops);
  if (watch.dump && watch.dump->step == step) {
    window->dump = watch.dump;
    window->keeper.emplace(call_file);
  }
  const auto& torch = at::globalContext();
  window->fill = torch.deterministicAlgorithms() && torch.deterministicFillUninitializedMemory();
  own_calls(*window);  // this thread gets role 0
  listening.store(window.release());
  at::reenableCallback(registered());
  awake_ = true;
}

OpWindow::~OpWindow() {
  if (awake_) close(listening.load());
}

std::vector<OpCall> OpWindow::take() {
  if (!awake_) return {};
  Window* window = listening.load();
  at::disableCallback(registered());
  if (window->troubles > 0)
    fail("{} operator calls of step {} could not be recorded: {}", window->troubles, window->step,
         window->trouble);
  if (window->keeper && !window->keeper->written())
    fail(
        "step {} has no call {} by thread {}, which was to be kept; the run is not the one that was looked "
        "at",
        window->step, window->dump->order, window->dump->role);
  std::vector<OpCall> calls;
  for (auto& thread : window->threads) std::ranges::move(thread->calls, std::back_inserter(calls));
  close(window);
  awake_ = false;
  return calls;
}

Scope::Scope(const char* name) : record_(at::RecordScope::USER_SCOPE) {
  if (record_.isActive()) record_.before(name);
}

}  // namespace reprise
