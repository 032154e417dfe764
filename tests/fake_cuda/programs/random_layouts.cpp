// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <memory>

#include "fake_cuda/programs/scenarios.h"

namespace reprise::fake_cuda {

namespace {

struct Batch {
  std::vector<RandomTensor> tensors;
  std::vector<DeviceCopy> copies;
  PluginSession::Tensors asked;
  std::vector<Digest> wanted, wanted_leaves;
};

Batch drawn_batch(Random& random, std::size_t count, std::size_t most_bytes) {
  Batch batch;
  for (std::size_t i = 0; i < count; ++i) {
    // One in twenty is large enough for many leaves.
    batch.tensors.push_back(random_tensor(random, random() % 20 == 0 ? 8 * most_bytes : most_bytes));
    const ContentDigest digest = batch.tensors.back().digest();
    batch.wanted.push_back(digest.digest);
    batch.wanted_leaves.insert(batch.wanted_leaves.end(), digest.leaves.begin(), digest.leaves.end());
  }
  return batch;
}

void place_on_device(Batch& batch, cudaStream_t stream) {
  for (const auto& tensor : batch.tensors) {
    batch.copies.emplace_back(tensor.bytes.size());
    void* to = batch.copies.back().data();
    own(cudaMemcpyAsync(to, tensor.bytes.data(), tensor.bytes.size(), cudaMemcpyHostToDevice, stream),
        "cudaMemcpyAsync");
    batch.asked.push_back(tensor.at(to));
  }
}

struct Submitted {
  Batch batch;
  std::uint64_t ticket;
  bool keeps_leaves;
};

Submitted submit(const Scene& scene, Random& random, PluginSession& session, cudaStream_t stream,
                 unsigned count, std::uint32_t where, bool keep) {
  Submitted one{drawn_batch(random, count, scene.most_bytes), 0, keep};
  place_on_device(one.batch, stream);
  one.ticket = session.submit(one.batch.asked, {stream, where, keep ? 1U : 0U});
  return one;
}

void collect(PluginSession& session, Submitted& one) {
  const Batch& batch = one.batch;
  if (one.keeps_leaves)
    require_equal(session.leaves(one.ticket, batch.wanted_leaves.size()), batch.wanted_leaves, "leaves");
  require_equal(session.collect(one.ticket, batch.wanted.size()), batch.wanted, "random layouts");
}

}  // namespace

void require_equal(const std::vector<Digest>& found, const std::vector<Digest>& wanted,
                   const std::string& what) {
  for (std::size_t i = 0; i < wanted.size(); ++i)
    if (i >= found.size() || found[i] != wanted[i])
      throw WrongDigest(what + ": digest " + std::to_string(i) + " of " + std::to_string(wanted.size()) +
                        " is " + (i < found.size() ? to_text(found[i]) : "missing") + ", wanted " +
                        to_text(wanted[i]));
}

// One or two batches are under way at a time, in streams drawn for each.
void random_layouts(const Scene& scene) {
  Random random(scene.seed);
  cudaStream_t stream = nullptr;
  own(cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking), "cudaStreamCreateWithFlags");
  std::vector<std::unique_ptr<PluginSession>> sessions;
  for (const std::uint32_t lanes :
       {REPRISE_CUDA_LANES_BY_WORK, REPRISE_CUDA_LANES_FOUR, REPRISE_CUDA_LANES_WARP})
    sessions.push_back(std::make_unique<PluginSession>(
        scene.plugin, reprise_cuda_options{0, 4, lanes, static_cast<std::uint32_t>(1 + random() % 40)}));
  for (unsigned left = scene.count; left > 0;) {
    PluginSession& session = *sessions[random() % sessions.size()];
    std::vector<Submitted> submitted;
    const std::uint64_t how = random() % 4;
    for (std::size_t batch = 0; batch < (how < 3 ? 2 : 1) && left > 0; ++batch) {
      const auto count = static_cast<unsigned>(1 + random() % std::min(6U, left));
      left -= count;
      // Aside first, then in the caller's stream: no order of streams alone keeps these two apart.
      const bool aside = how == 0 ? random() % 2 == 0 : batch == 0;
      const std::uint32_t where = aside ? 1 : 0;  // REPRISE_CUDA_ON_SIDE, _ON_CALLER
      submitted.push_back(
          submit(scene, random, session, stream, count, where, submitted.empty() && random() % 2 == 0));
    }
    if (random() % 2 == 0) std::reverse(submitted.begin(), submitted.end());
    for (auto& one : submitted) collect(session, one);
    session.join(stream);
  }
  sessions.clear();
  own(cudaStreamDestroy(stream), "cudaStreamDestroy");
}

void large_tensor(const Scene& scene) {
  Random random(scene.seed);
  std::vector<std::byte> bytes((std::size_t{scene.count} << 20) + 5);
  fill(bytes, random);
  const auto size = static_cast<std::int64_t>(bytes.size());
  const std::int64_t one = 1;
  const DeviceCopy device(bytes.size());
  own(cudaMemcpy(device.data(), bytes.data(), bytes.size(), cudaMemcpyHostToDevice), "cudaMemcpy");
  PluginSession session(scene.plugin, {0, 1, REPRISE_CUDA_LANES_BY_WORK, 0});
  const std::uint64_t ticket =
      session.submit({{device.data(), "U8", &size, &one, 1, 1}}, {nullptr, REPRISE_CUDA_ON_CALLER, 0});
  require_equal(session.collect(ticket, 1), {tensor_digest("U8", {&size, 1}, bytes)}, "a large tensor");
}

}  // namespace reprise::fake_cuda
