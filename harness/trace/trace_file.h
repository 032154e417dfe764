// SPDX-License-Identifier: Apache-2.0
#pragma once
// What stands behind an open Trace: the file, what was read at once when it was opened, and what was read
// since.
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "harness/hdf5/hdf5.h"
#include "harness/trace/journaled.h"
#include "harness/trace/layout.h"
#include "harness/trace/trace.h"

namespace reprise {

class ReadProof;

// An Error with one sentence if there is no file at `path`. A run's folder becomes the trace inside it.
std::filesystem::path find_trace(const std::filesystem::path& path);
// The same for a file that is not HDF5, or shorter than it says it is.
void check_length(const std::filesystem::path& path);

// A shape as a cell of the dataset `name` holds it; a Trouble for a text that is none.
std::vector<std::int64_t> shape_in(const std::string& name, const std::string& cell);

struct Trace::File {
  explicit File(const TraceContent& content);

  // Runs `work`; what HDF5 complains of becomes an Error with the path.
  template <class Work>
  auto guarded(Work work) const {
    try {
      return work();
    } catch (const h5::Trouble& trouble) {
      fail("cannot read the trace {}: {}; it is damaged or not whole, so run it again", path.string(),
           trouble.what());
    }
  }
  // A block of a dataset as 64-bit words.
  std::vector<std::uint64_t> words(const h5::Dataset& from, const h5::Extent& start,
                                   const h5::Extent& count) const;
  std::vector<Digest> digests(const h5::Dataset& from, const h5::Extent& start,
                              const h5::Extent& count) const;
  // The first `count` elements of a table's column.
  std::vector<std::uint64_t> numbers(const std::string& name, std::uint64_t count) const;
  std::vector<double> values(const std::string& name, std::uint64_t count) const;
  std::vector<std::string> texts(const std::string& name, h5::Extent count) const;
  // A scalar text.
  std::string text(const std::string& name) const;
  h5::Dataset open(const std::string& name, std::size_t axes, std::size_t cache_bytes = 0) const;

  // An Error if the rows are not all committed ones, or if they are read for the first time and no proof.
  void check_rows(std::int64_t first, std::int64_t last) const;
  const std::vector<layout::Span>& spans() const;
  // All of /ops that is whole; read once.
  struct Ops {
    std::vector<layout::CallRow> calls;
    std::vector<layout::OpTensorRow> tensors;
    std::vector<std::string> texts;
    std::vector<std::uint64_t> threads, writers;  // per call, per tensor; empty in a trace from before them
    std::vector<layout::KernelRow> kernels;
    std::vector<std::uint64_t> kernel_ends;  // per call; empty in a trace from before them
    std::vector<layout::LineRow> lines;      // per call; empty in a trace from before them
    std::vector<KnownPlace> places;
  };
  const Ops& ops() const;
  void read_kernels(std::uint64_t calls, Ops& into) const;
  void read_places(std::uint64_t calls, Ops& into) const;
  std::vector<std::uint8_t> bytes(const std::string& name, std::uint64_t count) const;

  TraceContent content;
  std::filesystem::path path;
  h5::File file;
  std::uint64_t size = 0;       // bytes of the file
  std::uint64_t committed = 0;  // rows
  std::int64_t begin = 0;       // the step of row 0
  hsize_t row_of(std::int64_t step) const { return static_cast<hsize_t>(step - begin); }
  // Whether the row of a step that a table names is committed.
  bool holds(std::uint64_t step) const { return step < static_cast<std::uint64_t>(begin) + committed; }
  layout::Counts counts;
  bool finished = false;
  std::size_t stages = layout::recipe_stages;  // that its format has
  std::string plan_text;
  Plan plan;
  Facts facts;
  std::vector<TensorDigest> data;
  std::vector<Column> columns;
  h5::Dataset root, chain, stage, digest, loss, order;
  std::shared_ptr<ReadProof> proof_as_read;  // of a trace whose rows are proven when they are read
  mutable std::uint64_t bytes_read = 0;
  mutable std::optional<std::vector<layout::Span>> spans_;
  mutable std::optional<Ops> ops_;

 private:
  bool late_ = false;
  void keep_rows_alone();
  void read_head();
  void read_state();
  void read_facts();
  void read_data();
  void read_columns();
  void open_rows();
};

}  // namespace reprise
