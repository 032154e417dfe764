// SPDX-License-Identifier: Apache-2.0
#include "probes/results.h"

#include <ATen/core/grad_mode.h>
#include <c10/util/Exception.h>

#include <algorithm>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/record/device.h"
#include "harness/record/skip.h"

namespace reprise {
namespace {

std::vector<std::string> names_in(std::string_view text) {
  return text.empty() ? std::vector<std::string>{} : split(text, ' ');
}

bool among(const std::vector<std::string>& names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

std::string gradient_name(const std::string& input) { return input + ".gradient"; }

Tensors leaves_of(const Tensors& inputs, const std::vector<std::string>& gradients) {
  Tensors leaves;
  for (const auto& input : inputs) {
    leaves.push_back({input.name, input.tensor.detach()});
    if (among(gradients, input.name)) leaves.back().tensor.set_requires_grad(true);
  }
  return leaves;
}

// LibTorch goes on with advice and lists of backends.
std::string first_sentence(std::string_view text) {
  text = text.substr(0, text.find('\n'));
  return std::string(text.substr(0, text.find(". ")));
}

}  // namespace

Caller::Caller(const Setup& setup, const Probe& probe, std::string name)
    : setup_(setup),
      probe_(probe),
      name_(std::move(name)),
      gradients_(names_in(probe.gradients)),
      rows_(names_in(probe.rows)) {}

Tensors Caller::inputs() const { return probe_.inputs(Drawing(setup_)); }

Tensors Caller::call(const Tensors& inputs) const {
  const Given given(inputs, setup_.draws(Stream::data).seed);
  const at::AutoGradMode gradients(!gradients_.empty());
  Tensors results = probe_.call(given);
  if (results.empty()) fail("{} gives no tensor: return at least one from its call", name_);
  return results;
}

at::Tensor Caller::gradient_for(const at::Tensor& result, std::int64_t first_row) const {
  const std::lock_guard<std::mutex> lock(mutex_);
  at::Tensor& drawn = drawn_[first_row];
  if (!drawn.defined())
    drawn = Drawing(setup_)
                .normal("gradient of the first result", result.sizes().vec(), first_row * result.numel())
                .tensor.to(result.scalar_type());
  if (drawn.sizes() != result.sizes()) fail("{} gives another shape each time", name_);
  return drawn;
}

Tensors Caller::results(const Tensors& inputs, std::int64_t first_row) const {
  try {
    const Tensors leaves = leaves_of(inputs, gradients_);
    Tensors results = call(leaves);
    if (!gradients_.empty()) results[0].tensor.backward(gradient_for(results[0].tensor, first_row));
    for (auto& result : results) result.tensor = result.tensor.detach();
    for (const auto& leaf : leaves) {
      if (!among(gradients_, leaf.name)) continue;
      if (!leaf.tensor.grad().defined()) fail("{}: no gradient reached its input {}", name_, leaf.name);
      results.push_back({gradient_name(leaf.name), leaf.tensor.grad()});
    }
    return results;
  } catch (const c10::Error& error) {
    const std::string words = error.what_without_backtrace();
    if (gpu_trouble(words)) throw;
    throw Skip(fmt::format("{} is not done by this LibTorch here: {}", name_, first_sentence(words)));
  }
}

std::vector<std::int64_t> Caller::rows(const Tensors& inputs) const {
  if (rows_.empty())
    throw Skip(fmt::format("{} has no rows of a batch that do not depend on each other", name_));
  const std::int64_t count = Given(inputs, 0)[rows_.front()].size(0);
  return {0, count / 2, count - 1};
}

// The first result, and the gradients of inputs that have rows.
Tensors Caller::with_rows(const Tensors& results) const {
  Tensors kept = {results.front()};
  for (const auto& row : rows_)
    for (const auto& result : results)
      if (result.name == gradient_name(row)) kept.push_back(result);
  return kept;
}

Tensors Caller::rows_of_all(const Tensors& inputs) const {
  const auto rows = this->rows(inputs);
  const Tensors whole = with_rows(results(inputs));
  Tensors kept;
  for (const auto row : rows)
    for (const auto& result : whole)
      kept.push_back(
          {fmt::format("{}[row {}]", result.name, row), result.tensor.narrow(0, row, 1).contiguous()});
  return kept;
}

Tensors Caller::rows_alone(const Tensors& inputs) const {
  Tensors kept;
  for (const auto row : rows(inputs)) {
    Tensors alone = inputs;
    for (auto& input : alone)
      if (among(rows_, input.name)) input.tensor = input.tensor.narrow(0, row, 1).clone();
    for (const auto& result : with_rows(results(alone, row)))
      kept.push_back({fmt::format("{}[row {}]", result.name, row), result.tensor});
  }
  return kept;
}

}  // namespace reprise
