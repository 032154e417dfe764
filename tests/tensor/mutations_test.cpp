// SPDX-License-Identifier: Apache-2.0
// 10,000 changes of a state: each must be seen by the state's digest, and found in its tensor and its leaf.
#include <catch2/catch.hpp>
#include <cstdio>
#include <map>

#include "harness/tensor/digest.h"
#include "tensor/mutated_state.h"

using namespace reprise;

namespace {

struct Taken {
  Digest state, tensor;
  std::vector<Digest> leaves;
};

// The digest of the whole state with one tensor as it is given; those of the others are at hand.
class StateDigest {
 public:
  explicit StateDigest(const std::vector<StateTensor>& tensors) : tensors_(tensors) {
    for (const auto& tensor : tensors)
      digests_.push_back(tensor_digest(tensor.dtype, tensor.shape, tensor.bytes()));
  }
  Taken with(std::size_t which, const StateTensor& tensor) const {
    Taken taken;
    taken.leaves = leaf_digests(tensor.bytes());
    taken.tensor = sealed_tensor(tensor.dtype, tensor.shape, tensor.bytes().size(), taken.leaves);
    std::vector<std::pair<std::string, Digest>> members;
    for (std::size_t i = 0; i < tensors_.size(); ++i)
      members.emplace_back(i == which ? tensor.name : tensors_[i].name,
                           i == which ? taken.tensor : digests_[i]);
    taken.state = set_digest("state", std::move(members));
    return taken;
  }

 private:
  const std::vector<StateTensor>& tensors_;
  std::vector<Digest> digests_;
};

// Which leaves differ, told by the bytes; one that only one side has differs.
std::vector<bool> changed_leaves(Bytes before, Bytes after) {
  const std::uint64_t most = std::max(leaf_count(before.size()), leaf_count(after.size()));
  std::vector<bool> changed;
  for (std::uint64_t i = 0; i < most; ++i) {
    const auto part = [&](Bytes of) {
      const std::size_t at = std::min<std::size_t>(i * leaf_bytes, of.size());
      return of.subspan(at, std::min(leaf_bytes, of.size() - at));
    };
    changed.push_back(!std::ranges::equal(part(before), part(after)));
  }
  return changed;
}

std::vector<bool> changed_digests(const std::vector<Digest>& before, const std::vector<Digest>& after) {
  std::vector<bool> changed;
  for (std::size_t i = 0; i < std::max(before.size(), after.size()); ++i)
    changed.push_back(i >= before.size() || i >= after.size() || before[i] != after[i]);
  return changed;
}

// As torch.hash_tensor makes it: an exclusive or of the elements as 64-bit floating-point numbers.
std::uint64_t exclusive_or(const std::vector<float>& values) {
  std::uint64_t all = 0;
  for (const double value : values) {
    std::uint64_t bits = 0;
    std::memcpy(&bits, &value, sizeof bits);
    all ^= bits;
  }
  return all;
}

double absolute_sum(const std::vector<float>& values) {
  float sum = 0;
  for (const float value : values) sum += std::abs(value);
  return sum;
}

constexpr int changes = 10'000;

}  // namespace

TEST_CASE("each of 10,000 changes of a state is seen by its digest and found in its leaf") {
  StateChanges drawn;
  const StateDigest digest(drawn.tensors());
  std::array<int, mutation_names.size()> seen{};
  for (int i = 0; i < changes; ++i) {
    const auto change = drawn.draw();
    const Taken before = digest.with(change.tensor, change.before),
                after = digest.with(change.tensor, change.after);
    const auto leaves = changed_digests(before.leaves, after.leaves);
    const bool renamed = change.how == Mutation::renamed;
    if (before.state == after.state || (before.tensor == after.tensor) != renamed ||
        leaves != changed_leaves(change.before.bytes(), change.after.bytes()))
      FAIL("change " << i << " (" << mutation_names[static_cast<std::size_t>(change.how)] << " in "
                     << change.before.name << ") was not found where it is");
    ++seen[static_cast<std::size_t>(change.how)];
  }
  for (std::size_t how = 0; how < seen.size(); ++how) {
    INFO(mutation_names[how]);
    CHECK(seen[how] > changes / 24);
  }
}

// tensor_tests "[.table]" prints it for docs/measured/benchmarks.md. A value that is not a number is seen by
// neither of the two others, whatever else is changed.
TEST_CASE("how many changes an exclusive or and a sum of absolute values see", "[.table]") {
  StateChanges drawn;
  const StateDigest digest(drawn.tensors());
  struct Row {
    int all = 0, digest = 0, exclusive_or = 0, sum = 0;
  };
  std::map<Mutation, Row> rows;
  for (int i = 0; i < changes; ++i) {
    const auto change = drawn.draw();
    Row& row = rows[change.how];
    ++row.all;
    row.digest +=
        digest.with(change.tensor, change.before).state != digest.with(change.tensor, change.after).state ? 1
                                                                                                          : 0;
    row.exclusive_or += exclusive_or(change.before.values) != exclusive_or(change.after.values) ? 1 : 0;
    const double before = absolute_sum(change.before.values), after = absolute_sum(change.after.values);
    row.sum += before != after && !(std::isnan(before) && std::isnan(after)) ? 1 : 0;
  }
  std::printf(
      "| change | made | seen by the digest | by an exclusive or | by a sum of absolute values |\n"
      "|---|---|---|---|---|\n");
  for (const auto& [how, row] : rows)
    std::printf("| %s | %d | %d | %d | %d |\n",
                std::string(mutation_names[static_cast<std::size_t>(how)]).c_str(), row.all, row.digest,
                row.exclusive_or, row.sum);
}
