// SPDX-License-Identifier: Apache-2.0
#include "harness/record/run_setup.h"

#include <ATen/ops/empty.h>

#include <cstring>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/record/data_file.h"
#include "harness/record/tensor_digest.h"

namespace reprise {

RunSetup::RunSetup(const Plan& plan, const std::filesystem::path& order_file)
    : plan_(plan), order_(plan, order_file) {}

std::vector<std::uint64_t> RunSetup::samples(std::int64_t i) const { return order_.batch(i); }

at::Tensor RunSetup::batch(std::int64_t i) const {
  const auto samples = order_.batch(i);
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
  shown_ = digests_of(data);
}

const std::vector<TensorDigest>& RunSetup::shown_data() const {
  if (!shown_) fail("program {} did not show its data; call show_data() in begin()", plan_.program);
  return *shown_;
}

}  // namespace reprise
