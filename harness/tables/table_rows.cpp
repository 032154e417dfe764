// SPDX-License-Identifier: Apache-2.0
#include "harness/tables/table_rows.h"

#include <algorithm>
#include <cstring>

#include "harness/hdf5/hdf5.h"

namespace reprise {
namespace {

struct Head {
  char path[32];
  std::uint64_t first, rows, bytes;
};
static_assert(sizeof(Head) == 56);

}  // namespace

void put_rows(std::vector<std::byte>& record, const TableRows& rows) {
  Head head{{}, rows.first, rows.rows, rows.content.size()};
  check(rows.path.size() < sizeof head.path, "the path of a table fits into a journal");
  std::memcpy(head.path, rows.path.data(), rows.path.size());
  const auto bytes = std::as_bytes(std::span(&head, 1));
  record.insert(record.end(), bytes.begin(), bytes.end());
  record.insert(record.end(), rows.content.begin(), rows.content.end());
}

std::vector<TableRows> rows_in(std::span<const std::byte> record) {
  std::vector<TableRows> all;
  while (!record.empty()) {
    Head head{};
    if (record.size() < sizeof head) throw h5::Trouble("its journal has a record that is too short");
    std::memcpy(&head, record.data(), sizeof head);
    record = record.subspan(sizeof head);
    if (head.bytes > record.size()) throw h5::Trouble("its journal has a record that is too short");
    const std::string_view path(head.path, sizeof head.path);
    all.push_back({std::string(path.substr(0, path.find('\0'))), head.first, head.rows,
                   record.first(static_cast<std::size_t>(head.bytes))});
    record = record.subspan(static_cast<std::size_t>(head.bytes));
  }
  return all;
}

}  // namespace reprise
