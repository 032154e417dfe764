// SPDX-License-Identifier: Apache-2.0
#pragma once
// The keys of a signature: ECDSA on the curve P-256 with SHA-256, the one kind that every client of bundles
// and of model signatures takes. A secret key comes from a file that nobody else can read or from an
// environment variable, never from a command line.
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace reprise {

struct OpenKey;  // of OpenSSL

class PublicKey {
 public:
  explicit PublicKey(std::shared_ptr<OpenKey> key) : key_(std::move(key)) {}
  // As `openssl pkey -pubout` prints it.
  std::string pem() const;
  // What a bundle calls the key by: SHA-256 of pem(), in hexadecimal digits, as model signatures ask.
  std::string hint() const;
  // Whether the holder of this key signed these bytes; `signature` in DER.
  bool holds(std::string_view bytes, std::string_view signature) const;

 private:
  std::shared_ptr<OpenKey> key_;
};

class SigningKey {
 public:
  explicit SigningKey(std::shared_ptr<OpenKey> key) : key_(std::move(key)) {}
  // In DER. Other bytes at every call: ECDSA draws a random number.
  std::string sign(std::string_view bytes) const;
  PublicKey public_key() const { return PublicKey(key_); }

 private:
  std::shared_ptr<OpenKey> key_;
};

// Where a secret key is taken from: a PEM file, or the environment variable that holds the PEM text. One of
// the two.
struct KeyPlace {
  std::filesystem::path file;
  std::string variable;
  std::string passphrase_variable = "REPRISE_KEY_PASSPHRASE";
};

// An Error for both places or none, a key on the command line, a file that others can read, a wrong or
// missing passphrase, and any other kind of key, with the clients that refuse it.
SigningKey signing_key(const KeyPlace& place);
// From a PEM file. An Error for another kind of key, and for a secret one: it should not lie where people
// verify.
PublicKey public_key_in(const std::filesystem::path& file);
// The same from the text itself; `where` names it.
PublicKey public_key_of(const std::string& pem, std::string_view where);

}  // namespace reprise
