// SPDX-License-Identifier: Apache-2.0
#include "harness/record/training/run_setup.h"

#include <ATen/ops/empty.h>

#include <algorithm>
#include <cstring>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/record/fault_injection.h"
#include "harness/record/skip.h"
#include "harness/record/tensor_digest.h"
#include "harness/record/training/data_file.h"

namespace reprise {

RunSetup::RunSetup(const Plan& plan, Ranks* ranks) : plan_(plan), ranks_(ranks), order_(plan) {}

std::int64_t RunSetup::ranks() const { return ranks_ == nullptr ? 1 : ranks_->count(); }

void RunSetup::average(const std::vector<at::Tensor>& tensors) const {
  averaged_ = true;
  if (ranks_ != nullptr) ranks_->average(tensors);
}

void RunSetup::end_step(std::int64_t i) const {
  if (ranks_ == nullptr) return;
  if (!took_share_ || !averaged_)
    throw Skip(fmt::format(
        "the program {} {}: it is trained by one rank only", plan_.program,
        took_share_ ? "does not average its gradients over ranks" : "does not take its share of the batch"));
  took_share_ = averaged_ = false;
  ranks_->made(i);
}

std::vector<std::uint64_t> RunSetup::drawn(std::int64_t i) const {
  if (plan_.pins.at("batch-order") != "program") return order_.batch(i);
  const std::int64_t per_epoch = plan_.samples / plan_.batch;
  const auto epoch = static_cast<std::uint32_t>((i - 1) / per_epoch);
  if (epoch_ != epoch) permutation_ = own_order_(epoch);
  epoch_ = epoch;
  const auto first = permutation_.begin() + (i - 1) % per_epoch * plan_.batch;
  return {first, first + plan_.batch};
}

std::vector<std::uint64_t> RunSetup::whole_batch(std::int64_t i) const {
  auto samples = drawn(i);
  if (const Fault* fault = fault_at(plan_, i); fault != nullptr && fault->batch != nullptr)
    fault->batch(samples, i < plan_.steps ? drawn(i + 1) : samples);
  return samples;
}

// Rank 0 has the first part of the batch, rank 1 the next: joined by rank they are the batch of one rank.
std::vector<std::uint64_t> RunSetup::samples(std::int64_t i) const {
  const auto whole = whole_batch(i);
  if (ranks_ == nullptr) return whole;
  const auto share = static_cast<std::int64_t>(whole.size()) / ranks_->count();
  const auto first = whole.begin() + ranks_->rank() * share;
  return {first, first + share};
}

at::Tensor RunSetup::batch(std::int64_t i) const {
  took_share_ = true;
  const auto samples = this->samples(i);
  at::Tensor index = at::empty({static_cast<std::int64_t>(samples.size())}, at::kLong);
  // Sample numbers are far below 2^63, so both integer types have the same bytes.
  std::memcpy(index.mutable_data_ptr(), samples.data(), samples.size() * sizeof(std::uint64_t));
  return index;
}

std::string RunSetup::data(std::string_view name) const {
  std::vector<std::string> names;
  for (const auto& file : plan_.data) {
    if (file.name == name) return read_data(file, data_folders());
    names.push_back(file.name);
  }
  fail("program {} needs a data file that the recipe does not name: {}; add it as [[data]]", plan_.program,
       unknown_name("data file", name, names));
}

void RunSetup::show_data(const Tensors& data, std::int64_t samples) const {
  if (plan_.samples > samples)
    fail("the plan runs over {} samples, the data has {}; choose samples <= {}", plan_.samples, samples,
         samples);
  const auto shown = digests_of(data);
  if (shown_ && !std::ranges::equal(*shown_, shown, {}, &TensorDigest::digest, &TensorDigest::digest))
    fail("program {} shows other data when it is begun a second time, to resume", plan_.program);
  shown_ = shown;
}

void RunSetup::show_order(const EpochOrder& order) const {
  own_order_ = order;
  epoch_.reset();
}

const std::vector<TensorDigest>& RunSetup::shown_data() const {
  if (!shown_) fail("program {} did not show its data; call show_data() in begin()", plan_.program);
  if (plan_.pins.at("batch-order") == "program" && !own_order_)
    fail(
        "wanted a program that draws its own batch order for the pin batch-order=program, found {}, which "
        "draws none; "
        "try batch-order=seeded",
        plan_.program);
  return *shown_;
}

}  // namespace reprise
