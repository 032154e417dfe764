// SPDX-License-Identifier: Apache-2.0
#include "recipes/training/classifier.h"

#include <ATen/ops/argmax.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/cross_entropy_loss.h>
#include <ATen/ops/eq.h>
#include <ATen/ops/index_select.h>

#include <algorithm>

namespace reprise {
namespace {

class Classifier final : public GradientTraining {
 public:
  Classifier(const Setup& setup, const Classification& task)
      : GradientTraining(setup), train_(task.train), test_(task.test) {
    model_ = task.make_model(parameters());
    optimize(task.adam);
    const Tensors data{{"x", train_.x}, {"y", train_.y}, {"x_test", test_.x}, {"y_test", test_.y}};
    setup.show_data(data, train_.x.size(0));
    for (auto* part : {&train_, &test_}) {
      part->x = part->x.to(setup.device());
      part->y = part->y.to(setup.device());
    }
  }

 protected:
  at::Tensor loss(std::int64_t i, Tensors& batch) override {
    const at::Tensor index = setup().batch(i).to(setup().device());
    const at::Tensor x = at::index_select(train_.x, 0, index);
    const at::Tensor y = at::index_select(train_.y, 0, index);
    batch = {{"x", x}, {"y", y}};
    return at::cross_entropy_loss(model_(x), y);
  }

  std::vector<std::pair<std::string, double>> evaluate() override {
    constexpr std::int64_t piece = 1000;  // bounds the memory of a large test set
    const std::int64_t count = test_.x.size(0);
    double loss = 0;
    std::int64_t right = 0;
    predicted_.clear();
    for (std::int64_t from = 0; from < count; from += piece) {
      const std::int64_t length = std::min(piece, count - from);
      const at::Tensor logits = model_(test_.x.narrow(0, from, length));
      const at::Tensor y = test_.y.narrow(0, from, length);
      loss += at::cross_entropy_loss(logits, y).item().toDouble() * static_cast<double>(length);
      predicted_.push_back(at::argmax(logits, 1));
      right += at::eq(predicted_.back(), y).sum().item().toLong();
    }
    const auto all = static_cast<double>(count);
    return {{"test_loss", loss / all}, {accuracy, 100.0 * static_cast<double>(right) / all}};
  }

  std::optional<TestPredictions> predictions() override {
    if (predicted_.empty()) return std::nullopt;
    return TestPredictions{at::cat(predicted_), test_.y, accuracy};
  }

 private:
  static constexpr const char* accuracy = "test_accuracy";

  Labelled train_, test_;
  Model model_;
  std::vector<at::Tensor> predicted_;  // at the last evaluation, piece by piece
};

}  // namespace

std::unique_ptr<Training> classify(const Setup& setup, const Classification& task) {
  return std::make_unique<Classifier>(setup, task);
}

}  // namespace reprise
