#pragma once

#include <arrow/api.h>
#include <arrow/io/file.h>
#include <gtest/gtest.h>
#include <parquet/arrow/reader.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>
#include <openvino/core/graph_util.hpp>
#include <string>
#include <vector>

#include "hooked_file_system.h"
#include "pomona/run.h"
#include "pomona/table/layout.h"
#include "pomona/table/manifest.h"
#include "temp_folder.h"
#include "test_network.h"

namespace pomona {

/// Tests: what lies below a folder, by relative name. A link is "-> " and where it leads.
using Tree = std::map<std::string, std::string>;

inline std::string BytesOf(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

inline Tree TreeOf(const std::filesystem::path& root) {
  Tree tree;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(root)) {
    const std::string name = std::filesystem::relative(entry.path(), root).string();
    if (entry.is_symlink()) {
      tree[name] = "-> " + std::filesystem::read_symlink(entry.path()).string();
    } else if (entry.is_regular_file()) {
      tree[name] = BytesOf(entry.path());
    }
  }
  return tree;
}

/// A new file: to cut an old one down first makes file systems wait for their disk.
inline void WriteFile(const std::filesystem::path& file, std::string_view bytes) {
  std::filesystem::create_directories(file.parent_path());
  std::filesystem::remove(file);
  std::ofstream(file, std::ios::binary).write(bytes.data(), static_cast<long>(bytes.size()));
}

/// Files alone: of a tree without links.
inline void WriteTree(const std::filesystem::path& root, const Tree& tree) {
  std::filesystem::remove_all(root);
  for (const auto& [name, bytes] : tree) WriteFile(root / name, bytes);
}

/// Tests: a feature table of a dozen tiny images, two of them no images, and of a network of three
/// features; parts of four references.
class SmallTable {
 public:
  SmallTable() {
    const TestNetwork net;
    const auto pooled = TestNetwork::Pool(TestNetwork::Convolution(net.image(), 3, 3));
    ov::serialize(net.Build({TestNetwork::Named(pooled, "pooled")}), Path("net.xml").string());
    for (int i = 0; i < 6; ++i) Draw("apple/" + std::to_string(i) + ".bmp", i);
    for (int i = 0; i < 4; ++i) Draw("lemon/" + std::to_string(i) + ".bmp", 10 + i);
    folder_.Write("images/lemon/empty.bmp", "");
    folder_.Write("images/apple/text.bmp", "no image");
  }

  std::filesystem::path Path(const std::string& name) const { return folder_.path() / name; }

  void Draw(const std::string& name, int seed) const {
    // 54 bytes of header, then 8 x 8 pixels of 24 bits.
    std::string bytes("BM\xF6\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0\x08\0\0\0\x08\0\0\0\x01\0\x18\0",
                      30);
    bytes.resize(54 + 192);
    for (size_t i = 54; i < bytes.size(); ++i) {
      bytes[i] = static_cast<char>(i * static_cast<size_t>(seed + 3) * 37);
    }
    folder_.Write("images/" + name, bytes);
  }
  void Remove(const std::string& name) const { std::filesystem::remove(Path("images/" + name)); }
  /// One image of the first part less, one of the second changed, one more.
  void ChangeSource(int seed) const {
    Remove("apple/" + std::to_string(seed % 3) + ".bmp");
    Draw("lemon/0.bmp", seed);
    Draw("apple/9.bmp", seed + 1);
  }

  RunOptions Options(const std::string& output) const {
    RunOptions options;
    options.list.source = Path("images").string();
    options.output = Path(output).string();
    options.extract.model = Path("net.xml").string();
    options.extract.preprocess = "none";
    options.extract.features = "pooled";
    options.extract.cache_dir = Path("cache").string();
    options.extract.share_cores = true;
    options.extract.threads = 1;
    options.extract.fetches = 1;
    options.rows_per_file = 4;
    return options;
  }
  arrow::Result<RunReport> Update(const std::string& output) const {
    RunOptions options = Options(output);
    options.update = true;
    return Run(options);
  }
  /// Of two generations, with a rewritten part.
  void Make(const std::string& output) const {
    EXPECT_TRUE(Run(Options(output)).ok());
    ChangeSource(20);
    EXPECT_TRUE(Update(output).ok());
  }

  std::shared_ptr<OutputStore> Store(const std::string& output) const {
    const std::string path = Path(output).string();
    return OutputStore::Make(HookedFileSystem::LocalDisk(), path, path);
  }

  /// The table as 0.1.0 wrote it.
  void MakeOld(const std::string& output) const {
    using Json = nlohmann::ordered_json;
    const Manifest manifest = *Manifest::Load(*Store(output)).ValueOrDie();
    const auto root = Path(output);
    Json options = Json::parse(manifest.run().options);
    options.erase("hidden");
    const Json record = {{"format", 1},
                         {"uuid", manifest.run().uuid},
                         {"pomona", "0.1.0"},
                         {"options", std::move(options)}};
    WriteFile(root / kRunFile, record.dump(2));
    for (const auto& part : manifest.parts()) {
      Json entry = Json::parse(ToJson(part));
      entry["format"] = 1;
      entry["revision"] = entry["epoch"];
      entry.erase("epoch");
      WriteFile(root / PartEntryName(part.id), entry.dump(2));
    }
    std::filesystem::remove_all(root / kStatesFolder);
    std::filesystem::remove_all(root / kLeaseFolder);
    WriteFile(root / kSuccessFile, "");
  }

 private:
  TempFolder folder_;
};

/// What a reader that knows nothing of Pomona sees of all files in the folder that are called
/// part-*.parquet: a line for each row, sorted. A file that is none is a line that says so.
inline std::vector<std::string> PlainRows(const std::filesystem::path& root) {
  std::vector<std::string> rows;
  const auto read = [&](const std::string& file) -> arrow::Status {
    ARROW_ASSIGN_OR_RAISE(auto input, arrow::io::ReadableFile::Open(file));
    ARROW_ASSIGN_OR_RAISE(auto reader,
                          parquet::arrow::OpenFile(input, arrow::default_memory_pool()));
    ARROW_ASSIGN_OR_RAISE(auto table, reader->ReadTable());
    ARROW_ASSIGN_OR_RAISE(auto batch, table->CombineChunksToBatch());
    for (int64_t i = 0; i < batch->num_rows(); ++i) {
      std::string row;
      for (const auto& column : batch->columns()) {
        row += column->GetScalar(i).ValueOrDie()->ToString() + " ";
      }
      rows.push_back(std::move(row));
    }
    return arrow::Status::OK();
  };
  for (const auto& entry : std::filesystem::directory_iterator(root)) {
    if (!IsPartFile(entry.path().filename().string())) continue;
    const auto status = read(entry.path().string());
    if (!status.ok()) rows.push_back(status.ToString());
  }
  std::sort(rows.begin(), rows.end());
  return rows;
}

}  // namespace pomona
