// SPDX-License-Identifier: Apache-2.0
// A small training by somebody who uses LibTorch without Python: OPTIMIZER FILE. Writes its weights to FILE
// before the first step and after each of five, with the loss.
#include <torch/nn/modules/linear.h>
#include <torch/optim/adamw.h>
#include <torch/optim/sgd.h>

#include <cstring>
#include <fstream>
#include <memory>

namespace {

void write(std::ofstream& file, const torch::nn::Linear& model, float loss) {
  torch::NoGradGuard unrecorded;
  file.write(static_cast<const char*>(model->weight.const_data_ptr()), 8 * sizeof(float));
  file.write(static_cast<const char*>(model->bias.const_data_ptr()), 2 * sizeof(float));
  file.write(reinterpret_cast<const char*>(&loss), sizeof loss);
}

std::unique_ptr<torch::optim::Optimizer> optimizer_for(const char* name, const torch::nn::Linear& model) {
  if (std::strcmp(name, "adamw") == 0)
    return std::make_unique<torch::optim::AdamW>(model->parameters(), torch::optim::AdamWOptions(0.05));
  return std::make_unique<torch::optim::SGD>(model->parameters(),
                                             torch::optim::SGDOptions(0.1).momentum(0.9));
}

}  // namespace

int main(int count, char** words) {
  if (count != 3) return 2;
  at::manual_seed(3);
  torch::nn::Linear model(4, 2);
  const auto optimizer = optimizer_for(words[1], model);
  std::ofstream file(words[2], std::ios::binary);
  write(file, model, 0);
  for (int step = 0; step < 5; ++step) {
    const auto batch = at::rand({3, 4});
    optimizer->zero_grad();
    const auto loss = model(batch).square().mean();
    loss.backward();
    optimizer->step();
    write(file, model, loss.item<float>());
  }
  return 0;
}
