// SPDX-License-Identifier: Apache-2.0
#pragma once
// Which values of a pickle that torch.save wrote are tensors, and where their bytes lie. A tensor there is a
// call of one of a handful of functions of torch._utils with a storage, an offset, a shape and strides; the
// call is read, not made.
#include <functional>
#include <optional>
#include <string>

#include "harness/checkpoint/checkpoint_file.h"
#include "harness/container/pickle.h"

namespace reprise {

// Where the bytes of a storage lie: how many they are, and what reads them.
struct StoredBytes {
  std::uint64_t size = 0;
  std::function<Kept()> content{};
};
// By the storage's key in the pickle; nothing if there is none of that key.
using FindStorage = std::function<std::optional<StoredBytes>(std::string_view key)>;

// The key and element type of a storage that a pickle refers to; nothing for a value that is no such
// reference.
struct StorageName {
  std::string_view dtype, key;
  std::int64_t elements;
};
std::optional<StorageName> storage_name(const pickle::Pickle& values, pickle::Ref ref);

class TorchTensors {
 public:
  TorchTensors(const pickle::Pickle& values, FindStorage find) : values_(values), find_(std::move(find)) {}
  // Nothing if the value is not a tensor of an element type that has a name.
  std::optional<FileTensor> tensor(pickle::Ref ref, const std::string& name) const;

 private:
  struct Storage {
    std::string_view dtype;
    StoredBytes bytes;
  };
  struct Call {
    std::string_view function;
    const std::vector<pickle::Ref>* arguments;
  };
  Call call_of(pickle::Ref ref) const;
  std::optional<Storage> storage(pickle::Ref ref, const std::string& name) const;
  std::optional<FileTensor> whole_storage(pickle::Ref ref, const std::string& name) const;
  std::optional<FileTensor> rebuilt(const Call& call, const std::string& name) const;
  bool flag(pickle::Ref metadata, std::string_view name) const;

  const pickle::Pickle& values_;
  FindStorage find_;
};

}  // namespace reprise
