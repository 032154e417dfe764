// SPDX-License-Identifier: Apache-2.0
// The real libtorch_cuda on the fake CUDA run-time library: `cuda` tensors from LibTorch's own allocator, on
// LibTorch's own streams, digested by the product.
//   fake_torch CASE SEED [MISTAKE]    prints "right", "WRONG ..." (1) or "error ..." (3)
#include <ATen/cuda/CUDAEvent.h>
#include <ATen/cuda/CUDAGraph.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/empty_like.h>
#include <ATen/ops/randint.h>
#include <c10/cuda/CUDACachingAllocator.h>
#include <c10/cuda/CUDAFunctions.h>
#include <c10/cuda/CUDAGuard.h>
#include <c10/cuda/CUDAStream.h>

#include <cstdio>
#include <cstdlib>
#include <map>

#include "fake_cuda/programs/plugin_session.h"
#include "harness/record/device_digest.h"
#include "harness/record/tensor_digest.h"

using namespace reprise;
using fake_cuda::PluginSession;

namespace {

std::uint64_t seed = 1;
std::string mistake;
const c10::Device device(c10::kCUDA, 0);

struct Wrong : std::runtime_error {
  using std::runtime_error::runtime_error;
};

at::Tensor drawn(at::IntArrayRef sizes, at::ScalarType type) {
  return at::randint(0, 120, sizes, at::kInt).to(type);
}

// Pinned, as only such a copy goes on while the host does something else.
at::Tensor to_device(const at::Tensor& tensor, at::Tensor& keeper) {
  keeper = at::empty(tensor.sizes(), tensor.options().pinned_memory(true));
  keeper.copy_(tensor);
  at::Tensor there = at::empty(tensor.sizes(), tensor.options().device(device));
  there.copy_(keeper, true);
  return there;
}

// Number formats and layouts; views share their memory with whole tensors.
std::vector<std::pair<at::Tensor, at::Tensor>> drawn_pairs(std::vector<at::Tensor>& keepers) {
  std::vector<std::pair<at::Tensor, at::Tensor>> pairs;
  std::int64_t size = 7 + static_cast<std::int64_t>(seed % 50);
  for (const auto type : {at::kFloat, at::kBFloat16, at::kHalf, at::kDouble, at::kLong, at::kInt, at::kByte,
                          at::kComplexFloat}) {
    const at::Tensor cpu = drawn({size, 37}, type);
    keepers.emplace_back();
    const at::Tensor cuda = to_device(cpu, keepers.back());
    for (const auto& view : std::vector<std::function<at::Tensor(const at::Tensor&)>>{
             [](const at::Tensor& t) { return t; }, [](const at::Tensor& t) { return t.transpose(0, 1); },
             [](const at::Tensor& t) { return t.narrow(1, 3, 20); },
             [](const at::Tensor& t) { return t.slice(0, 1, 6, 2); },
             [](const at::Tensor& t) { return t.select(1, 5); }})
      pairs.emplace_back(view(cpu), view(cuda));
    size = size * 3 % 400 + 5;
  }
  return pairs;
}

void require(bool holds, const std::string& what) {
  if (!holds) throw Wrong(what);
}

void digests() {
  std::vector<at::Tensor> keepers;
  const auto pairs = drawn_pairs(keepers);
  require(digest_place(device) == "cuda", "digest_place: " + digest_place(device));
  Tensors cuda, cpu;
  for (const auto& [here, there] : pairs) {
    cpu.push_back({"t" + std::to_string(cpu.size()), here});
    cuda.push_back({"t" + std::to_string(cuda.size()), there});
  }
  Digests queued(cuda, true);
  require(queued.waiting(), "nothing waits for the device");
  const auto found = queued.take(), wanted = Digests(cpu, true).take();
  for (std::size_t i = 0; i < wanted.size(); ++i)
    require(found[i].digest == wanted[i].digest && found[i].leaves == wanted[i].leaves &&
                found[i].dtype == wanted[i].dtype,
            "tensor " + std::to_string(i) + " of " + wanted[i].dtype);
}

// A tensor is freed and its memory taken for another one while LibTorch's current stream is behind: the
// digest that was queued before must be that of the old content.
void freed_at_once() {
  const at::Tensor first = drawn({5000}, at::kInt), second = drawn({5000}, at::kInt);
  at::Tensor keep_first, keep_second;
  at::Tensor there = to_device(first, keep_first);
  Digests queued({{"t", there}}, false);
  there.reset();
  there = to_device(second, keep_second);
  require(queued.take()[0].digest == digest_of(NamedTensor{"t", first}).digest, "a freed tensor");
  require(digest_of(NamedTensor{"t", there}).digest == digest_of(NamedTensor{"t", second}).digest,
          "the tensor in its place");
}

const reprise_cuda_functions& plugin() { return fake_cuda::load_plugin(std::getenv("REPRISE_CUDA_LIBRARY")); }

struct OneTensor {
  std::int64_t size, one = 1;
  reprise_cuda_tensor view(const at::Tensor& tensor) { return {tensor.data_ptr(), "I32", &size, &one, 1, 4}; }
};

// Digested aside, in a stream of LibTorch's pool, while the current stream goes on. Mistakes: no-block lets
// the other stream not wait for the upload; no-record does not tell the allocator that the freed memory is
// still read.
void streams() {
  PluginSession session(plugin(), {0, 4, 0, 0});
  OneTensor form{20000};
  const at::Tensor content = drawn({form.size}, at::kInt), other = drawn({form.size}, at::kInt);
  const auto side = c10::cuda::getStreamFromPool();
  at::Tensor keep, keep_other;
  at::Tensor there = to_device(content, keep);
  at::cuda::CUDAEvent ready;
  ready.record(c10::cuda::getCurrentCUDAStream());
  if (mistake != "no-block") ready.block(side);
  const std::uint64_t ticket = session.submit({form.view(there)}, {side.stream(), REPRISE_CUDA_ON_CALLER, 0});
  if (mistake != "no-record") c10::cuda::CUDACachingAllocator::recordStream(there.storage().data_ptr(), side);
  there.reset();
  there = to_device(other, keep_other);
  // What the other stream lacks shows where it is behind this one, or ahead of it.
  if (mistake != "no-block") c10::cuda::getCurrentCUDAStream().synchronize();
  const Digest found = session.collect(ticket, 1)[0];
  require(found == digest_of(NamedTensor{"t", content}).digest, "digested aside");
  session.join(c10::cuda::getCurrentCUDAStream());
  c10::cuda::getCurrentCUDAStream().synchronize();
}

void graph() {
  PluginSession session(plugin(), {0, 4, 0, 0});
  OneTensor form{6000};
  at::Tensor keep;
  at::Tensor there = to_device(drawn({form.size}, at::kInt), keep);
  c10::cuda::getCurrentCUDAStream().synchronize();
  const auto stream = c10::cuda::getStreamFromPool();
  const c10::cuda::CUDAStreamGuard guard(stream);
  session.capture({form.view(there)}, stream.stream());
  at::cuda::CUDAGraph captured;
  captured.capture_begin();
  there.copy_(keep, true);
  session.capture({form.view(there)}, stream.stream());
  captured.capture_end();
  std::vector<Digest> wanted;
  for (int replay = 0; replay < 3; ++replay) {
    stream.synchronize();
    keep.copy_(drawn({form.size}, at::kInt));
    wanted.push_back(digest_of(NamedTensor{"t", keep}).digest);
    captured.replay();
  }
  require(session.replays(stream.stream(), 0, 3, 1) == wanted, "replays");
}

void out_of_memory() {
  at::Tensor keep;
  const at::Tensor content = drawn({1000}, at::kInt), there = to_device(content, keep);
  bool thrown = false;
  try {
    const at::Tensor big = at::empty({1LL << 40}, at::TensorOptions(at::kByte).device(device));
  } catch (const c10::OutOfMemoryError&) {
    thrown = true;
  }
  require(thrown, "no OutOfMemoryError");
  require(digest_of(NamedTensor{"t", there}).digest == digest_of(NamedTensor{"t", content}).digest,
          "after out of memory");
}

void all_on_one_device() {
  digests();
  freed_at_once();
  out_of_memory();
}

void two_devices() {
  require(c10::cuda::device_count() == 2, "two devices");
  Tensors cuda, cpu;
  std::vector<at::Tensor> keepers(4);
  for (std::int8_t i = 0; i < 4; ++i) {
    cpu.push_back({"t" + std::to_string(i), drawn({3000 + i}, at::kInt)});
    const auto there = c10::Device(c10::kCUDA, static_cast<c10::DeviceIndex>(i % 2));
    cuda.push_back({cpu.back().name, cpu.back().tensor.to(there)});
  }
  const auto found = Digests(cuda, false).take(), wanted = Digests(cpu, false).take();
  for (std::size_t i = 0; i < 4; ++i)
    require(found[i].digest == wanted[i].digest, "device " + std::to_string(i % 2));
  require(digest_place({c10::kCUDA, 1}) == "cuda", "digest_place of device 1");
}

}  // namespace

int main(int count, char** arguments) {
  static const std::map<std::string, void (*)()> cases = {{"one-device", all_on_one_device},
                                                          {"streams", streams},
                                                          {"graph", graph},
                                                          {"two-devices", two_devices}};
  const auto found = cases.find(count > 2 ? arguments[1] : "");
  if (found == cases.end()) return 2;
  seed = std::strtoull(arguments[2], nullptr, 10);
  if (count > 3) mistake = arguments[3];
  try {
    found->second();
    std::printf("right\n");
    return 0;
  } catch (const Wrong& wrong) {
    std::printf("WRONG %s\n", wrong.what());
    return 1;
  } catch (const std::exception& trouble) {
    std::printf("error %.600s\n", trouble.what());
    return 3;
  }
}
