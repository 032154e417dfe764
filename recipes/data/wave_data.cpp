// SPDX-License-Identifier: Apache-2.0
#include "recipes/data/wave_data.h"

#include <ATen/ops/empty.h>

#include <array>

#include "harness/base/philox.h"

namespace reprise {
namespace {

constexpr std::int64_t knots = 12;  // corners of a template
constexpr std::int64_t height =
    4096;  // of a template, and the power of two that all is divided by at the end
constexpr std::int64_t noise_knots = 9;  // corners of the slow noise: one every eight samples
constexpr std::uint32_t of_templates =
    0xFFFFFFFF;  // the epoch whose draws the templates take; signal n takes n

using Corners = std::array<std::int64_t, knots>;

// A whole number in [low, high], from word `index`.
std::int64_t between(const Philox& draws, std::uint64_t index, std::int64_t low, std::int64_t high) {
  const auto width = static_cast<std::uint64_t>(high - low + 1);
  return low + static_cast<std::int64_t>((draws.bits32(index) * width) >> 32);
}

// Bell-shaped with standard deviation `noise` hundredths of the height: four 16-bit words, less their mean.
std::int64_t bell(const Philox& draws, std::uint64_t index, std::int64_t noise) {
  constexpr std::int64_t deviation = 37837;  // sqrt(4 / 12) * 65536
  std::int64_t sum = -4 * 32768;
  for (const std::uint64_t word : {2 * index, 2 * index + 1}) {
    const std::uint32_t bits = draws.bits32(word);
    sum += (bits & 0xFFFF) + (bits >> 16);
  }
  return sum * height * noise / (100 * deviation);
}

std::array<Corners, wave_classes> make_templates(std::uint64_t seed) {
  const Philox draws{seed, Stream::data, of_templates};
  std::array<Corners, wave_classes> templates{};
  std::uint64_t index = 0;
  for (auto& corners : templates)
    for (auto& corner : corners) corner = between(draws, index++, -height, height);
  return templates;
}

// On the straight line from a to b, `part` of 256 along the way, times 256.
std::int64_t along(std::int64_t a, std::int64_t b, std::int64_t part) { return a * (256 - part) + b * part; }

void make_signal(const Corners& corners, const Philox& draws, std::int64_t noise, float* out) {
  const std::int64_t width = between(draws, 0, 32, 56);
  const std::int64_t start = between(draws, 1, 0, wave_length - width);
  const std::int64_t scale = between(draws, 2, 160, 352);  // of 256
  std::array<std::int64_t, noise_knots> slow{};
  for (std::uint64_t k = 0; k < slow.size(); ++k) slow[k] = bell(draws, 8 + k, noise);
  for (std::int64_t t = 0; t < wave_length; ++t) {
    const auto at = static_cast<std::uint64_t>(t);
    std::int64_t value = bell(draws, 32 + at, noise);
    value += along(slow[at / 8], slow[at / 8 + 1], (t % 8) * 32) / 256;
    if (t >= start && t < start + width) {
      const std::int64_t place = (t - start) * (knots - 1) * 256 / width;
      const auto corner = static_cast<std::size_t>(place / 256);
      value += along(corners[corner], corners[corner + 1], place % 256) * scale / (256 * 256);
    }
    out[t] = static_cast<float>(value) / static_cast<float>(height);
  }
}

}  // namespace

Labelled make_waves(std::uint64_t seed, std::int64_t first, std::int64_t count, std::int64_t noise) {
  const auto templates = make_templates(seed);
  Labelled waves{at::empty({count, wave_length}, at::kFloat), at::empty({count}, at::kLong)};
  auto* x = waves.x.mutable_data_ptr<float>();
  auto* y = waves.y.mutable_data_ptr<std::int64_t>();
  for (std::int64_t i = 0; i < count; ++i) {
    const std::int64_t label = (first + i) % wave_classes;
    const Philox draws{seed, Stream::data, static_cast<std::uint32_t>(first + i)};
    make_signal(templates[static_cast<std::size_t>(label)], draws, noise, x + i * wave_length);
    y[i] = label;
  }
  return waves;
}

}  // namespace reprise
