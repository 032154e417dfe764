// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/claim/best_of.h"

#include <algorithm>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/quadrature/gauss.hpp>
#include <cmath>

#include "harness/base/error.h"

namespace reprise {

BestOf best_of(std::size_t n) {
  check(n >= 1, "the best of some runs is of at least one");
  const boost::math::normal normal;
  const double count = static_cast<double>(n);
  // In pieces, since the density of a large N is narrow.
  const auto moment = [&](int power) {
    double sum = 0;
    for (int piece = -40; piece < 40; ++piece)
      sum += boost::math::quadrature::gauss<double, 20>::integrate(
          [&](double x) {
            return std::pow(x, power) * count * boost::math::pdf(normal, x) *
                   std::pow(boost::math::cdf(normal, x), count - 1);
          },
          piece / 4.0, (piece + 1) / 4.0);
    return sum;
  };
  const double mean = moment(1);
  return {mean, std::sqrt(std::max(0.0, moment(2) - mean * mean))};
}

}  // namespace reprise
