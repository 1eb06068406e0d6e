#include "pomona/report/data_files.h"

#include <arrow/builder.h>
#include <arrow/filesystem/filesystem.h>

#include <array>
#include <functional>
#include <string_view>

#include "pomona/base/json.h"
#include "pomona/neighbours/answer_file.h"
#include "pomona/shown_text.h"
#include "pomona/storage/filesystem.h"
#include "pomona/storage/store_traits.h"
#include "pomona/version.h"

namespace pomona {
namespace {

using arrow::Result;
using arrow::Status;

/// A table as its columns are filled, one row after the other.
class Columns {
 public:
  template <class Builder>
  Builder* Add(const char* name, std::shared_ptr<arrow::DataType> type, bool nullable = false) {
    fields_.push_back(arrow::field(name, std::move(type), nullable));
    auto builder = std::make_unique<Builder>();
    Builder* added = builder.get();
    builders_.push_back(std::move(builder));
    return added;
  }
  arrow::StringBuilder* Text(const char* name, bool nullable = false) {
    return Add<arrow::StringBuilder>(name, arrow::utf8(), nullable);
  }
  arrow::Int64Builder* Whole(const char* name, bool nullable = false) {
    return Add<arrow::Int64Builder>(name, arrow::int64(), nullable);
  }
  arrow::DoubleBuilder* Number(const char* name, bool nullable = false) {
    return Add<arrow::DoubleBuilder>(name, arrow::float64(), nullable);
  }
  arrow::BooleanBuilder* Flag(const char* name, bool nullable = false) {
    return Add<arrow::BooleanBuilder>(name, arrow::boolean(), nullable);
  }

  Result<std::shared_ptr<arrow::RecordBatch>> Finish() {
    arrow::ArrayVector arrays(builders_.size());
    for (size_t i = 0; i < builders_.size(); ++i) {
      ARROW_RETURN_NOT_OK(builders_[i]->Finish(&arrays[i]));
    }
    const int64_t rows = arrays.front()->length();
    return arrow::RecordBatch::Make(arrow::schema(fields_), rows, std::move(arrays));
  }

 private:
  arrow::FieldVector fields_;
  std::vector<std::unique_ptr<arrow::ArrayBuilder>> builders_;
};

/// A name, or null where there is none.
Status AppendName(arrow::StringBuilder* to, const std::vector<std::string>& names, int32_t index) {
  return index < 0 ? to->AppendNull() : to->Append(names[static_cast<size_t>(index)]);
}

Status AppendPath(arrow::StringBuilder* to, const ReportRows& rows, int64_t row) {
  const auto path = rows.path(row);
  return path.data() == nullptr ? to->AppendNull() : to->Append(path);
}

Status Points(const PageData& page, Columns* columns) {
  auto* row = columns->Whole("row");
  auto* path = columns->Text("path", true);
  auto* label = columns->Text("label", true);
  auto* split = columns->Text("split", true);
  auto* predicted = columns->Text("predicted", true);
  auto* probability = columns->Add<arrow::FloatBuilder>("probability", arrow::float32(), true);
  auto* unknown = columns->Flag("unknown", true);
  auto* unknown_score = columns->Add<arrow::FloatBuilder>("unknown_score", arrow::float32(), true);
  auto* x = columns->Add<arrow::FloatBuilder>("x", arrow::float32(), true);
  auto* y = columns->Add<arrow::FloatBuilder>("y", arrow::float32(), true);
  auto* thumbnail = columns->Whole("thumbnail", true);
  const ReportRows& rows = page.rows;
  const PagePoints& points = page.points;
  std::vector<int64_t> picture(points.rows.size(), -1);
  for (size_t k = 0; k < page.thumbnails.rows.size(); ++k) {
    picture[static_cast<size_t>(points.Find(page.thumbnails.rows[k]))] = static_cast<int64_t>(k);
  }
  for (size_t p = 0; p < points.rows.size(); ++p) {
    const auto at = static_cast<size_t>(points.rows[p]);
    ARROW_RETURN_NOT_OK(row->Append(rows.matrix.table_row(points.rows[p])));
    ARROW_RETURN_NOT_OK(AppendPath(path, rows, points.rows[p]));
    ARROW_RETURN_NOT_OK(AppendName(label, rows.labels, rows.label[at]));
    ARROW_RETURN_NOT_OK(AppendName(split, rows.splits, rows.split[at]));
    const auto& judgement = page.judgement;
    const int32_t answer = judgement ? judgement->predicted[at] : -1;
    ARROW_RETURN_NOT_OK(AppendName(predicted, rows.labels, answer));
    ARROW_RETURN_NOT_OK(answer < 0 ? probability->AppendNull()
                                   : probability->Append(judgement->probability[at]));
    if (!judgement || judgement->unknown.empty()) {
      ARROW_RETURN_NOT_OK(unknown->AppendNull());
      ARROW_RETURN_NOT_OK(unknown_score->AppendNull());
    } else {
      const float score = judgement->unknown[at];
      ARROW_RETURN_NOT_OK(unknown->Append(score > judgement->unknown_threshold));
      ARROW_RETURN_NOT_OK(unknown_score->Append(score));
    }
    const bool map = !points.x.empty();
    ARROW_RETURN_NOT_OK(map ? x->Append(points.x[p]) : x->AppendNull());
    ARROW_RETURN_NOT_OK(map ? y->Append(points.y[p]) : y->AppendNull());
    ARROW_RETURN_NOT_OK(picture[p] < 0 ? thumbnail->AppendNull() : thumbnail->Append(picture[p]));
  }
  return Status::OK();
}

Status Classes(const PageData& page, Columns* columns) {
  auto* label = columns->Text("label");
  auto* split = columns->Text("split", true);
  auto* count = columns->Whole("count");
  if (!page.classes) return Status::OK();
  const size_t splits = std::max<size_t>(page.rows.splits.size(), 1);
  for (size_t i = 0; i < page.classes->count.size(); ++i) {
    ARROW_RETURN_NOT_OK(label->Append(page.rows.labels[i / splits]));
    const auto at = page.rows.splits.empty() ? -1 : static_cast<int32_t>(i % splits);
    ARROW_RETURN_NOT_OK(AppendName(split, page.rows.splits, at));
    ARROW_RETURN_NOT_OK(count->Append(page.classes->count[i]));
  }
  return Status::OK();
}

Status Duplicates(const PageData& page, Columns* columns) {
  auto* row_a = columns->Whole("row_a");
  auto* row_b = columns->Whole("row_b");
  auto* path_a = columns->Text("path_a", true);
  auto* path_b = columns->Text("path_b", true);
  auto* distance = columns->Number("distance");
  auto* exact = columns->Flag("exact");
  auto* splits = columns->Flag("across_splits");
  auto* labels = columns->Flag("across_labels");
  if (!page.duplicates) return Status::OK();
  for (const DuplicatePair& pair : page.duplicates->pairs) {
    ARROW_RETURN_NOT_OK(row_a->Append(page.rows.matrix.table_row(pair.a)));
    ARROW_RETURN_NOT_OK(row_b->Append(page.rows.matrix.table_row(pair.b)));
    ARROW_RETURN_NOT_OK(AppendPath(path_a, page.rows, pair.a));
    ARROW_RETURN_NOT_OK(AppendPath(path_b, page.rows, pair.b));
    ARROW_RETURN_NOT_OK(distance->Append(pair.distance));
    ARROW_RETURN_NOT_OK(exact->Append(pair.exact));
    ARROW_RETURN_NOT_OK(splits->Append(pair.across_splits));
    ARROW_RETURN_NOT_OK(labels->Append(pair.across_labels));
  }
  return Status::OK();
}

Status Confusion(const PageData& page, Columns* columns) {
  auto* label = columns->Text("label");
  auto* predicted = columns->Text("predicted");
  auto* count = columns->Whole("count");
  if (!page.wrong) return Status::OK();
  for (const ConfusionCell& cell : page.wrong->confusion) {
    ARROW_RETURN_NOT_OK(AppendName(label, page.rows.labels, cell.label));
    ARROW_RETURN_NOT_OK(AppendName(predicted, page.rows.labels, cell.predicted));
    ARROW_RETURN_NOT_OK(count->Append(cell.count));
  }
  return Status::OK();
}

Status Mistakes(const PageData& page, Columns* columns) {
  auto* kind = columns->Text("kind");
  auto* row = columns->Whole("row");
  auto* path = columns->Text("path", true);
  auto* label = columns->Text("label");
  auto* predicted = columns->Text("predicted");
  auto* probability = columns->Add<arrow::FloatBuilder>("probability", arrow::float32());
  auto* score = columns->Number("score", true);
  if (!page.wrong) return Status::OK();
  const auto add = [&](const char* what, int64_t one) -> Status {
    const auto at = static_cast<size_t>(one);
    ARROW_RETURN_NOT_OK(kind->Append(what));
    ARROW_RETURN_NOT_OK(row->Append(page.rows.matrix.table_row(one)));
    ARROW_RETURN_NOT_OK(AppendPath(path, page.rows, one));
    ARROW_RETURN_NOT_OK(AppendName(label, page.rows.labels, page.rows.label[at]));
    ARROW_RETURN_NOT_OK(AppendName(predicted, page.rows.labels, page.judgement->predicted[at]));
    return probability->Append(page.judgement->probability[at]);
  };
  for (const int64_t one : page.wrong->mistakes) {
    ARROW_RETURN_NOT_OK(add("mistake", one));
    ARROW_RETURN_NOT_OK(score->AppendNull());
  }
  for (const int64_t one : page.wrong->doubtful) {
    ARROW_RETURN_NOT_OK(add("doubtful", one));
    ARROW_RETURN_NOT_OK(score->AppendNull());
  }
  for (const auto& issue : page.wrong->issues) {
    ARROW_RETURN_NOT_OK(add("label_issue", issue.row));
    ARROW_RETURN_NOT_OK(score->Append(issue.score));
  }
  return Status::OK();
}

Status Reliability(const PageData& page, Columns* columns) {
  auto* from = columns->Number("from");
  auto* to = columns->Number("to");
  auto* count = columns->Whole("count");
  auto* confidence = columns->Number("confidence");
  auto* accuracy = columns->Number("accuracy");
  if (!page.trust) return Status::OK();
  for (const ReliabilityBin& bin : page.trust->reliability) {
    ARROW_RETURN_NOT_OK(from->Append(bin.from));
    ARROW_RETURN_NOT_OK(to->Append(bin.to));
    ARROW_RETURN_NOT_OK(count->Append(bin.count));
    ARROW_RETURN_NOT_OK(confidence->Append(bin.confidence));
    ARROW_RETURN_NOT_OK(accuracy->Append(bin.accuracy));
  }
  return Status::OK();
}

Status Coverage(const PageData& page, Columns* columns) {
  auto* coverage = columns->Number("coverage");
  auto* error = columns->Number("error");
  if (!page.trust) return Status::OK();
  for (const CoveragePoint& point : page.trust->coverage) {
    ARROW_RETURN_NOT_OK(coverage->Append(point.coverage));
    ARROW_RETURN_NOT_OK(error->Append(point.error));
  }
  return Status::OK();
}

Status Unknown(const PageData& page, Columns* columns) {
  auto* from = columns->Number("from");
  auto* to = columns->Number("to");
  auto* count = columns->Whole("count");
  if (!page.trust) return Status::OK();
  for (const HistogramBin& bin : page.trust->histogram) {
    ARROW_RETURN_NOT_OK(from->Append(bin.from));
    ARROW_RETURN_NOT_OK(to->Append(bin.to));
    ARROW_RETURN_NOT_OK(count->Append(bin.count));
  }
  return Status::OK();
}

Status Rejects(const PageData& page, Columns* columns) {
  auto* path = columns->Text("path");
  auto* reason = columns->Text("reason");
  auto* message = columns->Text("message");
  if (!page.record.rejects) return Status::OK();
  for (const PageReject& reject : *page.record.rejects) {
    ARROW_RETURN_NOT_OK(path->Append(reject.path));
    ARROW_RETURN_NOT_OK(reason->Append(reject.reason));
    ARROW_RETURN_NOT_OK(message->Append(reject.message));
  }
  return Status::OK();
}

Status Compare(const PageData& page, Columns* columns) {
  auto* what = columns->Text("what");
  auto* path = columns->Text("path", true);
  auto* label = columns->Text("label", true);
  auto* distance = columns->Number("distance", true);
  if (!page.compare) return Status::OK();
  const PageCompare& compare = *page.compare;
  const auto add = [&](const char* kind, int64_t row) -> Status {
    ARROW_RETURN_NOT_OK(what->Append(kind));
    ARROW_RETURN_NOT_OK(AppendPath(path, page.rows, row));
    return AppendName(label, page.rows.labels, page.rows.label[static_cast<size_t>(row)]);
  };
  for (const int64_t row : compare.added) {
    ARROW_RETURN_NOT_OK(add("new", row));
    ARROW_RETURN_NOT_OK(distance->AppendNull());
  }
  for (size_t i = 0; i < compare.changed.size(); ++i) {
    ARROW_RETURN_NOT_OK(add("changed", compare.changed[i]));
    ARROW_RETURN_NOT_OK(distance->Append(compare.changed_by[i]));
  }
  for (size_t i = 0; i < compare.gone.size(); ++i) {
    const std::string& name = compare.gone_labels[i];
    ARROW_RETURN_NOT_OK(what->Append("gone"));
    ARROW_RETURN_NOT_OK(path->Append(compare.gone[i]));
    ARROW_RETURN_NOT_OK(name.empty() ? label->AppendNull() : label->Append(name));
    ARROW_RETURN_NOT_OK(distance->AppendNull());
  }
  return Status::OK();
}

Status CompareLabels(const PageData& page, Columns* columns) {
  auto* label = columns->Text("label");
  auto* before = columns->Whole("before");
  auto* now = columns->Whole("now");
  auto* distance = columns->Number("distance", true);
  if (!page.compare) return Status::OK();
  for (const auto& one : page.compare->labels) {
    ARROW_RETURN_NOT_OK(label->Append(one.label));
    ARROW_RETURN_NOT_OK(before->Append(one.before));
    ARROW_RETURN_NOT_OK(now->Append(one.now));
    ARROW_RETURN_NOT_OK(one.distance ? distance->Append(*one.distance) : distance->AppendNull());
  }
  return Status::OK();
}

Status Provenance(const PageData& page, Columns* columns) {
  auto* name = columns->Text("name");
  auto* value = columns->Text("value");
  for (const auto& [what, text] : page.provenance) {
    ARROW_RETURN_NOT_OK(name->Append(what));
    ARROW_RETURN_NOT_OK(value->Append(text));
  }
  return Status::OK();
}

Status AllRemarks(const PageData& page, Columns* columns) {
  auto* section = columns->Text("section");
  auto* text = columns->Text("text");
  for (const auto& remark : page.remarks) {
    ARROW_RETURN_NOT_OK(section->Append(remark.section));
    ARROW_RETURN_NOT_OK(text->Append(remark.text));
  }
  return Status::OK();
}

struct DataFile {
  const char* name;
  Status (*fill)(const PageData&, Columns*);
};

constexpr std::array kDataFiles = {DataFile{"points", Points},
                                   DataFile{"classes", Classes},
                                   DataFile{"duplicates", Duplicates},
                                   DataFile{"confusion", Confusion},
                                   DataFile{"mistakes", Mistakes},
                                   DataFile{"reliability", Reliability},
                                   DataFile{"coverage", Coverage},
                                   DataFile{"unknown", Unknown},
                                   DataFile{"rejects", Rejects},
                                   DataFile{"compare", Compare},
                                   DataFile{"compare_labels", CompareLabels},
                                   DataFile{"provenance", Provenance},
                                   DataFile{"remarks", AllRemarks}};

std::string UriOf(const std::string& folder, const DataFile& file) {
  return folder + "/" + file.name + ".parquet";
}

}  // namespace

std::string DataFolder(const ReportOptions& options) {
  if (options.data.empty()) return options.output.substr(0, options.output.rfind('.'));
  std::string folder = options.data;
  while (folder.size() > 1 && folder.ends_with('/')) folder.pop_back();
  return folder;
}

Status CheckDataFiles(const ReportOptions& options) {
  const std::string folder = DataFolder(options);
  ARROW_ASSIGN_OR_RAISE(const Uri uri, Uri::Parse(folder));
  ARROW_ASSIGN_OR_RAISE(const auto location, OpenFileSystem(uri, options.storage));
  ARROW_ASSIGN_OR_RAISE(const auto info, location.filesystem->GetFileInfo(location.path));
  if (info.IsFile()) {
    return Status::Invalid("option `data`: ", ShownUri(folder), " is a file, not a folder");
  }
  if (!info.IsDirectory()) {
    // What can be made where it lies, as a file of its name can.
    ARROW_ASSIGN_OR_RAISE(const auto beside, WholeFile::At(folder, options.storage));
    return beside.CheckCanPut(/*overwrite=*/false);
  }
  for (const DataFile& file : kDataFiles) {
    ARROW_RETURN_NOT_OK(
        AnswerFile::At(UriOf(folder, file), options.overwrite, options.storage).status());
  }
  return Status::OK();
}

Status WriteDataFiles(const PageData& page) {
  const ReportOptions& options = page.options;
  const std::string folder = DataFolder(options);
  ARROW_ASSIGN_OR_RAISE(const Uri uri, Uri::Parse(folder));
  ARROW_ASSIGN_OR_RAISE(const auto location, OpenFileSystem(uri, options.storage));
  if (TraitsOf(*location.filesystem).moves_at_once) {
    ARROW_RETURN_NOT_OK(location.filesystem->CreateDir(location.path, /*recursive=*/false));
  }
  const std::string record =
      CompactJson({{"pomona", kVersion}, {"features", ShownUri(options.features)}});
  for (const DataFile& file : kDataFiles) {
    Columns columns;
    ARROW_RETURN_NOT_OK(file.fill(page, &columns));
    ARROW_ASSIGN_OR_RAISE(const auto batch, columns.Finish());
    ARROW_ASSIGN_OR_RAISE(const auto to,
                          AnswerFile::At(UriOf(folder, file), /*overwrite=*/true, options.storage));
    ARROW_RETURN_NOT_OK(to.PutTable(batch->schema(), {batch}, "report", record));
  }
  return Status::OK();
}

}  // namespace pomona
