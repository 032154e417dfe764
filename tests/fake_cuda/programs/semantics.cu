// SPDX-License-Identifier: Apache-2.0
// Small kernels as nvcc compiles them: what barriers, shuffles and masks mean, and what goes wrong without
// them.
//   semantics CASE     prints "right", "wrong", or "error N" with what the CUDA run-time library answered
#include <cuda_runtime.h>

#include <cstdint>
#include <cstdio>
#include <cstring>
#include <functional>
#include <map>
#include <string>

namespace {

using u32 = std::uint32_t;
using u64 = unsigned long long;
constexpr int threads = 256;

template <bool barriers>
__global__ void sum_in_shared(const u32* in, u32* out) {
  __shared__ u32 part[threads];
  const u32 t = threadIdx.x;
  part[t] = in[t];
  if (barriers) __syncthreads();
  for (u32 half = threads / 2; half != 0; half /= 2) {
    const u32 other = t < half ? part[t + half] : 0;
    if (barriers) __syncthreads();
    if (t < half) part[t] += other;
    if (barriers) __syncthreads();
  }
  if (t == 0) out[0] = part[0];
}

// Sums over groups of four lanes; only 12 of the warp's 32 lanes are there.
__global__ void groups_of_four(const u32* in, u32* out) {
  const u32 t = threadIdx.x;
  if (t >= 12) return;
  u32 sum = in[t];
  for (int distance = 1; distance < 4; distance *= 2)
    sum += __shfl_xor_sync(0xFu << (t & ~3u), sum, distance, 4);
  out[t] = sum;
}

__global__ void partner_ended(const u32* in, u32* out) {
  const u32 t = threadIdx.x;
  if (t >= 11) return;
  out[t] = __shfl_xor_sync(0xFFFFFFFFu, in[t], 1);
}

__global__ void two_branches(const u32* in, u32* out) {
  const u32 t = threadIdx.x;
  u32 value = 0;
  if (t & 4)
    value = __shfl_xor_sync(0xF0F0F0F0u, in[t], 1);
  else
    value = __shfl_xor_sync(0x0F0F0F0Fu, in[t], 2);
  out[t] = value;
}

__global__ void full_mask_in_a_branch(const u32* in, u32* out) {
  const u32 t = threadIdx.x;
  u32 value = 0;
  if (t < 16) value = __shfl_xor_sync(0xFFFFFFFFu, in[t], 1);
  out[t] = value;
}

__global__ void barrier_in_a_branch(const u32* in, u32* out) {
  if (threadIdx.x < 40) __syncthreads();
  out[threadIdx.x] = in[threadIdx.x];
}

__global__ void everyone_writes(const u32*, u32* out) { out[0] = 5; }

__global__ void beyond_the_end(const u32* in, u32* out) { out[threadIdx.x + 1] = in[threadIdx.x]; }

__global__ void not_aligned(const u32* in, u32* out) {
  out[threadIdx.x] = *reinterpret_cast<const u32*>(reinterpret_cast<const char*>(in) + 2);
}

__global__ void never_written(const u32*, u32* out) {
  __shared__ u32 part[threads];
  if (threadIdx.x != 7) part[threadIdx.x] = threadIdx.x;
  __syncthreads();
  out[threadIdx.x] = part[(threadIdx.x + 1) % threads];
}

__device__ u64 mixed(u64 value) {
  for (u32 i = 0; i < value % 7 + 1; ++i) {
    value ^= value >> 23;
    value *= 0x2127599BF4325C37ULL;
    value += __umul64hi(value, 0x9E3779B97F4A7C15ULL) + (value / 1000003 % 17);
  }
  return value;
}

__global__ void mix(const u32* in, u32* out) {
  const u64 value = mixed(static_cast<u64>(in[threadIdx.x]) << 13 | threadIdx.x);
  out[threadIdx.x] =
      static_cast<u32>(value ^ value >> 32) + __popcll(value) * 3 + __clz(static_cast<int>(value) | 1);
}

u32 mixed_on_the_host(u32 in, u32 t) {
  u64 value = static_cast<u64>(in) << 13 | t;
  const auto rounds = [](u64 v) { return v % 7 + 1; };
  for (u32 i = 0; i < rounds(value); ++i) {
    value ^= value >> 23;
    value *= 0x2127599BF4325C37ULL;
    const u64 high = static_cast<u64>(static_cast<unsigned __int128>(value) * 0x9E3779B97F4A7C15ULL >> 64);
    value += high + (value / 1000003 % 17);
  }
  return static_cast<u32>(value ^ value >> 32) + __builtin_popcountll(value) * 3 +
         __builtin_clz(static_cast<u32>(value) | 1);
}

struct Case {
  void (*kernel)(const u32*, u32*);
  int count;                       // of results that are looked at
  std::function<u32(u32)> wanted;  // by thread
};

u32 input(u32 t) { return t * 7 + 3; }

std::map<std::string, Case> cases() {
  const auto sum = [](u32) {
    u32 all = 0;
    for (u32 t = 0; t < threads; ++t) all += input(t);
    return all;
  };
  const auto four = [](u32 t) {
    return input(t / 4 * 4) + input(t / 4 * 4 + 1) + input(t / 4 * 4 + 2) + input(t / 4 * 4 + 3);
  };
  const auto any = [](u32) { return 0u; };
  return {{"shared-sum", {sum_in_shared<true>, 1, sum}},
          {"shared-sum-without-barriers", {sum_in_shared<false>, 1, sum}},
          {"groups-of-four", {groups_of_four, 12, four}},
          {"partner-ended", {partner_ended, 11, any}},
          {"two-branches", {two_branches, 32, [](u32 t) { return input(t & 4 ? t ^ 1 : t ^ 2); }}},
          {"full-mask-in-a-branch", {full_mask_in_a_branch, 32, any}},
          {"barrier-in-a-branch", {barrier_in_a_branch, threads, input}},
          {"everyone-writes", {everyone_writes, 1, [](u32) { return 5u; }}},
          {"beyond-the-end", {beyond_the_end, threads, any}},
          {"not-aligned", {not_aligned, threads, any}},
          {"never-written", {never_written, threads, any}},
          {"mix", {mix, threads, [](u32 t) { return mixed_on_the_host(input(t), t); }}}};
}

}  // namespace

int main(int count, char** arguments) {
  const auto all = cases();
  const auto found = all.find(count > 1 ? arguments[1] : "");
  if (found == all.end()) return 2;
  u32 host[threads], result[threads] = {};
  for (u32 t = 0; t < threads; ++t) host[t] = input(t);
  u32 *in = nullptr, *out = nullptr;
  cudaMalloc(&in, sizeof host);
  cudaMalloc(&out, sizeof host);
  cudaMemcpy(in, host, sizeof host, cudaMemcpyHostToDevice);
  cudaMemset(out, 0, sizeof host);
  found->second.kernel<<<1, threads>>>(in, out);
  cudaError_t status = cudaGetLastError();
  if (status == cudaSuccess) status = cudaDeviceSynchronize();
  if (status != cudaSuccess) {
    std::printf("error %d\n", static_cast<int>(status));
    return 0;
  }
  cudaMemcpy(result, out, sizeof result, cudaMemcpyDeviceToHost);
  bool right = true;
  for (int t = 0; t < found->second.count; ++t)
    right = right && result[t] == found->second.wanted(static_cast<u32>(t));
  std::printf(right ? "right\n" : "wrong\n");
  cudaFree(in);
  cudaFree(out);
  return 0;
}
