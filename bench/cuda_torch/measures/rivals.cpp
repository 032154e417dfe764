// SPDX-License-Identifier: Apache-2.0
#include <ATen/ops/hash_tensor.h>
#include <ATen/ops/norm.h>
#include <ATen/ops/randn.h>

#include "bench/cuda_torch/torch_measure.h"
#include "harness/base/sha256.h"
#include "harness/record/device.h"
#include "harness/record/tensor_digest.h"

namespace reprise::torch_measures {
namespace {

std::string_view bytes_of(const at::Tensor& tensor) {
  return {static_cast<const char*>(tensor.const_data_ptr()), tensor.nbytes()};
}

Json measure(at::ScalarType dtype, std::int64_t bytes) {
  Digester digester;
  const std::int64_t elements = bytes / static_cast<std::int64_t>(c10::elementSize(dtype));
  const at::Tensor tensor = at::randn({elements}, at::TensorOptions().device(device_in_use())).to(dtype);
  const std::vector<Contender> contenders{
      {"digest", [&] { digester.collect(digester.submit({tensor}, false), 1); }},
      {"hash_tensor", [&] { at::hash_tensor(tensor).item(); }},
      // What DebugMode's default does: everything in double precision first.
      {"norm_in_double", [&] { at::norm(tensor.to(at::kDouble), 1).item(); }},
      {"copy_and_sha256", [&] { sha256_text(std::string(bytes_of(tensor.cpu()))); }},
      {"copy_and_cpu_digest", [&] {
         const at::Tensor copy = tensor.cpu();
         digest_of(view_of(copy, "copy"));
       }}};
  Json result{{"dtype", dtype_name(dtype)}, {"bytes", bytes}};
  const auto found = digester.collect(digester.submit({tensor}, false), 1);
  const at::Tensor copy = tensor.cpu();
  result["equal_to_cpu"] = found[0] == digest_of(view_of(copy, "copy")).digest;
  result["ways"] = contest(contenders, rounds_to_make());
  return result;
}

Json run(const Plan&) {
  Json result;
  result["goal"] =
      "G3: digest/hash_tensor <= 1; G4: copy_and_sha256/digest >= 1000, copy_and_cpu_digest/digest >= 50";
  bool ok = true;
  for (const auto dtype : {at::kBFloat16, at::kFloat}) {
    result["tensors"].push_back(measure(dtype, is_dry_run() ? 1 << 20 : 256 << 20));
    ok = ok && result["tensors"].back()["equal_to_cpu"].get<bool>();
  }
  result["ok"] = ok;
  return result;
}

}  // namespace

extern const TorchMeasure rivals{.summary = "the digest against what is done without it", .run = run};

}  // namespace reprise::torch_measures
