// SPDX-License-Identifier: Apache-2.0
// A call that is kept whole, and made again.
#include <ATen/TensorOperators.h>
#include <ATen/ops/add.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/rand.h>
#include <ATen/ops/zeros.h>

#include <catch2/catch.hpp>
#include <cstring>

#include "fixed_setup.h"
#include "harness/record/operators/op_tracer.h"
#include "harness/record/training/replay.h"
#include "harness/tensor/safetensors.h"
#include "record/watching.h"
#include "scratch.h"

using namespace reprise;

TEST_CASE("a call that is kept can be made again, bit for bit, and in double") {
  const Scratch scratch;
  const at::Tensor x = at::rand({5, 7}, at::kFloat), w = at::rand({7, 3}, at::kFloat),
                   b = at::rand({3}, at::kFloat);
  Watch watch = watching();
  watch.dump = CallPlace{1, 0, 2};
  {
    OpWindow window(watch, 1, scratch / "call");
    const at::Tensor transposed = w.t().contiguous().t();  // calls of its own come first
    at::linear(x, transposed.t(), b);
    const auto calls = window.take();
    INFO(calls[2].name);
    REQUIRE(calls.size() > 3);
  }
  replay(scratch / "call", scratch / "again", false);
  const Checkpoint kept(scratch / "call"), again(scratch / "again");
  REQUIRE(again.tensors().size() == 1);
  for (const auto& tensor : kept.tensors())
    if (tensor.name == "output/0") {
      const bool equal = kept.read(tensor) == again.read(again.tensors()[0]);
      REQUIRE(equal);
    }
  replay(scratch / "call", scratch / "exact", true);
  REQUIRE(Checkpoint(scratch / "exact").tensors()[0].dtype == "F64");
}

TEST_CASE("a call that is kept by its operator is found whatever other calls come before it") {
  for (const int others : {0, 3}) {
    CAPTURE(others);
    const Scratch scratch;
    Watch watch = watching();
    watch.dump = CallPlace{1, 0, 1, "", "aten::add.Tensor"};
    const at::Tensor x = at::ones({2}, at::kFloat);
    {
      OpWindow window(watch, 1, scratch / "call");
      for (int i = 0; i < others; ++i) at::empty({3});
      x.add(x);
      for (int i = 0; i < others; ++i) x.detach();
      x.add(x, 3);
      window.take();
    }
    replay(scratch / "call", scratch / "again", false);
    const auto bytes = Checkpoint(scratch / "again").read(Checkpoint(scratch / "again").tensors()[0]);
    float first = 0;
    std::memcpy(&first, bytes.data(), sizeof first);
    REQUIRE(first == 4.0F);
  }
}

TEST_CASE("a call that was to be kept and was not made is an error") {
  Watch watch = watching();
  watch.dump = CallPlace{1, 0, 999};
  const auto said = error_of([&] {
    OpWindow window(watch, 1, "/nowhere/call.safetensors");
    at::zeros({2});
    window.take();
  });
  REQUIRE(said.find("has no call 999") != std::string::npos);
}
