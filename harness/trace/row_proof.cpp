// SPDX-License-Identifier: Apache-2.0
#include "harness/trace/row_proof.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/hdf5/hdf5.h"
#include "harness/trace/layout.h"

namespace reprise {
namespace {

constexpr std::size_t data_member = stage_count;

std::string moment(std::int64_t step) {
  return step == 0 ? "before training" : fmt::format("at step {}", step);
}

template <class... Args>
[[noreturn]] void refuse(fmt::format_string<Args...> words, Args&&... args) {
  throw h5::Trouble(fmt::format(words, std::forward<Args>(args)...));
}

std::size_t bytes_of_loss(std::string_view dtype) { return dtype == "F64" ? 8 : dtype == "F32" ? 4 : 2; }

}  // namespace

RowProof::RowProof(const std::vector<Column>& columns, const Digest& data, std::int64_t first_step,
                   std::int64_t batch)
    : columns_(columns), data_(data), first_step_(first_step), batch_(batch) {
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const Column& column = columns[i];
    members_[static_cast<std::size_t>(column.stage)].push_back({column.name, i, name_digest(column.name)});
    if (column.stage == Stage::batch && column.name == "index" && column.dtype == "I64") index_column_ = i;
  }
  for (std::size_t stage = 0; stage < stage_count; ++stage) {
    auto& members = members_[stage];
    std::ranges::sort(members, {}, &Member::name);
    if (const auto twice = std::ranges::adjacent_find(members, {}, &Member::name); twice != members.end())
      refuse("/tensors/name has '{}' twice in the stage {}", twice->name, stage_names[stage]);
    stage_names_.emplace_back(stage, name_digest(stage_names[stage]));
  }
  stage_names_.emplace_back(data_member, name_digest("data"));
  const auto name = [](const std::pair<std::size_t, Digest>& member) {
    return member.first == data_member ? std::string_view("data") : stage_names[member.first];
  };
  std::ranges::sort(stage_names_, {}, name);
}

Digest RowProof::stage_of(std::size_t stage, std::span<const Digest> tensors) {
  entries_.clear();
  for (const Member& member : members_[stage])
    if (tensors[member.column].present()) entries_.emplace_back(member.name_digest, tensors[member.column]);
  return entries_.empty() ? Digest{} : set_digest(stage_names[stage], entries_);
}

Digest RowProof::root_of(std::span<const Digest> stages, bool first) {
  entries_.clear();
  for (const auto& [stage, name] : stage_names_) {
    const Digest digest = stage != data_member ? stages[stage] : first ? data_ : Digest{};
    if (digest.present()) entries_.emplace_back(name, digest);
  }
  return set_digest("state", entries_);
}

std::string RowProof::members_of(std::size_t stage) const {
  const auto& members = members_[stage];
  if (members.empty()) return "it has no tensors";
  if (members.size() == 1) return members.front().name;
  return fmt::format("{} and {} more", members.front().name, members.size() - 1);
}

// Which of two tables is wrong is told by the one above: the root fits what was not changed.
void RowProof::prove_stages(const StoredRow& row) {
  std::array<Digest, stage_count> made;
  std::optional<std::size_t> apart;
  for (std::size_t stage = 0; stage < stage_count; ++stage) {
    made[stage] = stage_of(stage, row.tensors);
    if (made[stage] != row.stages[stage] && !apart) apart = stage;
  }
  const bool first = row.step == first_step_;
  if (!apart) {
    if (root_of(row.stages, first) != row.root)
      refuse("/root {} is not what its stages make{}", moment(row.step), first ? " together with /data" : "");
    return;
  }
  const bool stage_fits = root_of(row.stages, first) == row.root;
  refuse("the tensors of the stage {} ({}) {} do not make the stage's digest; {} was changed",
         stage_names[*apart], members_of(*apart), moment(row.step), stage_fits ? "/digest" : "/stage");
}

// The loss is the last scalar that the stage was given, of whatever shape with one element.
void RowProof::prove_loss(const StoredRow& row) const {
  if (row.loss_code >= layout::loss_dtypes.size()) refuse("/loss holds an unknown dtype");
  const std::string_view dtype = layout::loss_dtypes[row.loss_code];
  const auto& members = members_[static_cast<std::size_t>(Stage::loss)];
  const auto present = [&](const Member& member) { return row.tensors[member.column].present(); };
  if (dtype.empty()) {
    if (row.loss_bits != 0 || std::ranges::any_of(members, present))
      refuse("/loss {} says none, though the stage loss has one", moment(row.step));
    return;
  }
  const auto bytes = std::as_bytes(std::span(&row.loss_bits, 1)).first(bytes_of_loss(dtype));
  if (bytes.size() < 8 && row.loss_bits >> (8 * bytes.size()) != 0)
    refuse("/loss {} has bits beyond its dtype", moment(row.step));
  std::vector<std::int64_t> shape;
  for (std::size_t axes = 0; axes <= 4; ++axes, shape.push_back(1)) {
    const Digest digest = tensor_digest(dtype, shape, bytes);
    if (std::ranges::any_of(members, [&](const Member& m) { return row.tensors[m.column] == digest; }))
      return;
  }
  refuse("/loss {} is not the value that the stage loss has the digest of", moment(row.step));
}

// A recipe's batch has a tensor "index" with these very numbers; before the first step, and in a command,
// whose samples are not known, there are none.
void RowProof::prove_samples(const StoredRow& row) const {
  if (row.step == first_step_ || batch_ == 0) {
    if (std::ranges::any_of(row.samples, [](auto sample) { return sample != layout::no_sample; }))
      refuse("/order {} holds samples where there is no batch", moment(row.step));
    return;
  }
  if (!index_column_) return;
  const auto count = static_cast<std::int64_t>(row.samples.size());
  if (tensor_digest("I64", {&count, 1}, std::as_bytes(row.samples)) != row.tensors[*index_column_])
    refuse("/order {} is not the list of samples that the batch's index has the digest of", moment(row.step));
}

void RowProof::next(const StoredRow& row) {
  prove_stages(row);
  chain_ = chain_next(static_cast<std::uint64_t>(row.step), chain_, row.root);
  if (chain_ != row.chain) refuse("/chain {} is not what the roots up to there make", moment(row.step));
  prove_loss(row);
  prove_samples(row);
}

}  // namespace reprise
