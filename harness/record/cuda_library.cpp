// SPDX-License-Identifier: Apache-2.0
#include "harness/record/cuda_library.h"

#include <dlfcn.h>

#include <array>
#include <cstdlib>
#include <map>
#include <mutex>

#include "harness/base/error.h"
#include "harness/base/files.h"
#include "harness/tensor/digest.h"

namespace reprise {
namespace {

std::filesystem::path place_of_cuda_library() {
  if (const char* named = std::getenv("REPRISE_CUDA_LIBRARY")) return named;
  return program_folder().parent_path() / "lib" / "libreprise_cuda.so";
}

CudaLibrary loaded_cuda_library() {
  const auto path = place_of_cuda_library();
  if (!std::filesystem::exists(path))
    return {nullptr, fmt::format("there is no {}; build with nvcc at hand", path.string())};
  void* library = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) return {nullptr, fmt::format("{} does not load: {}", path.string(), ::dlerror())};
  const auto entry = reinterpret_cast<reprise_cuda_entry>(::dlsym(library, REPRISE_CUDA_ENTRY));
  const auto* functions = entry == nullptr ? nullptr : entry(REPRISE_CUDA_INTERFACE);
  if (functions == nullptr)
    return {nullptr, fmt::format("{} is of another version of reprise", path.string())};
  return {functions, ""};
}

// Known answers: every way through the kernels. Data of an address off the words' borders, a leaf in full, a
// tail, a transposed matrix, no element, one, and more leaves than a node has children.
struct KnownAnswers {
  using Shape = std::vector<std::int64_t>;
  struct Answer {
    const char* dtype;
    std::size_t offset, element_bytes;
    Shape shape, strides;
  };
  std::vector<std::byte> bytes;
  std::vector<Answer> answers = {
      {"U8", 0, 1, {16384}, {1}},
      {"F32", 4, 4, {10'000}, {1}},
      {"BF16", 0, 2, {120, 130}, {1, 120}},
      {"U8", 13, 1, {40'001}, {1}},
      {"F64", 8, 8, {}, {}},
      {"F32", 0, 4, {0, 3}, {3, 1}},
      {"C128", 0, 16, {50, 60}, {-60, 1}},
      {"C128", 0, 16, {1027, 1024}, {0, 1}},
  };
  std::vector<reprise_cuda_tensor> tensors;
  std::vector<reprise_cuda_digest> wanted;

  KnownAnswers() : bytes(1 << 16) {
    std::uint64_t state = 1;  // a linear congruential generator, Knuth's constants
    for (std::byte& byte : bytes) {
      state = state * 6364136223846793005u + 1442695040888963407u;
      byte = static_cast<std::byte>(state >> 33);
    }
    answers[6].offset = 49 * 60 * 16;  // its first row lies last
    for (const Answer& answer : answers) {
      const TensorView view{answer.dtype, answer.shape, answer.strides, bytes.data() + answer.offset,
                            answer.element_bytes};
      const Digest digest = digest_of(view).digest;
      tensors.push_back({view.data, answer.dtype, answer.shape.data(), answer.strides.data(),
                         static_cast<std::uint32_t>(answer.shape.size()),
                         static_cast<std::uint32_t>(answer.element_bytes)});
      wanted.push_back({digest.low, digest.high});
    }
  }
};

// So many operator calls may be ahead of their digests.
constexpr std::uint32_t slots = 64;

void open_digester(int device, void* stream, CudaDigester& digester) {
  const CudaLibrary& library = cuda_library();
  digester.trouble = library.trouble;
  if (library.functions == nullptr) return;
  const reprise_cuda_options options{device, slots, REPRISE_CUDA_LANES_BY_WORK, 0};
  reprise_cuda_error error{};
  if (library.functions->open(&options, &digester.session, &error) != REPRISE_CUDA_OK) {
    digester.trouble = error.sentence;
    return;
  }
  const KnownAnswers known;
  if (library.functions->self_test(digester.session, known.bytes.data(), known.bytes.size(),
                                   known.tensors.data(), known.wanted.data(), known.tensors.size(), stream,
                                   &error) != REPRISE_CUDA_OK)
    digester.trouble = error.sentence;
}

}  // namespace

const CudaLibrary& cuda_library() {
  static const CudaLibrary library = loaded_cuda_library();
  return library;
}

CudaDigester& cuda_digester(int device, void* stream) {
  static auto* digesters = new std::map<int, CudaDigester>;
  static std::mutex mutex;
  const std::lock_guard lock(mutex);
  const auto [found, is_new] = digesters->try_emplace(device);
  if (is_new) open_digester(device, stream, found->second);
  return found->second;
}

}  // namespace reprise
