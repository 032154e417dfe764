// SPDX-License-Identifier: Apache-2.0
#pragma once
// The proof of a trace's rows, one after the other from the first. See trace_proof.h.
#include <array>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "harness/trace/trace.h"

namespace reprise {

// One row as it lies in the file.
struct StoredRow {
  std::int64_t step = 0;
  std::span<const Digest> tensors;  // one per column
  std::span<const Digest> stages;   // one per stage
  Digest root, chain;
  std::uint64_t loss_code = 0, loss_bits = 0;
  std::span<const std::uint64_t> samples;
};

class RowProof {
 public:
  // `data`: the digest of the data, a member of the first root; all zero if there is none. `batch`: samples
  // of a step, 0 where they are not known.
  RowProof(const std::vector<Column>& columns, const Digest& data, std::int64_t first_step,
           std::int64_t batch);

  // The next row comes after one with this chain; all zero: it is the first.
  void follow(const Digest& chain) { chain_ = chain; }
  // A Trouble that names the dataset and the step where the row does not fit itself or the row before.
  void next(const StoredRow& row);

 private:
  struct Member {
    std::string name;
    std::size_t column;
    Digest name_digest;
  };
  Digest stage_of(std::size_t stage, std::span<const Digest> tensors);
  Digest root_of(std::span<const Digest> stages, bool first);
  void prove_stages(const StoredRow& row);
  void prove_loss(const StoredRow& row) const;
  void prove_samples(const StoredRow& row) const;
  std::string members_of(std::size_t stage) const;

  const std::vector<Column>& columns_;
  std::array<std::vector<Member>, stage_count> members_;     // by name
  std::vector<std::pair<std::size_t, Digest>> stage_names_;  // by name; data is number stage_count
  std::optional<std::size_t> index_column_;
  Digest data_, chain_;
  std::int64_t first_step_, batch_;
  std::vector<std::pair<Digest, Digest>> entries_;
};

}  // namespace reprise
