// SPDX-License-Identifier: Apache-2.0
#pragma once
// What is measured on a CUDA device, a file each in measures/: a name, what it is for, and a function that
// gives one JSON object. Times come from the device's own events; ways of doing a thing take turns in every
// round, and what is told is the median and the extremes.
#include <cstdint>
#include <string>
#include <vector>

#include "bench/cuda/device.h"
#include "bench/spread.h"
#include "harness/base/shelf.h"

namespace reprise {

struct Choices {
  std::size_t rounds = 11;
  std::uint64_t seed = 1, cases = 10000;
  std::vector<std::uint64_t> mib = {32, 256, 1024};  // sizes of buffers
  // A dry run on a device that only exists in a test: everything is done once and small; the times mean
  // nothing.
  bool dry = false;
};

struct Measure {
  const char* summary;
  // `ok` in the result is false where something that must hold did not.
  Json (*run)(Device& device, const Choices& choices);
};

Shelf<Measure> measures_shelf();

}  // namespace reprise
