// SPDX-License-Identifier: Apache-2.0
#include "harness/tables/growing.h"

#include "harness/tables/text_cells.h"

namespace reprise {
namespace {

std::size_t bytes_of(h5::Element element, std::size_t width) {
  if (element == h5::Element::text) return width;
  return element == h5::Element::u8 ? 1 : 8;
}

h5::Extent with_rows(hsize_t rows, const h5::Extent& row) {
  h5::Extent all = {rows};
  all.insert(all.end(), row.begin(), row.end());
  return all;
}

}  // namespace

Growing::Growing(std::string path, h5::Element element, h5::Extent row, hsize_t chunk_rows, std::size_t width)
    : path_(std::move(path)),
      element_(element),
      row_(std::move(row)),
      chunk_rows_(chunk_rows),
      width_(width),
      row_bytes_(bytes_of(element, width)) {
  for (const hsize_t size : row_) row_bytes_ *= size;
  check(row_bytes_ > 0, "a row of a trace holds something");
}

void Growing::make(hid_t file) {
  h5::Dataset::make(
      file, path_,
      {element_, width_, with_rows(0, row_), with_rows(h5::unlimited, row_), with_rows(chunk_rows_, row_)});
}

void Growing::open(hid_t file) { dataset_ = h5::Dataset::open(file, path_, element_, 1 + row_.size()); }

void Growing::add_bytes(const void* bytes, std::size_t count) {
  const auto* from = static_cast<const char*>(bytes);
  pending_.insert(pending_.end(), from, from + count);
}

void Growing::add_text(std::string_view text, std::string_view what) {
  add_cell(pending_, text, width_, what);
}

void Growing::write_pending() {
  if (pending_.empty()) return;
  check(pending_.size() % row_bytes_ == 0, "only whole rows go into a trace");
  const std::uint64_t count = pending_.size() / row_bytes_;
  dataset_.grow(with_rows(written_ + count, row_));
  h5::Extent start(1 + row_.size(), 0);
  start[0] = written_;
  dataset_.write(start, with_rows(count, row_), pending_.data());
  written_ += count;
  pending_.clear();
  kept_ = 0;
}

void Growing::put_unkept(std::vector<std::byte>& record) {
  const auto unkept = std::as_bytes(std::span(pending_)).subspan(kept_);
  if (unkept.empty()) return;
  put_rows(record, {path_, written_ + kept_ / row_bytes_, unkept.size() / row_bytes_, unkept});
  kept_ = pending_.size();
}

void Growing::add_rows(const TableRows& rows) {
  if (rows.first != this->rows() || rows.content.size() % row_bytes_ != 0 ||
      rows.content.size() / row_bytes_ != rows.rows)
    throw h5::Trouble("its journal has rows of " + path_ + " that do not follow those before");
  add_bytes(rows.content.data(), rows.content.size());
}

}  // namespace reprise
