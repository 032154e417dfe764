// SPDX-License-Identifier: Apache-2.0
#include <cstring>

#include "fake_cuda/programs/scenarios.h"

namespace reprise::fake_cuda {

namespace {

struct Answers {
  std::vector<RandomTensor> tensors;
  std::vector<std::byte> bytes;
  std::vector<std::size_t> place;
  std::vector<Digest> wanted;

  Answers(Random& random, std::size_t most_bytes) {
    for (int i = 0; i < 5; ++i) {
      tensors.push_back(random_tensor(random, most_bytes));
      place.push_back((bytes.size() + 15) / 16 * 16);
      bytes.resize(place.back());
      bytes.insert(bytes.end(), tensors.back().bytes.begin(), tensors.back().bytes.end());
      wanted.push_back(tensors.back().digest().digest);
    }
  }
  PluginSession::Tensors asked() const {
    PluginSession::Tensors all;
    for (std::size_t i = 0; i < tensors.size(); ++i) all.push_back(tensors[i].at(bytes.data() + place[i]));
    return all;
  }
};

template <class Body>
void refused(const char* what, int code, Body body) {
  try {
    body();
  } catch (const Refused& refusal) {
    if (refusal.code != code) throw;
    if (std::strlen(refusal.what()) < 10)
      throw WrongDigest(std::string(what) + ": refused with code " + std::to_string(refusal.code) + ", " +
                        refusal.what());
    return;
  }
  throw WrongDigest(std::string(what) + ": was not refused");
}

}  // namespace

void known_answers(const Scene& scene) {
  Random random(scene.seed);
  Answers answers(random, scene.most_bytes / 4);
  PluginSession session(scene.plugin, {0, 4, REPRISE_CUDA_LANES_BY_WORK, 8});
  session.self_test(answers.bytes, answers.asked(), answers.wanted, nullptr);
  auto other = answers.wanted;
  other[3].high ^= 1;
  refused("a known answer that is wrong", REPRISE_CUDA_WRONG,
          [&] { session.self_test(answers.bytes, answers.asked(), other, nullptr); });
}

// Each tensor is digested by the library; where it refuses and the device is not lost, a copy is digested
// here.
void whole(const Scene& scene) {
  Random random(scene.seed);
  std::string refusal;
  try {
    Scene small = scene;
    small.count = 5;
    small.most_bytes = 6000;
    random_layouts(small);
    training_steps(small);
    graph_replays(small);
    known_answers(small);
    return;
  } catch (const Refused& trouble) {
    if (trouble.code == REPRISE_CUDA_LOST || trouble.code == REPRISE_CUDA_NO_DEVICE ||
        trouble.code == REPRISE_CUDA_NO_DRIVER)
      throw;
    refusal = trouble.what();
    const RandomTensor tensor = random_tensor(random, 5000);
    const DeviceCopy device(tensor.bytes.size());
    RandomTensor back = tensor;
    own(cudaMemcpy(device.data(), tensor.bytes.data(), tensor.bytes.size(), cudaMemcpyHostToDevice),
        "cudaMemcpy");
    own(cudaMemcpy(back.bytes.data(), device.data(), tensor.bytes.size(), cudaMemcpyDeviceToHost),
        "cudaMemcpy");
    require_equal({back.digest().digest}, {tensor.digest().digest}, "a copy on the CPU");
    throw;
  }
}

void misuses(const Scene& scene) {
  Random random(scene.seed);
  RandomTensor tensor = random_tensor(random, 5000);
  const DeviceCopy device(tensor.bytes.size());
  own(cudaMemcpy(device.data(), tensor.bytes.data(), tensor.bytes.size(), cudaMemcpyHostToDevice),
      "cudaMemcpy");
  const PluginSession::Tensors asked = {tensor.at(device.data())};
  const reprise_cuda_place aside = {nullptr, REPRISE_CUDA_ON_SIDE, 0};
  refused("device 99", REPRISE_CUDA_NO_DEVICE, [&] { PluginSession session(scene.plugin, {99, 4, 0, 0}); });
  refused("device -1", REPRISE_CUDA_NO_DEVICE, [&] { PluginSession session(scene.plugin, {-1, 4, 0, 0}); });
  PluginSession session(scene.plugin, {0, 2, 0, 0});
  refused("an unknown ticket", REPRISE_CUDA_MISUSE, [&] { session.collect(77, 1); });
  const std::uint64_t first = session.submit(asked, aside);
  refused("another count", REPRISE_CUDA_MISUSE, [&] { session.collect(first, 2); });
  refused("leaves that were not kept", REPRISE_CUDA_MISUSE, [&] { session.leaves(first, 1); });
  session.submit(asked, aside);
  refused("a full ring", REPRISE_CUDA_MISUSE, [&] { session.submit(asked, aside); });
  require_equal(session.collect(first, 1), {tensor.digest().digest}, "after misuse");
  refused("collected twice", REPRISE_CUDA_MISUSE, [&] { session.collect(first, 1); });
  auto odd = asked;
  odd[0].element_bytes = 3;
  refused("an element of 3 bytes", REPRISE_CUDA_MISUSE, [&] { session.submit(odd, aside); });
  cudaStream_t stream = nullptr;
  own(cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking), "cudaStreamCreateWithFlags");
  own(cudaStreamBeginCapture(stream, cudaStreamCaptureModeThreadLocal), "cudaStreamBeginCapture");
  refused("submit under capture", REPRISE_CUDA_CAPTURING, [&] {
    session.submit(asked, {stream, REPRISE_CUDA_ON_CALLER, 0});
  });
  cudaGraph_t graph = nullptr;
  static_cast<void>(cudaStreamEndCapture(stream, &graph));
  if (graph != nullptr) static_cast<void>(cudaGraphDestroy(graph));
  own(cudaStreamDestroy(stream), "cudaStreamDestroy");
}

}  // namespace reprise::fake_cuda
