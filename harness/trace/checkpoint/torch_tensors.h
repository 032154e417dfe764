// SPDX-License-Identifier: Apache-2.0
#pragma once
// Which values of a pickle that torch.save wrote are tensors, and where their bytes lie. A tensor there is a
// call of one of a handful of functions of torch._utils with a storage, an offset, a shape and strides; the
// call is read, not made.
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "harness/trace/checkpoint/checkpoint_file.h"
#include "harness/trace/checkpoint/pickle.h"
#include "harness/trace/checkpoint/zip_archive.h"

namespace reprise {

class TorchTensors {
 public:
  // Storages are the records FOLDER/data/KEY.
  TorchTensors(const pickle::Pickle& values, std::shared_ptr<const ZipArchive> archive, std::string folder)
      : values_(values), archive_(std::move(archive)), folder_(std::move(folder)) {}
  // Nothing if the value is no tensor of an element type that has a name.
  std::optional<FileTensor> tensor(pickle::Ref ref, const std::string& name) const;

 private:
  struct Storage {
    std::string_view dtype;
    const ZipRecord* record;
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
  std::shared_ptr<const ZipArchive> archive_;
  std::string folder_;
};

}  // namespace reprise
