// SPDX-License-Identifier: Apache-2.0
#include "harness/record/op_tensor.h"

#include "harness/record/tensor_digest.h"

namespace reprise {
namespace {

// Tensors that only stand for others (traced by a compiler, batched by functorch): their memory is not
// theirs.
const c10::DispatchKeySet stand_ins{c10::DispatchKey::Python,
                                    c10::DispatchKey::PythonTLSSnapshot,
                                    c10::DispatchKey::Functionalize,
                                    c10::DispatchKey::FuncTorchBatched,
                                    c10::DispatchKey::FuncTorchGradWrapper,
                                    c10::DispatchKey::ZeroTensor};

}  // namespace

bool is_observable(const at::Tensor& tensor) {
  return tensor.defined() && tensor.device().is_cpu() && tensor.layout() == at::kStrided &&
         tensor.has_storage() && !tensor.is_conj() && !tensor.is_neg() && !tensor.is_quantized() &&
         !tensor.key_set().has_any(stand_ins);
}

OpTensor op_tensor_of(const at::Tensor& tensor, Seen marked, std::int64_t min_elements) {
  OpTensor seen;
  if (!tensor.defined()) {
    seen.seen = Seen::unobserved;
    return seen;
  }
  seen.shape = tensor.sizes().vec();
  if (!is_observable(tensor)) {
    seen.dtype = c10::toString(tensor.scalar_type());
    seen.seen = Seen::unobserved;
    return seen;
  }
  const TensorView view = view_of(tensor, "of an operator call");
  seen.dtype = view.dtype;
  seen.seen = marked == Seen::content && tensor.numel() < min_elements ? Seen::small : marked;
  if (seen.seen == Seen::content) seen.digest = digest_of(view).digest;
  return seen;
}

}  // namespace reprise
