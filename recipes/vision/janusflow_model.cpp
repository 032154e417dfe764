// SPDX-License-Identifier: Apache-2.0
#include "recipes/vision/janusflow_model.h"

#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/pixel_shuffle.h>
#include <ATen/ops/silu.h>
#include <ATen/ops/zeros_like.h>

#include "harness/record/operators/op_tracer.h"
#include "recipes/vision/noise_schedule.h"
#include "recipes/vision/rectified_flow.h"

namespace reprise {
namespace {

constexpr std::int64_t patch = 4;

// Times are told in thousandths, as the published code tells them.
std::vector<double> thousandths(const std::vector<double>& times) {
  std::vector<double> all;
  for (const double time : times) all.push_back(1000 * time);
  return all;
}

}  // namespace

JanusflowModel::JanusflowModel(Parameters& made, const Setup& setup, const JanusflowShape& shape)
    : setup_(setup),
      unified_(made, setup, shape.unified),
      channels_(shape.channels),
      time1_(made, "drawing.time1", shape.channels, shape.unified.width),
      time2_(made, "drawing.time2", shape.unified.width, shape.unified.width),
      patches_(made, "drawing.patches", {.in = 1, .out = shape.channels, .kernel = patch, .stride = patch}),
      encoder_(made, "drawing.encoder",
               {.in = shape.channels,
                .out = shape.channels,
                .groups = shape.unified.groups,
                .time = shape.unified.width}),
      in_(made, "drawing.in", shape.channels, shape.unified.width),
      norm_(made, "drawing.norm", shape.unified.width, 1e-6),
      out_(made, "drawing.out", shape.unified.width, shape.channels),
      decoder_(made, "drawing.decoder",
               {.in = 2 * shape.channels,
                .out = shape.channels,
                .groups = shape.unified.groups,
                .time = shape.unified.width}),
      pixels_(made, "drawing.pixels", {.in = shape.channels, .out = patch * patch, .kernel = 1}),
      aligner_(made, "drawing.aligner", shape.unified.width, shape.unified.width, shape.unified.features) {}

JanusflowModel::Told JanusflowModel::tell(const at::Tensor& z, const std::vector<double>& times,
                                          const at::Tensor& words) const {
  const Scope scope("velocity");
  const at::Tensor time = time2_(at::silu(time1_(time_table(setup_, thousandths(times), channels_))));
  const at::Tensor kept = encoder_(patches_(z), time);
  const at::Tensor sequence = at::cat({unified_.embedded(words), time.unsqueeze(1), in_(tokens_of(kept))}, 1);
  const at::Tensor hidden = unified_.through(sequence).narrow(1, words.size(1) + 1, image_tokens);
  // What the encoder saw goes past the transformer too.
  const at::Tensor image = at::cat({image_of(out_(norm_(hidden))), kept}, 1);
  return {.velocity = at::pixel_shuffle(pixels_(decoder_(image, time)), patch), .aligned = aligner_(hidden)};
}

at::Tensor JanusflowModel::drawn(const at::Tensor& noise, const at::Tensor& words, double guidance,
                                 std::int64_t steps) const {
  const Scope scope("draw");
  const at::NoGradGuard none;
  const at::Tensor empty = at::zeros_like(words);
  return followed(noise, steps, [&](const at::Tensor& z, double t) {
    const std::vector<double> times(static_cast<std::size_t>(z.size(0)), t);
    return guidance * tell(z, times, words).velocity + (1 - guidance) * tell(z, times, empty).velocity;
  });
}

}  // namespace reprise
