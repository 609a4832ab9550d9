// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "sim/study/database.hpp"

#include <sqlite3.h>
#include <utility>

#include "models/support/diagnostics.hpp"
#include "sim/study/file_system.hpp"

namespace szilard::study {

using support::DiagnosticCode;
using support::EnvironmentError;
using support::InputError;

Database::Database(const std::string& path, Mode mode) : path_(path) {
  const int flags = mode == Mode::create  ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
                    : mode == Mode::write ? SQLITE_OPEN_READWRITE
                                          : SQLITE_OPEN_READONLY;
  if (sqlite3_open_v2(path.c_str(), &handle_, flags, nullptr) != SQLITE_OK) {
    const std::string reason = handle_ ? sqlite3_errmsg(handle_) : "out of memory";
    sqlite3_close(handle_);
    throw EnvironmentError("cannot open " + path + ": " + reason);
  }
  sqlite3_extended_result_codes(handle_, 1);
  sqlite3_busy_timeout(handle_, 30'000);
  try {
    number("PRAGMA schema_version");  // reads the header
    if (mode == Mode::read) return;
    // One fsync a checkpoint: after a power loss the last points may be open again, never half written.
    run(is_on_network(path) ? "PRAGMA journal_mode = DELETE; PRAGMA synchronous = FULL"
                            : "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL");
  } catch (...) {
    sqlite3_close(handle_);
    throw;
  }
}

Database::~Database() { sqlite3_close(handle_); }

void Database::fail() const {
  const int code = sqlite3_errcode(handle_) & 0xFF;
  const std::string reason = sqlite3_errmsg(handle_);
  if (code == SQLITE_NOTADB || code == SQLITE_CORRUPT)
    throw InputError(DiagnosticCode::file_format, {path_, 1, 1}, "no study of szilard, or a damaged one: " + reason,
                     "move the file away; szilard sweep computes its points anew");
  throw EnvironmentError(path_ + ": " + reason);
}

void Database::run(const char* sql) {
  if (sqlite3_exec(handle_, sql, nullptr, nullptr, nullptr) != SQLITE_OK) fail();
}

std::int64_t Database::number(const char* sql) {
  Statement statement(*this, sql);
  return statement.step() ? statement.integer(0) : 0;
}

int Database::changes() const { return sqlite3_changes(handle_); }

Statement::Statement(Database& database, const char* sql) : database_(&database) {
  check(sqlite3_prepare_v2(database.handle(), sql, -1, &handle_, nullptr));
}

Statement::~Statement() { sqlite3_finalize(handle_); }

Statement::Statement(Statement&& other) noexcept
    : database_(other.database_), handle_(std::exchange(other.handle_, nullptr)) {}

void Statement::check(int code) const {
  if (code != SQLITE_OK) database_->fail();
}

Statement& Statement::bind(int index, std::int64_t value) {
  check(sqlite3_bind_int64(handle_, index, value));
  return *this;
}

Statement& Statement::bind(int index, double value) {
  check(sqlite3_bind_double(handle_, index, value));
  return *this;
}

Statement& Statement::bind(int index, std::string_view text) {
  check(sqlite3_bind_text(handle_, index, text.data(), static_cast<int>(text.size()), SQLITE_TRANSIENT));
  return *this;
}

Statement& Statement::bind_blob(int index, const void* data, std::size_t bytes) {
  check(sqlite3_bind_blob(handle_, index, data, static_cast<int>(bytes), SQLITE_TRANSIENT));
  return *this;
}

Statement& Statement::bind_null(int index) {
  check(sqlite3_bind_null(handle_, index));
  return *this;
}

bool Statement::step() {
  const int code = sqlite3_step(handle_);
  if (code != SQLITE_ROW && code != SQLITE_DONE) {
    sqlite3_reset(handle_);
    database_->fail();
  }
  return code == SQLITE_ROW;
}

void Statement::finish() {
  while (step()) continue;
  reset();
}

void Statement::reset() { sqlite3_reset(handle_); }

std::int64_t Statement::integer(int column) const { return sqlite3_column_int64(handle_, column); }
double Statement::real(int column) const { return sqlite3_column_double(handle_, column); }
bool Statement::is_null(int column) const { return sqlite3_column_type(handle_, column) == SQLITE_NULL; }

std::string Statement::text(int column) const {
  const unsigned char* text = sqlite3_column_text(handle_, column);
  return text ? std::string(reinterpret_cast<const char*>(text)) : std::string();
}

std::string_view Statement::blob(int column) const {
  const void* data = sqlite3_column_blob(handle_, column);
  return data ? std::string_view(static_cast<const char*>(data), std::size_t(sqlite3_column_bytes(handle_, column)))
              : std::string_view();
}

Transaction::Transaction(Database& database) : database_(database) { database_.run("BEGIN IMMEDIATE"); }

Transaction::~Transaction() {
  if (open_) sqlite3_exec(database_.handle(), "ROLLBACK", nullptr, nullptr, nullptr);
}

void Transaction::commit() {
  database_.run("COMMIT");
  open_ = false;
}

}  // namespace szilard::study
