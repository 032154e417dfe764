// SPDX-License-Identifier: Apache-2.0
// The recorder in one piece, as it is compiled on a user's machine against the torch that is to be observed:
// LibTorch's headers are read once, not once per file.
#include "harness/record/call_keeper.cpp"
#include "harness/record/device.cpp"
#include "harness/record/facts.cpp"
#include "harness/record/gpu_facts.cpp"
#include "harness/record/libraries.cpp"
#include "harness/record/op_arguments.cpp"
#include "harness/record/op_tensor.cpp"
#include "harness/record/op_tracer.cpp"
#include "harness/record/operator_facts.cpp"
#include "harness/record/pin_torch.cpp"
#include "harness/record/recorder/recorder.cpp"
#include "harness/record/recorder/session.cpp"
#include "harness/record/sowing.cpp"
#include "harness/record/tensor_digest.cpp"
#include "harness/record/torch_settings.cpp"
