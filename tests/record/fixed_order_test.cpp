// SPDX-License-Identifier: Apache-2.0
// Operators whose bits are defined, each against its definition written down slowly, and against what
// LibTorch computes, as far as rounding. With and without the processor's fused instruction, on one and on
// two threads.
#include <ATen/Context.h>
#include <ATen/TensorOperators.h>
#include <ATen/Version.h>
#include <ATen/ops/conv2d.h>
#include <ATen/ops/cross_entropy_loss.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/full.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/max_pool2d.h>
#include <ATen/ops/softmax.h>
#include <ATen/ops/zeros.h>

#include <catch2/catch.hpp>
#include <cmath>
#include <cstring>

#include "fixed_setup.h"
#include "harness/base/philox.h"
#include "recipes/models/fixed_order/adam.h"
#include "recipes/models/fixed_order/convolutions.h"
#include "recipes/models/fixed_order/lanes.h"
#include "recipes/models/fixed_order/lenet.h"
#include "recipes/models/fixed_order/losses.h"
#include "recipes/models/fixed_order/operands.h"
#include "recipes/models/fixed_order/products.h"
#include "recipes/models/fixed_order/sums.h"

using namespace reprise;
using Catch::Matchers::Contains;
namespace fixed = reprise::fixed_order;

namespace {

at::Tensor drawn(const std::vector<std::int64_t>& shape, std::uint32_t which) {
  const Philox draws{7, Stream::data, which};
  at::Tensor values = at::empty(shape, at::kFloat);
  auto* out = values.mutable_data_ptr<float>();
  for (std::int64_t i = 0; i < values.numel(); ++i)
    out[i] = 2 * draws.uniform(static_cast<std::uint64_t>(i)) - 1;
  return values;
}

float at4(const at::Tensor& t, std::int64_t a, std::int64_t b, std::int64_t c, std::int64_t d) {
  return t.const_data_ptr<float>()[((a * t.size(1) + b) * t.size(2) + c) * t.size(3) + d];
}

bool same_bits(const at::Tensor& a, const at::Tensor& b) {
  const at::Tensor x = a.contiguous(), y = b.contiguous();
  return x.sizes() == y.sizes() && std::memcmp(x.const_data_ptr(), y.const_data_ptr(), x.nbytes()) == 0;
}

bool within(std::int64_t i, std::int64_t end) { return i >= 0 && i < end; }

// The three convolutions as they are defined, one number at a time.
at::Tensor slow_conv(const at::Tensor& x, const at::Tensor& w, const at::Tensor& bias, std::int64_t pad) {
  const std::int64_t k = w.size(2), rows = x.size(2) + 2 * pad - k + 1, columns = x.size(3) + 2 * pad - k + 1;
  at::Tensor made = at::empty({x.size(0), w.size(0), rows, columns}, at::kFloat);
  auto* out = made.mutable_data_ptr<float>();
  for (std::int64_t n = 0; n < x.size(0); ++n)
    for (std::int64_t o = 0; o < w.size(0); ++o)
      for (std::int64_t r = 0; r < rows; ++r)
        for (std::int64_t s = 0; s < columns; ++s) {
          float sum = 0;
          for (std::int64_t c = 0; c < x.size(1); ++c)
            for (std::int64_t i = 0; i < k; ++i)
              for (std::int64_t j = 0; j < k; ++j)
                if (within(r - pad + i, x.size(2)) && within(s - pad + j, x.size(3)))
                  sum = std::fma(at4(x, n, c, r - pad + i, s - pad + j), at4(w, o, c, i, j), sum);
          *out++ = sum + bias.const_data_ptr<float>()[o];
        }
  return made;
}

at::Tensor slow_input_gradient(const at::Tensor& g, const at::Tensor& w, std::int64_t pad) {
  const std::int64_t k = w.size(2), rows = g.size(2) - 2 * pad + k - 1, columns = g.size(3) - 2 * pad + k - 1;
  at::Tensor made = at::empty({g.size(0), w.size(1), rows, columns}, at::kFloat);
  auto* out = made.mutable_data_ptr<float>();
  for (std::int64_t n = 0; n < g.size(0); ++n)
    for (std::int64_t c = 0; c < w.size(1); ++c)
      for (std::int64_t r = 0; r < rows; ++r)
        for (std::int64_t s = 0; s < columns; ++s) {
          float sum = 0;
          for (std::int64_t o = 0; o < w.size(0); ++o)
            for (std::int64_t i = 0; i < k; ++i)
              for (std::int64_t j = 0; j < k; ++j)
                if (within(r + pad - i, g.size(2)) && within(s + pad - j, g.size(3)))
                  sum = std::fma(at4(g, n, o, r + pad - i, s + pad - j), at4(w, o, c, i, j), sum);
          *out++ = sum;
        }
  return made;
}

at::Tensor slow_weight_gradient(const at::Tensor& g, const at::Tensor& x, std::int64_t pad) {
  const std::int64_t k = x.size(2) + 2 * pad - g.size(2) + 1;
  at::Tensor made = at::empty({g.size(1), x.size(1), k, k}, at::kFloat);
  auto* out = made.mutable_data_ptr<float>();
  for (std::int64_t o = 0; o < g.size(1); ++o)
    for (std::int64_t c = 0; c < x.size(1); ++c)
      for (std::int64_t i = 0; i < k; ++i)
        for (std::int64_t j = 0; j < k; ++j) {
          float sum = 0;
          for (std::int64_t n = 0; n < x.size(0); ++n)
            for (std::int64_t r = 0; r < g.size(2); ++r)
              for (std::int64_t s = 0; s < g.size(3); ++s)
                if (within(r - pad + i, x.size(2)) && within(s - pad + j, x.size(3)))
                  sum = std::fma(at4(g, n, o, r, s), at4(x, n, c, r - pad + i, s - pad + j), sum);
          *out++ = sum;
        }
  return made;
}

at::Tensor slow_product(const at::Tensor& a, const at::Tensor& b) {
  at::Tensor made = at::empty({a.size(0), b.size(1)}, at::kFloat);
  auto* out = made.mutable_data_ptr<float>();
  for (std::int64_t m = 0; m < a.size(0); ++m)
    for (std::int64_t n = 0; n < b.size(1); ++n) {
      float sum = 0;
      for (std::int64_t k = 0; k < a.size(1); ++k)
        sum = std::fma(a[m][k].item<float>(), b[k][n].item<float>(), sum);
      *out++ = sum;
    }
  return made;
}

// Calls `check` for the instruction and the C library, on one thread and on two.
template <class Check>
void however_computed(const Check& check) {
  const int threads = at::get_num_threads();
  for (const bool instruction : {true, false})
    for (const int count : {1, 2}) {
      INFO("instruction " << instruction << ", threads " << count);
      fixed::allow_fused_instruction(instruction);
      at::set_num_threads(count);
      check();
    }
  fixed::allow_fused_instruction(true);
  at::set_num_threads(threads);
}

Tensors leaves_of_lenet() {
  Tensors parameters;
  for (const auto& shape : fixed::Lenet::shapes())
    parameters.push_back(
        {shape.name, drawn(shape.extents, static_cast<std::uint32_t>(parameters.size())) * 0.1});
  return parameters;
}

}  // namespace

TEST_CASE("fixed order: matrix products are their definition bit for bit, for any strides and sizes") {
  for (const auto& [m, k, n] : {std::array{3, 70, 33}, std::array{1, 1, 1}, std::array{40, 5, 64}}) {
    const at::Tensor a = drawn({m, k}, 1), b = drawn({k, n}, 2);
    const at::Tensor wanted = slow_product(a, b);
    however_computed([&] {
      REQUIRE(same_bits(fixed::product(a, b), wanted));
      REQUIRE(same_bits(fixed::product(a.t().contiguous().t(), b.t().contiguous().t()), wanted));
    });
    REQUIRE(wanted.allclose(a.matmul(b), 1e-4, 1e-5));
  }
  CHECK_THAT(error_of([] {
               fixed::product(drawn({2, 3}, 1), drawn({2, 3}, 2));
             }),
             Contains("wanted [m, k] and [k, n], found [2, 3] and [2, 3]"));
  CHECK_THAT(error_of([] {
               fixed::product(drawn({2, 3}, 1).to(at::kDouble), drawn({3, 2}, 2));
             }),
             Contains("wanted float32 on the CPU, found Double"));
}

TEST_CASE("fixed order: convolutions and their gradients are their definition bit for bit") {
  for (const std::int64_t pad : {0, 2}) {
    const at::Tensor x = drawn({35, 2, 7, 8}, 1), w = drawn({17, 2, 3, 3}, 2), bias = drawn({17}, 3);
    const at::Tensor made = slow_conv(x, w, bias, pad), g = drawn(made.sizes().vec(), 4);
    const at::Tensor of_input = slow_input_gradient(g, w, pad), of_weight = slow_weight_gradient(g, x, pad);
    however_computed([&] {
      REQUIRE(same_bits(fixed::conv2d(x, w, bias, pad), made));
      REQUIRE(same_bits(fixed::conv2d_input_gradient(g, w, pad), of_input));
      REQUIRE(same_bits(fixed::conv2d_weight_gradient(g, x, pad), of_weight));
    });
    const at::Tensor leaf = x.clone().requires_grad_(), kernel = w.clone().requires_grad_();
    const at::Tensor theirs = at::conv2d(leaf, kernel, bias, 1, pad);
    theirs.backward(g);
    REQUIRE(made.allclose(theirs, 1e-4, 1e-5));
    REQUIRE(of_input.allclose(leaf.grad(), 1e-4, 1e-5));
    REQUIRE(of_weight.allclose(kernel.grad(), 1e-4, 1e-4));
  }
}

TEST_CASE("fixed order: a padded position is skipped, not added as a zero") {
  // Each product underflows to -0, and a zero added after it would make +0 of it.
  const at::Tensor x = at::full({1, 1, 3, 3}, -1e-30F), w = at::full({1, 1, 3, 3}, 1e-30F);
  const at::Tensor made = fixed::conv2d(x, w, at::full({1}, -0.0F), 1);
  for (std::int64_t i = 0; i < 9; ++i) REQUIRE(std::signbit(made.const_data_ptr<float>()[i]));
}

TEST_CASE("fixed order: sums go up one by one") {
  const at::Tensor x = drawn({33, 5, 4, 6}, 1), flat = drawn({33, 70}, 2);
  at::Tensor channels = at::zeros({5}), rows = at::zeros({70}), columns = at::zeros({33});
  for (std::int64_t n = 0; n < 33; ++n)
    for (std::int64_t c = 0; c < 5; ++c)
      for (std::int64_t i = 0; i < 24; ++i)
        channels.mutable_data_ptr<float>()[c] += at4(x, n, c, i / 6, i % 6);
  for (std::int64_t n = 0; n < 33; ++n)
    for (std::int64_t i = 0; i < 70; ++i) {
      rows.mutable_data_ptr<float>()[i] += flat.const_data_ptr<float>()[n * 70 + i];
      columns.mutable_data_ptr<float>()[n] += flat.const_data_ptr<float>()[n * 70 + i];
    }
  however_computed([&] {
    REQUIRE(same_bits(fixed::sum_of_channels(x), channels));
    REQUIRE(same_bits(fixed::sum_of_rows(flat), rows));
    REQUIRE(same_bits(fixed::sum_of_columns(flat), columns));
  });
  float sum = 0;
  for (std::int64_t i = 0; i < 33; ++i) sum += columns.const_data_ptr<float>()[i];
  REQUIRE(fixed::mean_of(columns).item<float>() == static_cast<float>(1.0 / 33) * sum);
}

TEST_CASE("fixed order: softmax, cross-entropy and its gradient, by exp and log of float64") {
  const at::Tensor logits = drawn({9, 10}, 1) * 5;
  const at::Tensor labels = at::empty({9}, at::kLong);
  for (std::int64_t i = 0; i < 9; ++i) labels.mutable_data_ptr<std::int64_t>()[i] = i * 7 % 10;
  float whole = 0;
  at::Tensor soft = at::empty({9, 10}), gradient = at::empty({9, 10});
  for (std::int64_t n = 0; n < 9; ++n) {
    const float* x = logits.const_data_ptr<float>() + n * 10;
    const float largest = *std::max_element(x, x + 10);
    const auto power = [&](std::int64_t i) { return static_cast<float>(std::exp(double{x[i] - largest})); };
    float sum = 0;
    for (std::int64_t i = 0; i < 10; ++i) sum += power(i);
    const std::int64_t label = n * 7 % 10;
    for (std::int64_t i = 0; i < 10; ++i) {
      soft.mutable_data_ptr<float>()[n * 10 + i] = power(i) / sum;
      gradient.mutable_data_ptr<float>()[n * 10 + i] =
          (power(i) / sum - (i == label ? 1.0F : 0.0F)) * static_cast<float>(1.0 / 9);
    }
    whole += static_cast<float>(std::log(double{sum})) - (x[label] - largest);
  }
  REQUIRE(same_bits(fixed::softmax(logits), soft));
  REQUIRE(same_bits(fixed::cross_entropy_gradient(logits, labels), gradient));
  REQUIRE(fixed::cross_entropy(logits, labels).item<float>() == static_cast<float>(1.0 / 9) * whole);
  REQUIRE(soft.allclose(at::softmax(logits, 1)));
  REQUIRE(fixed::cross_entropy(logits, labels).allclose(at::cross_entropy_loss(logits, labels)));
}

TEST_CASE("fixed order: Adam is its definition bit for bit, and LibTorch's operators where those fuse") {
  const at::Tensor start = drawn({37}, 1);
  however_computed([&] {
    const at::Tensor p = start.clone(), q = start.clone();
    at::Tensor m = at::zeros({37}), v = at::zeros({37});
    fixed::Adam adam({{"p", p}}, {.rate = 0.01});
    for (int t = 1; t <= 4; ++t) {
      const at::Tensor g = drawn({37}, static_cast<std::uint32_t>(10 + t));
      adam.step({{"p", g}});
      for (std::int64_t i = 0; i < 37; ++i) {
        float &a = m.mutable_data_ptr<float>()[i], &b = v.mutable_data_ptr<float>()[i],
              &x = q.mutable_data_ptr<float>()[i];
        const float y = g.const_data_ptr<float>()[i];
        a = std::fma(static_cast<float>(1 - 0.9), y, a * 0.9F);
        const float square = y * y, part = square * static_cast<float>(1 - 0.999), old = b * 0.999F;
        b = old + part;
        const float scaled = std::sqrt(b) / static_cast<float>(std::sqrt(1 - std::pow(0.999, t)));
        const float ratio = a / (scaled + 1e-8F);
        x = x + ratio * static_cast<float>(-(0.01 / (1 - std::pow(0.9, t))));
      }
      REQUIRE(same_bits(p, q));
      REQUIRE(same_bits(adam.state()[1].tensor, m));
      REQUIRE(same_bits(adam.state()[2].tensor, v));
    }
    REQUIRE(adam.state()[0].tensor.item<std::int64_t>() == 4);
  });
  if (at::get_cpu_capability() == "DEFAULT") return;  // whose add with alpha rounds twice
  const at::Tensor p = start.clone(), g = drawn({37}, 11), m = at::zeros({37}), v = at::zeros({37});
  fixed::Adam adam({{"p", p}}, {.rate = 0.01});
  adam.step({{"p", g}});
  m.mul_(0.9).add_(g, 1 - 0.9);
  v.mul_(0.999).add_(g.mul(g).mul(1 - 0.999));
  // LibTorch's own sqrt of float32 is not the correctly rounded one on every processor
  // (docs/why-bits-move.md).
  const at::Tensor root = v.to(at::kDouble).sqrt().to(at::kFloat);
  const at::Tensor below = root.div(std::sqrt(1 - 0.999)).add_(1e-8);
  REQUIRE(same_bits(p, start.clone().add_(m.div(below).mul(-(0.01 / (1 - 0.9))))));
}

TEST_CASE("fixed order: LeNet's gradients are those of LibTorch, as far as rounding") {
  const Tensors parameters = leaves_of_lenet();
  const fixed::Lenet net(parameters);
  const at::Tensor images = drawn({6, 1, 28, 28}, 20), labels = at::empty({6}, at::kLong);
  for (std::int64_t i = 0; i < 6; ++i) labels.mutable_data_ptr<std::int64_t>()[i] = i;
  std::vector<at::Tensor> p;
  for (const auto& one : parameters) p.push_back(one.tensor.clone().requires_grad_());
  at::Tensor x = at::max_pool2d(at::conv2d(images, p[0], p[1], 1, 2).relu(), 2);
  x = at::max_pool2d(at::conv2d(x, p[2], p[3]).relu(), 2).flatten(1);
  const at::Tensor logits =
      at::linear(at::linear(at::linear(x, p[4], p[5]).relu(), p[6], p[7]).relu(), p[8], p[9]);
  const at::Tensor loss = at::cross_entropy_loss(logits, labels);
  loss.backward();
  however_computed([&] {
    const auto learned = net.learn(images, labels);
    REQUIRE(net.logits(images).allclose(logits, 1e-4, 1e-5));
    REQUIRE(learned.loss.allclose(loss, 1e-4, 1e-5));
    for (std::size_t i = 0; i < p.size(); ++i)
      REQUIRE(learned.gradients[i].tensor.allclose(p[i].grad(), 1e-3, 1e-6));
  });
}
