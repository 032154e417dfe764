// SPDX-License-Identifier: Apache-2.0
#pragma once
// Which column of the digest table each tensor has, and the digests of the tensors' names. A tensor gets its
// column when it is first seen. A step that hands over the same names in the same order as the step before
// costs little.
#include <array>
#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "harness/trace/trace.h"

namespace reprise {

class ColumnBook {
 public:
  struct Placed {
    Digest stage;                      // set_digest of the stage; all zero without tensors
    std::vector<std::size_t> columns;  // one per tensor, as handed over
  };
  // The tensors of one stage of one step. Two of one name are an Error.
  const Placed& place(Stage stage, std::span<const TensorDigest> tensors);

  // All columns so far.
  const std::vector<Column>& columns() const { return columns_; }

 private:
  struct Known {
    std::vector<std::string> names;                  // as last handed over
    std::vector<std::size_t> sorted;                 // their positions, by name
    std::vector<std::pair<Digest, Digest>> entries;  // by name; the digest of the name stands ready
    Placed placed;
  };
  void learn(Known& known, Stage stage, std::span<const TensorDigest> tensors);
  std::size_t column_of(Stage stage, const TensorDigest& tensor);

  std::array<Known, stage_count> known_;
  std::array<std::map<std::string, std::size_t>, stage_count> index_;
  std::vector<Column> columns_;
  std::vector<Digest> name_digests_;  // by column
};

}  // namespace reprise
