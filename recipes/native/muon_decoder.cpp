// SPDX-License-Identifier: Apache-2.0
// The decoder of decoder.cpp, its matrices trained by Muon with the attention logits clipped: MuonClip (Kimi
// K2).
#include "recipes/training/decoder_training.h"

namespace reprise::programs {
namespace {

std::unique_ptr<Training> begin(const Setup& setup) {
  return train_decoder(setup, characters_of(setup.data("text")), DecoderOptimizer::muon_clip);
}

}  // namespace

extern const Program muon_decoder{
    .summary = "the decoder, its matrices trained by Muon with clipped attention logits",
    .begin = begin,
};

}  // namespace reprise::programs
