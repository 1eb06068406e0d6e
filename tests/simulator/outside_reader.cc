#include "simulator/outside_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "pomona/base/sha256.h"
#include "pomona/table/layout.h"
#include "simulator/simulated_file_system.h"
#include "simulator/simulated_writer.h"

namespace pomona {
namespace {

constexpr int64_t kAliveNs = 60'000'000'000;

/// What follows `"key":` in JSON without blanks, which has the key once; empty if it has not.
std::string_view ValueOf(std::string_view json, std::string_view key) {
  const std::string quoted = "\"" + std::string(key) + "\":";
  const size_t at = json.find(quoted);
  return at == json.npos ? std::string_view() : json.substr(at + quoted.size());
}

int64_t NumberOf(std::string_view json, std::string_view key) {
  const auto value = ValueOf(json, key);
  return value.empty() ? -1 : std::strtoll(value.data(), nullptr, 10);
}

std::string TextOf(std::string_view json, std::string_view key) {
  const auto value = ValueOf(json, key);
  if (value.empty() || value[0] != '"') return "";
  return std::string(value.substr(1, value.find('"', 1) - 1));
}

/// JSON that people are to read has blanks.
std::string WithoutBlanks(std::string text) {
  std::erase_if(text, [](char c) { return c == ' ' || c == '\n'; });
  return text;
}

}  // namespace

OutsideReader::OutsideReader(World& world) : world_(world) {}

OutsideReader::OutsideReader(World& world, const OutsideReader& other)
    : world_(world), newest_(other.newest_) {
  newest_.writer = -1;
}

void OutsideReader::Begin(int writer, char kind) {
  writers_.resize(static_cast<size_t>(writer) + 1);
  writers_.back().kind = kind;
}

NodePtr OutsideReader::Find(const std::string& name) const {
  return world_.tree().Find(SimulatedFileSystem::kTable + ("/" + name));
}

bool OutsideReader::IsNamed(const std::string& name) const {
  return std::ranges::any_of(newest_.parts, [&](const Part& part) {
    return part.data.name == name || part.references.name == name;
  });
}

/// Who claims looks for others before it takes their claims away: at that look, none of them may
/// have had a sign of life that was young.
void OutsideReader::Listed(int writer, const std::string& name) {
  const NodePtr folder = Find(name);
  if (folder == nullptr) return;
  auto& saw = writers_[static_cast<size_t>(writer)].saw_alive;
  saw.assign(writers_.size(), false);
  for (const auto& [sign, node] : folder->children) {
    if (ClaimEpochOf(name + "/" + sign) >= 0 || node->writer < 0) continue;
    const auto who = static_cast<size_t>(node->writer);
    if (who < saw.size() && world_.now_ns() - node->mtime_ns < kAliveNs) saw[who] = true;
  }
}

void OutsideReader::Changed(int writer, const std::string& name, const NodePtr& before,
                            const NodePtr& after) {
  if (name.starts_with(kStagingFolder)) return;
  if (after == nullptr && !IsOwnFile(name)) {
    world_.Violated("I5: " + name + " is no name of ours, and was removed");
  }
  if (is_weak()) return;
  if (name.starts_with(kLeaseFolder)) {
    const int epoch = ClaimEpochOf(name);
    if (epoch >= 0) ClaimChanged(writer, epoch, before, after);
    return;
  }
  RefuseLateChange(writer, name);
  if (after == nullptr) {
    Removed(writer, name);
  } else if (before != nullptr) {
    Replaced(writer, name, before, after);
  } else if (const int64_t number = StateNumberOf(name); number >= 0) {
    StateCame(writer, number, after->bytes);
  }
  CheckSuccess();
}

void OutsideReader::ClaimChanged(int writer, int epoch, const NodePtr& before,
                                 const NodePtr& after) {
  auto& me = writers_[static_cast<size_t>(writer)];
  if (after != nullptr) {
    if (before != nullptr && before->writer != writer) {
      world_.Violated(fmt::format("I6: claim {} of writer {} was replaced by writer {}", epoch,
                                  before->writer, writer));
    }
    claims_[epoch] = writer;
    me.epoch = std::max(me.epoch, epoch);
    return;
  }
  const auto of = claims_.find(epoch);
  if (of == claims_.end() || of->second == writer || world_.clock_jumped()) return;
  const auto who = static_cast<size_t>(of->second);
  if (who < me.saw_alive.size() && me.saw_alive[who]) {
    world_.Violated(fmt::format(
        "I4: writer {} takes the claim of writer {}, whose sign of life was young when it looked",
        writer, of->second));
  }
}

/// The first change that a reader can see makes a writer the owner; nothing of one with an older
/// claim may come after it.
void OutsideReader::RefuseLateChange(int writer, const std::string& name) {
  if (writer == owner_) return;
  const int mine = writers_[static_cast<size_t>(writer)].epoch;
  const int theirs = owner_ < 0 ? -1 : writers_[static_cast<size_t>(owner_)].epoch;
  if (mine > theirs) {
    owner_ = writer;
    return;
  }
  world_.Violated(
      fmt::format("I1: {} was changed by writer {} of epoch {}, late: writer {} of epoch {} "
                  "writes",
                  name, writer, mine, owner_, theirs));
}

void OutsideReader::Replaced(int writer, const std::string& name, const NodePtr& before,
                             const NodePtr& after) {
  const bool may_change = name == kSuccessFile || name == kReportFile || name == kPcaModelFile;
  if (may_change || (before->writer == writer && before->bytes == after->bytes)) return;
  world_.Violated(
      fmt::format("I1: writer {} replaced {} of writer {}", writer, name, before->writer));
}

void OutsideReader::Removed(int writer, const std::string& name) {
  const auto& me = writers_[static_cast<size_t>(writer)];
  const bool overwrites = me.kind == 'o' && me.epoch > newest_.epoch;
  const int64_t number = StateNumberOf(name);
  const bool counts = number >= 0 ? number >= newest_.first : IsNamed(name);
  if (counts && !overwrites) {
    world_.Violated(fmt::format("I1: writer {} removed {}, which state {} counts on", writer, name,
                                newest_.number));
  }
}

void OutsideReader::CheckFile(const File& file) {
  const NodePtr node = Find(file.name);
  if (node != nullptr && static_cast<int64_t>(node->bytes.size()) == file.bytes &&
      ToHex(Sha256Of(node->bytes)) == file.sha256) {
    return;
  }
  world_.Violated(fmt::format("I3: state {} names {}, which is {}", newest_.number, file.name,
                              node == nullptr ? "missing" : "another"));
}

void OutsideReader::StateCame(int writer, int64_t number, const std::string& text) {
  const int epoch = static_cast<int>(NumberOf(text, "epoch"));
  if (epoch != writers_[static_cast<size_t>(writer)].epoch || epoch < newest_.epoch ||
      (epoch == newest_.epoch && writer != newest_.writer)) {
    world_.Violated(fmt::format("I6: writer {} commits state {} of epoch {} after one of epoch {}",
                                writer, number, epoch, newest_.epoch));
  }
  Take(number, text);
  newest_.writer = writer;
}

void OutsideReader::Take(int64_t number, const std::string& text) {
  const std::string_view head = std::string_view(text).substr(0, text.find('\n'));
  const std::string_view change = std::string_view(text).substr(head.size() + 1);
  if (number != newest_.number + 1 || NumberOf(head, "state") != number ||
      TextOf(head, "previous") != newest_.sha256) {
    world_.Violated(
        fmt::format("I3: state {} does not come after state {}", number, newest_.number));
  }
  if (!ValueOf(head, "run").empty()) {
    newest_.first = number;
    newest_.parts.clear();
  }
  newest_.number = number;
  newest_.epoch = static_cast<int>(NumberOf(head, "epoch"));
  newest_.sha256 = ToHex(Sha256Of(text));
  if (!change.empty()) {
    const auto file_of = [&](const char* key) {
      const auto json = ValueOf(change, key);
      return File{.name = TextOf(json, "name"),
                  .bytes = NumberOf(json, "bytes"),
                  .sha256 = TextOf(json, "sha256")};
    };
    const auto index = static_cast<size_t>(NumberOf(change, "index"));
    if (index > newest_.parts.size()) {
      return world_.Violated(fmt::format("I3: state {} has a gap before part {}", number, index));
    }
    newest_.parts.resize(std::max(index + 1, newest_.parts.size()));
    newest_.parts[index] = {.data = file_of("data"), .references = file_of("references")};
  }
  const auto parts = static_cast<int64_t>(newest_.parts.size());
  for (const char* total : {"parts", "rows", "references"}) {
    if (NumberOf(head, total) == parts) continue;
    world_.Violated(
        fmt::format("I3: the {} of state {} are not those of its parts", total, number));
  }
  for (const auto& part : newest_.parts) {
    CheckFile(part.data);
    CheckFile(part.references);
  }
}

/// Whoever finds `_SUCCESS` reads all parts that are there.
void OutsideReader::CheckSuccess() {
  const NodePtr success = Find(kSuccessFile);
  if (success == nullptr || success->bytes.empty()) return;
  const std::string seal = WithoutBlanks(success->bytes);
  if (NumberOf(seal, "state") != newest_.number || TextOf(seal, "sha256") != newest_.sha256) {
    return world_.Violated(fmt::format("I2: _SUCCESS names state {}, and the newest is {}",
                                       NumberOf(seal, "state"), newest_.number));
  }
  size_t parts = 0;
  for (const auto& [name, node] : Find("")->children) {
    if (!IsPartFile(name)) continue;
    ++parts;
    if (!IsNamed(name)) return world_.Violated("I2: there is _SUCCESS, and a stranger: " + name);
  }
  for (const auto& part : newest_.parts) CheckFile(part.data);
  if (parts != newest_.parts.size()) world_.Violated("I2: there is _SUCCESS, and not all parts");
}

/// From the files alone, where what happened on the way is not promised to be sound.
void OutsideReader::ReadAnew() {
  newest_ = State();
  for (const auto& [name, node] : Find(kStatesFolder)->children) {
    const int64_t number = StateNumberOf(kStatesFolder + ("/" + name));
    const bool begins = !ValueOf(node->bytes, "run").empty();
    if (newest_.number < 0 && !begins) continue;
    if (begins) {
      newest_.number = number - 1;
      newest_.sha256 = TextOf(node->bytes, "previous");
    }
    Take(number, node->bytes);
  }
}

void OutsideReader::Ended(const arrow::Status& status) {
  if (!status.ok()) {
    return world_.Violated("a run that nobody disturbs fails: " + status.message());
  }
  if (is_weak()) ReadAnew();
  if (Find(kSuccessFile) == nullptr) return world_.Violated("in the end there is no _SUCCESS");
  CheckSuccess();
  if (newest_.parts.size() != kSimulatedParts) {
    return world_.Violated("in the end, parts are missing");
  }
  const auto last = static_cast<int>(writers_.size()) - 1;
  for (const auto& part : newest_.parts) {
    const NodePtr node = Find(part.data.name);
    if (node != nullptr && VersionIn(node->bytes) == VersionOf(last, writers_.back().kind))
      continue;
    world_.Violated("in the end, " + part.data.name + " does not hold the newest rows");
  }
}

}  // namespace pomona
