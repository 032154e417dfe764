// SPDX-License-Identifier: Apache-2.0
#include "harness/tables/kernel_launch.h"

#include <catch2/catch.hpp>

using namespace reprise;

TEST_CASE("the name of a kernel tells whose it is, or nothing") {
  using enum KernelLibrary;
  CHECK(library_of_kernel("ampere_sgemm_64x32_sliced1x4_tn") == cublas);
  CHECK(library_of_kernel("nvjet_tst_128x64_64x6_2x1_v_bz_TNT") == cublas);
  CHECK(library_of_kernel("void gemv2T_kernel_val<int, int, float>(int)") == cublas);
  CHECK(library_of_kernel("void cublasLt::splitKreduce_kernel<32, 16, int>(int)") == cublas);
  CHECK(library_of_kernel("void cutlass::Kernel2<cutlass_80_tensorop_s1688gemm_128x64_nn>(int)") == cutlass);
  CHECK(library_of_kernel("sm80_xmma_dgrad_implicit_gemm_indexed_f32f32_f32f32_f32") == cudnn);
  CHECK(library_of_kernel("void cudnn::bn_fw_tr_1C11_kernel_NCHW<float, float>(int)") == cudnn);
  CHECK(library_of_kernel("void at::native::vectorized_elementwise_kernel<4, int>(int)") == torch);
  CHECK(library_of_kernel("fmha_cutlassF_f32_aligned_64x64_rf_sm80(PyTorchMemEffAttention::P)") == torch);
  CHECK(library_of_kernel("triton_poi_fused_add_0") == triton);
  CHECK(library_of_kernel("my_own_kernel(float*)") == unknown);
  CHECK(to_text(cudnn) == "cuDNN");
  CHECK(to_text(unknown) == "unknown");
}
