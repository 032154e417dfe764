// SPDX-License-Identifier: Apache-2.0
// The parts that recipes are made of. What is drawn and generated is pinned by digest: it must be the same on
// every machine.
#include <ATen/TensorOperators.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/unique_consecutive.h>

#include <catch2/catch.hpp>
#include <cmath>

#include "fixed_setup.h"
#include "harness/record/tensor_digest.h"
#include "recipes/data/array_file.h"
#include "recipes/data/text_data.h"
#include "recipes/data/wave_data.h"
#include "recipes/models/layers.h"
#include "recipes/models/signal_models.h"

using namespace reprise;
using Catch::Matchers::Contains;

namespace {

std::string digest_text(const at::Tensor& tensor) {
  return to_text(digest_of(NamedTensor{"t", tensor}).digest);
}
double number(const at::Tensor& tensor) { return tensor.item().toDouble(); }

std::int64_t count_of(const std::string& model) {
  FixedSetup setup;
  Parameters made(setup);
  make_signal_model(made, model, {.length = 40, .classes = 10, .hidden = 100, .channels = 25, .units = 6});
  std::int64_t count = 0;
  for (const auto& one : made.all()) count += one.tensor.numel();
  return count;
}

std::string npy(const std::string& descr, const std::string& order, const std::string& shape,
                const std::string& data) {
  std::string header = "{'descr': '" + descr + "', 'fortran_order': " + order + ", 'shape': " + shape + ", }";
  header.resize(118, ' ');
  return std::string("\x93NUMPY\x01\x00", 8) + std::string("\x76\x00", 2) + header + data;
}

}  // namespace

TEST_CASE("initial weights have the bounds, the spread and the bits they should") {
  FixedSetup setup;
  Parameters made(setup);
  const at::Tensor uniform = made.uniform("u", {100, 100}, 0.1);
  const at::Tensor normal = made.normal("n", {100, 100}, 0.02);
  REQUIRE(number(uniform.abs().max()) <= 0.1F);
  REQUIRE(number(uniform.abs().max()) > 0.0999);
  REQUIRE(std::abs(number(uniform.mean())) < 0.002);
  REQUIRE(std::abs(number(normal.std()) - 0.02) < 0.0005);
  REQUIRE(std::abs(number(normal.mean())) < 0.0006);
  REQUIRE(made.all().size() == 2);
  REQUIRE(uniform.requires_grad());
  // From tests/record/generated.py, which shares no code with this.
  REQUIRE(digest_text(uniform) == "fdd031e7a99c07881b49a39ff9343abe");
  REQUIRE(digest_text(normal) == "0b9b733eda1d8791260bf6c643be7f6e");
}

TEST_CASE("initial weights follow the seed, and what is made later does not change what was made before") {
  FixedSetup one, other;
  other.plan_.pins["seed"] = "1";
  Parameters first(one), second(one), third(other);
  const at::Tensor a = first.uniform("a", {8}, 1), b = second.uniform("b", {8}, 1),
                   c = third.uniform("c", {8}, 1);
  second.uniform("later", {3}, 1);
  REQUIRE(digest_text(a) == digest_text(b));
  REQUIRE(digest_text(a) != digest_text(c));
  REQUIRE(digest_text(first.uniform("next", {8}, 1)) != digest_text(a));
}

TEST_CASE("initial weights follow a seed of their own where the recipe has one") {
  FixedSetup one, other;
  one.plan_.parameters["weights_seed"] = other.plan_.parameters["weights_seed"] = std::int64_t{-1};
  other.plan_.pins["seed"] = "1";
  const auto drawn = [](const FixedSetup& setup) {
    Parameters made(setup);
    return digest_text(made.uniform("a", {8}, 1));
  };
  const std::string of_0 = drawn(one), of_1 = drawn(other);
  REQUIRE(of_0 == drawn(FixedSetup()));
  REQUIRE(of_0 != of_1);
  other.plan_.parameters["weights_seed"] = std::int64_t{0};
  REQUIRE(drawn(other) == of_0);
  REQUIRE(other.draws(Stream::order).seed == 1);
  other.plan_.pins["rng"] = "device";
  CHECK_THAT(error_of([&] { drawn(other); }), Contains("found the pin rng=device"));
}

TEST_CASE("an exact start is whole numbers scaled by powers of two, whoever draws otherwise") {
  FixedSetup own, exact, device;
  exact.plan_.pins["start"] = device.plan_.pins["start"] = "exact";
  device.plan_.pins["rng"] = "device";
  Parameters recipe(own), whole(exact), other(device);
  const double bound = 1 / std::sqrt(72.0), deviation = 0.02;
  const at::Tensor a = whole.uniform("a", {4096}, bound), b = whole.normal("b", {4096}, deviation);
  REQUIRE(digest_text(other.uniform("a", {4096}, bound)) == digest_text(a));
  REQUIRE(digest_text(other.normal("b", {4096}, deviation)) == digest_text(b));
  REQUIRE(digest_text(recipe.uniform("a", {4096}, bound)) != digest_text(a));
  REQUIRE(digest_text(recipe.normal("b", {4096}, deviation)) != digest_text(b));
  // 1/sqrt(72) = 120.7 * 2^-10 and 0.02 = 81.9 * 2^-12 lose what is behind the point.
  const auto by_hand = [](const FixedSetup& setup, std::uint32_t epoch, std::uint64_t index) {
    const std::int64_t drawn =
        std::int64_t{setup.draws(Stream::weights, epoch).bits32(index) >> 8} - (std::int64_t{1} << 23);
    return static_cast<double>(drawn * 120 / 128) * 0x1p-26;
  };
  REQUIRE(number(a[0]) == by_hand(exact, 0, 0));
  REQUIRE(number(a[4095]) == by_hand(exact, 0, 4095));
  for (const auto& [tensor, unit] : {std::pair{a, 0x1p26}, std::pair{b, 0x1p25}}) {
    const at::Tensor wholes = tensor.detach().to(at::kDouble) * unit;
    REQUIRE(wholes.equal(wholes.round()));
    REQUIRE(number(wholes.abs().max()) < 0x1p24);
  }
  REQUIRE(number(a.detach().abs().max()) <= bound);
  REQUIRE(number(b.detach().std()) == Approx(deviation).epsilon(0.04));
}

TEST_CASE("an exact start takes the seed of weights of its own where the harness would not draw") {
  FixedSetup setup;
  setup.plan_.pins["rng"] = "device";
  setup.plan_.parameters["weights_seed"] = std::int64_t{0};
  CHECK_THAT(error_of([&] { Parameters made(setup); }), Contains("found the pin rng=device"));
  setup.plan_.pins["start"] = "exact";
  CHECK_THAT(error_of([&] { Parameters made(setup); }), Contains("no error"));
}

TEST_CASE("the four signal models have the published numbers of parameters") {
  REQUIRE(count_of("linear") == 410);
  REQUIRE(count_of("mlp") == 15210);
  REQUIRE(count_of("cnn") == 5210);
  REQUIRE(count_of("gru") == 5134);
  CHECK_THAT(error_of([] { count_of("cmn"); }), Contains("did you mean 'cnn'"));
}

TEST_CASE("waves are the same bits on every machine, ten classes in turn") {
  const Labelled waves = make_waves(1, 0, 200, 30);
  REQUIRE(digest_text(waves.x) == "42fa3d8c1d081f9b1b30ce2609e95a1c");
  REQUIRE(number(waves.y.max()) == 9);
  REQUIRE(waves.y.narrow(0, 0, 10).equal(at::arange(10, at::kLong)));
  // A part is a part of the whole, and other seeds and signals are others.
  REQUIRE(digest_text(make_waves(1, 50, 10, 30).x) == digest_text(waves.x.narrow(0, 50, 10)));
  REQUIRE(digest_text(make_waves(2, 0, 200, 30).x) != digest_text(waves.x));
  CHECK_FALSE(waves.x.select(0, 0).equal(waves.x.select(0, 10)));
}

TEST_CASE("a .npy file is read, and every other one is a sentence with its name") {
  const std::string data("\0\0\0\0\0\0\xF0\x3F\0\0\0\0\0\0\0\x40", 16);
  const at::Tensor read = read_npy(npy("<f8", "False", "(2,)", data), "x");
  REQUIRE(read.sizes() == at::IntArrayRef{2});
  REQUIRE(number(read[0]) == 1);
  REQUIRE(number(read[1]) == 2);
  REQUIRE(read_npy(npy("<i8", "False", "(1, 2)", data), "x").sizes() == at::IntArrayRef{1, 2});
  const auto refused = [](const std::string& content) {
    return error_of([&] { read_npy(content, "the-file"); });
  };
  CHECK_THAT(refused("something"), Contains("the-file") && Contains(".npy"));
  CHECK_THAT(refused(npy("<f4", "False", "(2,)", data)), Contains("<f4"));
  CHECK_THAT(refused(npy("<f8", "True", "(2,)", data)), Contains("Fortran"));
  CHECK_THAT(refused(npy("<f8", "False", "(3,)", data)), Contains("wanted 24 bytes") && Contains("found 16"));
  CHECK_THAT(refused(npy("<f8", "False", "(2,)", data).substr(0, 60)), Contains("cut short"));
  CHECK_THAT(refused(npy("<f8", "False", "(x,)", data)), Contains("(x,)"));
  for (const std::string shape : {"(-2,)", "(-1, -2)", "(4611686018427387904, 4)"})
    CHECK_THAT(refused(npy("<f8", "False", shape, data)), Contains("the-file") && Contains("cannot be"));
  CHECK_THAT(refused(npy("<f8", "False", "(100000000000000000,)", data)), Contains("found 16"));
}

TEST_CASE("an idx file is read, and every other one is a sentence with its name") {
  const std::string content(
      "\0\0\x08\x02\0\0\0\x02\0\0\0\x03"
      "abcdef",
      18);
  const at::Tensor read = read_idx(content, "x");
  REQUIRE(read.sizes() == at::IntArrayRef{2, 3});
  REQUIRE(number(read[1][2]) == 'f');
  const auto refused = [](const std::string& bytes) {
    return error_of([&] { read_idx(bytes, "the-file"); });
  };
  CHECK_THAT(refused("something"), Contains("the-file") && Contains("idx"));
  CHECK_THAT(refused(content.substr(0, 9)), Contains("ends within its header"));
  CHECK_THAT(refused(content.substr(0, 15)), Contains("wanted 6 bytes") && Contains("found 3"));
}

TEST_CASE("a text becomes numbers by its sorted characters, and windows hold the next character") {
  const TextData data = characters_of("abcabcabca");
  REQUIRE(data.vocabulary == 3);
  REQUIRE(data.train.numel() == 9);
  REQUIRE(data.validation.numel() == 1);
  const TextBatch batch = windows(data.train, at::arange(2, at::kLong), 4);
  REQUIRE(digest_text(batch.inputs.select(0, 1)) == digest_text(batch.targets.select(0, 0)));
  REQUIRE(number(batch.inputs[0][0]) == 0);
  REQUIRE(number(batch.targets[0][0]) == 1);
  CHECK_THAT(error_of([&] { windows(data.train, at::arange(9, at::kLong), 4); }), Contains("offset"));
}

TEST_CASE("windows to evaluate on are drawn anew for each step and seed, or stay the same") {
  const at::Tensor text = at::arange(1000, at::kLong);
  const auto drawn = [&](std::uint64_t seed, std::uint32_t step) {
    return digest_text(drawn_offsets(text, 10, 3, 4, {seed, Stream::sampler, step})[2]);
  };
  REQUIRE(drawn(1, 250) == drawn(1, 250));
  REQUIRE(drawn(1, 250) != drawn(1, 500));
  REQUIRE(drawn(1, 250) != drawn(2, 250));
  const auto fixed = fixed_offsets(text, 10, 3, 4);
  REQUIRE(digest_text(fixed[2]) == drawn(0, 0));
  for (const auto& offsets : fixed) windows(text, offsets, 10);
}
