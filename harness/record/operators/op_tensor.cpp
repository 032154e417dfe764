// SPDX-License-Identifier: Apache-2.0
#include "harness/record/operators/op_tensor.h"

#include "harness/record/queued_digests.h"
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

bool is_plain(const at::Tensor& tensor) {
  return tensor.defined() && tensor.layout() == at::kStrided && tensor.has_storage() && !tensor.is_conj() &&
         !tensor.is_neg() && !tensor.is_quantized() && !tensor.is_nested() &&
         !tensor.key_set().has_any(stand_ins);
}

bool is_observable(const at::Tensor& tensor) { return is_plain(tensor) && tensor.device().is_cpu(); }

bool is_observable_there(const at::Tensor& tensor) {
  return is_plain(tensor) && tensor.device().is_cuda() && has_dtype_name(tensor.scalar_type()) &&
         digest_place(tensor.device()) == "cuda";
}

OpTensor op_tensor_of(const at::Tensor& tensor, Seen marked, std::int64_t min_elements, std::size_t place,
                      std::vector<WantedDigest>& wanted) {
  OpTensor seen;
  if (!tensor.defined()) {
    seen.seen = Seen::unobserved;
    return seen;
  }
  seen.shape = tensor.sizes().vec();
  const bool here = is_observable(tensor);
  if (!here && !is_observable_there(tensor)) {
    seen.dtype = c10::toString(tensor.scalar_type());
    seen.seen = Seen::unobserved;
    return seen;
  }
  const TensorView view = device_view_of(tensor, "of an operator call");
  seen.dtype = view.dtype;
  seen.seen = marked == Seen::content && tensor.numel() < min_elements ? Seen::small : marked;
  if (seen.seen != Seen::content) return seen;
  if (here)
    seen.digest = digest_of(view).digest;
  else
    wanted.push_back({place, view, tensor.device()});
  return seen;
}

}  // namespace reprise
