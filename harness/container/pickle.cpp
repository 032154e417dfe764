// SPDX-License-Identifier: Apache-2.0
#include "harness/container/pickle.h"

#include "harness/container/little_endian.h"
#include "harness/container/unpickler.h"
#include "harness/tensor/broken.h"

namespace reprise::pickle {
namespace {

// UTF-8 of characters below 256 to one byte each; nothing for others.
std::optional<std::vector<std::byte>> latin1(std::string_view text) {
  std::vector<std::byte> bytes;
  bytes.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto lead = static_cast<unsigned char>(text[i]);
    if (lead < 0x80) {
      bytes.push_back(std::byte{lead});
      continue;
    }
    if ((lead != 0xC2 && lead != 0xC3) || i + 1 == text.size()) return std::nullopt;
    const auto next = static_cast<unsigned char>(text[++i]);
    if ((next & 0xC0) != 0x80) return std::nullopt;
    bytes.push_back(static_cast<std::byte>(((lead & 3) << 6) | (next & 0x3F)));
  }
  return bytes;
}

}  // namespace

Pickle::Pickle(Kept bytes, std::string_view place) : bytes_(std::move(bytes)) {
  Unpickler(*this, place).run();
}

std::string_view Pickle::head(Ref ref) const {
  const Value& value = values_[ref];
  if (value.kind != Kind::object || values_[value.head].kind != Kind::global) return {};
  return values_[value.head].text;
}

const std::vector<Ref>& Pickle::arguments(Ref ref) const {
  static const std::vector<Ref> none;
  const Ref found = values_[ref].arguments;
  return found == nothing || values_[found].kind != Kind::tuple ? none : values_[found].items;
}

std::optional<std::int64_t> Pickle::whole(Ref ref) const {
  if (values_[ref].kind != Kind::whole) return std::nullopt;
  return values_[ref].whole;
}

std::optional<std::string_view> Pickle::text(Ref ref) const {
  if (values_[ref].kind != Kind::text) return std::nullopt;
  return values_[ref].text;
}

std::optional<Kept> Pickle::bytes(Ref ref) const {
  const auto as_bytes = [](std::string_view text) { return std::as_bytes(std::span(text)); };
  const Value& value = values_[ref];
  if (value.kind == Kind::bytes) return Kept{as_bytes(value.text), bytes_.owner};
  const auto& given = arguments(ref);
  if (head(ref) == "_codecs.encode" && given.size() == 2 && text(given[0]) && text(given[1]) == "latin1") {
    auto decoded = latin1(*text(given[0]));
    if (!decoded) return std::nullopt;
    const auto owner = std::make_shared<std::vector<std::byte>>(std::move(*decoded));
    return Kept{*owner, owner};
  }
  if ((head(ref) == "__builtin__.bytes" || head(ref) == "builtins.bytes") && given.empty()) return Kept{};
  return std::nullopt;
}

std::optional<std::vector<std::int64_t>> Pickle::sizes(Ref ref) const {
  if (head(ref) == "torch.Size" && arguments(ref).size() == 1) ref = arguments(ref)[0];
  const Value& value = values_[ref];
  if (value.kind != Kind::tuple && value.kind != Kind::list) return std::nullopt;
  std::vector<std::int64_t> found;
  for (const Ref item : value.items) {
    const auto size = whole(item);
    if (!size) return std::nullopt;
    found.push_back(*size);
  }
  return found;
}

std::optional<Ref> Pickle::entry(Ref ref, std::string_view key) const {
  const Value& value = values_[ref];
  for (std::size_t i = 0; i < value.pairs.size(); i += 2)
    if (text(value.pairs[i]) == key) return value.pairs[i + 1];
  if (value.kind != Kind::object || value.state == nothing) return std::nullopt;
  const Value& attributes = values_[value.state];
  for (std::size_t i = 0; attributes.kind == Kind::dict && i < attributes.pairs.size(); i += 2)
    if (text(attributes.pairs[i]) == key) return attributes.pairs[i + 1];
  return std::nullopt;
}

}  // namespace reprise::pickle
