// SPDX-License-Identifier: Apache-2.0
#pragma once
// Generated 1-D signals of ten classes, in the spirit of MNIST-1D, so that a first run needs no download.
// Each class is a template of straight pieces; a sample stretches, shifts and scales it and adds slow and
// fast noise. Every value is computed in whole numbers and divided once by a power of two: the same bits on
// every machine.
#include <cstdint>

#include "recipes/data/labelled.h"

namespace reprise {

inline constexpr std::int64_t wave_length = 64;  // samples of a signal
inline constexpr std::int64_t wave_classes = 10;

// `count` signals from number `first` on, as float32: x is [count, wave_length], y is [count]. `noise` is in
// hundredths of a template's height. Signal n is of class n % 10.
Labelled make_waves(std::uint64_t seed, std::int64_t first, std::int64_t count, std::int64_t noise);

}  // namespace reprise
