// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/support/sha256.hpp"

#include <catch2/catch.hpp>

#include "models/support/diagnostics.hpp"

using namespace szilard::support;

TEST_CASE("SHA-256 gives the examples of FIPS 180-4", "[support][fast]") {
  CHECK(sha256("", 0) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(sha256("abc", 3) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  const std::string two_blocks = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
  CHECK(sha256(two_blocks.data(), two_blocks.size()) ==
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  const std::string million(1000000, 'a');
  CHECK(sha256(million.data(), million.size()) == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST_CASE("the digest of a file that is not there is an input error", "[support][bad]") {
  try {
    sha256_of_file("/no/such/file");
    FAIL("no exception");
  } catch (const InputError& error) {
    CHECK(error.diagnostics().at(0).code == DiagnosticCode::file_not_found);
    CHECK(error.diagnostics().at(0).where.file == "/no/such/file");
  }
}
