// SPDX-License-Identifier: Apache-2.0
#pragma once
// Bytes taken one after the other, each length checked before it is used. Numbers are little-endian.
#include "harness/container/little_endian.h"
#include "harness/tensor/broken.h"

namespace reprise {

class ByteReader {
 public:
  explicit ByteReader(Bytes bytes) : all_(bytes) {}

  // Broken if fewer are left; `what` names them in the sentence.
  Bytes take(std::uint64_t count, std::string_view what) {
    if (count > left())
      broken("{} would take {} bytes from byte {} on, {} are left: it was cut short", what, count, at_,
             left());
    const Bytes taken = all_.subspan(at_, count);
    at_ += count;
    return taken;
  }
  template <class Number>
  Number number(std::string_view what) {
    return number_at<Number>(take(sizeof(Number), what), 0);
  }
  std::uint64_t at() const { return at_; }
  std::uint64_t left() const { return all_.size() - at_; }

 private:
  Bytes all_;
  std::uint64_t at_ = 0;
};

}  // namespace reprise
