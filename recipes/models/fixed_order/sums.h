// SPDX-License-Identifier: Apache-2.0
#pragma once
// Sums whose bits are defined: plain additions one after the other from zero, in ascending order. float32 on
// the CPU.
#include <ATen/core/Tensor.h>

namespace reprise::fixed_order {

// [rows, columns] -> [columns]: over the rows.
at::Tensor sum_of_rows(const at::Tensor& values);
// [rows, columns] -> [rows]: over the columns.
at::Tensor sum_of_columns(const at::Tensor& values);
// [samples, channels, height, width] -> [channels]: over sample, row, column.
at::Tensor sum_of_channels(const at::Tensor& values);
// [n] -> []: (1/n, rounded to float32) * the sum.
at::Tensor mean_of(const at::Tensor& values);

}  // namespace reprise::fixed_order
