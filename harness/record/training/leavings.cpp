// SPDX-License-Identifier: Apache-2.0
#include "harness/record/training/leavings.h"

#include <ATen/ops/cat.h>

#include <bit>
#include <set>
#include <string_view>

#include "harness/base/error.h"
#include "harness/base/sha256.h"
#include "harness/record/tensor_digest.h"

namespace reprise {
namespace {

static_assert(std::endian::native == std::endian::little, "published digests are of little-endian numbers");

at::Tensor joined(const Leaving& one) {
  if (one.tensors.empty()) fail("the program leaves {}, but no tensor in it", one.name);
  std::vector<at::Tensor> flat;
  for (const auto& tensor : one.tensors) {
    if (tensor.scalar_type() != one.tensors[0].scalar_type())
      fail("{}: wanted tensors of one number format, found {} and {}", one.name,
           c10::toString(one.tensors[0].scalar_type()), c10::toString(tensor.scalar_type()));
    flat.push_back(tensor.detach().cpu().reshape({-1}));
  }
  const at::Tensor row = at::cat(flat).contiguous();
  return flat.size() > 1 ? row : row.view(one.tensors[0].sizes());
}

}  // namespace

std::vector<Artifact> artifacts_of(const std::vector<Leaving>& left) {
  std::vector<Artifact> artifacts;
  std::set<std::string> names;
  for (const auto& one : left) {
    if (!names.insert(one.name).second) fail("the program leaves two things named {}", one.name);
    const at::Tensor whole = joined(one);
    const TensorDigest digest = digest_of(NamedTensor{one.name, whole});
    const std::string_view bytes(static_cast<const char*>(whole.const_data_ptr()), whole.nbytes());
    artifacts.push_back({one.name, digest.dtype, digest.shape, digest.digest, sha256_text(bytes)});
  }
  return artifacts;
}

}  // namespace reprise
