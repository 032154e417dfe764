// SPDX-License-Identifier: Apache-2.0
#include "recipes/models/experts.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/argsort.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/searchsorted.h>
#include <ATen/ops/sigmoid.h>
#include <ATen/ops/sort.h>
#include <ATen/ops/zeros.h>

#include "harness/base/error.h"
#include "harness/record/operators/op_tracer.h"

namespace reprise {

Experts::Experts(Parameters& made, const Setup& setup, const std::string& name, const ExpertsShape& shape)
    : name_(name), shape_(shape) {
  if (shape.chosen < 1 || shape.experts < shape.chosen || shape.inner < 1)
    fail(
        "wanted expert_ffn of 1 or more and at least as many experts as chosen, found {}, experts={} and "
        "chosen={}",
        shape.inner, shape.experts, shape.chosen);
  centers_ = Projection(made, name + ".centers", shape.width, shape.experts, shape.deviation);
  shared_ = std::make_unique<SwiGlu>(made, name + ".shared", shape.width, shape.inner, shape.deviation);
  for (std::int64_t e = 0; e < shape.experts; ++e)
    experts_.push_back(std::make_unique<SwiGlu>(made, name + ".experts." + std::to_string(e), shape.width,
                                                shape.inner, shape.deviation));
  const at::TensorOptions here(setup.device());
  bias_ = at::zeros({shape.experts}, here.dtype(at::kFloat));
  load_ = at::zeros({shape.experts}, here.dtype(at::kLong));
}

at::Tensor Experts::operator()(const at::Tensor& x, Pass& pass) {
  const Scope scope("moe");
  const at::Tensor scores = at::sigmoid(centers_(x));
  // A stable sort keeps the lower index first among equals; topk does not say which it takes.
  const auto order =
      std::get<1>(at::sort(scores.detach() + bias_, /*stable=*/true, /*dim=*/-1, /*descending=*/true));
  const at::Tensor chosen = order.narrow(-1, 0, shape_.chosen).contiguous();
  const at::Tensor taken = scores.gather(-1, chosen);
  const at::Tensor gates = taken / taken.sum(-1, /*keepdim=*/true);
  if (pass.trains && shape_.balance > 0) {
    const at::Tensor more = sequence_balance(scores, chosen);
    pass.balance = pass.balance.defined() ? pass.balance + more : more;
  }
  const at::Tensor mixed = routed(x.reshape({-1, shape_.width}), gates.view({-1, shape_.chosen}),
                                  chosen.view({-1, shape_.chosen}), pass.trains);
  return (*shared_)(x, pass) + mixed.view(x.sizes());
}

at::Tensor Experts::routed(const at::Tensor& tokens, const at::Tensor& gates, const at::Tensor& chosen,
                           bool trains) {
  const at::Tensor expert = chosen.flatten();
  const at::Tensor order = at::argsort(expert, /*stable=*/true, 0, false),
                   back = at::argsort(order, true, 0, false);
  const at::Tensor ends =
      at::searchsorted(expert.index_select(0, order), at::arange(1, shape_.experts + 1, expert.options()));
  const at::Tensor load = at::cat({ends.narrow(0, 0, 1), ends.diff()});
  if (trains) load_.copy_(load);
  // One copy of a position for each of its experts: backward adds them up by a sum, and a permutation moves
  // each once.
  const at::Tensor copies =
      tokens.unsqueeze(1).expand({-1, shape_.chosen, -1}).flatten(0, 1).index_select(0, order);
  const at::Tensor counts = load.to(at::kCPU);
  std::vector<at::Tensor> parts;
  std::int64_t first = 0;
  Pass pass;
  for (std::size_t e = 0; e < experts_.size(); ++e) {
    const auto count = counts.const_data_ptr<std::int64_t>()[e];
    parts.push_back((*experts_[e])(copies.narrow(0, first, count), pass));
    first += count;
  }
  const at::Tensor said = at::cat(parts).index_select(0, back).view({-1, shape_.chosen, shape_.width});
  return (said * gates.unsqueeze(-1)).sum(1);
}

at::Tensor Experts::sequence_balance(const at::Tensor& scores, const at::Tensor& chosen) const {
  const at::Tensor each = at::arange(shape_.experts, chosen.options());
  const at::Tensor count = chosen.flatten(1).unsqueeze(-1).eq(each).sum(1);  // [batch, experts]
  const double fair = static_cast<double>(shape_.experts) /
                      (static_cast<double>(shape_.chosen) * static_cast<double>(scores.size(1)));
  const at::Tensor share = (scores / scores.sum(-1, true)).mean(1);
  return (count.to(share.scalar_type()) * fair * share).sum(-1).mean() * shape_.balance;
}

void Experts::updated() {
  // Whole numbers: an equal load is equal, and moves nothing.
  const at::Tensor above = (load_ * shape_.experts - load_.sum()).sign();
  bias_.sub_(above.to(at::kFloat) * shape_.speed);
}

}  // namespace reprise
