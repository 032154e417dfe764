// SPDX-License-Identifier: Apache-2.0
#include "harness/trace/trace_tables.h"

#include "harness/tables/file_seal.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace reprise {
using h5::Element;

namespace {

constexpr hsize_t chunk_rows = layout::rows_per_commit;
constexpr hsize_t chunk_columns = 32;
constexpr const char* digest_path = "/digest";
constexpr std::size_t digest_cache = std::size_t{256}
                                     << 20;  // a row of chunks stays in memory up to 8000 columns

// Rows of a chunk in a table that may have a row per step: as wanted, or as many more as the steps need, or
// four times as many where they are not known. From 2032 chunks on, a block of HDF5's index of the chunks has
// more bytes than File::open_to_grow can keep from lying on both sides of a seam.
hsize_t rows_of_chunk(hsize_t wanted, std::uint64_t steps) {
  constexpr std::uint64_t chunks = 2000;
  if (steps == 0) return 4 * wanted;
  while (steps / wanted >= chunks) wanted *= 2;
  return wanted;
}

// At most 256 KiB per chunk of /order, unless the batch itself is larger.
hsize_t order_rows(hsize_t batch) {
  return std::clamp<hsize_t>((hsize_t{1} << 15) / std::max<hsize_t>(batch, 1), 1, chunk_rows);
}

}  // namespace

TraceTables::TraceTables(std::uint64_t stages, std::uint64_t batch, std::uint64_t pins, std::uint64_t steps)
    : stage("/stage", Element::u64, {stages, 2}, rows_of_chunk(chunk_rows, steps)),
      root("/root", Element::u64, {2}, rows_of_chunk(4 * chunk_rows, steps)),
      chain("/chain", Element::u64, {2}, rows_of_chunk(4 * chunk_rows, steps)),
      loss("/loss", Element::u64, {2}, rows_of_chunk(4 * chunk_rows, steps)),
      order("/order", Element::u64, {batch}, rows_of_chunk(order_rows(batch), steps)),
      tensor_stage("/tensors/stage", Element::u8, {}, chunk_rows),
      tensor_name("/tensors/name", Element::text, {}, chunk_rows, layout::name_width),
      tensor_dtype("/tensors/dtype", Element::text, {}, chunk_rows, layout::dtype_width),
      tensor_shape("/tensors/shape", Element::text, {}, chunk_rows, layout::shape_width),
      tensor_first("/tensors/first", Element::u64, {}, chunk_rows),
      metric_name("/metrics/name", Element::text, {}, 8, layout::name_width),
      metric_step("/metrics/step", Element::u64, {}, rows_of_chunk(chunk_rows, steps)),
      metric_which("/metrics/which", Element::u64, {}, rows_of_chunk(chunk_rows, steps)),
      metric_value("/metrics/value", Element::f64, {}, rows_of_chunk(chunk_rows, steps)),
      leaf_digest("/leaves/digest", Element::u64, {2}, 16 * chunk_rows),
      leaf_span("/leaves/span", Element::u64, {4}, 4 * chunk_rows),
      pin_step("/pins/step", Element::u64, {}, rows_of_chunk(chunk_rows, steps)),
      pin_value("/pins/value", Element::text, {pins}, rows_of_chunk(4, steps), layout::pin_width) {}

std::vector<Growing*> TraceTables::all() {
  return {&stage,        &root,         &chain,        &loss,         &order,       &tensor_stage,
          &tensor_name,  &tensor_dtype, &tensor_shape, &tensor_first, &metric_name, &metric_step,
          &metric_which, &metric_value, &leaf_digest,  &leaf_span,    &pin_step,    &pin_value};
}

void TraceTables::create(const std::filesystem::path& path, const std::vector<HeadPart>& head, bool calls) {
  path_ = path;
  file_ = h5::File::create(path);
  write_head(file_, head);
  file_.close();
  file_ = h5::File::open_to_grow(path);
  if (calls) ops_.emplace();
  make_datasets();
  file_.start_swmr();
  open_datasets();
}

void TraceTables::make_datasets() {
  for (const char* group : {"/tensors", "/metrics", "/leaves"}) file_.make_group(group);
  for (Growing* growing : all()) growing->make(file_.id());
  if (ops_) ops_->make(file_);
  h5::Dataset::make(
      file_.id(), digest_path,
      {Element::u64, 0, {0, 0, 2}, {h5::unlimited, h5::unlimited, 2}, {chunk_rows, chunk_columns, 2}});
  h5::Dataset::make(file_.id(), "/counts", {Element::u64, 0, {layout::counts}, {layout::counts}, {}});
  h5::Dataset::make(file_.id(), "/committed", {Element::u64, 0, {}, {}, {}});
  h5::Dataset::make(file_.id(), "/finished", {Element::u8, 0, {}, {}, {}});
}

void TraceTables::open_datasets() {
  for (Growing* growing : all()) growing->open(file_.id());
  if (ops_) ops_->open(file_.id());
  digest_ = h5::Dataset::open(file_.id(), digest_path, Element::u64, 3, digest_cache);
  counts_ = h5::Dataset::open(file_.id(), "/counts", Element::u64, 1);
  committed_ = h5::Dataset::open(file_.id(), "/committed", Element::u64, 0);
}

void TraceTables::close_datasets() {
  for (Growing* growing : all()) growing->close();
  if (ops_) ops_->close();
  digest_ = {}, counts_ = {}, committed_ = {};
}

// A tensor that is first seen later was absent in the rows before.
void TraceTables::widen_block(std::size_t columns) {
  std::vector<Digest> wider(rows_waiting_ * columns);
  for (std::size_t row = 0; row < rows_waiting_; ++row)
    std::copy_n(block_.begin() + static_cast<std::ptrdiff_t>(row * block_columns_), block_columns_,
                wider.begin() + static_cast<std::ptrdiff_t>(row * columns));
  block_ = std::move(wider);
  block_columns_ = columns;
}

std::span<Digest> TraceTables::add_row(std::size_t columns) {
  if (columns != block_columns_) widen_block(columns);
  ++rows_waiting_;
  block_.resize(rows_waiting_ * columns);
  return std::span(block_).last(columns);
}

void TraceTables::write_digests() {
  if (rows_waiting_ == 0) return;
  const std::size_t columns = block_columns_;
  digest_.grow({rows_written_ + rows_waiting_, columns, 2});
  if (columns > 0) digest_.write({rows_written_, 0, 0}, {rows_waiting_, columns, 2}, block_.data());
  rows_written_ += rows_waiting_;
  rows_waiting_ = rows_kept_ = 0;
  block_.clear();
}

std::vector<std::byte> TraceTables::unkept() {
  std::vector<std::byte> record;
  if (const std::uint64_t rows = rows_waiting_ - rows_kept_; rows > 0)
    put_rows(record, {digest_path, rows_written_ + rows_kept_, rows,
                      std::as_bytes(std::span(block_).last(rows * block_columns_))});
  rows_kept_ = rows_waiting_;
  for (Growing* each : all()) each->put_unkept(record);
  if (ops_) ops_->put_unkept(record);
  return record;
}

// As many columns as there were tensors then.
void TraceTables::add_digests(const TableRows& rows) {
  const std::uint64_t row = rows.rows == 0 ? 0 : rows.content.size() / rows.rows;
  if (rows.first != rows_written_ + rows_waiting_ || row % sizeof(Digest) != 0 ||
      row * rows.rows != rows.content.size() || row / sizeof(Digest) < block_columns_)
    throw h5::Trouble("its journal has rows of /digest that do not follow those before");
  for (std::uint64_t i = 0; i < rows.rows; ++i) {
    const std::span<Digest> made = add_row(row / sizeof(Digest));
    if (row > 0) std::memcpy(made.data(), rows.content.data() + i * row, row);
  }
}

void TraceTables::add_rows(const TableRows& rows) {
  if (rows.path == digest_path) return add_digests(rows);
  for (Growing* each : all())
    if (each->path() == rows.path) return each->add_rows(rows);
  if (Growing* table = ops_ ? ops_->named(rows.path) : nullptr) table->add_rows(rows);
}

void TraceTables::commit() {
  const auto growing = all();
  if (rows_waiting_ == 0 && std::ranges::none_of(growing, &Growing::pending)) return;
  write_digests();
  for (Growing* each : growing) each->write_pending();
  if (ops_) ops_->write_pending();
  file_.flush();
  // What the counts speak of is in the file now; and `committed` must speak of nothing that is not.
  const layout::Counts counts = {tensor_first.rows(), metric_value.rows(), metric_name.rows(),
                                 leaf_digest.rows(),  leaf_span.rows(),    pin_step.rows()};
  if (ops_) ops_->raise_counts();
  counts_.write({0}, {layout::counts}, &counts);
  counts_.flush();
  committed_.write({}, {}, &rows_written_);
  committed_.flush();
  committed_rows_ = rows_written_;
}

void TraceTables::close() {
  close_datasets();
  file_.close();
}

void TraceTables::finish_and_seal() {
  constexpr std::uint8_t yes = 1;
  h5::Dataset::open(file_.id(), "/finished", Element::u8, 0).write({}, {}, &yes);
  close();
  auto file = h5::File::open_to_add(path_);
  write_seal(file, file_seal_name, file_seal(file));
  file.close();
}

}  // namespace reprise
