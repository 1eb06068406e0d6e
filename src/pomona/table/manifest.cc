#include "pomona/table/manifest.h"

#include <algorithm>
#include <utility>

#include "pomona/base/sha256.h"
#include "pomona/error_kind.h"
#include "pomona/table/damaged_manifest.h"
#include "pomona/table/first_format.h"
#include "pomona/table/layout.h"
#include "pomona/table/many_files.h"
#include "pomona/table/seal.h"

namespace pomona {
namespace {

constexpr int64_t kSegmentParts = 1024;
constexpr int64_t kStatesFromBaseToBase = 1024;

/// The numbers of the states that are there, ascending. What has zero bytes is an upload under way
/// on Azure.
arrow::Result<std::vector<int64_t>> StateNumbers(const OutputStore& store) {
  ARROW_ASSIGN_OR_RAISE(const auto files, store.List(kStatesFolder));
  std::vector<int64_t> numbers;
  for (const auto& file : files) {
    const int64_t number = StateNumberOf(file.name);
    if (number >= 0 && file.size > 0) numbers.push_back(number);
  }
  std::ranges::sort(numbers);
  return numbers;
}

/// What is wrong with a file of states, behind its name.
template <typename Value>
arrow::Result<Value> InFile(arrow::Result<Value> value, const std::string& name) {
  if (value.ok()) return value;
  return value.status().WithMessage(name, ": ", value.status().message());
}

/// Whether `_SUCCESS` says that the state of this number has another hash.
bool IsSealedOtherwise(const OutputStore& store, int64_t number, const std::string& hash) {
  const auto success = store.Get(kSuccessFile);
  if (!success.ok()) return false;
  const auto seal = ParseSeal(*success);
  return seal.ok() && seal->state == number && seal->sha256 != hash;
}

/// The states from the newest base on, oldest first, with their hashes.
arrow::Result<std::vector<std::pair<TableState, std::string>>> StatesFromBase(
    const OutputStore& store, const std::vector<int64_t>& numbers) {
  const auto at_once = static_cast<int64_t>(store.at_once());
  std::vector<std::pair<TableState, std::string>> states;  // newest first, for now
  int64_t next = numbers.back();
  while (states.empty() || !states.back().first.base) {
    if (next < 0) return DamagedManifest(kStatesFolder, "no state names all parts");
    std::vector<std::string> names;
    const int64_t last = std::max(next - at_once + 1, next - next % kStatesFromBaseToBase);
    for (int64_t number = next; number >= last; --number) {
      if (!std::ranges::binary_search(numbers, number)) break;
      names.push_back(StateFileName(number));
    }
    if (names.empty()) {
      return DamagedManifest(StateFileName(next), "missing, though later states exist");
    }
    ARROW_RETURN_NOT_OK(ReadAll(store, names, [&](size_t i, const std::string& text) {
      if (!states.empty() && states.back().first.base) return arrow::Status::OK();
      const int64_t number = next - static_cast<int64_t>(i);
      std::string hash = ToHex(Sha256Of(text));
      if (!states.empty() && states.back().first.previous != hash) {
        return DamagedManifest(names[i], "is not the one that the next state came after");
      }
      auto parsed = ParseState(text);
      // Nor does a newer version write what ours has sealed otherwise.
      if (parsed.status().IsInvalid() && IsSealedOtherwise(store, number, hash)) {
        return DamagedManifest(names[i], "is not the one that was sealed");
      }
      ARROW_ASSIGN_OR_RAISE(auto state, InFile(std::move(parsed), names[i]));
      if (state.number != number) return DamagedManifest(names[i], "holds another state");
      states.emplace_back(std::move(state), std::move(hash));
      return arrow::Status::OK();
    }));
    next -= static_cast<int64_t>(names.size());
  }
  std::ranges::reverse(states);
  return states;
}

/// Creates the file of a state; IOError if another run did.
arrow::Status PutState(OutputStore& store, int64_t number, const std::string& text) {
  const std::string name = StateFileName(number);
  if (number > kLastNumber) {
    return DamagedData(StateFileName(kLastNumber), " of ", store.uri(), " is the last that can be",
                       "\nhint: no table has had so many states; remove that file");
  }
  ARROW_ASSIGN_OR_RAISE(bool put, store.PutNew(name, text));
  if (put) return arrow::Status::OK();
  const auto found = store.Get(name);
  if (found.status().IsKeyError()) {
    return DamagedData(name, " of ", store.uri(), " is in the way of a state, and no file",
                       "\nhint: remove it");
  }
  ARROW_RETURN_NOT_OK(found.status());
  if (!found->empty()) return TookOver(store.uri());
  // Of an upload that was killed: nobody counts it, and its writer is dead, or this run had not
  // come so far.
  ARROW_RETURN_NOT_OK(store.Delete(name));
  ARROW_ASSIGN_OR_RAISE(put, store.PutNew(name, text));
  return put ? arrow::Status::OK() : TookOver(store.uri());
}

}  // namespace

arrow::Result<std::optional<Manifest>> Manifest::Load(const OutputStore& store) {
  ARROW_ASSIGN_OR_RAISE(const auto numbers, StateNumbers(store));
  if (numbers.empty()) {
    ARROW_ASSIGN_OR_RAISE(auto table, LoadFirstFormat(store));
    if (!table) return std::nullopt;
    Manifest manifest(std::move(table->run));
    for (auto& part : table->parts) {
      ARROW_RETURN_NOT_OK(manifest.TakePart(std::move(part)));
    }
    return manifest;
  }
  ARROW_ASSIGN_OR_RAISE(auto states, StatesFromBase(store, numbers));
  const TableState& base = states.front().first;
  Manifest manifest(base.base->run);
  manifest.base_ = base.number;
  ARROW_RETURN_NOT_OK(manifest.TakeSegments(store, *base.base));
  for (auto& [state, hash] : states) {
    ARROW_RETURN_NOT_OK(manifest.TakeState(std::move(state)));
    manifest.root_ = std::move(hash);
  }
  return manifest;
}

arrow::Status Manifest::TakeSegments(const OutputStore& store, const TableState::Base& base) {
  segments_ = base.segments;
  std::vector<std::string> names;
  for (const auto& segment : segments_) names.push_back(segment.name);
  ARROW_RETURN_NOT_OK(
      ReadAll(store, names, [&](size_t i, const std::string& text) -> arrow::Status {
        if (ToHex(Sha256Of(text)) != segments_[i].sha256) {
          return DamagedManifest(names[i], "another checksum than in the state");
        }
        for (size_t begin = 0; begin < text.size();) {
          const size_t end = std::min(text.find('\n', begin), text.size());
          ARROW_ASSIGN_OR_RAISE(auto part,
                                InFile(ParsePartRecord(text.substr(begin, end - begin)), names[i]));
          ARROW_RETURN_NOT_OK(TakePart(std::move(part)));
          begin = end + 1;
        }
        return arrow::Status::OK();
      }));
  changed_segments_.clear();
  return arrow::Status::OK();
}

arrow::Status Manifest::TakeState(TableState state) {
  number_ = state.number;
  epoch_ = std::max(epoch_, state.epoch);
  if (state.options != ToHex(Sha256Of(run_.options))) {
    return DamagedManifest(StateFileName(number_), "is of a table with other options");
  }
  if (state.change) ARROW_RETURN_NOT_OK(TakePart(*std::move(state.change)));
  if (state.totals == totals_) return arrow::Status::OK();
  return DamagedManifest(StateFileName(number_), "its totals are not those of its parts");
}

arrow::Status Manifest::TakePart(PartRecord part) {
  const auto index = static_cast<size_t>(part.id.index);
  // What is no file of this table is not taken away with it.
  const bool named = part.data.name == PartFileName(part.id, run_.uuid) &&
                     (!part.references || part.references->name == ReferencesFileName(part.id)) &&
                     (!part.rejects || part.rejects->name == RejectsFileName(part.id));
  if (!named) {
    return DamagedManifest("part " + std::to_string(index), "its files have another's names");
  }
  if (index > parts_.size()) {
    return DamagedManifest("part " + std::to_string(index), "comes without the one before it");
  }
  epoch_ = std::max(epoch_, part.id.epoch);
  changed_segments_.insert(index / kSegmentParts);
  if (index == parts_.size()) {
    totals_.Add(part);
    parts_.push_back(std::move(part));
    return arrow::Status::OK();
  }
  totals_.Remove(parts_[index]);
  totals_.Add(part);
  parts_[index] = std::move(part);
  return arrow::Status::OK();
}

arrow::Result<Manifest> Manifest::New(const OutputStore& store, RunRecord run) {
  // As it will be read, so that its hash is the same.
  ARROW_ASSIGN_OR_RAISE(run, ParseRunRecord(ToJson(run)));
  Manifest manifest(std::move(run));
  ARROW_ASSIGN_OR_RAISE(const auto numbers, StateNumbers(store));
  if (numbers.empty()) return manifest;
  manifest.number_ = numbers.back();
  // Whatever it says: what is replaced may be damaged.
  ARROW_ASSIGN_OR_RAISE(const auto last, store.Get(StateFileName(manifest.number_)));
  manifest.root_ = ToHex(Sha256Of(last));
  return manifest;
}

int Manifest::last_generation() const { return parts_.empty() ? 0 : parts_.back().generation; }

bool Manifest::Uses(const std::string& name) const {
  const int64_t number = StateNumberOf(name);
  if (number >= 0) return number >= base_;
  return std::ranges::find(segments_, name, &SegmentRecord::name) != segments_.end();
}

arrow::Result<bool> Manifest::IsNewest(const OutputStore& store) const {
  ARROW_ASSIGN_OR_RAISE(const bool later, store.Exists(StateFileName(number_ + 1)));
  return !later;
}

/// Returns the names of those that are replaced.
arrow::Result<std::vector<std::string>> Manifest::WriteSegments(OutputStore& store,
                                                                int64_t number) {
  std::vector<std::string> replaced;
  for (const size_t place : changed_segments_) {
    const size_t first = place * kSegmentParts;
    const size_t end = std::min(first + kSegmentParts, parts_.size());
    std::string text;
    for (size_t i = first; i < end; ++i) text += ToJson(parts_[i]) + "\n";
    const std::string name = SegmentFileName(static_cast<int64_t>(place), number, epoch_);
    ARROW_RETURN_NOT_OK(store.Put(name, text));
    segments_.resize(std::max(segments_.size(), place + 1));
    if (!segments_[place].name.empty()) replaced.push_back(segments_[place].name);
    segments_[place] = {.name = name,
                        .parts = static_cast<int64_t>(end - first),
                        .bytes = static_cast<int64_t>(text.size()),
                        .sha256 = ToHex(Sha256Of(text))};
  }
  changed_segments_.clear();
  return replaced;
}

arrow::Status Manifest::Append(OutputStore& store, std::optional<PartRecord> change) {
  TableState state{.number = number_ + 1,
                   .epoch = epoch_,
                   .previous = root_,
                   .options = ToHex(Sha256Of(run_.options)),
                   .totals = {},
                   .base = std::nullopt,
                   .change = change};
  std::vector<std::string> superseded;
  if (base_ < 0 || state.number % kStatesFromBaseToBase == 0) {
    ARROW_ASSIGN_OR_RAISE(superseded, WriteSegments(store, state.number));
    state.base = TableState::Base{.run = run_, .segments = segments_};
    for (int64_t old = base_; old >= 0 && old < state.number; ++old) {
      superseded.push_back(StateFileName(old));
    }
  }
  state.totals = totals_;
  if (change) {
    const auto index = static_cast<size_t>(change->id.index);
    if (index < parts_.size()) state.totals.Remove(parts_[index]);
    state.totals.Add(*change);
  }
  const std::string text = ToText(state);
  ARROW_RETURN_NOT_OK(PutState(store, state.number, text));
  number_ = state.number;
  root_ = ToHex(Sha256Of(text));
  if (state.base) base_ = number_;
  if (change) ARROW_RETURN_NOT_OK(TakePart(*std::move(change)));
  return DeleteAll(store, superseded);
}

arrow::Status Manifest::Open(OutputStore& store, int epoch) {
  epoch_ = epoch;
  return Append(store, std::nullopt);
}

arrow::Status Manifest::Commit(OutputStore& store, PartRecord part) {
  return Append(store, std::move(part));
}

}  // namespace pomona
