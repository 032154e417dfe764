// SPDX-License-Identifier: Apache-2.0
// One source of noise makes the test error vary as much as all of them together: the batch order.
#include "harness/judge/claim/law.h"

namespace reprise::laws {

extern const Law order_alone{
    .summary =
        "the SD of the test error over runs that differ in their batch order alone, divided by its SD over "
        "runs that differ in everything",
    .source =
        "Jordan, ICLR 2024 (arXiv 2304.01910), Appendix D; Summers and Dinneen, ICML 2021 (arXiv 2103.04514)",
    .beside = Varied::order,
    .ratio = sd_ratio,
};

}  // namespace reprise::laws
