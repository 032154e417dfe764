// SPDX-License-Identifier: Apache-2.0
#include "harness/trace/read_proof.h"

#include <algorithm>
#include <array>

#include "harness/trace/batch_share.h"

namespace reprise {
namespace {

Digest data_of(const Trace::File& file) {
  std::vector<std::pair<std::string, Digest>> members;
  for (const TensorDigest& tensor : file.data) members.emplace_back(tensor.name, tensor.digest);
  return members.empty() ? Digest{} : set_digest("data", std::move(members));
}

// A block of rows, read at once.
struct Block {
  std::vector<Digest> tensors, stages, roots, chains;
  std::vector<std::uint64_t> losses, samples;
};

Block read_block(const Trace::File& file, std::uint64_t first, std::uint64_t rows, std::uint64_t batch) {
  Block block;
  if (!file.columns.empty())
    block.tensors = file.digests(file.digest, {first, 0, 0}, {rows, file.columns.size(), 2});
  block.stages = file.digests(file.stage, {first, 0, 0}, {rows, file.stages, 2});
  block.roots = file.digests(file.root, {first, 0}, {rows, 2});
  block.chains = file.digests(file.chain, {first, 0}, {rows, 2});
  block.losses = file.words(file.loss, {first, 0}, {rows, 2});
  if (batch > 0) block.samples = file.words(file.order, {first, 0}, {rows, batch});
  return block;
}

}  // namespace

ReadProof::ReadProof(const Trace::File& file)
    : file_(file),
      proof_(file.columns, data_of(file), file.begin, batch_share(file.plan)),
      proven_(static_cast<std::size_t>(file.committed)) {}

void ReadProof::rows(std::uint64_t first, std::uint64_t rows, std::uint64_t& proven) {
  const std::uint64_t columns = file_.columns.size(), batch = file_.order.extent()[1];
  proof_.follow(first == 0 ? Digest{} : file_.digests(file_.chain, {first - 1, 0}, {1, 2}).front());
  const Block block = read_block(file_, first, rows, batch);
  for (std::uint64_t i = 0; i < rows; ++i) {
    std::array<Digest, stage_count> stages{};  // what the format has not is absent
    std::copy_n(block.stages.begin() + static_cast<std::ptrdiff_t>(i * file_.stages), file_.stages,
                stages.begin());
    proof_.next({file_.begin + static_cast<std::int64_t>(first + i),
                 std::span(block.tensors).subspan(i * columns, columns), stages, block.roots[i],
                 block.chains[i], block.losses[2 * i], block.losses[2 * i + 1],
                 std::span(block.samples).subspan(i * batch, batch)});
    proven_[static_cast<std::size_t>(first + i)] = true;
    ++proven;
  }
}

void ReadProof::once(std::uint64_t first, std::uint64_t last) {
  constexpr std::uint64_t most = 256;  // rows in memory at once
  std::uint64_t ignored = 0;
  for (std::uint64_t row = first; row <= last; ++row) {
    if (proven_[static_cast<std::size_t>(row)]) continue;
    std::uint64_t end = row;
    while (end <= last && end - row < most && !proven_[static_cast<std::size_t>(end)]) ++end;
    rows(row, end - row, ignored);
    row = end - 1;
  }
}

}  // namespace reprise
