// SPDX-License-Identifier: Apache-2.0
#pragma once
// A dataset that grows along its first axis. Rows wait in memory until write_pending().
#include <cstring>
#include <string>
#include <type_traits>
#include <vector>

#include "harness/hdf5/hdf5.h"
#include "harness/tables/table_rows.h"

namespace reprise {

class Growing {
 public:
  // `row`: the sizes of the axes after the first; `width`: bytes of a text.
  Growing(std::string path, h5::Element element, h5::Extent row, hsize_t chunk_rows, std::size_t width = 0);

  void make(hid_t file);  // empty, before readers may look on
  void open(hid_t file);  // again after that
  void close() { dataset_ = {}; }

  template <class T>
  void add(const T& value) {
    static_assert(std::is_trivially_copyable_v<T>);
    add_bytes(&value, sizeof value);
  }
  void add_bytes(const void* bytes, std::size_t count);
  void add_text(std::string_view text, std::string_view what);  // one cell of a text dataset

  bool pending() const { return !pending_.empty(); }
  std::uint64_t rows() const { return written_ + pending_.size() / row_bytes_; }  // those that wait included
  void write_pending();

  // Appends those of the rows that wait that the journal has not got yet to a record of it.
  void put_unkept(std::vector<std::byte>& record);
  // Rows out of a journal, as if they had been added one by one. A Trouble if they do not follow.
  void add_rows(const TableRows& rows);
  const std::string& path() const { return path_; }

 private:
  std::string path_;
  h5::Element element_;
  h5::Extent row_;
  hsize_t chunk_rows_;
  std::size_t width_, row_bytes_;
  h5::Dataset dataset_;
  std::uint64_t written_ = 0;
  std::vector<char> pending_;
  std::size_t kept_ = 0;  // bytes of these that the journal has
};

}  // namespace reprise
