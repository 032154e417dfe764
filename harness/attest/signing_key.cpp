// SPDX-License-Identifier: Apache-2.0
#include "harness/attest/signing_key.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <optional>

#include "harness/base/error.h"
#include "harness/base/files.h"
#include "harness/base/sha256.h"

namespace reprise {

struct OpenKey {
  EVP_PKEY* key = nullptr;
  explicit OpenKey(EVP_PKEY* opened) : key(opened) {}
  OpenKey(const OpenKey&) = delete;
  OpenKey& operator=(const OpenKey&) = delete;
  ~OpenKey() { EVP_PKEY_free(key); }
};

namespace {

namespace fs = std::filesystem;

constexpr const char* how_to_make_one =
    "make one with: openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out key.pem && chmod 600 "
    "key.pem";

struct FreeBio {
  void operator()(BIO* bio) const { BIO_free(bio); }
};
using Bio = std::unique_ptr<BIO, FreeBio>;

Bio reading(const std::string& text) {
  return Bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

// What OpenSSL asks for while it reads an encrypted key.
struct Passphrase {
  std::optional<std::string> text;
  bool asked = false;
};

int give_passphrase(char* buffer, int size, int /*writing*/, void* user) {
  auto& passphrase = *static_cast<Passphrase*>(user);
  passphrase.asked = true;
  if (!passphrase.text || passphrase.text->size() > static_cast<std::size_t>(size)) return -1;
  std::memcpy(buffer, passphrase.text->data(), passphrase.text->size());
  return static_cast<int>(passphrase.text->size());
}

// "an Ed25519 key", and who refuses its signatures.
std::pair<std::string, std::string> kind_of(EVP_PKEY* key) {
  const char* type = EVP_PKEY_get0_type_name(key);
  const std::string name = type ? type : "unknown";
  if (name == "ED25519" || name == "ED448")
    return {"an " + std::string(name == "ED448" ? "Ed448" : "Ed25519") + " key",
            "model_signing, the OpenSSF client of model signatures, refuses it"};
  if (name != "EC")
    return {"a key of the kind " + name, "model_signing, the OpenSSF client of model signatures, refuses it"};
  char curve[80] = "";
  std::size_t size = 0;
  EVP_PKEY_get_group_name(key, curve, sizeof curve, &size);
  if (std::string_view(curve) == "prime256v1") return {"", ""};
  return {
      "a key on the curve " + std::string(curve),
      "sigstore-js checks signatures of every curve with SHA-256 and model signatures ask for another digest "
      "here, so one of the two refuses it"};
}

std::shared_ptr<OpenKey> checked_kind(std::shared_ptr<OpenKey> key, std::string_view where) {
  const auto [kind, who] = kind_of(key->key);
  if (!kind.empty())
    fail("wanted a P-256 key, which every client takes, found {} in {}: {}; {}", kind, where, who,
         how_to_make_one);
  return key;
}

std::shared_ptr<OpenKey> secret_key_of(const std::string& pem, std::string_view where,
                                       const std::string& passphrase_variable) {
  Passphrase passphrase;
  if (const char* set = std::getenv(passphrase_variable.c_str())) passphrase.text = set;
  const Bio bio = reading(pem);
  const auto key =
      std::make_shared<OpenKey>(PEM_read_bio_PrivateKey(bio.get(), nullptr, &give_passphrase, &passphrase));
  ERR_clear_error();
  if (key->key) return checked_kind(key, where);
  if (passphrase.asked && !passphrase.text)
    fail("the key in {} is encrypted, and the environment variable {} with its passphrase is not set", where,
         passphrase_variable);
  if (passphrase.asked)
    fail("the passphrase in the environment variable {} is wrong for the key in {}", passphrase_variable,
         where);
  if (pem.find("PUBLIC KEY") != pem.npos)
    fail("wanted a secret key to sign with, found a public one in {}; name the file it was made from", where);
  fail("wanted a secret key in PEM form, found none in {}; {}", where, how_to_make_one);
}

// A key that others may have read signs nothing.
void check_hidden(const fs::path& file) {
  struct stat found {};
  if (::stat(file.c_str(), &found) != 0)
    fail("cannot read the key {}: {}; {}", file.string(), std::strerror(errno), how_to_make_one);
  if (!S_ISREG(found.st_mode)) fail("wanted a file with the key, found another thing at {}", file.string());
  if ((found.st_mode & (S_IRWXG | S_IRWXO)) != 0)
    fail(
        "wanted a key that its owner alone can read, found {} open to others (mode {:o}); chmod 600 it, or "
        "make another key if somebody may have read it",
        file.string(), found.st_mode & 07777U);
}

}  // namespace

std::string PublicKey::pem() const {
  const Bio bio(BIO_new(BIO_s_mem()));
  check(bio && PEM_write_bio_PUBKEY(bio.get(), key_->key) == 1, "a public key is written as PEM");
  char* text = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &text);
  return {text, static_cast<std::size_t>(size)};
}

std::string PublicKey::hint() const { return sha256_text(pem()); }

bool PublicKey::holds(std::string_view bytes, std::string_view signature) const {
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
  check(context && EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, key_->key) == 1,
        "a signature can be checked");
  const bool good = EVP_DigestVerify(context.get(), reinterpret_cast<const unsigned char*>(signature.data()),
                                     signature.size(), reinterpret_cast<const unsigned char*>(bytes.data()),
                                     bytes.size()) == 1;
  ERR_clear_error();
  return good;
}

std::string SigningKey::sign(std::string_view bytes) const {
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
  const auto* message = reinterpret_cast<const unsigned char*>(bytes.data());
  std::size_t size = 0;
  check(context && EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key_->key) == 1 &&
            EVP_DigestSign(context.get(), nullptr, &size, message, bytes.size()) == 1,
        "a signature can be made");
  std::string signature(size, '\0');
  check(EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size, message,
                       bytes.size()) == 1,
        "a signature is made");
  signature.resize(size);
  return signature;
}

SigningKey signing_key(const KeyPlace& place) {
  if (place.file.string().find("-----BEGIN") != std::string::npos)
    fail(
        "wanted the file that holds the key, found the key itself on the command line, where every process "
        "of this "
        "machine can read it; make another key, and name its file");
  if (place.file.empty() == place.variable.empty())
    fail(
        "wanted a key to sign with, in a file (--key FILE) or in an environment variable (--key-env NAME), "
        "found "
        "{}",
        place.file.empty() ? "neither" : "both");
  if (!place.file.empty()) {
    check_hidden(place.file);
    return SigningKey(
        secret_key_of(read_file(place.file, "key"), place.file.string(), place.passphrase_variable));
  }
  const std::string pem = environment_text(place.variable.c_str());
  if (pem.empty())
    fail("wanted a key in the environment variable {}, found it not set; give it the PEM text",
         place.variable);
  return SigningKey(
      secret_key_of(pem, "the environment variable " + place.variable, place.passphrase_variable));
}

PublicKey public_key_of(const std::string& pem, std::string_view where) {
  const Bio bio = reading(pem);
  const auto key = std::make_shared<OpenKey>(PEM_read_bio_PUBKEY(bio.get(), nullptr, nullptr, nullptr));
  ERR_clear_error();
  if (key->key) return PublicKey(checked_kind(key, where));
  if (pem.find("PRIVATE KEY") != pem.npos)
    fail(
        "wanted a public key, found a secret one in {}; write its public half with: openssl pkey -in KEY "
        "-pubout "
        "-out key.pub",
        where);
  fail("wanted a public key in PEM form, found none in {}", where);
}

PublicKey public_key_in(const fs::path& file) {
  return public_key_of(read_file(file, "public key"), file.string());
}

}  // namespace reprise
