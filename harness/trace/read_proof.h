// SPDX-License-Identifier: Apache-2.0
#pragma once
// Rows of a trace, read and proven together (row_proof.h): all of them when it is opened, or, of a trace that
// is one of too many, those that are read.
#include <cstdint>
#include <vector>

#include "harness/trace/row_proof.h"
#include "harness/trace/trace_file.h"

namespace reprise {

class ReadProof {
 public:
  // `file` must outlive it.
  explicit ReadProof(const Trace::File& file);

  // Proves `rows` rows from `first` on, each against the chain of the row before it. A Trouble that names the
  // dataset and the step where one does not fit. `proven` is raised with each that fits.
  void rows(std::uint64_t first, std::uint64_t rows, std::uint64_t& proven);
  // The same of those from `first` up to `last`, both counted in, that were not proven before.
  void once(std::uint64_t first, std::uint64_t last);

 private:
  const Trace::File& file_;
  RowProof proof_;
  std::vector<bool> proven_;
};

}  // namespace reprise
