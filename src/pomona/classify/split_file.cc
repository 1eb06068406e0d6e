#include "pomona/classify/split_file.h"

#include <arrow/array.h>
#include <arrow/builder.h>
#include <arrow/io/memory.h>
#include <arrow/table.h>
#include <arrow/util/key_value_metadata.h>
#include <parquet/arrow/reader.h>
#include <parquet/arrow/writer.h>
#include <parquet/properties.h>

#include <algorithm>
#include <limits>
#include <optional>
#include <unordered_map>
#include <utility>

#include "pomona/base/json.h"
#include "pomona/base/sha256.h"
#include "pomona/base/work_memory.h"
#include "pomona/error_kind.h"
#include "pomona/features/file_kind.h"
#include "pomona/shown_text.h"
#include "pomona/storage/whole_file.h"

namespace pomona {
namespace {

using arrow::Result;
using arrow::Status;

constexpr char kSplitKey[] = "pomona.split";
constexpr char kSplitHint[] = "pomona split FEATURES SPLIT makes a split";
constexpr int kSplitFormat = 1;
constexpr int64_t kRowsPerGroup = 65'536;
/// 10 million rows of 100 bytes, and as much again.
constexpr int64_t kLargestSplit = int64_t{4} << 30;
constexpr int32_t kMostFolds = 100;

std::shared_ptr<arrow::Schema> SplitSchema() {
  return arrow::schema(
      {arrow::field("path", arrow::utf8(), false), arrow::field("label", arrow::utf8(), false),
       arrow::field("group", arrow::utf8(), false), arrow::field("split", arrow::utf8(), false),
       arrow::field("fold", arrow::int32())});
}

/// Text of rows in pieces, as one array of it holds no more than 2 GiB.
template <typename TextOf>
Result<std::shared_ptr<arrow::ChunkedArray>> TextColumnOf(int64_t rows, const TextOf& text_of) {
  arrow::ArrayVector chunks;
  for (int64_t begin = 0; begin < rows; begin += kRowsPerGroup) {
    arrow::StringBuilder builder(WorkMemory());
    for (int64_t i = begin; i < std::min(rows, begin + kRowsPerGroup); ++i) {
      ARROW_RETURN_NOT_OK(builder.Append(text_of(i)));
    }
    ARROW_RETURN_NOT_OK(builder.Finish(&chunks.emplace_back()));
  }
  return std::make_shared<arrow::ChunkedArray>(std::move(chunks), arrow::utf8());
}

Status NoSplit(const std::string& why) { return DamagedData("this is no split: ", why); }

/// The footer's record says that it is one, and of a version that is known.
Status CheckSplitRecord(const arrow::Schema& schema) {
  const auto& metadata = schema.metadata();
  const int key = metadata ? metadata->FindKey(kSplitKey) : -1;
  if (key < 0) return NoSplit(std::string("its footer has no ") + kSplitKey);
  const auto record = ParseJson(metadata->value(key));
  if (!record.ok() || !record->is_object() || !record->contains("format") ||
      !(*record)["format"].is_number_integer()) {
    return NoSplit(std::string("its footer's ") + kSplitKey + " names no format");
  }
  if ((*record)["format"] == kSplitFormat) return Status::OK();
  return DamagedData("this is a split of format ", (*record)["format"].dump(),
                     ", which this version of pomona does not know");
}

Result<std::shared_ptr<arrow::Table>> DecodeSplit(const std::shared_ptr<arrow::Buffer>& bytes) {
  const auto read = [&]() -> Result<std::shared_ptr<arrow::Table>> {
    ARROW_ASSIGN_OR_RAISE(
        const auto reader,
        parquet::arrow::OpenFile(std::make_shared<arrow::io::BufferReader>(bytes),
                                 arrow::default_memory_pool()));
    return reader->ReadTable();
  };
  auto table = read();
  if (!table.ok()) return AsDamagedData(table.status());
  ARROW_RETURN_NOT_OK(CheckSplitRecord(*(*table)->schema()));
  const auto expected = SplitSchema();
  for (const auto& wanted : expected->fields()) {
    const auto column = (*table)->GetColumnByName(wanted->name());
    if (column == nullptr || !column->type()->Equals(wanted->type()) ||
        (!wanted->nullable() && column->null_count() > 0)) {
      return NoSplit("column " + wanted->name() + " is missing, has nulls, or is no " +
                     wanted->type()->ToString());
    }
  }
  return table;
}

/// A column's value by row, whatever chunks it has; rows are asked for in their order.
template <typename ArrayType>
class RowValues {
 public:
  explicit RowValues(const arrow::ChunkedArray& column) : column_(column) {}

  /// The next row's array and place in it.
  std::pair<const ArrayType*, int64_t> Next() {
    while (place_ == column_.chunk(chunk_)->length()) {
      ++chunk_;
      place_ = 0;
    }
    return {static_cast<const ArrayType*>(column_.chunk(chunk_).get()), place_++};
  }

 private:
  const arrow::ChunkedArray& column_;
  int chunk_ = 0;
  int64_t place_ = 0;
};

/// Rows that trouble somebody: how many, and the first.
struct Troubled {
  int64_t rows = 0;
  std::string first;
  void Add(std::string_view path) {
    if (rows++ == 0) first = ShownUri(path);
  }
};

/// Takes a split's rows to the places of a table's.
class SplitMatcher {
 public:
  explicit SplitMatcher(const arrow::StringArray& paths) : paths_(paths) {
    const auto rows = static_cast<size_t>(paths.length());
    made_.part.resize(rows);
    made_.fold.assign(rows, -1);
    made_.group.assign(rows, -1);
  }

  Result<SplitRows> Match(const arrow::Table& split) {
    ARROW_RETURN_NOT_OK(IndexPaths());
    ARROW_RETURN_NOT_OK(TakeRows(split));
    if (twice_.rows > 0) {
      return Status::Invalid("it names ", twice_.rows, twice_.rows == 1 ? " row" : " rows",
                             " twice, such as ", twice_.first);
    }
    Troubled lacking;
    for (size_t i = 0; i < made_.group.size(); ++i) {
      if (made_.group[i] < 0) lacking.Add(paths_.GetView(static_cast<int64_t>(i)));
    }
    if (lacking.rows > 0) {
      return Status::Invalid("it lacks ", lacking.rows, " of the table's ", made_.group.size(),
                             " rows, such as ", lacking.first,
                             "\nhint: `pomona split` makes one of this table");
    }
    NumberGroups();
    return std::move(made_);
  }

 private:
  Status IndexPaths() {
    Troubled twice;
    rows_.reserve(static_cast<size_t>(paths_.length()));
    for (int64_t i = 0; i < paths_.length(); ++i) {
      if (!rows_.emplace(paths_.GetView(i), i).second) twice.Add(paths_.GetView(i));
    }
    if (twice.rows == 0) return Status::OK();
    return Status::Invalid("the table names ", twice.rows, twice.rows == 1 ? " path" : " paths",
                           " more than once, such as ", twice.first);
  }

  Status TakeRows(const arrow::Table& split) {
    RowValues<arrow::StringArray> paths(*split.GetColumnByName("path"));
    RowValues<arrow::StringArray> groups(*split.GetColumnByName("group"));
    RowValues<arrow::StringArray> parts(*split.GetColumnByName("split"));
    RowValues<arrow::Int32Array> folds(*split.GetColumnByName("fold"));
    for (int64_t i = 0; i < split.num_rows(); ++i) {
      const auto text = [](auto& column) {
        const auto [array, place] = column.Next();
        return array->GetView(place);
      };
      const std::string_view path = text(paths), group = text(groups), part = text(parts);
      const auto [fold_array, fold_place] = folds.Next();
      const int32_t fold = fold_array->IsNull(fold_place) ? -1 : fold_array->Value(fold_place);
      if (fold < -1 || fold >= kMostFolds) {
        return NoSplit("row " + std::to_string(i) + " has fold " + std::to_string(fold));
      }
      const auto which = std::find_if(kSplitParts.begin(), kSplitParts.end(),
                                      [&](SplitPart p) { return SplitPartName(p) == part; });
      if (which == kSplitParts.end()) {
        return NoSplit("row " + std::to_string(i) + " is of the part " + ShownText(part));
      }
      const auto row = rows_.find(path);
      if (row == rows_.end()) {
        ++made_.unused;
        continue;
      }
      const auto at = static_cast<size_t>(row->second);
      if (made_.group[at] >= 0) {
        twice_.Add(path);
        continue;
      }
      made_.group[at] = groups_.Add(group);
      made_.part[at] = *which;
      made_.fold[at] = fold;
      made_.folds = std::max(made_.folds, fold + 1);
    }
    return Status::OK();
  }

  /// Anew, in the order of the table's rows: what is drawn by number must not depend on the order
  /// of the split's.
  void NumberGroups() {
    std::vector<int32_t> numbers(static_cast<size_t>(groups_.size()), -1);
    for (int32_t& group : made_.group) {
      int32_t& number = numbers[static_cast<size_t>(group)];
      if (number < 0) {
        number = static_cast<int32_t>(made_.groups.size());
        made_.groups.push_back(groups_.name(group));
      }
      group = number;
    }
  }

  const arrow::StringArray& paths_;
  std::unordered_map<std::string_view, int64_t> rows_;
  NameIndex groups_;
  Troubled twice_;
  SplitRows made_;
};

}  // namespace

Result<std::shared_ptr<arrow::Buffer>> EncodeSplit(const SplitTable& table,
                                                   const std::vector<SplitPart>& part,
                                                   const std::vector<int32_t>& fold,
                                                   const std::string& record) {
  arrow::ArrayVector paths(table.path_chunks.begin(), table.path_chunks.end());
  ARROW_ASSIGN_OR_RAISE(
      const auto label, TextColumnOf(table.rows(), [&](int64_t i) {
        return std::string_view(table.labels.name(table.label[static_cast<size_t>(i)]));
      }));
  ARROW_ASSIGN_OR_RAISE(const auto group,
                        TextColumnOf(table.rows(), [&](int64_t i) { return table.group_name(i); }));
  ARROW_ASSIGN_OR_RAISE(const auto split, TextColumnOf(table.rows(), [&](int64_t i) {
                          return SplitPartName(part[static_cast<size_t>(i)]);
                        }));
  arrow::Int32Builder folds(WorkMemory());
  for (const int32_t value : fold) {
    ARROW_RETURN_NOT_OK(value < 0 ? folds.AppendNull() : folds.Append(value));
  }
  ARROW_ASSIGN_OR_RAISE(const auto fold_array, folds.Finish());
  const auto whole = arrow::Table::Make(
      SplitSchema(), {std::make_shared<arrow::ChunkedArray>(std::move(paths), arrow::utf8()), label,
                      group, split, std::make_shared<arrow::ChunkedArray>(fold_array)});
  ARROW_ASSIGN_OR_RAISE(const auto sink, arrow::io::BufferOutputStream::Create());
  const auto properties =
      parquet::WriterProperties::Builder().compression(arrow::Compression::SNAPPY)->build();
  ARROW_ASSIGN_OR_RAISE(const auto writer, parquet::arrow::FileWriter::Open(
                                               *whole->schema(), WorkMemory(), sink, properties));
  ARROW_RETURN_NOT_OK(
      writer->AddKeyValueMetadata(arrow::key_value_metadata({kSplitKey}, {record})));
  ARROW_RETURN_NOT_OK(writer->WriteTable(*whole, kRowsPerGroup));
  ARROW_RETURN_NOT_OK(writer->Close());
  return sink->Finish();
}

Result<SplitRows> ReadSplit(const std::string& split, const arrow::StringArray& paths,
                            const StorageOptions& storage) {
  ARROW_RETURN_NOT_OK(storage.Validate());
  ARROW_ASSIGN_OR_RAISE(const auto file, WholeFile::At(split, storage));
  ARROW_ASSIGN_OR_RAISE(const auto bytes, file.Get(kLargestSplit, kSplitHint));
  const auto read = [&]() -> Result<SplitRows> {
    std::string digest = "sha256:" + ToHex(Sha256Of(std::string_view(*bytes)));
    ARROW_ASSIGN_OR_RAISE(const auto table, DecodeSplit(bytes));
    ARROW_ASSIGN_OR_RAISE(auto rows, SplitMatcher(paths).Match(*table));
    rows.digest = std::move(digest);
    return rows;
  };
  auto rows = read();
  if (rows.ok()) return rows;
  return NotWhatWasNamed(rows.status(), split, *bytes, kSplitHint);
}

}  // namespace pomona
