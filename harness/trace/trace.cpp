// SPDX-License-Identifier: Apache-2.0
#include "harness/trace/trace.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <set>

#include "harness/base/error.h"
#include "harness/tables/file_seal.h"
#include "harness/trace/trace_file.h"
#include "harness/trace/trace_proof.h"

namespace reprise {
namespace {

hsize_t rows_of(std::int64_t first, std::int64_t last) { return static_cast<hsize_t>(last - first + 1); }

// IEEE 754 binary16.
double half_value(std::uint64_t bits) {
  const int exponent = static_cast<int>(bits >> 10 & 31);
  const auto fraction = static_cast<double>(bits & 1023);
  double value = exponent == 0 ? std::ldexp(fraction, -24) : std::ldexp(1024 + fraction, exponent - 25);
  if (exponent == 31)
    value = (bits & 1023) != 0 ? std::numeric_limits<double>::quiet_NaN()
                               : std::numeric_limits<double>::infinity();
  return (bits >> 15 & 1) != 0 ? -value : value;
}

Loss loss_of(std::uint64_t code, std::uint64_t bits) {
  if (code >= layout::loss_dtypes.size()) throw h5::Trouble("/loss holds an unknown dtype");
  return {std::string(layout::loss_dtypes[code]), bits};
}

}  // namespace

double value_of(const Loss& loss) {
  if (loss.dtype == "F64") return std::bit_cast<double>(loss.bits);
  if (loss.dtype == "F32") return std::bit_cast<float>(static_cast<std::uint32_t>(loss.bits));
  if (loss.dtype == "BF16") return std::bit_cast<float>(static_cast<std::uint32_t>(loss.bits) << 16);
  if (loss.dtype == "F16") return half_value(loss.bits);
  return std::numeric_limits<double>::quiet_NaN();
}

Trace::Trace(const std::filesystem::path& path, Reading how) {
  TraceContent content = trace_content_of(path);
  prove_apart(content, how);
  file_ = std::make_shared<File>(content);
}

const std::filesystem::path& Trace::path() const { return file_->path; }
const Plan& Trace::plan() const { return file_->plan; }
const std::string& Trace::plan_text() const { return file_->plan_text; }
const Facts& Trace::facts() const { return file_->facts; }
const std::vector<TensorDigest>& Trace::data() const { return file_->data; }
const std::vector<Column>& Trace::columns() const { return file_->columns; }
std::int64_t Trace::first_step() const { return file_->begin; }
std::int64_t Trace::last_step() const {
  return file_->begin + static_cast<std::int64_t>(file_->committed) - 1;
}
std::size_t Trace::stages_held() const { return file_->stages; }
bool Trace::finished() const { return file_->finished; }
std::string Trace::why_no_more() const { return file_->content.why_no_more; }
bool Trace::sealed() const {
  return file_->guarded([&] { return stored_seal(file_->file, file_seal_name).has_value(); });
}
bool Trace::proven_as_read() const { return file_->proof_as_read != nullptr; }
std::uint64_t Trace::bytes_read() const { return file_->bytes_read; }

Digest Trace::root(std::int64_t step) const { return roots(step, step).front(); }

Digest Trace::chain(std::int64_t step) const {
  file_->check_rows(step, step);
  return file_->digests(file_->chain, {file_->row_of(step), 0}, {1, 2}).front();
}

std::vector<Digest> Trace::roots(std::int64_t first, std::int64_t last) const {
  file_->check_rows(first, last);
  return file_->digests(file_->root, {file_->row_of(first), 0}, {rows_of(first, last), 2});
}

std::array<Digest, stage_count> Trace::stages(std::int64_t step) const {
  file_->check_rows(step, step);
  const auto row = file_->digests(file_->stage, {file_->row_of(step), 0, 0}, {1, stages_held(), 2});
  std::array<Digest, stage_count> stages{};
  std::copy(row.begin(), row.end(), stages.begin());
  return stages;
}

std::vector<Digest> Trace::stage_column(Stage stage, std::int64_t first, std::int64_t last) const {
  file_->check_rows(first, last);
  if (static_cast<std::size_t>(stage) >= stages_held())
    return std::vector<Digest>(static_cast<std::size_t>(last - first + 1));
  return file_->digests(file_->stage, {file_->row_of(first), static_cast<hsize_t>(stage), 0},
                        {rows_of(first, last), 1, 2});
}

std::vector<Digest> Trace::tensors(std::int64_t step) const {
  file_->check_rows(step, step);
  return file_->digests(file_->digest, {file_->row_of(step), 0, 0}, {1, file_->columns.size(), 2});
}

Digest Trace::data_digest() const {
  std::vector<std::pair<std::string, Digest>> members;
  for (const TensorDigest& tensor : data()) members.emplace_back(tensor.name, tensor.digest);
  return set_digest("data", std::move(members));
}

std::vector<double> Trace::losses(std::int64_t first, std::int64_t last) const {
  file_->check_rows(first, last);
  const auto words = file_->words(file_->loss, {file_->row_of(first), 0}, {rows_of(first, last), 2});
  std::vector<double> values;
  for (std::size_t i = 0; i < words.size(); i += 2)
    values.push_back(file_->guarded([&] { return value_of(loss_of(words[i], words[i + 1])); }));
  return values;
}

Loss Trace::loss(std::int64_t step) const {
  file_->check_rows(step, step);
  const auto words = file_->words(file_->loss, {file_->row_of(step), 0}, {1, 2});
  return file_->guarded([&] { return loss_of(words[0], words[1]); });
}

std::vector<std::pair<std::int64_t, MetricValue>> Trace::metrics() const {
  const std::uint64_t count = file_->counts.metrics;
  if (count == 0) return {};
  const auto names = file_->texts("/metrics/name", {file_->counts.metric_names});
  const auto steps = file_->numbers("/metrics/step", count), which = file_->numbers("/metrics/which", count);
  const auto values = file_->values("/metrics/value", count);
  std::vector<std::pair<std::int64_t, MetricValue>> metrics;
  for (std::size_t i = 0; i < count && file_->holds(steps[i]); ++i) {
    if (which[i] >= names.size())
      fail("cannot read the trace {}: /metrics/which names no metric; it is damaged, so run it again",
           path().string());
    metrics.emplace_back(static_cast<std::int64_t>(steps[i]), MetricValue{names[which[i]], values[i]});
  }
  return metrics;
}

std::vector<std::uint64_t> Trace::samples(std::int64_t step) const {
  file_->check_rows(step, step);
  if (step == first_step() || plan().batch == 0) return {};
  // Without the batch's index no digest speaks of them.
  const auto index = [](const Column& c) { return c.stage == Stage::batch && c.name == "index"; };
  if (file_->content.rows_alone && std::ranges::none_of(columns(), index)) return {};
  return file_->words(file_->order, {file_->row_of(step), 0}, {1, file_->order.extent()[1]});
}

std::vector<std::int64_t> Trace::checkpoint_steps() const {
  std::set<std::int64_t> steps;
  for (const layout::Span& span : file_->spans()) steps.insert(static_cast<std::int64_t>(span.step));
  return {steps.begin(), steps.end()};
}

CheckpointLeaves Trace::leaves(std::int64_t step) const {
  file_->check_rows(step, step);
  CheckpointLeaves leaves{step, {}};
  const auto from = file_->guarded([&] { return file_->open("/leaves/digest", 2); });
  for (const layout::Span& span : file_->spans())
    if (span.step == static_cast<std::uint64_t>(step))
      leaves.by_column[span.column] = file_->digests(from, {span.first, 0}, {span.count, 2});
  if (leaves.by_column.empty()) fail("the trace {} has no leaf digests at step {}", path().string(), step);
  return leaves;
}

std::vector<PinCheck> Trace::pin_checks() const {
  const std::uint64_t count = file_->counts.pin_readings;
  if (count == 0) return {};
  const auto steps = file_->numbers("/pins/step", count);
  std::vector<std::string> names, values;
  file_->guarded([&] {
    const auto extent = h5::Dataset::open(file_->file.id(), "/pins/name", h5::Element::text, 1).extent();
    names = file_->texts("/pins/name", extent);
    values = file_->texts("/pins/value", {count, names.size()});
  });
  std::vector<PinCheck> checks;
  for (std::size_t i = 0; i < count && file_->holds(steps[i]); ++i) {
    PinCheck reading{static_cast<std::int64_t>(steps[i]), {}};
    for (std::size_t pin = 0; pin < names.size(); ++pin)
      reading.values[names[pin]] = values[i * names.size() + pin];
    checks.push_back(std::move(reading));
  }
  return checks;
}

}  // namespace reprise
