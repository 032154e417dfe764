// SPDX-License-Identifier: Apache-2.0
#include "recipes/models/fixed_order/convolutions.h"

#include <ATen/ops/add.h>
#include <ATen/ops/empty.h>

#include <algorithm>

#include "harness/base/error.h"
#include "recipes/models/fixed_order/lanes.h"
#include "recipes/models/fixed_order/operands.h"
#include "recipes/models/fixed_order/operator_call.h"

namespace reprise::fixed_order {
namespace {

constexpr std::int64_t samples_aside = 32, channels_aside = 16;

// [batch, channel, row, column] -> [channel, row, column, batch in whole lanes]
at::Tensor samples_last(const at::Tensor& values) {
  return in_lanes(values.permute({1, 2, 3, 0}), samples_aside);
}

at::Tensor samples_first(const at::Tensor& values, std::int64_t samples) {
  return values.narrow(3, 0, samples).permute({3, 0, 1, 2}).contiguous();
}

// A convolution over planes [channel, row, column, batch] as both directions need it: forward the term of
// kernel position k meets position - padding + k, backward position + padding - k.
struct Sweep {
  std::int64_t channels, rows, columns;  // of what is summed
  std::int64_t made_channels, made_rows, made_columns;
  std::int64_t kernel, offset, sign;
  std::int64_t channel_step, made_channel_step;  // in the weight
};

// made[c, r, s] = sum over (channel, kernel row, kernel column), in this order.
at::Tensor swept(const at::Tensor& planes, const at::Tensor& weight, const Sweep& how) {
  const std::int64_t width = planes.size(3);
  const at::Tensor made = at::empty({how.made_channels, how.made_rows, how.made_columns, width}, at::kFloat);
  const float *in = planes.const_data_ptr<float>(), *factors = weight.const_data_ptr<float>();
  float* out = made.mutable_data_ptr<float>();
  const Sweep w = how;
  over_outputs(
      how.made_channels * how.made_rows * how.made_columns, [=
  ](std::int64_t from, std::int64_t to) __attribute__((always_inline)) {
        for (std::int64_t at = from; at < to; ++at) {
          const std::int64_t column = at % w.made_columns, row = at / w.made_columns % w.made_rows;
          const float* own = factors + at / w.made_columns / w.made_rows * w.made_channel_step;
          for (std::int64_t n = 0; n < width; n += samples_aside) {
            Lanes<samples_aside> lane;
            for (std::int64_t c = 0; c < w.channels; ++c)
              for (std::int64_t i = 0; i < w.kernel; ++i) {
                const std::int64_t y = row + w.offset + w.sign * i;
                if (y < 0 || y >= w.rows) continue;
                for (std::int64_t j = 0; j < w.kernel; ++j) {
                  const std::int64_t x = column + w.offset + w.sign * j;
                  if (x < 0 || x >= w.columns) continue;
                  lane.add(own[c * w.channel_step + i * w.kernel + j],
                           in + ((c * w.rows + y) * w.columns + x) * width + n);
                }
              }
            std::copy_n(lane.sums, samples_aside, out + at * width + n);
          }
        }
      });
  return made;
}

at::Tensor make_conv2d(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias,
                       std::int64_t padding) {
  check_operands("convolution", 4, {x, weight});
  const std::int64_t kernel = weight.size(2), in = weight.size(1);
  if (x.size(1) != in) fail("convolution: wanted {} channels, found {}", in, x.size(1));
  const Sweep how{.channels = in,
                  .rows = x.size(2),
                  .columns = x.size(3),
                  .made_channels = weight.size(0),
                  .made_rows = x.size(2) + 2 * padding - kernel + 1,
                  .made_columns = x.size(3) + 2 * padding - kernel + 1,
                  .kernel = kernel,
                  .offset = -padding,
                  .sign = 1,
                  .channel_step = kernel * kernel,
                  .made_channel_step = in * kernel * kernel};
  const at::Tensor sums = swept(samples_last(x), weight.contiguous(), how);
  return at::add(samples_first(sums, x.size(0)), bias.view({-1, 1, 1}));
}

at::Tensor make_input_gradient(const at::Tensor& g, const at::Tensor& weight, std::int64_t padding) {
  check_operands("gradient of a convolution's input", 4, {g, weight});
  const std::int64_t kernel = weight.size(2), in = weight.size(1);
  const Sweep how{.channels = weight.size(0),
                  .rows = g.size(2),
                  .columns = g.size(3),
                  .made_channels = in,
                  .made_rows = g.size(2) - 2 * padding + kernel - 1,
                  .made_columns = g.size(3) - 2 * padding + kernel - 1,
                  .kernel = kernel,
                  .offset = padding,
                  .sign = -1,
                  .channel_step = in * kernel * kernel,
                  .made_channel_step = kernel * kernel};
  return samples_first(swept(samples_last(g), weight.contiguous(), how), g.size(0));
}

at::Tensor make_weight_gradient(const at::Tensor& g, const at::Tensor& x, std::int64_t padding) {
  check_operands("gradient of a convolution's weight", 4, {g, x});
  const std::int64_t samples = x.size(0), in = x.size(1), height = x.size(2), across = x.size(3);
  const std::int64_t out = g.size(1), rows = g.size(2), columns = g.size(3);
  const std::int64_t kernel = height + 2 * padding - rows + 1;
  const at::Tensor by_position = in_lanes(g.permute({0, 2, 3, 1}), channels_aside);
  const at::Tensor input = x.contiguous(),
                   made = at::empty({in * kernel * kernel, by_position.size(3)}, at::kFloat);
  const float *gradients = by_position.const_data_ptr<float>(), *values = input.const_data_ptr<float>();
  float* sums = made.mutable_data_ptr<float>();
  const std::int64_t width = by_position.size(3);
  over_outputs(
      in * kernel * kernel, [=](std::int64_t from, std::int64_t to) __attribute__((always_inline)) {
        for (std::int64_t tap = from; tap < to; ++tap) {
          const std::int64_t kx = tap % kernel, ky = tap / kernel % kernel, c = tap / kernel / kernel;
          const std::int64_t first = std::max<std::int64_t>(0, padding - kx);
          const std::int64_t end = std::min(columns, across + padding - kx);
          for (std::int64_t o = 0; o < width; o += channels_aside) {
            Lanes<channels_aside> lane;
            for (std::int64_t n = 0; n < samples; ++n)
              for (std::int64_t r = 0; r < rows; ++r) {
                const std::int64_t y = r - padding + ky;
                if (y < 0 || y >= height) continue;
                const float* line = values + ((n * in + c) * height + y) * across - padding + kx;
                const float* row = gradients + (n * rows + r) * columns * width + o;
                for (std::int64_t s = first; s < end; ++s) lane.add(line[s], row + s * width);
              }
            std::copy_n(lane.sums, channels_aside, sums + tap * width + o);
          }
        }
      });
  return made.narrow(1, 0, out).t().contiguous().view({out, in, kernel, kernel});
}

TORCH_LIBRARY_FRAGMENT(fixed_order, library) {
  library.def("conv2d(Tensor x, Tensor weight, Tensor bias, int padding) -> Tensor",
              &Unseen<&make_conv2d>::call);
  library.def("conv2d_input_gradient(Tensor g, Tensor weight, int padding) -> Tensor",
              &Unseen<&make_input_gradient>::call);
  library.def("conv2d_weight_gradient(Tensor g, Tensor x, int padding) -> Tensor",
              &Unseen<&make_weight_gradient>::call);
}

}  // namespace

at::Tensor conv2d(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias,
                  std::int64_t padding) {
  static const auto call = registered("fixed_order::conv2d", make_conv2d);
  return call.call(x, weight, bias, padding);
}

at::Tensor conv2d_input_gradient(const at::Tensor& g, const at::Tensor& weight, std::int64_t padding) {
  static const auto call = registered("fixed_order::conv2d_input_gradient", make_input_gradient);
  return call.call(g, weight, padding);
}

at::Tensor conv2d_weight_gradient(const at::Tensor& g, const at::Tensor& x, std::int64_t padding) {
  static const auto call = registered("fixed_order::conv2d_weight_gradient", make_weight_gradient);
  return call.call(g, x, padding);
}

}  // namespace reprise::fixed_order
