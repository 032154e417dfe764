// SPDX-License-Identifier: Apache-2.0
#pragma once
// The file under a TraceWriter: all its datasets, and the order in which they are made and flushed.
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "harness/tables/growing.h"
#include "harness/trace/layout.h"
#include "harness/trace/op_tables.h"
#include "harness/trace/trace_head.h"

namespace reprise {

class TraceTables {
 public:
  // Of the stages, the batch of a step, the pins of a reading, and the steps to come (0: not known).
  TraceTables(std::uint64_t stages, std::uint64_t batch, std::uint64_t pins, std::uint64_t steps);
  ~TraceTables() { close_datasets(); }
  TraceTables(const TraceTables&) = delete;
  TraceTables& operator=(const TraceTables&) = delete;

  // Makes everything that will ever be in the file, writes the head, and lets readers look on. There is a
  // place for operator calls only if the plan has a window for them.
  void create(const std::filesystem::path& path, const std::vector<HeadPart>& head, bool calls);
  // A new row of the digest table, all absent: one digest per column known so far, to be filled at once.
  std::span<Digest> add_row(std::size_t columns);
  void add_call(const OpCall& call) { ops_->add(call); }
  bool rows_wait() const { return rows_waiting_ > 0; }
  bool rows_unkept() const { return rows_waiting_ > rows_kept_; }
  // What waits and no record of the journal has yet, as one; empty if there is nothing.
  std::vector<std::byte> unkept();
  // Rows out of such a record; they wait. A Trouble if they do not follow those before.
  void add_rows(const TableRows& rows);
  // Writes what waits, flushes it, raises the counts, and last of all `committed`.
  void commit();
  std::uint64_t committed() const { return committed_rows_; }
  // Marks the run finished, closes the file, and seals what its chain does not prove.
  void finish_and_seal();
  // Closes the file as it is.
  void close();

  Growing stage, root, chain, loss, order;
  Growing tensor_stage, tensor_name, tensor_dtype, tensor_shape, tensor_first;
  Growing metric_name, metric_step, metric_which, metric_value;
  Growing leaf_digest, leaf_span;
  Growing pin_step, pin_value;

 private:
  std::vector<Growing*> all();
  void make_datasets();
  void open_datasets();
  void close_datasets();
  void widen_block(std::size_t columns);
  void write_digests();
  void add_digests(const TableRows& rows);

  std::filesystem::path path_;
  h5::File file_;
  h5::Dataset digest_, counts_, committed_;
  std::optional<OpTables> ops_;
  std::vector<Digest> block_;  // rows of /digest that wait, one after the other
  std::size_t block_columns_ = 0;
  std::uint64_t rows_waiting_ = 0, rows_kept_ = 0;  // of those that wait, the journal has these
  std::uint64_t rows_written_ = 0, committed_rows_ = 0;
};

}  // namespace reprise
