// SPDX-License-Identifier: Apache-2.0
#include "harness/checkpoint/torch_tensors.h"

#include "harness/checkpoint/element_types.h"
#include "harness/checkpoint/tensor_values.h"
#include "harness/tensor/broken.h"
#include "harness/tensor/safetensors.h"

namespace reprise {

using pickle::Kind;
using pickle::Ref;

namespace {

// A view of a storage, as the file has it.
struct Place {
  StoredBytes storage;
  std::string dtype;
  std::vector<std::int64_t> shape, strides;
  std::uint64_t begin, length;  // bytes of the storage that the view reaches
  bool negated, conjugated;
};

TensorData load(const Place& place) {
  if (place.length == 0) return {};
  TensorData data{part_of(place.storage.content(), place.begin, place.length), place.strides};
  if (place.strides == row_major_strides(place.shape)) data.strides.clear();
  if (!place.negated && !place.conjugated) return data;
  auto bytes = gathered(place.dtype, place.shape, data);
  flip_signs(bytes, place.dtype, place.negated, place.conjugated);
  return {kept(std::move(bytes)), {}};
}

FileTensor tensor_at(const std::string& name, Place place, std::int64_t offset) {
  const std::uint64_t bytes = bytes_of_tensor(name, place.dtype, place.shape);
  const std::uint64_t reach = reach_of(name, place.shape, place.strides), element = bits_of(place.dtype) / 8;
  const std::uint64_t held = place.storage.size / element;
  if (offset < 0 || (reach > 0 && (static_cast<std::uint64_t>(offset) > held ||
                                   reach > held - static_cast<std::uint64_t>(offset))))
    broken("the tensor '{}' reaches beyond its storage of {} bytes", shown(name), place.storage.size);
  if (bytes > most_bytes_from(place.storage.size))
    broken("the tensor '{}' would make {} bytes of the {} that are stored", shown(name), bytes,
           place.storage.size);
  place.begin = static_cast<std::uint64_t>(offset) * element;
  place.length = reach * element;
  std::string dtype = place.dtype;
  auto shape = place.shape;
  return {name, std::move(dtype), std::move(shape), [place = std::move(place)] { return load(place); },
          bytes};
}

}  // namespace

// Parameters and subclasses wrap the call that makes the tensor.
TorchTensors::Call TorchTensors::call_of(Ref ref) const {
  constexpr int most_wraps = 16;
  for (int i = 0; i < most_wraps; ++i) {
    const std::string_view head = values_.head(ref);
    const auto& given = values_.arguments(ref);
    if ((head == "torch._utils._rebuild_parameter" || head == "torch._utils._rebuild_parameter_with_state") &&
        !given.empty()) {
      ref = given[0];
      continue;
    }
    const bool typed =
        head == "torch._tensor._rebuild_from_type_v2" || head == "torch._tensor._rebuild_from_type";
    if (!typed || given.size() < 3) return {head, &given};
    const auto &function = values_[given[0]], &arguments = values_[given[2]];
    if (function.kind != Kind::global || arguments.kind != Kind::tuple) return {};
    if (function.text.starts_with("torch._utils._rebuild_parameter") && !arguments.items.empty())
      ref = arguments.items[0];
    else
      return {function.text, &arguments.items};
  }
  return {};
}

std::optional<StorageName> storage_name(const pickle::Pickle& values, Ref ref) {
  constexpr std::string_view torch = "torch.", storage_module = "torch.storage.";
  if (values[ref].kind != Kind::persistent) return std::nullopt;
  const auto& key = values.arguments(ref);
  if (key.size() < 5 || values.text(key[0]) != "storage" || values[key[1]].kind != Kind::global)
    return std::nullopt;
  std::string_view type = values[key[1]].text;
  if (!type.starts_with(torch)) return std::nullopt;
  type.remove_prefix(type.starts_with(storage_module) ? storage_module.size() : torch.size());
  const std::string_view dtype = dtype_of_storage(type);
  const auto name = values.text(key[2]);
  const auto elements = values.whole(key[4]);
  if (dtype.empty() || !name || !elements) return std::nullopt;
  return StorageName{dtype, *name, *elements};
}

std::optional<TorchTensors::Storage> TorchTensors::storage(Ref ref, const std::string& name) const {
  const auto named = storage_name(values_, ref);
  if (!named) return std::nullopt;
  auto found = find_(named->key);
  if (!found)
    broken("the storage '{}' of the tensor '{}' is not in the archive", shown(named->key), shown(name));
  const std::uint64_t bytes = bytes_of_tensor(name, named->dtype, std::vector{named->elements});
  if (bytes != found->size)
    broken("the storage '{}' of the tensor '{}' should have {} bytes and has {}", shown(named->key),
           shown(name), bytes, found->size);
  return Storage{named->dtype, std::move(*found)};
}

std::optional<FileTensor> TorchTensors::whole_storage(Ref ref, const std::string& name) const {
  const auto found = storage(ref, name);
  if (!found) return std::nullopt;
  const auto elements = static_cast<std::int64_t>(found->bytes.size * 8 / bits_of(found->dtype));
  return tensor_at(name, {found->bytes, std::string(found->dtype), {elements}, {1}, 0, 0, false, false}, 0);
}

bool TorchTensors::flag(Ref metadata, std::string_view name) const {
  const auto entry = values_.entry(metadata, name);
  return entry && values_[*entry].kind == Kind::truth && values_[*entry].whole != 0;
}

std::optional<FileTensor> TorchTensors::rebuilt(const Call& call, const std::string& name) const {
  const bool plain =
      call.function == "torch._utils._rebuild_tensor" || call.function == "torch._utils._rebuild_tensor_v2";
  const bool with_dtype = call.function == "torch._utils._rebuild_tensor_v3";
  if ((!plain && !with_dtype) || call.arguments->size() < (with_dtype ? 7 : 4)) return std::nullopt;
  const auto& given = *call.arguments;
  const auto found = storage(given[0], name);
  const auto offset = values_.whole(given[1]);
  const auto shape = values_.sizes(given[2]), strides = values_.sizes(given[3]);
  if (!found || !offset || !shape || !strides) return std::nullopt;
  std::string_view dtype = found->dtype;
  if (with_dtype) {
    constexpr std::string_view torch = "torch.";
    const auto& type = values_[given[6]];
    if (type.kind != Kind::global || !type.text.starts_with(torch)) return std::nullopt;
    dtype = dtype_of_torch(type.text.substr(torch.size()));
    if (dtype.empty()) return std::nullopt;
  }
  const std::size_t last = with_dtype ? 7 : 6;
  const bool has_flags = given.size() > last;
  return tensor_at(name,
                   {found->bytes, std::string(dtype), *shape, *strides, 0, 0,
                    has_flags && flag(given[last], "neg"), has_flags && flag(given[last], "conj")},
                   *offset);
}

std::optional<FileTensor> TorchTensors::tensor(Ref ref, const std::string& name) const {
  if (values_[ref].kind == Kind::persistent) return whole_storage(ref, name);
  if (values_[ref].kind != Kind::object) return std::nullopt;
  const Call call = call_of(ref);
  return call.arguments == nullptr ? std::nullopt : rebuilt(call, name);
}

}  // namespace reprise
