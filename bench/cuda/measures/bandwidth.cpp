// SPDX-License-Identifier: Apache-2.0
#include "bench/cuda/kernels.h"
#include "bench/cuda/measure.h"

namespace reprise::measures {
namespace {

struct Way {
  std::string name;
  std::function<void()> go;
  std::vector<double> milliseconds = {};
};

// Ratios to the first way, round by round: above 1 is slower.
Json described(const std::vector<Way>& ways, std::uint64_t bytes) {
  Json all;
  for (const auto& way : ways) {
    std::vector<double> ratios;
    for (std::size_t i = 0; i < way.milliseconds.size(); ++i)
      ratios.push_back(way.milliseconds[i] / ways[0].milliseconds[i]);
    Json one{{"milliseconds", spread(way.milliseconds)}, {"time_to_read", spread(ratios)}};
    one["gigabytes_per_second"] =
        static_cast<double>(bytes) / 1e6 / one["milliseconds"]["median"].get<double>();
    all[way.name] = one;
  }
  return all;
}

// Queued on the timed stream, whichever session it is.
std::uint64_t hash(Device& session, const reprise_cuda_tensor& tensor, cudaStream_t timed) {
  const reprise_cuda_place place{timed, REPRISE_CUDA_ON_CALLER, 0};
  std::uint64_t ticket = 0;
  session.expect(session.digests().submit(session.session(), &tensor, 1, &place, &ticket, &session.error),
                 "submit");
  return ticket;
}

Json measure(Device& four, Device& warp, std::uint64_t bytes, const Choices& choices) {
  Memory data(bytes), copy(bytes), sums(1 << 16);
  data.fill(0x5a);
  int processors = 0;
  check_cuda(cudaDeviceGetAttribute(&processors, cudaDevAttrMultiProcessorCount, four.number()),
             "cudaDeviceGetAttribute");
  const auto blocks = static_cast<unsigned>(processors * 8);
  const Flat flat{static_cast<std::int64_t>(bytes / 4)};
  const reprise_cuda_tensor tensor = flat_tensor(data.data(), flat);
  std::vector<std::pair<Device*, std::uint64_t>> open;
  std::vector<Way> ways{
      {"read",
       [&] {
         check_cuda(launch_read(data.data(), bytes, reinterpret_cast<std::uint64_t*>(sums.data()), blocks,
                                four.stream()),
                    "read");
       }},
      {"copy",
       [&] {
         check_cuda(cudaMemcpyAsync(copy.data(), data.data(), bytes, cudaMemcpyDeviceToDevice, four.stream()),
                    "cudaMemcpyAsync");
       }},
      {"digest_four_lanes", [&] { open.emplace_back(&four, hash(four, tensor, four.stream())); }},
      {"digest_warp", [&] { open.emplace_back(&warp, hash(warp, tensor, four.stream())); }}};
  for (std::size_t round = 0; round <= choices.rounds; ++round)
    for (auto& way : ways) {
      const double took = four.time(way.go);
      if (round > 0) way.milliseconds.push_back(took);  // the first round warms up
      for (const auto& [session, ticket] : open) session->collect(ticket, 1);
      open.clear();
    }
  Json result{{"bytes", bytes}};
  result["ways"] = described(ways, bytes);
  return result;
}

Json run(Device& device, const Choices& choices) {
  Device four(device.number(), REPRISE_CUDA_LANES_FOUR), warp(device.number(), REPRISE_CUDA_LANES_WARP);
  Json result;
  result["goal"] =
      "G1: digest/read time <= 1.05 at 256 MiB and more, <= 1.25 at 32 MiB; G2: against the data sheet";
  for (const auto mib : choices.mib)
    result["sizes"].push_back(measure(four, warp, choices.dry ? std::uint64_t{1} << 16 : mib << 20, choices));
  return result;
}

}  // namespace

extern const Measure bandwidth{.summary = "the digest against a kernel that only reads, and a copy",
                               .run = run};

}  // namespace reprise::measures
