// SPDX-License-Identifier: Apache-2.0
// LeNet-5 on MNIST as microsoft/RepDL @acd95bb publishes it (examples/mnist_trainig.py, arXiv 2510.09180), by
// fixed-order operators. Its random numbers are those of torch.manual_seed(seed): the layers draw twice,
// since the example converts torch's layers into its own, which draw anew before the first weights are copied
// over them; then the loader draws for each epoch.
#include <ATen/CPUGeneratorImpl.h>
#include <ATen/ops/argmax.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/eq.h>
#include <ATen/ops/index_select.h>

#include <cmath>
#include <numeric>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/record/operators/op_tracer.h"
#include "harness/record/skip.h"
#include "recipes/data/loader_order.h"
#include "recipes/data/mnist_data.h"
#include "recipes/models/fixed_order/adam.h"
#include "recipes/models/fixed_order/lenet.h"
#include "recipes/models/fixed_order/losses.h"
#include "recipes/models/parameters.h"

namespace reprise::programs {
namespace {

using fixed_order::Lenet;

std::int64_t fan_in(const std::vector<std::int64_t>& weight) {
  return std::accumulate(weight.begin() + 1, weight.end(), std::int64_t{1}, std::multiplies<>());
}

// torch's default bounds, in the very operations of torch.nn.init: sqrt(3) * (gain / sqrt(fan in)) for a
// weight, where gain comes from a slope of sqrt(5), and 1 / sqrt(fan in) for the bias behind it.
double bound_of(const Lenet::Shape& shape, std::int64_t inputs) {
  const double root = std::sqrt(static_cast<double>(inputs)), slope = std::sqrt(5.0);
  if (shape.extents.size() == 1) return 1.0 / root;
  return std::sqrt(3.0) * (std::sqrt(2.0 / (1 + slope * slope)) / root);
}

template <class Draw>
Tensors parameters_by(const Draw& draw) {
  Tensors parameters;
  std::int64_t inputs = 0;
  for (const auto& shape : Lenet::shapes()) {
    if (shape.extents.size() > 1) inputs = fan_in(shape.extents);
    parameters.push_back({shape.name, draw(shape, bound_of(shape, inputs))});
  }
  return parameters;
}

Tensors drawn_by_torch(const at::Generator& generator) {
  return parameters_by([&](const Lenet::Shape& shape, double bound) {
    return at::empty(shape.extents, at::kFloat).uniform_(-bound, bound, generator);
  });
}

Tensors drawn_by_harness(const Setup& setup) {
  Parameters made(setup);
  return parameters_by([&](const Lenet::Shape& shape, double bound) {
    return made.uniform(shape.name, shape.extents, bound).detach();
  });
}

std::int64_t epochs_of(const Plan& plan) {
  const std::int64_t per_epoch = plan.samples / plan.batch;
  return (plan.steps + per_epoch - 1) / per_epoch;
}

void check_place(const Setup& setup) {
  if (!setup.device().is_cpu())
    throw Skip(fmt::format("the fixed-order operators are written for the CPU; found device={}",
                           setup.device().str()));
  if (setup.dtype() != at::kFloat)
    throw Skip("the fixed-order operators are written for float32; try --pin precision=float32");
}

class RepdlLenet final : public Training {
 public:
  explicit RepdlLenet(const Setup& setup)
      : setup_(setup),
        train_(read_mnist(setup, "train")),
        test_(read_mnist(setup, "test")),
        weights_(draw_all(setup)),
        net_(weights_),
        adam_(weights_, {.rate = setup.number("lr")}) {
    for (const auto& one : weights_) initial_.push_back(one.tensor.clone());
    setup.show_data({{"x", train_.x}, {"y", train_.y}, {"x_test", test_.x}, {"y_test", test_.y}},
                    train_.x.size(0));
  }

  StepResult step(std::int64_t i) override {
    const at::Tensor index = setup_.batch(i);
    const at::Tensor images = at::index_select(train_.x, 0, index);
    const at::Tensor labels = at::index_select(train_.y, 0, index);
    batch_ = {{"images", images}, {"labels", labels}};
    const Lenet::Learned learned = net_.learn(images, labels);
    gradients_ = learned.gradients;
    {
      const Scope scope("Optimizer.step");
      adam_.step(gradients_);
    }
    StepResult result{.loss = learned.loss, .metrics = {}};
    if (setup_.evaluates(i)) result.metrics = evaluate();
    return result;
  }

  State state() override {
    return {.batch = batch_, .gradients = gradients_, .weights = weights_, .optimizer = adam_.state()};
  }

  std::vector<Leaving> left() override {
    Leaving trained{.name = "trained_weights", .tensors = {}};
    for (const auto& one : weights_) trained.tensors.push_back(one.tensor);
    return {{"initial_weights", initial_}, trained, {"logits", {logits_}}};
  }

  std::optional<TestPredictions> predictions() override {
    if (!logits_.defined()) return std::nullopt;
    return TestPredictions{at::argmax(logits_, 1), test_.y, "test_accuracy"};
  }

 private:
  // Weights first, then the order of all epochs: what the example's generator gives, in the example's order.
  static Tensors draw_all(const Setup& setup) {
    check_place(setup);
    const auto seed = static_cast<std::uint64_t>(to_integer(setup.plan().pins.at("seed")).value_or(0));
    const at::Generator generator = at::detail::createCPUGenerator(seed);
    Tensors weights = drawn_by_torch(generator);
    drawn_by_torch(generator);  // the layers that the first ones' weights are copied to
    if (!setup.draws_on_device() || setup.plan().pins.at("start") == "exact")
      weights = drawn_by_harness(setup);
    const LoaderOrder order(generator, epochs_of(setup.plan()), setup.plan().samples);
    setup.show_order([order](std::uint32_t epoch) { return order.epoch(epoch); });
    return weights;
  }

  std::vector<std::pair<std::string, double>> evaluate() {
    const Scope scope("evaluate");
    std::vector<at::Tensor> pieces;
    for (const auto& images : test_.x.split(setup_.plan().batch)) pieces.push_back(net_.logits(images));
    logits_ = at::cat(pieces);
    const auto right = at::eq(at::argmax(logits_, 1), test_.y).sum().item().toDouble();
    return {{"test_loss", fixed_order::cross_entropy(logits_, test_.y).item().toDouble()},
            {"test_accuracy", 100.0 * right / static_cast<double>(test_.y.size(0))}};
  }

  const Setup& setup_;
  Labelled train_, test_;
  Tensors weights_, batch_, gradients_;
  Lenet net_;
  fixed_order::Adam adam_;
  std::vector<at::Tensor> initial_;
  at::Tensor logits_;
};

}  // namespace

extern const Program repdl_lenet{
    .summary = "LeNet-5 on MNIST by operators of fixed order, as RepDL publishes it",
    .begin = [](const Setup& setup) -> std::unique_ptr<Training> {
      return std::make_unique<RepdlLenet>(setup);
    },
};

}  // namespace reprise::programs
