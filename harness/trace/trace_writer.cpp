// SPDX-License-Identifier: Apache-2.0
#include "harness/trace/trace_writer.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "harness/base/error.h"
#include "harness/tables/journal.h"
#include "harness/tables/text_cells.h"
#include "harness/trace/batch_share.h"
#include "harness/trace/column_book.h"
#include "harness/trace/journaled.h"
#include "harness/trace/pin_reading.h"
#include "harness/trace/trace_tables.h"

namespace reprise {
namespace fs = std::filesystem;

namespace {

std::uint64_t loss_code(const Loss& loss) {
  const auto at = std::ranges::find(layout::loss_dtypes, loss.dtype);
  if (loss.dtype.empty() || at == layout::loss_dtypes.end())
    fail("a loss is F32, F64, BF16 or F16, but this one is '{}'; cast it before it is recorded", loss.dtype);
  return static_cast<std::uint64_t>(at - layout::loss_dtypes.begin());
}

// A command's samples are not known, but a dataset has at least one column.
std::uint64_t order_columns(const Plan& plan) {
  return static_cast<std::uint64_t>(std::max<std::int64_t>(batch_share(plan), 1));
}

}  // namespace

struct TraceWriter::Impl {
  Impl(const fs::path& path_wanted, const TraceHead& head, std::chrono::milliseconds sync_every);

  void write(const StepRecord& record);
  void write_calls(const std::vector<OpCall>& calls);
  void write_pins(const Pins& values);
  void commit() {
    guarded([&] {
      keep();
      tables.commit();
    });
  }
  void finish();
  std::int64_t first() const { return first_; }
  std::int64_t synced() const { return synced_; }

  fs::path path, partial;
  std::size_t stages_;  // that a row has
  TraceTables tables;

 private:
  template <class Work>
  void guarded(Work work);
  void create(const TraceHead& head);
  void keep();
  void sync();
  Digest add_stages(const StepRecord& record);
  Digest root_of(const StepRecord& record, const std::array<const ColumnBook::Placed*, stage_count>& placed);
  void add_columns(std::uint64_t step);
  void add_values(const StepRecord& record);
  void add_leaves(std::int64_t step, const std::vector<std::size_t>& columns,
                  const std::vector<TensorDigest>& of);

  ColumnBook book_;
  std::uint64_t columns_written_ = 0, batch_ = 0;
  std::vector<std::string> metric_names_, pin_names_;
  std::vector<std::pair<std::string, Digest>> data_;  // "data" and its digest, if there is any
  std::vector<std::pair<Digest, Digest>> entries_;    // of a state, kept for its memory
  std::int64_t first_ = 0, next_ = 0, synced_ = 0;
  Journal journal_;
  std::chrono::milliseconds sync_every_;
  std::optional<std::chrono::steady_clock::time_point> last_sync_;
  bool window_ = false;
  bool early_ = false;  // somebody's command may be short and end anyhow: its first steps are kept at once
  Digest chain_;
};

TraceWriter::Impl::Impl(const fs::path& path_wanted, const TraceHead& head,
                        std::chrono::milliseconds sync_every)
    : path(path_wanted),
      partial(path_wanted.string() + ".partial"),
      stages_(head.plan.command ? stage_count : layout::recipe_stages),
      tables(stages_, order_columns(head.plan), head.plan.pins.size(),
             static_cast<std::uint64_t>(head.plan.steps)),
      batch_(static_cast<std::uint64_t>(batch_share(head.plan))),
      first_(head.plan.watch.from),
      next_(first_),
      synced_(first_ - 1),
      sync_every_(sync_every),
      window_(!head.plan.watch.ops.empty()),
      early_(head.plan.command.has_value()) {
  for (const auto& [name, value] : head.plan.pins) pin_names_.push_back(name);
  std::vector<std::pair<std::string, Digest>> members;
  for (const TensorDigest& tensor : head.data) members.emplace_back(tensor.name, tensor.digest);
  if (!members.empty()) data_.emplace_back("data", set_digest("data", std::move(members)));
  // HDF5 would say less clearly why the file cannot be made.
  const int file = ::open(partial.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (file < 0)
    fail("cannot write the trace {}: {}; name a folder that is there and can be written", path.string(),
         std::strerror(errno));
  ::close(file);
  try {
    guarded([&] { create(head); });
  } catch (...) {
    std::error_code ignored;
    fs::remove(partial, ignored);
    fs::remove(journal_of(partial), ignored);
    throw;
  }
}

void TraceWriter::Impl::create(const TraceHead& head) {
  const auto parts = parts_of(head);
  journal_.create(journal_of(partial));
  journal_.append(record_of(parts));
  tables.create(partial, parts, window_);
}

// What waits stands in the journal from here on.
void TraceWriter::Impl::keep() {
  if (const auto record = tables.unkept(); !record.empty()) journal_.append(record);
}

void TraceWriter::Impl::sync() {
  keep();
  journal_.sync();
  synced_ = next_ - 1;
  last_sync_ = std::chrono::steady_clock::now();
}

template <class Work>
void TraceWriter::Impl::guarded(Work work) {
  try {
    work();
  } catch (const h5::Trouble& trouble) {
    fail("cannot write the trace {}: {}; free some space or name another folder", path.string(),
         trouble.what());
  }
}

void TraceWriter::Impl::write(const StepRecord& record) {
  check(record.step == next_, "the steps of a trace are written in order, from the first");
  if (record.samples.size() != (record.step == first_ ? 0 : batch_))
    fail(
        "step {} has {} samples in its batch, but the plan says {}; the recipe's batch and the plan must "
        "agree",
        record.step, record.samples.size(), record.step == first_ ? 0 : batch_);
  const Digest root = add_stages(record);
  chain_ = chain_next(static_cast<std::uint64_t>(record.step), chain_, root);
  tables.root.add(root);
  tables.chain.add(chain_);
  add_columns(static_cast<std::uint64_t>(record.step));
  add_values(record);
  ++next_;
  const auto rows = static_cast<std::uint64_t>(next_);
  if (record.checkpoint || rows % layout::rows_per_commit == 0 || (early_ && rows < layout::rows_per_commit))
    commit();
  if (!last_sync_ || std::chrono::steady_clock::now() - *last_sync_ >= sync_every_) guarded([&] { sync(); });
}

void TraceWriter::Impl::write_calls(const std::vector<OpCall>& calls) {
  if (calls.empty()) return;
  check(window_, "operator calls go into a trace whose plan has a window for them");
  const auto place = [](const OpCall& call) { return std::pair(call.role, call.order); };
  check(std::ranges::is_sorted(calls, {}, place), "operator calls are written by role, then order");
  for (const OpCall& call : calls) {
    check(call.step == next_, "operator calls are written before the row of their step");
    tables.add_call(call);
  }
}

// The stages by the bytes of their names, with the digests of the names: as a state lists its members.
static std::vector<std::pair<std::size_t, Digest>> stages_by_name() {
  std::vector<std::pair<std::size_t, Digest>> stages;
  for (std::size_t s = 0; s < stage_count; ++s) stages.emplace_back(s, name_digest(stage_names[s]));
  std::ranges::sort(stages, {}, [](const auto& stage) { return stage_names[stage.first]; });
  return stages;
}

// Digests of the tensors and stages of a step; gives back their root.
Digest TraceWriter::Impl::add_stages(const StepRecord& record) {
  std::array<const ColumnBook::Placed*, stage_count> placed{};
  if (stages_ < stage_count)
    check(record.stages[stages_].empty(), "a recipe's trace has no modules that no optimizer has");
  for (std::size_t s = 0; s < stages_; ++s) placed[s] = &book_.place(static_cast<Stage>(s), record.stages[s]);
  const std::span<Digest> row = tables.add_row(book_.columns().size());
  for (std::size_t s = 0; s < stages_; ++s) {
    const auto& tensors = record.stages[s];
    for (std::size_t i = 0; i < tensors.size(); ++i) row[placed[s]->columns[i]] = tensors[i].digest;
    tables.stage.add(placed[s]->stage);
    if (record.checkpoint) add_leaves(record.step, placed[s]->columns, tensors);
  }
  return root_of(record, placed);
}

Digest TraceWriter::Impl::root_of(const StepRecord& record,
                                  const std::array<const ColumnBook::Placed*, stage_count>& placed) {
  static const auto by_name = stages_by_name();
  if (record.step == first_ && !data_.empty()) {
    auto members = data_;
    for (std::size_t s = 0; s < stages_; ++s)
      if (!record.stages[s].empty()) members.emplace_back(name_of(static_cast<Stage>(s)), placed[s]->stage);
    return set_digest("state", std::move(members));
  }
  entries_.clear();
  for (const auto& [s, name] : by_name)
    if (s < stages_ && !record.stages[s].empty()) entries_.emplace_back(name, placed[s]->stage);
  return set_digest("state", entries_);
}

void TraceWriter::Impl::add_leaves(std::int64_t step, const std::vector<std::size_t>& columns,
                                   const std::vector<TensorDigest>& of) {
  for (std::size_t i = 0; i < of.size(); ++i) {
    const auto& leaves = of[i].leaves;
    if (leaves.empty()) continue;
    tables.leaf_span.add(
        layout::Span{static_cast<std::uint64_t>(step), columns[i], tables.leaf_digest.rows(), leaves.size()});
    tables.leaf_digest.add_bytes(leaves.data(), leaves.size() * sizeof(Digest));
  }
}

void TraceWriter::Impl::add_columns(std::uint64_t step) {
  const auto& columns = book_.columns();
  for (; columns_written_ < columns.size(); ++columns_written_) {
    const Column& column = columns[columns_written_];
    tables.tensor_stage.add(static_cast<std::uint8_t>(column.stage));
    tables.tensor_name.add_text(column.name, "tensor's name");
    tables.tensor_dtype.add_text(column.dtype, "dtype");
    tables.tensor_shape.add_text(shape_text(column.shape), "shape");
    tables.tensor_first.add(step);
  }
}

void TraceWriter::Impl::add_values(const StepRecord& record) {
  tables.loss.add(record.loss ? loss_code(*record.loss) : std::uint64_t{0});
  tables.loss.add(record.loss ? record.loss->bits : std::uint64_t{0});
  auto samples = record.samples;
  samples.resize(std::max<std::uint64_t>(batch_, 1), layout::no_sample);
  tables.order.add_bytes(samples.data(), samples.size() * sizeof samples[0]);
  for (const MetricValue& metric : record.metrics) {
    auto name = std::ranges::find(metric_names_, metric.name);
    if (name == metric_names_.end()) {
      tables.metric_name.add_text(metric.name, "metric's name");
      name = metric_names_.insert(name, metric.name);
    }
    tables.metric_step.add(static_cast<std::uint64_t>(record.step));
    tables.metric_which.add(static_cast<std::uint64_t>(name - metric_names_.begin()));
    tables.metric_value.add(metric.value);
  }
}

void TraceWriter::Impl::write_pins(const Pins& values) {
  check(next_ > first_, "pins are read back after a step was written");
  check(std::ranges::equal(values, pin_names_, {}, &Pins::value_type::first),
        "a reading of the pins has every pin");
  tables.pin_step.add(static_cast<std::uint64_t>(next_ - 1));
  for (const auto& [name, value] : values)
    tables.pin_value.add_text(reading_text(value), "value of the pin " + name);
  // It must not wait where its step does not.
  const bool kept = !tables.rows_unkept();
  if (!tables.rows_wait()) commit();
  if (!kept) return;
  guarded([&] {
    keep();
    if (synced_ == next_ - 1) journal_.sync();
  });
}

void TraceWriter::Impl::finish() {
  guarded([&] {
    keep();
    tables.commit();
    tables.finish_and_seal();
    sync_file(partial);
    std::error_code error;
    fs::rename(partial, path, error);
    if (error) throw h5::Trouble(error.message());
    sync_folder(path.parent_path());
    journal_.remove();
  });
}

TraceWriter::TraceWriter(const fs::path& path, const TraceHead& head, std::chrono::milliseconds sync_every)
    : impl_(std::make_unique<Impl>(path, head, sync_every)) {}
TraceWriter::~TraceWriter() = default;
void TraceWriter::write(const StepRecord& record) { impl_->write(record); }
void TraceWriter::write_calls(const std::vector<OpCall>& calls) { impl_->write_calls(calls); }
void TraceWriter::write_pins(const Pins& values) { impl_->write_pins(values); }
void TraceWriter::commit() { impl_->commit(); }
std::int64_t TraceWriter::committed() const {
  return impl_->first() + static_cast<std::int64_t>(impl_->tables.committed()) - 1;
}
std::int64_t TraceWriter::synced() const { return impl_->synced(); }
void TraceWriter::finish() { impl_->finish(); }

}  // namespace reprise
