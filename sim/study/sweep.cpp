// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <thread>

#include "models/linear/product.hpp"
#include "models/support/diagnostics.hpp"
#include "models/support/sha256.hpp"
#include "sim/process/child_process.hpp"
#include "sim/report/report.hpp"
#include "sim/study/coordinator.hpp"
#include "sim/study/iso_search.hpp"
#include "sim/study/owner.hpp"
#include "sim/study/point_run.hpp"
#include "sim/study/study.hpp"

namespace szilard::study {
namespace {

namespace fs = std::filesystem;
using support::DiagnosticCode;
using support::EnvironmentError;
using support::InputError;

std::string hash(const std::string& text) { return support::sha256(text.data(), text.size()); }

std::string program_text() {
  const report::Versions versions = report::versions();
  return "szilard " + versions.szilard + " " + versions.commit + " " + std::string(linear::instruction_set());
}

/// Points that between them take every listed value once, and values over the whole range of every other axis, so that a
/// wrong one is told before anything runs. Where points are drawn, the first of them.
std::vector<std::size_t> probes(const Design& design, const scenario::Sweep& sweep) {
  constexpr std::size_t kMost = 1000, kMostOfRange = 64;
  std::vector<std::size_t> points;
  if (sweep.combine == scenario::Sweep::Combine::grid) {
    std::size_t stride = 1;
    for (std::size_t a = sweep.axes.size(); a-- > 0;) {
      const std::size_t count = design.axis_values(sweep.axes[a]).size();
      const bool is_listed = sweep.axes[a].form == scenario::SweepAxis::Form::list;
      const std::size_t tried = is_listed ? count : std::min(count, kMostOfRange);
      for (std::size_t t = 0; t < tried && points.size() < kMost; ++t)
        points.push_back((tried > 1 ? t * (count - 1) / (tried - 1) : 0) * stride);
      stride *= count;
    }
  } else {
    for (std::size_t p = 0; p < std::min(design.points(), kMostOfRange); ++p) points.push_back(p);
  }
  std::sort(points.begin(), points.end());
  points.erase(std::unique(points.begin(), points.end()), points.end());
  return points;
}

/// Whether a diagnostic says of a value itself that it cannot be, whatever the others are.
bool is_of_value(const support::Diagnostic& diagnostic, const std::vector<scenario::Setting>& settings) {
  switch (diagnostic.code) {
    case DiagnosticCode::wrong_type:
    case DiagnosticCode::wrong_unit:
    case DiagnosticCode::bad_number:
    case DiagnosticCode::out_of_range:
    case DiagnosticCode::unknown_choice:
    case DiagnosticCode::unknown_preset:
      return std::any_of(settings.begin(), settings.end(), [&](const scenario::Setting& setting) {
        const support::SourceLocation &where = setting.value.where, &told = diagnostic.where;
        return where.file == told.file && where.line == told.line && where.column == told.column;
      });
    default:
      return diagnostic.code == DiagnosticCode::unknown_key || diagnostic.code == DiagnosticCode::bad_override;
  }
}

/// What points are drawn from: ends of ranges and entries of lists, one at a time about the first point.
std::vector<std::vector<scenario::Setting>> drawn_from(const Design& design, const scenario::Sweep& sweep) {
  constexpr std::size_t kMost = 1000;
  std::vector<std::vector<scenario::Setting>> some;
  if (sweep.combine == scenario::Sweep::Combine::grid || sweep.combine == scenario::Sweep::Combine::zip) return some;
  for (std::size_t a = 0; a < sweep.axes.size(); ++a) {
    const scenario::SweepAxis& axis = sweep.axes[a];
    std::vector<scenario::TextAt> values = {axis.from, axis.to};
    if (axis.form == scenario::SweepAxis::Form::list) values = axis.list;
    for (const scenario::TextAt& value : values) {
      if (some.size() == kMost) return some;
      some.push_back(design.settings(0));
      some.back()[a].value = value;
    }
  }
  return some;
}

/// Refuses values that cannot be; what only fails in some combination fails as a point.
std::string check_points(const scenario::Variants& variants, const Design& design) {
  const scenario::Sweep& sweep = *variants.sweep();
  std::string contents;
  std::vector<support::Diagnostic> problems;
  const auto load = [&](const std::vector<scenario::Setting>& settings, bool is_first) -> std::string {
    try {
      return variants.load(settings, variants.base().seed).canonical;
    } catch (const InputError& error) {
      for (const support::Diagnostic& diagnostic : error.diagnostics()) {
        const bool is_told = std::any_of(problems.begin(), problems.end(), [&](const support::Diagnostic& other) {
          return support::to_string(other) == support::to_string(diagnostic);
        });
        if (!is_told && (is_first || is_of_value(diagnostic, settings))) problems.push_back(diagnostic);
      }
      return {};
    }
  };
  bool is_first = true;
  for (const std::size_t point : probes(design, sweep)) {
    // Files that axes name count as input.
    if (const std::string text = load(design.settings(point), is_first); !text.empty()) contents += hash(text);
    is_first = false;
  }
  for (const auto& settings : drawn_from(design, sweep)) load(settings, false);
  if (!problems.empty()) throw InputError(std::move(problems));
  return contents;
}

StudyHeader header_of(const scenario::Variants& variants, const Design& design, const StudyBase& base,
                      const Shard& shard, const std::string& contents) {
  StudyHeader header;
  header.name = variants.base().name;
  std::string text;
  for (const scenario::SweepAxis& axis : design.axes()) {
    header.axes.push_back(axis.key);
    text += axis.key + "\n";
    if (axis.form == scenario::SweepAxis::Form::list || axis.steps > 0)
      for (const scenario::TextAt& value : design.axis_values(axis)) text += " " + value.text + "\n";
    else text += " " + axis.from.text + " .. " + axis.to.text + "\n";
  }
  const scenario::Sweep& sweep = *variants.sweep();
  text +=
      "combine " + std::to_string(int(sweep.combine)) + " points " + std::to_string(design.points()) + iso_text(base);
  header.seeds = design.seeds();
  for (const std::uint64_t seed : header.seeds) text += " " + std::to_string(seed);
  if (sweep.iso) {
    header.iso_key = sweep.iso->vary.key;
    header.iso_metric = iso_metric(*sweep.iso);
    header.iso_at = sweep.iso->at;
  }
  header.runs = design.runs();
  header.design = hash(text);
  header.base = hash(address_of(variants.base(), base.program) + contents);
  header.shard = shard;
  return header;
}

/// What all ranks of a study have in common.
std::string identity_of(const StudyHeader& header) { return header.name + " " + header.design + " " + header.base; }

/// A rank other than 0: it runs what rank 0 hands out, and knows no database.
SweepEnd work_for_rank_0(StudyBase& base, const std::string& directory, const Rank& rank, const StudyHeader& header,
                         std::size_t jobs) {
  RankClient client(directory, rank, identity_of(header), jobs);
  base.find_known = [&](const std::string& address) { return client.find(address); };
  SweepEnd end;
  end.is_helper = true;
  end.signal = client.is_over() ? 0 : run_for_rank_0(client, base, jobs);
  if (end.signal == 0 && !client.ended_well()) end.signal = SIGTERM;
  return end;
}

/// The same mistake would be told by every rank: others than 0 leave it to rank 0, whose end ends them, unless it is
/// theirs alone.
template <typename Load>
auto loaded(const std::optional<Rank>& rank, const Load& load) {
  try {
    return load();
  } catch (const InputError&) {
    if (rank && rank->number > 0) std::this_thread::sleep_for(std::chrono::seconds(3));
    throw;
  }
}

}  // namespace

SweepEnd sweep(const std::string& scenario, const scenario::LoadOptions& load, const SweepOptions& options,
               const std::function<void(const SweepProgress&)>& on_progress) {
  const std::optional<Rank> rank = options.shards > 1 ? std::nullopt : own_rank();  // shards need no rank 0
  const bool is_helper = rank && rank->number > 0;
  const scenario::Variants variants = loaded(rank, [&] { return scenario::Variants(scenario, load); });
  const Design design = loaded(rank, [&] { return Design(variants); });
  const Shard shard{options.shard, options.shards};
  const std::string directory = options.directory.empty() ? "out/" + variants.base().name : options.directory;
  const std::string path = store_path(directory, shard);
  const std::string contents = loaded(rank, [&] { return check_points(variants, design); });
  if (!is_helper && !options.resume && fs::exists(path) && fs::file_size(path) > 0)
    throw InputError(DiagnosticCode::conflict, {path, 1, 1}, "this folder holds a study already",
                     "--resume continues it; -o takes another folder");

  StudyBase base{{variants, loaded(rank, [&] { return load_input(variants.base()); })},
                 design,
                 program_text(),
                 {},
                 directory + "/study.locks"};
  const StudyHeader header = header_of(variants, design, base, shard, contents);
  process::settle_memory();
  const std::size_t jobs = options.jobs > 0 ? options.jobs
                           : rank           ? 1
                                            : std::max(1u, std::thread::hardware_concurrency());
  if (is_helper) return work_for_rank_0(base, directory, *rank, header, jobs);

  std::error_code error;
  fs::create_directories(directory, error);
  if (error) throw EnvironmentError("cannot create " + directory + ": " + error.message());
  const auto values = [&](std::size_t point) {
    std::vector<std::string> texts;
    for (const scenario::TextAt& value : design.values(point)) texts.push_back(value.text);
    return texts;
  };
  const auto store = Store::prepare(path, header, values);
  store->reopen(wall_clock_s(), true);
  base.find_known = [&](const std::string& address) { return Store(path, Database::Mode::read).find_result(address); };
  Coordinator coordinator(*store, base, jobs, on_progress);
  if (rank) coordinator.open_to_ranks(directory, *rank, identity_of(header));
  SweepEnd end = coordinator.run();
  end.directory = directory;
  if (variants.sweep()->iso) {
    Rows rows(path);
    end.shortfall = iso_shortfall(rows);
  }
  return end;
}

SweepEnd merge(const std::string& directory) {
  std::vector<std::string> shards;
  if (!fs::is_directory(directory))
    throw InputError(DiagnosticCode::file_not_found, {directory, 1, 1}, "no such folder");
  for (const auto& entry : fs::directory_iterator(directory)) {
    const std::string name = entry.path().filename().string();
    if (name.rfind("study.shard-", 0) == 0 && entry.path().extension() == ".sqlite")
      shards.push_back(entry.path().string());
  }
  std::sort(shards.begin(), shards.end());
  if (shards.empty())
    throw InputError(DiagnosticCode::file_not_found, {directory, 1, 1}, "no shard of a study is here",
                     "shards are written by szilard sweep --shard I/N");
  std::vector<std::unique_ptr<Store>> parts;
  for (const std::string& shard : shards) {
    parts.push_back(std::make_unique<Store>(shard, Database::Mode::read));
    const StudyHeader& first = parts.front()->header();
    const StudyHeader& header = parts.back()->header();
    if (header.design != first.design || header.base != first.base)
      throw InputError(DiagnosticCode::conflict, {shard, 1, 1}, "is part of another study than " + shards.front(),
                       "the scenario, an input or the program changed between the two");
  }
  StudyHeader whole = parts.front()->header();
  whole.shard = {};
  std::vector<std::vector<std::string>> values((whole.runs + whole.seeds.size() - 1) / whole.seeds.size());
  std::vector<bool> covered(whole.runs);
  for (const auto& part : parts)
    part->for_each([&](const Store::Row& row) {
      values.at(std::size_t(row.id) / whole.seeds.size()) = row.values;
      covered.at(std::size_t(row.id)) = true;
    });
  if (const auto gap = std::find(covered.begin(), covered.end(), false); gap != covered.end())
    throw InputError(DiagnosticCode::file_not_found, {directory, 1, 1},
                     "shards are missing: there are " + std::to_string(shards.size()) + " of " +
                         std::to_string(parts.front()->header().shard.count));
  const auto store = Store::prepare(store_path(directory, {}), whole, [&](std::size_t point) { return values[point]; });
  for (const auto& part : parts) store->absorb(*part);
  store->checkpoint();
  const Counts counts = store->counts();
  SweepEnd end;
  end.directory = directory;
  end.total = counts.all(), end.done = counts.done, end.failed = counts.failed;
  return end;
}

}  // namespace szilard::study
