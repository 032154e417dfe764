// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a record of a trace's journal holds: rows of tables, each with the path that the table has in the
// trace, and the bytes that it holds there.
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace reprise {

struct TableRows {
  std::string path;
  std::uint64_t first = 0, rows = 0;   // the number of the first one, and how many
  std::span<const std::byte> content;  // row-major
};

// Appends them to a record.
void put_rows(std::vector<std::byte>& record, const TableRows& rows);
// Those of a record, which must outlive them. A Trouble (hdf5.h) for bytes that are no rows.
std::vector<TableRows> rows_in(std::span<const std::byte> record);

}  // namespace reprise
