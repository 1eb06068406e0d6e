#include "simulator/old_protocol.h"

#include <fmt/format.h>

#include <memory>
#include <utility>

#include "pomona/base/uuid.h"
#include "pomona/table/layout.h"
#include "pomona/table/output_store.h"
#include "simulator/simulated_stores.h"
#include "simulator/simulated_writer.h"

namespace pomona {
namespace {

class OldWriter {
 public:
  OldWriter(World& world, int writer, char kind)
      : world_(world), writer_(writer), kind_(kind), store_(MakeSimulatedStore(world, writer)) {}
  ~OldWriter() {
    world_.SetRenewal(writer_, nullptr);
    (void)store_->Delete(ClaimName());
  }

  arrow::Status Write() {
    ARROW_RETURN_NOT_OK(Claim());
    ARROW_RETURN_NOT_OK(Load());
    ARROW_RETURN_NOT_OK(store_->Delete(kSuccessFile));
    if (uuid_.empty()) {
      uuid_ = NewUuid();
      ARROW_RETURN_NOT_OK(store_->Put(kRunFile, uuid_));
    }
    const auto found = parts_;
    for (int index = 0; index < kSimulatedParts; ++index) {
      if (!found.contains(index)) ARROW_RETURN_NOT_OK(WritePart(index, 0));
    }
    if (kind_ == 'u') {
      for (const auto& [index, revision] : found) {
        ARROW_RETURN_NOT_OK(WritePart(index, revision + 1));
      }
    }
    return Finish();
  }

 private:
  std::string ClaimName() const {
    return fmt::format("{}/{}-{}.json", kLeaseFolder, id_, renewals_);
  }

  arrow::Status Claim() {
    ARROW_RETURN_NOT_OK(store_->Put(ClaimName(), "claim"));
    ARROW_ASSIGN_OR_RAISE(const auto claims, store_->List(kLeaseFolder));
    for (const auto& entry : claims) {
      if (entry.name.find(id_) != entry.name.npos) continue;
      constexpr int64_t kDeadNs = 60'000'000'000;
      if (world_.now_ns() - entry.mtime_ns < kDeadNs) return arrow::Status::Invalid("taken");
      ARROW_RETURN_NOT_OK(store_->Delete(entry.name));
    }
    world_.SetRenewal(writer_, [this] { Renew(); });
    return arrow::Status::OK();
  }

  void Renew() {
    if (!store_->Exists(ClaimName()).ValueOr(false)) return;
    const std::string old = ClaimName();
    ++renewals_;
    if (store_->Put(ClaimName(), "claim").ok()) {
      (void)store_->Delete(old);
    } else {
      --renewals_;
    }
  }

  arrow::Status Check() {
    ARROW_ASSIGN_OR_RAISE(const bool held, store_->Exists(ClaimName()));
    return held ? arrow::Status::OK() : arrow::Status::IOError("another run took over");
  }

  arrow::Status Load() {
    auto run = store_->Get(kRunFile);
    if (run.status().IsKeyError()) return arrow::Status::OK();
    ARROW_ASSIGN_OR_RAISE(uuid_, run);
    ARROW_ASSIGN_OR_RAISE(const auto entries, store_->List(kManifestFolder));
    for (const auto& entry : entries) {
      // Of several of one part the highest revision counts, which sorts last.
      const std::string base = entry.name.substr(entry.name.rfind('/') + 1);
      parts_[std::stoi(base.substr(5, 5))] = std::stoi(base.substr(12, 3));
    }
    return arrow::Status::OK();
  }

  arrow::Status WritePart(int index, int revision) {
    const PartId id{.index = index, .epoch = revision};
    const std::string bytes = fmt::format("of writer {}", writer_);
    ARROW_RETURN_NOT_OK(store_->Put(ReferencesFileName(id), bytes));
    ARROW_RETURN_NOT_OK(store_->Put(PartFileName(id, uuid_), bytes));
    ARROW_RETURN_NOT_OK(Check());
    ARROW_RETURN_NOT_OK(
        store_->Put(PartEntryName(id), PartFileName(id, uuid_) + "\n" + ReferencesFileName(id)));
    const auto before = parts_.find(index);
    const int old = before == parts_.end() ? revision : before->second;
    parts_[index] = revision;
    return old == revision ? arrow::Status::OK()
                           : store_->Delete(PartEntryName({.index = index, .epoch = old}));
  }

  arrow::Status Finish() {
    ARROW_RETURN_NOT_OK(Check());
    std::set<std::string> known;
    for (const auto& [index, revision] : parts_) {
      known.insert(PartFileName({.index = index, .epoch = revision}, uuid_));
      known.insert(ReferencesFileName({.index = index, .epoch = revision}));
    }
    for (const char* folder : {"", kReferencesFolder}) {
      ARROW_ASSIGN_OR_RAISE(const auto files, store_->ListOwn(folder));
      for (const auto& file : files) {
        const bool ours = *folder != '\0' || IsPartFileOf(file.name, uuid_);
        if (ours && !known.contains(file.name)) ARROW_RETURN_NOT_OK(store_->Delete(file.name));
      }
    }
    ARROW_RETURN_NOT_OK(store_->Put(kReportFile, "{}"));
    ARROW_RETURN_NOT_OK(Check());
    return store_->Put(kSuccessFile, "");
  }

  World& world_;
  const int writer_;
  const char kind_;
  const std::shared_ptr<OutputStore> store_;
  const std::string id_ = NewUuid();
  int renewals_ = 0;
  std::string uuid_;
  std::map<int, int> parts_;  ///< number -> revision
};

}  // namespace

const char* NameOf(OldFault fault) {
  switch (fault) {
    case OldFault::kReplacesPart:
      return "replaces another's committed part";
    case OldFault::kReplacesRecord:
      return "replaces another's run.json";
    case OldFault::kRemovesFiles:
      return "removes another's committed files";
    case OldFault::kSealsAnothers:
      return "puts _SUCCESS while another writes";
    case OldFault::kHoldsWithOther:
      return "two hold the table";
  }
  return "";
}

arrow::Status WriteOldTable(World& world, int writer, char kind) {
  return OldWriter(world, writer, kind).Write();
}

void OldReader::Begin(int writer, char) {
  changing_since_.resize(static_cast<size_t>(writer) + 1);
  claims_.resize(static_cast<size_t>(writer) + 1);
}

void OldReader::Saw(OldFault fault, const std::string& what) {
  if (fault == wanted_) world_.Violated(fmt::format("{}: {}", NameOf(fault), what));
}

int OldReader::OtherWriting(int writer) const {
  for (size_t i = 0; i < changing_since_.size(); ++i) {
    if (changing_since_[i] > changing_since_[static_cast<size_t>(writer)])
      return static_cast<int>(i);
  }
  return -1;
}

void OldReader::Changed(int writer, const std::string& name, const NodePtr& before,
                        const NodePtr& after) {
  const auto me = static_cast<size_t>(writer);
  if (name.starts_with(kLeaseFolder)) {
    if (after != nullptr) claims_[me].insert(name);
    for (auto& claims : claims_) {
      if (after == nullptr) claims.erase(name);
    }
    return;
  }
  const auto committed = committed_.find(name);
  const bool anothers = committed != committed_.end() && committed->second != writer;
  if (anothers) {
    Saw(after == nullptr ? OldFault::kRemovesFiles : OldFault::kReplacesPart,
        fmt::format("writer {} changes {} of writer {}", writer, name, committed->second));
  }
  if (name == kRunFile && before != nullptr && before->writer != writer) {
    Saw(OldFault::kReplacesRecord, fmt::format("writer {}, of writer {}", writer, before->writer));
  }
  if (name == kSuccessFile) {
    const int other = OtherWriting(writer);
    if (after != nullptr && other >= 0) {
      Saw(OldFault::kSealsAnothers, fmt::format("writer {}, and writer {}", writer, other));
    }
    changing_since_[me] = after != nullptr ? 0 : ++changes_;
    return;
  }
  if (changing_since_[me] == 0) changing_since_[me] = ++changes_;
  if (!name.starts_with(kManifestFolder)) return;
  for (const NodePtr& entry : {before, after}) {
    if (entry == nullptr) continue;
    const size_t end = entry->bytes.find('\n');
    for (const auto& file : {entry->bytes.substr(0, end), entry->bytes.substr(end + 1)}) {
      committed_.erase(file);
      if (entry == after) committed_[file] = writer;
    }
  }
  if (after == nullptr) return;
  const int other = OtherWriting(writer);
  if (other >= 0 && !claims_[me].empty() && !claims_[static_cast<size_t>(other)].empty()) {
    Saw(OldFault::kHoldsWithOther, fmt::format("writers {} and {}", writer, other));
  }
}

}  // namespace pomona
