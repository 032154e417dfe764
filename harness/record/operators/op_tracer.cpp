// SPDX-License-Identifier: Apache-2.0
#include "harness/record/operators/op_tracer.h"

#include <algorithm>
#include <exception>
#include <memory>
#include <optional>
#include <set>
#include <string_view>

#include "harness/base/error.h"
#include "harness/record/operators/op_window.h"
#include "harness/record/operators/watched_call.h"

namespace reprise {
namespace {

std::uint64_t windows_opened = 0;

constexpr std::string_view optimizer_scope = "Optimizer.step", evaluate_scope = "evaluate";
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

void start(const at::RecordFunction& record, CallContext& context) {
  Window& window = *context.window;
  ThreadCalls& own = *context.own;
  if (record.scope() == at::RecordScope::USER_SCOPE) {
    start_scope(own, record.name(), context);
  } else if (is_of_backward(record)) {
    context.kind = CallContext::Kind::backward;
    own.backward.push_back({record.seqNr(), record.forwardThreadId(), context.frame});
  } else if (const auto name = record.operator_name()) {
    start_call(window, record, *name, context);
  } else {
    context.kind = CallContext::Kind::other;
    name_forward(window, context);
  }
}

// What reprise itself launches to digest a call's tensors is no work of the program's.
void start_unheard(const at::RecordFunction& record, CallContext& context) {
  const KernelLog::OwnWork own(context.window->kernels);
  start(record, context);
}

void begin_launches(CallContext& context) {
  if (!context.row) return;
  const bool outermost = context.own->depth == 1;
  context.launches = context.window->kernels.begin_call(context.own->call_number(*context.row), outermost);
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
    see_python(record, *context);
    const std::lock_guard lock(context->own->lock);
    context->epoch = context->own->epoch;
    start_unheard(record, *context);
    begin_launches(*context);
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
  if (context->launches) window.kernels.end_call();
  const KernelLog::OwnWork unheard(window.kernels);
  try {
    note_nodes(window, *context);
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
  if (!awake_) return;
  listening()->kernels.gather(true);
  close();
}

std::vector<OpCall> OpWindow::take() { return take_until(std::nullopt); }

std::vector<OpCall> OpWindow::go_on(std::int64_t step) {
  return take_until(watch_.ops.holds(step) ? std::optional(step) : std::nullopt);
}

std::vector<OpCall> OpWindow::take_until(std::optional<std::int64_t> next) {
  if (!awake_) return {};
  const auto window = listening();
  window->kernels.gather(!next);
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
