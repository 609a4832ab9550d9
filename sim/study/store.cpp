// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "sim/study/store.hpp"

#include <cstring>
#include <nlohmann/json.hpp>
#include <set>

#include "models/support/diagnostics.hpp"
#include "sim/study/owner.hpp"

namespace szilard::study {

using Json = nlohmann::json;
using support::DiagnosticCode;
using support::InputError;

namespace {

constexpr int kVersion = 1;
constexpr std::int64_t kApplication = 0x535A4C44;  // "SZLD"
constexpr int kCrashes = 3, kKills = 16;           // after which a point counts as failed

const char* const kTables = R"(
CREATE TABLE study(header TEXT NOT NULL) STRICT;
CREATE TABLE layouts(id INTEGER PRIMARY KEY, names TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE results(address TEXT PRIMARY KEY, layout INTEGER NOT NULL, metrics BLOB NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE points(id INTEGER PRIMARY KEY, coordinates TEXT NOT NULL, seed INTEGER NOT NULL, state INTEGER NOT NULL DEFAULT 0,
  address TEXT, owner TEXT, lease REAL, attempts INTEGER NOT NULL DEFAULT 0, crashes INTEGER NOT NULL DEFAULT 0, started REAL,
  seconds REAL, host TEXT, message TEXT) STRICT;
CREATE INDEX open_points ON points(id) WHERE state = 0;
CREATE INDEX claimed_points ON points(id) WHERE state = 1;
)";

std::string to_text(const StudyHeader& header) {
  return Json{{"name", header.name},       {"axes", header.axes},
              {"iso_key", header.iso_key}, {"iso_metric", header.iso_metric},
              {"iso_at", header.iso_at},   {"seeds", header.seeds},
              {"runs", header.runs},       {"design", header.design},
              {"base", header.base},       {"shard", {header.shard.index, header.shard.count}}}
      .dump();
}

StudyHeader header_of(const std::string& text, const std::string& path) {
  try {
    const Json json = Json::parse(text);
    StudyHeader header;
    json.at("name").get_to(header.name);
    json.at("axes").get_to(header.axes);
    json.at("iso_key").get_to(header.iso_key);
    header.iso_metric = json.value("iso_metric", std::string());
    header.iso_at = json.value("iso_at", 0.0);
    json.at("seeds").get_to(header.seeds);
    json.at("runs").get_to(header.runs);
    json.at("design").get_to(header.design);
    json.at("base").get_to(header.base);
    header.shard = {json.at("shard").at(0).get<std::size_t>(), json.at("shard").at(1).get<std::size_t>()};
    return header;
  } catch (const Json::exception&) {
    throw InputError(DiagnosticCode::file_format, {path, 1, 1}, "no study of szilard: its header cannot be read");
  }
}

std::vector<double> doubles(std::string_view bytes) {
  std::vector<double> values(bytes.size() / sizeof(double));
  std::memcpy(values.data(), bytes.data(), values.size() * sizeof(double));
  return values;
}

/// An empty file, or one whose making was cut off before its only transaction.
bool is_empty(Database& database) { return database.number("SELECT count(*) FROM sqlite_master") == 0; }

void check_kind(Database& database) {
  const auto refuse = [&](DiagnosticCode code, const std::string& text) {
    throw InputError(code, {database.path(), 1, 1}, text);
  };
  if (database.number("PRAGMA application_id") != kApplication)
    refuse(DiagnosticCode::file_format, "a database, but no study of szilard");
  const std::int64_t version = database.number("PRAGMA user_version");
  if (version > kVersion)
    refuse(DiagnosticCode::unsupported_version, "written by a newer szilard (version " + std::to_string(version) +
                                                    " of the format; this one knows " + std::to_string(kVersion) + ")");
}

}  // namespace

std::string store_path(const std::string& directory, const Shard& shard) {
  if (shard.is_whole()) return directory + "/study.sqlite";
  return directory + "/study.shard-" + std::to_string(shard.index) + "-of-" + std::to_string(shard.count) + ".sqlite";
}

Store::Store(const std::string& path, Database::Mode mode) : database_(path, mode), owner_(own_identity()) {
  if (mode != Database::Mode::create) read_header();
}

void Store::read_header() {
  check_kind(database_);
  Statement statement(database_, "SELECT header FROM study");
  if (!statement.step())
    throw InputError(DiagnosticCode::file_format, {database_.path(), 1, 1}, "no study of szilard: it has no header");
  header_ = header_of(statement.text(0), database_.path());
}

std::unique_ptr<Store> Store::prepare(const std::string& path, const StudyHeader& header,
                                      const std::function<std::vector<std::string>(std::size_t)>& values) {
  auto store = std::make_unique<Store>(path, Database::Mode::create);
  Transaction transaction(store->database_);
  if (is_empty(store->database_)) {
    store->database_.run(kTables);
    store->database_.run(("PRAGMA application_id = " + std::to_string(kApplication)).c_str());
    store->database_.run(("PRAGMA user_version = " + std::to_string(kVersion)).c_str());
    store->fill(header, values);
    transaction.commit();
    return store;
  }
  store->read_header();
  if (store->header_.name != header.name)
    throw InputError(DiagnosticCode::conflict, {path, 1, 1},
                     "holds the study '" + store->header_.name + "', not '" + header.name + "'",
                     "choose another folder with -o");
  if (store->header_.design != header.design || store->header_.base != header.base) {
    store->database_.run("DELETE FROM study; DELETE FROM points");
    store->fill(header, values);
  }
  transaction.commit();
  return store;
}

void Store::fill(const StudyHeader& header, const std::function<std::vector<std::string>(std::size_t)>& values) {
  header_ = header;
  Statement(database_, "INSERT INTO study(header) VALUES(?)").bind(1, to_text(header)).finish();
  Statement insert(database_, "INSERT INTO points(id, coordinates, seed) VALUES(?, ?, ?)");
  const std::size_t seeds = header.seeds.size();
  std::size_t written = header.runs;
  std::string coordinates;
  for (std::size_t id = header.shard.index - 1; id < header.runs; id += header.shard.count) {
    if (id / seeds != written) coordinates = Json(values(written = id / seeds)).dump();
    insert.bind(1, std::int64_t(id)).bind(2, coordinates).bind(3, std::int64_t(header.seeds[id % seeds])).finish();
  }
}

Counts Store::counts() {
  Counts counts;
  Statement statement(database_, "SELECT state, count(*) FROM points GROUP BY state");
  while (statement.step()) {
    const auto number = std::size_t(statement.integer(1));
    switch (statement.integer(0)) {
      case 0:
        counts.open = number;
        break;
      case 1:
        counts.claimed = number;
        break;
      case 2:
        counts.done = number;
        break;
      default:
        counts.failed = number;
    }
  }
  return counts;
}

std::optional<Claim> Store::claim(double now_s, double lease_s) {
  static const char* const kSql =
      "UPDATE points SET state = 1, owner = ?1, lease = ?2, started = ?3, attempts = attempts + 1 "
      "WHERE id = (SELECT id FROM points WHERE state = 0 ORDER BY id LIMIT 1) RETURNING id";
  Statement statement(database_, kSql);
  statement.bind(1, owner_).bind(2, now_s + lease_s).bind(3, now_s);
  std::optional<Claim> claim;
  if (statement.step()) claim = Claim{statement.integer(0)};
  statement.finish();
  return claim;
}

void Store::renew(double now_s, double lease_s) {
  Statement(database_, "UPDATE points SET lease = ?1 WHERE state = 1 AND owner = ?2")
      .bind(1, now_s + lease_s)
      .bind(2, owner_)
      .finish();
}

void Store::release(const Claim& claim) {
  Statement(database_, "UPDATE points SET state = 0, owner = NULL WHERE id = ?1 AND state = 1 AND owner = ?2")
      .bind(1, claim.id)
      .bind(2, owner_)
      .finish();
}

void Store::release_all() {
  Statement(database_, "UPDATE points SET state = 0, owner = NULL WHERE state = 1 AND owner = ?")
      .bind(1, owner_)
      .finish();
}

std::size_t Store::layout_of(const std::vector<std::string>& names) {
  const std::string text = Json(names).dump();
  if (const auto known = layout_ids_.find(text); known != layout_ids_.end()) return known->second;
  Statement(database_, "INSERT OR IGNORE INTO layouts(names) VALUES(?)").bind(1, text).finish();
  Statement find(database_, "SELECT id FROM layouts WHERE names = ?");
  find.bind(1, text).step();
  return layout_ids_[text] = std::size_t(find.integer(0));
}

bool Store::commit(const Claim& claim, const Outcome& outcome) {
  const std::string host = outcome.host.empty() ? host_name() : outcome.host;
  Transaction transaction(database_);
  if (outcome.state == Outcome::State::crashed) {
    Statement update(
        database_,
        "UPDATE points SET crashes = crashes + 1, owner = NULL, message = ?3, host = ?5, "
        "state = CASE WHEN crashes + 1 >= ?4 THEN 3 ELSE 0 END WHERE id = ?1 AND state = 1 AND owner = ?2");
    update.bind(1, claim.id).bind(2, owner_).bind(3, outcome.message);
    update.bind(4, std::int64_t(outcome.was_killed ? kKills : kCrashes)).bind(5, host).finish();
  } else {
    Statement update(database_,
                     "UPDATE points SET state = ?3, owner = NULL, address = ?4, seconds = ?5, host = ?6, message = ?7 "
                     "WHERE id = ?1 AND state = 1 AND owner = ?2");
    const bool is_done = outcome.state == Outcome::State::done;
    update.bind(1, claim.id).bind(2, owner_).bind(3, std::int64_t(is_done ? 2 : 3)).bind(4, outcome.address);
    update.bind(5, outcome.seconds).bind(6, host);
    outcome.message.empty() ? update.bind_null(7) : update.bind(7, outcome.message);
    update.finish();
  }
  if (database_.changes() == 0) return false;
  if (outcome.state == Outcome::State::done && !outcome.reused) {
    Statement insert(database_, "INSERT OR IGNORE INTO results(address, layout, metrics) VALUES(?, ?, ?)");
    insert.bind(1, outcome.address).bind(2, std::int64_t(layout_of(outcome.metrics.names)));
    insert.bind_blob(3, outcome.metrics.values.data(), outcome.metrics.values.size() * sizeof(double)).finish();
  }
  transaction.commit();
  return true;
}

std::size_t Store::reopen(double now_s, bool failed) {
  std::set<std::string> gone;
  Statement owners(database_, "SELECT DISTINCT owner FROM points WHERE state = 1");
  while (owners.step())
    if (has_ended(owners.text(0))) gone.insert(owners.text(0));
  owners.reset();
  Transaction transaction(database_);
  std::size_t reopened = 0;
  Statement of_owner(database_, "UPDATE points SET state = 0, owner = NULL WHERE state = 1 AND owner = ?");
  for (const std::string& owner : gone) {
    of_owner.bind(1, owner).finish();
    reopened += std::size_t(database_.changes());
  }
  Statement(database_, "UPDATE points SET state = 0, owner = NULL WHERE state = 1 AND lease < ?")
      .bind(1, now_s)
      .finish();
  reopened += std::size_t(database_.changes());
  if (failed) {
    database_.run("UPDATE points SET state = 0, crashes = 0 WHERE state = 3");
    reopened += std::size_t(database_.changes());
  }
  transaction.commit();
  return reopened;
}

std::optional<Metrics> Store::find_result(const std::string& address) {
  Statement statement(
      database_, "SELECT names, metrics FROM results JOIN layouts ON layouts.id = results.layout WHERE address = ?");
  statement.bind(1, address);
  if (!statement.step()) return std::nullopt;
  return Metrics{Json::parse(statement.text(0)).get<std::vector<std::string>>(), doubles(statement.blob(1))};
}

void Store::checkpoint() { database_.run("PRAGMA wal_checkpoint(TRUNCATE)"); }

void Store::for_each(const std::function<void(const Row&)>& visit) {
  Statement statement(
      database_,
      "SELECT id, coordinates, seed, state, layout, metrics, message, host, points.address, seconds, started, "
      "attempts FROM points LEFT JOIN results ON state = 2 AND results.address = points.address ORDER BY id");
  std::string coordinates;
  Row row;
  while (statement.step()) {
    row.id = statement.integer(0);
    if (std::string text = statement.text(1); text != coordinates) {
      coordinates = std::move(text);
      row.values = Json::parse(coordinates).get<std::vector<std::string>>();
    }
    row.seed = std::uint64_t(statement.integer(2));
    row.state = Row::State(statement.integer(3));
    row.layout = std::size_t(statement.integer(4));
    row.metrics = doubles(statement.blob(5));
    row.message = statement.text(6);
    row.host = statement.text(7);
    row.address = statement.text(8);
    row.seconds = statement.real(9);
    row.started_s = statement.real(10);
    row.attempts = statement.integer(11);
    visit(row);
  }
}

std::map<std::size_t, std::vector<std::string>> Store::layouts() {
  std::map<std::size_t, std::vector<std::string>> layouts;
  Statement statement(database_, "SELECT id, names FROM layouts");
  while (statement.step())
    layouts[std::size_t(statement.integer(0))] = Json::parse(statement.text(1)).get<std::vector<std::string>>();
  return layouts;
}

std::vector<std::size_t> Store::layouts_in_use() {
  std::vector<std::size_t> order;
  Statement statement(database_,
                      "SELECT layout, min(id) AS first FROM points JOIN results ON results.address = points.address "
                      "WHERE state = 2 GROUP BY layout ORDER BY first");
  while (statement.step()) order.push_back(std::size_t(statement.integer(0)));
  return order;
}

void Store::absorb(Store& other) {
  Transaction transaction(database_);
  const auto names = other.layouts();
  Statement point(
      database_,
      "UPDATE points SET state = ?2, address = ?3, seconds = ?4, host = ?5, message = ?6, started = ?7, attempts = ?8, "
      "owner = NULL WHERE id = ?1 AND state <> 2");
  Statement result(database_, "INSERT OR IGNORE INTO results(address, layout, metrics) VALUES(?, ?, ?)");
  other.for_each([&](const Row& row) {
    if (row.state != Row::State::done && row.state != Row::State::failed) return;
    point.bind(1, row.id).bind(2, std::int64_t(row.state)).bind(3, row.address).bind(4, row.seconds).bind(5, row.host);
    row.message.empty() ? point.bind_null(6) : point.bind(6, row.message);
    point.bind(7, row.started_s).bind(8, row.attempts).finish();
    if (row.state != Row::State::done) return;
    result.bind(1, row.address).bind(2, std::int64_t(layout_of(names.at(row.layout))));
    result.bind_blob(3, row.metrics.data(), row.metrics.size() * sizeof(double)).finish();
  });
  transaction.commit();
}

}  // namespace szilard::study
