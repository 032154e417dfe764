// SPDX-License-Identifier: Apache-2.0
#pragma once
// The device that this process trains on. The program links LibTorch's CPU half alone; its CUDA half is
// loaded when a plan asks for a GPU, and before the first question about CUDA: LibTorch keeps the answer to
// that one.
#include <ATen/core/Generator.h>
#include <c10/core/Device.h>

#include <optional>
#include <string>

#include "harness/machine/gpu.h"
#include "harness/plan/pins.h"

namespace reprise {

// Takes the device that the pin `device` names into use, with the stream that the pin `stream` asks for. A
// Skip, with one sentence, where this machine, its driver or this LibTorch has no such device; never another
// device in its place. To be called once, before anything else of LibTorch.
void use_device(const Pins& pins);

// The CPU until use_device() was called.
c10::Device device_in_use();
// The GPU that use_device() chose; nothing on the CPU.
const std::optional<Gpu>& gpu_in_use();
// LibTorch's generator of the GPU in use; nothing on the CPU.
std::optional<at::Generator> device_generator();

// The pins `device` and `stream` as this process has them now. `wanted` is given back where use_device() was
// not called: in somebody's script, which chooses by itself.
std::string device_now(std::string_view wanted);
std::string stream_now(std::string_view wanted);

// Loads libtorch_cuda.so from beside libtorch_cpu.so; a Skip if it is not there or lacks a library. Does
// nothing if it is loaded.
void load_torch_cuda();
// What the dynamic linker said about libtorch_cuda.so, as a sentence that says what to do.
std::string loading_trouble(const std::string& linker_words);
// The CUDA that this LibTorch was built for, 13000 for 13.0; 0 where it was built without.
int cuda_toolkit();

// A sentence for what LibTorch throws when a GPU fails: out of memory, or lost in the middle of a run.
// Nothing for any other message.
struct GpuTrouble {
  bool out_of_memory = false;
  std::string sentence;
};
std::optional<GpuTrouble> gpu_trouble(const std::string& message);

}  // namespace reprise
