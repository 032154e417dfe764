// SPDX-License-Identifier: Apache-2.0
#pragma once
// A value of a recipe's parameter: truth value, whole number, number or text, with one canonical TOML form.
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace reprise {

using Scalar = std::variant<bool, std::int64_t, double, std::string>;

// "true", "12", "0.01", "\"mlp\"": as TOML writes it; equal values give equal text.
std::string to_toml(const Scalar& value);
// The same without the quotes of a text.
std::string to_plain(const Scalar& value);
// `text`, as typed by a person, with the type of `like` (a whole number is accepted for a number). `name` is
// used in the Error: "wanted a whole number for steps, found 'many'".
Scalar scalar_like(const Scalar& like, std::string_view text, std::string_view name);
// A text in TOML's basic quotes, control characters escaped. (Not "quoted": std::quoted would be taken
// instead.)
std::string quoted_text(std::string_view text);
// ["a", "b"]: texts as TOML and JSON write them.
std::string quoted_texts(const std::vector<std::string>& texts);

}  // namespace reprise
