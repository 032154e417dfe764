// SPDX-License-Identifier: Apache-2.0
// What reprise declares of CUPTI against CUPTI's own headers, where the wheel of LibTorch brought them.
#include "harness/record/operators/cupti_abi.h"

#include <catch2/catch.hpp>

#include "skip.h"

#if __has_include(<cupti.h>) && __has_include(<crt/host_defines.h>)
#include <cupti.h>

using namespace reprise;

namespace {

// Each generation of the record begins as the one before.
template <class Real>
void check_kernel_record() {
  using Own = cupti::KernelRecord;
  CHECK(sizeof(Own) <= sizeof(Real));
  CHECK(offsetof(Own, kind) == offsetof(Real, kind));
  CHECK(offsetof(Own, registers) == offsetof(Real, registersPerThread));
  CHECK(offsetof(Own, grid) == offsetof(Real, gridX));
  CHECK(offsetof(Own, grid) + 8 == offsetof(Real, gridZ));
  CHECK(offsetof(Own, block) == offsetof(Real, blockX));
  CHECK(offsetof(Own, block) + 8 == offsetof(Real, blockZ));
  CHECK(offsetof(Own, static_shared) == offsetof(Real, staticSharedMemory));
  CHECK(offsetof(Own, dynamic_shared) == offsetof(Real, dynamicSharedMemory));
  CHECK(offsetof(Own, correlation) == offsetof(Real, correlationId));
  CHECK(offsetof(Own, name) == offsetof(Real, name));
  CHECK(sizeof(Real::registersPerThread) == sizeof(Own::registers));
}

}  // namespace

TEST_CASE("records of CUPTI lie as its headers say, in every version since CUDA 11") {
  check_kernel_record<CUpti_ActivityKernel4>();
  check_kernel_record<CUpti_ActivityKernel5>();
  check_kernel_record<CUpti_ActivityKernel6>();
  check_kernel_record<CUpti_ActivityKernel7>();
  check_kernel_record<CUpti_ActivityKernel8>();
  check_kernel_record<CUpti_ActivityKernel9>();
  check_kernel_record<CUpti_ActivityKernel10>();
  using Own = cupti::ExternalRecord;
  using Real = CUpti_ActivityExternalCorrelation;
  CHECK(sizeof(Own) == sizeof(Real));
  CHECK(offsetof(Own, external_kind) == offsetof(Real, externalKind));
  CHECK(offsetof(Own, id) == offsetof(Real, externalId));
  CHECK(offsetof(Own, correlation) == offsetof(Real, correlationId));
  CHECK(sizeof(cupti::Record) == offsetof(CUpti_Activity, kind) + sizeof(CUpti_ActivityKind));
}

TEST_CASE("numbers of CUPTI are those of its headers") {
  CHECK(cupti::success == CUPTI_SUCCESS);
  CHECK(cupti::hardware_busy == CUPTI_ERROR_HARDWARE_BUSY);
  CHECK(cupti::insufficient_privileges == CUPTI_ERROR_INSUFFICIENT_PRIVILEGES);
  CHECK(cupti::multiple_subscribers == CUPTI_ERROR_MULTIPLE_SUBSCRIBERS_NOT_SUPPORTED);
  CHECK(cupti::virtualized_insufficient_privileges == CUPTI_ERROR_VIRTUALIZED_DEVICE_INSUFFICIENT_PRIVILEGES);
  CHECK(cupti::kind_driver == CUPTI_ACTIVITY_KIND_DRIVER);
  CHECK(cupti::kind_runtime == CUPTI_ACTIVITY_KIND_RUNTIME);
  CHECK(cupti::kind_kernel == CUPTI_ACTIVITY_KIND_CONCURRENT_KERNEL);
  CHECK(cupti::kind_external == CUPTI_ACTIVITY_KIND_EXTERNAL_CORRELATION);
  CHECK(cupti::external_custom2 == CUPTI_EXTERNAL_CORRELATION_KIND_CUSTOM2);
  CHECK(cupti::flush_forced == CUPTI_ACTIVITY_FLAG_FLUSH_FORCED);
  CHECK(cupti::is_known(CUPTI_API_VERSION));
  CHECK_FALSE(cupti::is_known(12));
  CHECK_FALSE(cupti::is_known(140000));
}
#else
TEST_CASE("records of CUPTI lie as its headers say, in every version since CUDA 11") {
  reprise::skip("no cupti.h beside LibTorch, or no CUDA headers (scripts/setup.sh --cuda fetches them)");
}
#endif
