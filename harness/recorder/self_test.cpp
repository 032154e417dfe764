// SPDX-License-Identifier: Apache-2.0
#include "harness/recorder/self_test.h"

#include <c10/core/TensorImpl.h>
#include <torch/version.h>

#include <atomic>

#include "harness/base/error.h"
#include "harness/tensor/digest.h"

namespace reprise {
namespace {

// Bytes of a tensor's head, where they were measured: 0 for a version that nobody looked at.
constexpr std::size_t known_head_bytes() {
  if (TORCH_VERSION_MAJOR != 2 || TORCH_VERSION_MINOR > 15) return 0;
  if (TORCH_VERSION_MINOR <= 11) return 184;
  return TORCH_VERSION_MINOR >= 13 ? 176 : 0;
}

Digest wanted_digest(const float* values, std::int64_t count) {
  const auto bytes = std::as_bytes(std::span(values, static_cast<std::size_t>(count)));
  return tensor_digest("F32", {&count, 1}, bytes);
}

std::atomic<std::int64_t> counted{0};

std::unique_ptr<at::ObserverContext> on_counted_call(const at::RecordFunction& record) {
  if (record.operator_name()) ++counted;
  return nullptr;
}

at::CallbackHandle counter() {
  static const at::CallbackHandle handle = [] {
    const auto made = at::addGlobalCallback(
        at::RecordFunctionCallback(&on_counted_call).scopes({at::RecordScope::FUNCTION}));
    at::disableCallback(made);
    return made;
  }();
  return handle;
}

}  // namespace

RecorderTest::RecorderTest() {
  constexpr std::size_t known = known_head_bytes();
  if (known != 0 && sizeof(c10::TensorImpl) != known)
    fail("check 'size of a tensor's head': wanted {} bytes, found {}", known, sizeof(c10::TensorImpl));
  Watch watch;
  watch.ops.first = watch.ops.last = 0;
  window_ = std::make_unique<OpWindow>(watch, 0, "");
}

void RecorderTest::end(const float* values, const float* sums, std::int64_t count) {
  const auto calls = window_->take();
  window_.reset();
  const OpCall* add = nullptr;
  for (const auto& call : calls)
    if (call.name.starts_with("aten::add")) add = &call;
  if (add == nullptr)
    fail("check 'operators are seen': wanted a call of aten::add, found {} calls of others", calls.size());
  if (add->inputs.size() != 2 || add->outputs.size() != 1)
    fail("check 'tensors of an operator': wanted 2 in and 1 out, found {} and {}", add->inputs.size(),
         add->outputs.size());
  if (add->inputs[0].digest != wanted_digest(values, count))
    fail("check 'values that go in': wanted digest {}, found {}", to_text(wanted_digest(values, count)),
         to_text(add->inputs[0].digest));
  if (add->outputs[0].digest != wanted_digest(sums, count))
    fail("check 'values that come out': wanted digest {}, found {}", to_text(wanted_digest(sums, count)),
         to_text(add->outputs[0].digest));
}

void count_calls() {
  counted = 0;
  at::reenableCallback(counter());
}

std::int64_t calls_counted() {
  at::disableCallback(counter());
  return counted;
}

}  // namespace reprise
