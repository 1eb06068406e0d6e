#include "pomona/run.h"
#include "pomona/base/json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <regex>
#include <string>
#include <utility>
#include <vector>

#include <jpeglib.h>  // wants <cstdio> before it

#include "hooked_file_system.h"
#include "pomona/error_kind.h"
#include "pomona/plan.h"
#include "pomona/table/lease.h"
#include "pomona/table/part_reader.h"
#include "pomona/verify.h"
#include "scripted_http_server.h"
#include "temp_folder.h"
#include "test_rows.h"

namespace pomona {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Key;
using testing::Not;
using testing::Pair;

/// A small JPEG of one colour with a stripe, so that no two are alike.
std::string Jpeg(int seed) {
  constexpr int kSide = 24;
  jpeg_compress_struct jpeg{};
  jpeg_error_mgr errors{};
  jpeg.err = jpeg_std_error(&errors);
  jpeg_create_compress(&jpeg);
  unsigned char* bytes = nullptr;
  unsigned long size = 0;
  jpeg_mem_dest(&jpeg, &bytes, &size);
  jpeg.image_width = kSide;
  jpeg.image_height = kSide;
  jpeg.input_components = 3;
  jpeg.in_color_space = JCS_RGB;
  jpeg_set_defaults(&jpeg);
  jpeg_start_compress(&jpeg, TRUE);
  for (int y = 0; y < kSide; ++y) {
    std::vector<unsigned char> line;
    for (int x = 0; x < kSide; ++x) {
      const bool stripe = (x + seed) % 7 == 0;
      line.push_back(static_cast<unsigned char>(stripe ? 255 : seed * 37 % 256));
      line.push_back(static_cast<unsigned char>(seed * 11 % 256));
      line.push_back(static_cast<unsigned char>(y * 10));
    }
    JSAMPROW row = line.data();
    jpeg_write_scanlines(&jpeg, &row, 1);
  }
  jpeg_finish_compress(&jpeg);
  jpeg_destroy_compress(&jpeg);
  std::string text(reinterpret_cast<char*>(bytes), size);
  std::free(bytes);
  return text;
}

class RunTest : public testing::Test {
 protected:
  RunTest() {
    for (int i = 0; i < 6; ++i) Draw("Apple Braeburn/" + std::to_string(i) + "_100.jpg", i);
    for (int i = 0; i < 4; ++i) Draw("Lemon/" + std::to_string(i) + ".jpg", 10 + i);
  }

  void Draw(const std::string& name, int seed) { folder_.Write("images/" + name, Jpeg(seed)); }
  std::string Path(const std::string& name) const { return folder_.string() + "/images/" + name; }
  std::string UriOf(const std::string& name) const { return "file:" + Path(name); }

  RunOptions Options(const std::string& output = "out") const {
    static const TempFolder cache;
    RunOptions options;
    options.list.source = folder_.string() + "/images";
    options.output = folder_.string() + "/" + output;
    options.extract.cache_dir = cache.string();
    options.extract.share_cores = true;
    options.rows_per_file = 4;
    return options;
  }
  RunReport Done(const RunOptions& options) {
    auto report = pomona::Run(options);
    EXPECT_TRUE(report.ok()) << report.status().ToString();
    return report.ValueOr(RunReport{});
  }
  std::shared_ptr<OutputStore> Store(const std::string& output = "out") const {
    const std::string path = folder_.string() + "/" + output;
    return OutputStore::Make(HookedFileSystem::LocalDisk(), path, path);
  }
  Manifest TheManifest(const std::string& output = "out") const {
    return *Manifest::Load(*Store(output)).ValueOrDie();
  }

  /// Path to label and features, of what a reader sees.
  std::map<std::string, std::string> Table(const std::string& output = "out") const {
    std::map<std::string, std::string> table;
    const Manifest manifest = TheManifest(output);
    for (const auto& part : manifest.parts()) {
      const auto batch = ReadTableFile(*Store(output), part.data).ValueOrDie();
      const auto paths = Texts(*batch, "path");
      const auto labels = Texts(*batch, "label");
      for (size_t i = 0; i < paths.size(); ++i) {
        const auto row = batch->GetColumnByName("features")->Slice(static_cast<int64_t>(i), 1);
        EXPECT_TRUE(table.emplace(paths[i], labels[i] + row->ToString()).second) << paths[i];
      }
    }
    return table;
  }
  void ExpectProved(const std::string& output = "out") {
    auto report = Verify(folder_.string() + "/" + output, {});
    ASSERT_TRUE(report.ok()) << report.status().ToString();
    EXPECT_THAT(report->problems, IsEmpty());
  }
  bool Exists(const std::string& name) const { return fs::exists(folder_.path() / name); }
  /// Every file of the table below an output, with its bytes. Which run wrote it, its name says,
  /// and is left out, as are the states, which say the same, and when.
  std::map<std::string, std::string> Bytes(const std::string& output) const {
    std::map<std::string, std::string> bytes;
    const auto root = folder_.path() / output;
    for (const auto& entry : fs::recursive_directory_iterator(root)) {
      const std::string name = fs::relative(entry.path(), root).string();
      if (!entry.is_regular_file() || name.starts_with("_pomona/lease/") ||
          name.starts_with("_pomona/states/") || name == "_pomona/report.json") {
        continue;
      }
      std::ifstream file(entry.path(), std::ios::binary);
      const bool is_seal = name == "_SUCCESS";
      bytes[std::regex_replace(name, std::regex("-c[0-9]+\\."), ".")] =
          is_seal ? "" : std::string(std::istreambuf_iterator<char>(file), {});
    }
    return bytes;
  }
  void CopyOutput(const std::string& from, const std::string& to) {
    fs::copy(folder_.path() / from, folder_.path() / to, fs::copy_options::recursive);
  }

  TempFolder folder_;
};

TEST_F(RunTest, AFolderBecomesATable) {
  folder_.Write("images/Lemon/empty.jpg", "");
  folder_.Write("images/Lemon/text.jpg", "not an image");
  const RunReport report = Done(Options());
  EXPECT_EQ(report.references, 12);
  EXPECT_EQ(report.rows, 10);
  EXPECT_EQ(report.images, 10);
  EXPECT_EQ(report.parts, 3);
  EXPECT_THAT(report.rejects, ElementsAre(Pair("empty_file", 1), Pair("unsupported_format", 1)));
  const auto table = Table();
  EXPECT_EQ(table.size(), 10U);
  EXPECT_THAT(table, Contains(Pair(UriOf("Apple Braeburn/3_100.jpg"),
                                   testing::StartsWith("Apple Braeburn"))));
  EXPECT_TRUE(Exists("out/_SUCCESS"));
  EXPECT_TRUE(Exists("out/_pomona/report.json"));
  // The claim stays, so that none has its number again.
  EXPECT_TRUE(Exists("out/" + ClaimFileName(0)));
  EXPECT_THAT(Store()->List("_pomona/lease").ValueOrDie(), testing::SizeIs(1));
  EXPECT_THAT(Store()->List("_pomona/staging").ValueOrDie(), IsEmpty());
  ExpectProved();
}

TEST_F(RunTest, RowsAreInOrderAndPartsAreFull) {
  Done(Options());
  std::vector<std::string> paths;
  const Manifest manifest = TheManifest();
  for (const auto& part : manifest.parts()) {
    EXPECT_EQ(part.references->rows, part.id.index < 2 ? 4 : 2);
    for (auto& path : Texts(*ReadTableFile(*Store(), part.data).ValueOrDie(), "path")) {
      paths.push_back(std::move(path));
    }
  }
  EXPECT_TRUE(std::is_sorted(paths.begin(), paths.end()));
}

TEST_F(RunTest, TheNumberOfThreadsChangesNothing) {
  RunOptions one = Options("one");
  one.extract.threads = 1;
  one.extract.fetches = 1;
  Done(one);
  Done(Options("many"));
  EXPECT_EQ(Table("one"), Table("many"));
}

TEST_F(RunTest, TheSameAgainDoesNothing) {
  Done(Options());
  const auto before = Bytes("out");
  const RunReport again = Done(Options());
  EXPECT_EQ(again.images, 0);
  EXPECT_EQ(again.unchanged, 10);
  EXPECT_EQ(again.parts_written, 0);
  EXPECT_EQ(Bytes("out"), before);
}

TEST_F(RunTest, ClearsWhatAKilledRunLeftBesideAFinishedTable) {
  Done(Options());
  const auto whole = Bytes("out");
  folder_.Write("out/_pomona/staging/_pomona+lease+0f3a2b1c-1111-4222-8333-444455556666-0.json",
                "half");
  Done(Options());
  EXPECT_EQ(Bytes("out"), whole);
}

TEST_F(RunTest, ContinuesWhereItWasKilled) {
  Done(Options());
  const auto whole = Bytes("out");
  // Killed between a part and its entry, with the next half written.
  fs::remove(folder_.path() / "out/_SUCCESS");
  fs::remove(folder_.path() / "out" / StateFileName(2));
  fs::remove(folder_.path() / "out" / StateFileName(3));
  fs::remove(folder_.path() / "out" /
             PartFileName({.index = 2, .epoch = 0}, TheManifest().run().uuid));
  folder_.Write(
      "out/_pomona/staging/part-00002-0f3a2b1c-1111-4222-8333-444455556666-c000.snappy.parquet",
      "half");
  const RunReport report = Done(Options());
  EXPECT_EQ(report.images, 6);
  EXPECT_EQ(report.unchanged, 4);
  EXPECT_EQ(Bytes("out"), whole);
  ExpectProved();
}

TEST_F(RunTest, AfterKillBeforeSuccessOnlySuccessIsMissing) {
  Done(Options());
  const auto whole = Bytes("out");
  fs::remove(folder_.path() / "out/_SUCCESS");
  EXPECT_EQ(Done(Options()).images, 0);
  EXPECT_EQ(Bytes("out"), whole);
}

TEST_F(RunTest, OtherOptionsAreRefusedAndNamed) {
  Done(Options());
  const auto before = Bytes("out");
  RunOptions other = Options();
  other.extract.image.filter = ResizeFilter::kNearest;
  const auto status = pomona::Run(other).status();
  EXPECT_TRUE(status.IsInvalid());
  EXPECT_THAT(status.message(), AllOf(HasSubstr("\n  resize: bicubic in the output, nearest now"),
                                      Not(HasSubstr("model")), HasSubstr("\nhint: ")));
  EXPECT_EQ(Bytes("out"), before);
}

TEST_F(RunTest, ATableInInt8IsContinuedWithItsOwnFileAlone) {
  const fs::path model = fs::path(FindModel("efficientnet-lite0")->path).parent_path();
  fs::copy(model, folder_.path() / "net");
  RunOptions options = Options();
  options.extract.model = (folder_.path() / "net").string();
  options.extract.precision = Precision::kInt8;
  EXPECT_EQ(Done(options).precision, "int8");
  ExpectProved();
  const auto before = Bytes("out");
  EXPECT_EQ(Done(options).images, 0) << "done before";
  const Json record = ParseJson(TheManifest().run().options).ValueOrDie();
  EXPECT_EQ(record.at("int8_digest"), FindModel(options.extract.model)->int8_digest);

  // The same ranges by another name: nobody can tell.
  std::ofstream(folder_.path() / "net/int8.json", std::ios::app) << "\n";
  const auto status = pomona::Run(options).status();
  EXPECT_TRUE(status.IsInvalid());
  EXPECT_THAT(status.message(), HasSubstr("\n  int8_digest: sha256:"));
  options.extract.precision = Precision::kF32;
  EXPECT_THAT(pomona::Run(options).status().message(),
              HasSubstr("precision: int8 in the output, f32 now"));
  EXPECT_EQ(Bytes("out"), before);
}

TEST_F(RunTest, Int8IsRefusedBeforeTheSourceIsReadWhereTheModelHasNone) {
  const fs::path model = fs::path(FindModel("efficientnet-lite0")->path).parent_path();
  fs::copy(model, folder_.path() / "net");
  fs::remove(folder_.path() / "net/int8.json");
  RunOptions options = Options();
  options.extract.model = (folder_.path() / "net").string();
  options.extract.precision = Precision::kInt8;
  options.list.source = folder_.string() + "/nowhere";
  const auto status = pomona::Run(options).status();
  EXPECT_TRUE(status.IsInvalid());
  EXPECT_THAT(status.message(), HasSubstr("has no int8 file"));
  EXPECT_FALSE(Exists("out"));
}

TEST_F(RunTest, OverwriteStartsAnew) {
  Done(Options());
  const std::string old = TheManifest().run().uuid;
  RunOptions other = Options();
  other.rows_per_file = 100;
  other.overwrite = true;
  Done(other);
  EXPECT_EQ(Table().size(), 10U);
  EXPECT_EQ(TheManifest().parts().size(), 1U);
  EXPECT_NE(TheManifest().run().uuid, old);
  for (const auto& [name, bytes] : Bytes("out")) EXPECT_THAT(name, Not(HasSubstr(old)));
  ExpectProved();
}

TEST_F(RunTest, AFolderOfOtherThingsIsRefusedAndLeftAsItIs) {
  folder_.Write("file/letter.txt", "dear all");
  folder_.Write("folder/letters/1.txt", "dear all");
  for (const bool overwrite : {false, true}) {
    RunOptions options = Options("file");
    options.overwrite = overwrite;
    EXPECT_THAT(pomona::Run(options).status().message(),
                HasSubstr("holds something else: letter.txt"));
    EXPECT_THAT(Bytes("file"), ElementsAre(Key("letter.txt")));
    EXPECT_FALSE(Exists("file/_pomona"));
    options.output = folder_.string() + "/folder";
    EXPECT_THAT(pomona::Run(options).status().message(),
                HasSubstr("holds something else: letters/"));
    EXPECT_THAT(Bytes("folder"), ElementsAre(Key("letters/1.txt")));
  }
}

TEST_F(RunTest, TheSourceIsNoOutputNorIsAFolderAboveIt) {
  const auto before = Bytes("");
  for (const char* output : {"images", "images/", "", "images/Lemon/../../images"}) {
    for (const bool overwrite : {false, true}) {
      RunOptions options = Options(output);
      options.overwrite = overwrite;
      const auto status = pomona::Run(options).status();
      EXPECT_TRUE(status.IsInvalid()) << output;
      EXPECT_THAT(status.message(), HasSubstr("is the source, or holds it"));
      EXPECT_FALSE(MakePlan(options).ok());
    }
  }
  EXPECT_EQ(Bytes(""), before);
  // Readers of a source pass over tables in it.
  Done(Options("images/features"));
  Done(Options("images/features"));
}

TEST_F(RunTest, ASourceThatVanishedIsAFailureUntilItIsBack) {
  bool back = false;
  const std::string jpeg = Jpeg(1);
  ScriptedHttpServer server([&](const ScriptedHttpServer::Request& request) {
    if (request.target.find("list-type") != std::string::npos) {
      const std::string entry = "<Contents><Key>x/%.jpg</Key><Size>" + std::to_string(jpeg.size()) +
                                "</Size><ETag>\"e\"</ETag></Contents>";
      std::string entries;
      for (const char* name : {"0", "1", "2", "3", "4"}) {
        entries += std::string(entry).replace(entry.find('%'), 1, name);
      }
      return ScriptedHttpServer::Response{.body =
                                              "<ListBucketResult><IsTruncated>false</IsTruncated>" +
                                              entries + "</ListBucketResult>"};
    }
    if (!back) return ScriptedHttpServer::Response{.status = 404, .body = ""};
    return ScriptedHttpServer::Response{.body = jpeg, .headers = {{"ETag", "\"e\""}}};
  });
  RunOptions options = Options();
  options.list.source = "s3://bucket/x";
  for (StorageOptions* storage : {&options.list.storage, &options.extract.storage}) {
    storage->s3_endpoint = server.url();
    storage->s3_region = "us-east-1";
    storage->s3_anonymous = true;
  }
  // The second time all rejects are there already.
  for (int i = 0; i < 2; ++i) {
    const auto status = pomona::Run(options).status();
    EXPECT_TRUE(status.IsIOError()) << status.ToString();
    EXPECT_THAT(status.message(), HasSubstr("all 5 images of s3://bucket/x vanished"));
    EXPECT_FALSE(Exists("out/_SUCCESS"));
  }
  back = true;
  options.update = true;
  EXPECT_EQ(Done(options).rows, 5);
}

TEST_F(RunTest, ATableOfSomebodyElseGoesOnlyWithOverwrite) {
  folder_.Write("out/part-00000-theirs-c000.snappy.parquet", "theirs");
  folder_.Write("out/_SUCCESS", "");
  EXPECT_TRUE(pomona::Run(Options()).status().IsInvalid());
  RunOptions options = Options();
  options.overwrite = true;
  Done(options);
  EXPECT_FALSE(Exists("out/part-00000-theirs-c000.snappy.parquet"));
  ExpectProved();
}

TEST_F(RunTest, AChangedSourceIsRefusedWithoutUpdate) {
  Done(Options());
  Draw("Lemon/9.jpg", 99);
  EXPECT_THAT(pomona::Run(Options()).status().message(),
              HasSubstr(UriOf("Lemon/9.jpg") + " is new\nhint: option `update`"));
  EXPECT_TRUE(Exists("out/_SUCCESS"));
}

TEST_F(RunTest, UpdateGivesTheTableOfAFreshRun) {
  Done(Options());
  Draw("Apple Braeburn/00.jpg", 50);  // first of all
  Draw("Lemon/9.jpg", 51);            // last of all
  Draw("Lemon/0.jpg", 52);            // changed
  fs::remove(Path("Apple Braeburn/2_100.jpg"));
  RunOptions update = Options();
  update.update = true;
  const RunReport report = Done(update);
  EXPECT_EQ(report.images, 3);
  EXPECT_EQ(report.dropped, 2);
  EXPECT_EQ(report.unchanged, 8);
  EXPECT_EQ(report.rows, 11);
  Done(Options("fresh"));
  EXPECT_EQ(Table(), Table("fresh"));
  ExpectProved();
  // And once more, to a third generation.
  Draw("Lemon/1.jpg", 53);
  Draw("Apple Braeburn/00.jpg", 54);
  EXPECT_EQ(Done(update).images, 2);
  Done(Options("fresher"));
  EXPECT_EQ(Table(), Table("fresher"));
  ExpectProved();
}

TEST_F(RunTest, AnUpdateWithNothingToDoDoesNothing) {
  Done(Options());
  const auto before = Bytes("out");
  RunOptions update = Options();
  update.update = true;
  EXPECT_EQ(Done(update).parts_written, 0);
  EXPECT_EQ(Bytes("out"), before);
}

TEST_F(RunTest, AnUpdateThatWasKilledBetweenNewRowsAndOldOnesIsFinished) {
  Done(Options());
  CopyOutput("out", "killed");
  Draw("Lemon/0.jpg", 52);
  RunOptions update = Options();
  update.update = true;
  Done(update);
  // States 0 to 3 are of the first run; then the update's opening one, and the part that it added.
  const PartRecord added = TheManifest().parts().back();
  for (const std::string& name : {StateFileName(4), StateFileName(5), added.data.name,
                                  added.references->name, ClaimFileName(1)}) {
    fs::copy(folder_.path() / "out" / name, folder_.path() / "killed" / name);
  }
  fs::remove(folder_.path() / "killed/_SUCCESS");
  update.output = folder_.string() + "/killed";
  const RunReport report = Done(update);
  EXPECT_EQ(report.images, 0);
  EXPECT_EQ(report.dropped, 1);
  EXPECT_EQ(Bytes("killed"), Bytes("out"));
  ExpectProved("killed");
}

TEST_F(RunTest, PartsOfOtherWritersAreNotTakenAway) {
  Done(Options());
  const std::string theirs = folder_.Write("out/part-00000-theirs-c000.snappy.parquet", "theirs");
  Draw("Lemon/9.jpg", 51);
  RunOptions update = Options();
  update.update = true;
  Done(update);
  EXPECT_TRUE(fs::exists(theirs));
}

TEST_F(RunTest, VectorsAreUpdatedToo) {
  RunOptions options = Options();
  options.features_as = FeatureFormat::kVector;
  Done(options);
  fs::remove(Path("Apple Braeburn/2_100.jpg"));
  options.update = true;
  EXPECT_EQ(Done(options).dropped, 1);
  RunOptions fresh = Options("fresh");
  fresh.features_as = FeatureFormat::kVector;
  Done(fresh);
  EXPECT_EQ(Table(), Table("fresh"));
  ExpectProved();
}

TEST_F(RunTest, FailOnRejectStopsAndCanBeContinued) {
  folder_.Write("images/Lemon/1.jpg", "no image at all");
  RunOptions options = Options();
  options.fail_on_reject = true;
  const auto status = pomona::Run(options).status();
  EXPECT_EQ(KindOf(status), ErrorKind::kData);
  EXPECT_THAT(status.message(), HasSubstr("bad image " + UriOf("Lemon/1.jpg")));
  EXPECT_FALSE(Exists("out/_SUCCESS"));
  options.fail_on_reject = false;
  Done(options);
  EXPECT_EQ(Table().size(), 9U);
  ExpectProved();
}

TEST_F(RunTest, ASourceWithoutImagesIsAnErrorThatSaysWhatIsThere) {
  RunOptions options = Options();
  options.list.globs = {"*.xyz"};
  EXPECT_THAT(pomona::Run(options).status().message(),
              AllOf(HasSubstr("no images in "), HasSubstr("10 other files not taken: 10 .jpg")));
  EXPECT_FALSE(Exists("out"));
}

TEST_F(RunTest, WhatIsNotTakenIsInTheReportAndInThePlan) {
  folder_.Write("images/Lemon/notes.txt", "x");
  folder_.Write("images/Lemon/more.TXT", "x");
  folder_.Write("images/README", "x");
  const Plan plan = MakePlan(Options()).ValueOrDie();
  const RunReport report = Done(Options());
  for (const ListingSummary& listing : {plan.listing, report.listing}) {
    EXPECT_EQ(listing.references, 10);
    EXPECT_EQ(listing.not_taken, 3);
    EXPECT_THAT(listing.not_taken_by_suffix, ElementsAre(Pair("", 1), Pair(".txt", 2)));
  }
  for (const std::string& json : {plan.ToJson(), report.ToJson()}) {
    EXPECT_THAT(json, HasSubstr("\".txt\": 2"));
  }
}

/// Makes a table look as one of a version that recorded no rule and had no seal, with these
/// patterns.
void MakeOld(const fs::path& output, const Manifest& manifest,
             const std::vector<std::string>& globs) {
  using Json = nlohmann::ordered_json;
  Json options = Json::parse(manifest.run().options);
  EXPECT_EQ(options.erase("hidden"), 1U);
  options["glob"] = globs;
  const Json record = {{"format", 1},
                       {"uuid", manifest.run().uuid},
                       {"pomona", "0.1.0"},
                       {"options", std::move(options)}};
  std::ofstream(output / "_pomona/run.json") << record.dump(2);
  fs::create_directory(output / "_pomona/manifest");
  for (const auto& part : manifest.parts()) {
    Json entry = Json::parse(ToJson(part));
    entry["format"] = 1;
    entry["revision"] = entry["epoch"];
    entry.erase("epoch");
    std::ofstream(output / PartEntryName(part.id)) << entry.dump(2);
  }
  fs::remove_all(output / "_pomona/states");
  fs::remove_all(output / "_pomona/lease");
  std::ofstream(output / "_SUCCESS") << "";
}

TEST_F(RunTest, AnOldTableKeepsItsPatternsAndWhatItHid) {
  Done(Options());
  MakeOld(folder_.path() / "out", TheManifest(), {"*.jpg", "*.png"});
  const auto before = Bytes("out");
  Draw("Lemon/_DSC0001.jpg", 50);
  Draw("_unknown_/1.jpg", 51);
  Draw("Lemon/9.jpeg", 52);
  RunReport report = Done(Options());
  EXPECT_EQ(report.parts_written, 0);
  EXPECT_EQ(Bytes("out"), before);
  EXPECT_EQ(report.listing.not_taken, 3);
  EXPECT_EQ(report.listing.not_taken_by_old_rule, 3);
  EXPECT_THAT(report.listing.Remarks(),
              ElementsAre(HasSubstr("today's rule would take 3 of them")));
  RunOptions anew = Options();
  anew.overwrite = true;
  report = Done(anew);
  EXPECT_EQ(report.rows, 13);
  EXPECT_THAT(report.listing.Remarks(), IsEmpty());
}

TEST_F(RunTest, AnOldTableIsUpdatedByItsOwnRule) {
  Done(Options());
  MakeOld(folder_.path() / "out", TheManifest(), {"*.jpg", "*.png"});
  Draw("Lemon/_DSC0001.jpg", 50);
  Draw("Lemon/9.jpg", 51);
  RunOptions update = Options();
  update.update = true;
  RunProgress last;
  update.on_progress = [&](const RunProgress& progress) { last = progress; };
  EXPECT_EQ(Done(update).rows, 11);
  EXPECT_THAT(Table(), Not(Contains(Key(UriOf("Lemon/_DSC0001.jpg")))));
  ExpectProved();
}

TEST_F(RunTest, PatternsThatAreAskedForAreNotThoseOfTheTable) {
  Done(Options());
  RunOptions other = Options();
  other.list.globs = {"*.jpg"};
  EXPECT_THAT(pomona::Run(other).status().message(), HasSubstr("\n  glob: "));
}

TEST_F(RunTest, ASourceThatIsOneFileAndNoImageIsRefusedBeforeAnything) {
  RunOptions options = Options();
  const auto refusal = [&](const std::string& name, std::string_view bytes) {
    options.list.source = folder_.Write(name, bytes);
    EXPECT_TRUE(pomona::Run(options).status().IsInvalid());
    EXPECT_FALSE(Exists("out"));
    return MakePlan(options).status().message();
  };
  EXPECT_THAT(refusal("notes.docx", "PK\3\4 and so on"), HasSubstr("no image but ZIP: "));
  EXPECT_THAT(refusal("film.mp4", std::string_view("\0\0\0\x18"
                                                   "ftypmp42",
                                                   12)),
              HasSubstr("no image but MP4: "));
  EXPECT_THAT(refusal("photo.jpg", "dear all"), HasSubstr("no image but text: "));
  EXPECT_THAT(refusal("photo.jpg", ""), HasSubstr("no image but empty: "));
  options.list.source = folder_.Write("photo.bin", Jpeg(1));
  EXPECT_EQ(Done(options).rows, 1);
}

TEST_F(RunTest, AllImagesRejectedIsAnErrorEachTimeAndCanBeAllowed) {
  for (const char* name : {"a.jpg", "b.jpg", "c.jpg", "d.jpg", "e.jpg"}) {
    folder_.Write(std::string("bad/") + name, *name == 'a' ? "" : "no image at all");
  }
  RunOptions options = Options();
  options.list.source = folder_.string() + "/bad";
  for (int i = 0; i < 2; ++i) {
    const auto status = pomona::Run(options).status();
    EXPECT_TRUE(IsTooManyRejects(status)) << status.ToString();
    EXPECT_THAT(status.message(),
                HasSubstr("without features: 5 of 5 (4 unsupported_format, 1 empty_file)"));
    EXPECT_FALSE(Exists("out/_SUCCESS"));
  }
  options.max_rejects = RejectLimit::Parse("100%").ValueOrDie();
  EXPECT_EQ(Done(options).rows, 0);
  EXPECT_TRUE(Exists("out/_SUCCESS"));
  ExpectProved();
}

TEST_F(RunTest, MoreRejectsThanAllowedEndTheRunWhichCanBeContinued) {
  for (int i = 0; i < 3; ++i) folder_.Write("images/Lemon/x" + std::to_string(i) + ".jpg", "no");
  RunOptions options = Options();
  for (const char* limit : {"2", "0", "20%"}) {
    options.max_rejects = RejectLimit::Parse(limit).ValueOrDie();
    const auto status = pomona::Run(options).status();
    EXPECT_TRUE(IsTooManyRejects(status)) << limit << status.ToString();
    EXPECT_THAT(status.message(), HasSubstr(" unsupported_format)"));
    EXPECT_FALSE(Exists("out/_SUCCESS"));
  }
  options.max_rejects = RejectLimit::Parse("3").ValueOrDie();
  EXPECT_EQ(Done(options).rows, 10);
  ExpectProved();
  Done(Options("undisturbed"));
  EXPECT_EQ(Table(), Table("undisturbed"));
}

TEST_F(RunTest, RejectsThatAnUpdateMendsCountNoMore) {
  folder_.Write("images/Lemon/x.jpg", "no");
  RunOptions options = Options();
  options.max_rejects = RejectLimit::Parse("0").ValueOrDie();
  EXPECT_TRUE(IsTooManyRejects(pomona::Run(options).status()));
  Done(Options());
  Draw("Lemon/x.jpg", 50);
  options.update = true;
  EXPECT_EQ(Done(options).rows, 11);
  ExpectProved();
}

TEST_F(RunTest, RepairComputesDamagedPartsAgain) {
  Done(Options());
  const auto whole = Bytes("out");
  const auto table = Table();
  RunOptions repair = Options();
  repair.repair = true;
  for (const bool of_references : {false, true}) {
    for (const bool gone : {false, true}) {
      const PartRecord part = TheManifest().parts()[of_references && gone ? 0 : 1];
      const fs::path file =
          folder_.path() / "out" / (of_references ? part.references->name : part.data.name);
      if (gone) {
        fs::remove(file);
      } else {
        std::fstream(file, std::ios::in | std::ios::out | std::ios::binary).seekp(200).put('!');
      }
      const RunReport report = Done(repair);
      EXPECT_EQ(report.repaired, 1);
      EXPECT_EQ(report.images, 4);
      EXPECT_THAT(report.lost, IsEmpty());
      ExpectProved();
      EXPECT_EQ(Table(), table);
      if (!of_references) {
        EXPECT_EQ(Bytes("out"), whole);
      }
    }
  }
  const auto before = Bytes("out");
  EXPECT_EQ(Done(repair).repaired, 0);
  EXPECT_EQ(Bytes("out"), before);
}

TEST_F(RunTest, RepairNamesWhatTheSourceDoesNotGiveAnyMore) {
  Done(Options());
  const PartRecord part = TheManifest().parts()[2];
  fs::remove(folder_.path() / "out" / part.data.name);
  fs::remove(Path("Lemon/2.jpg"));
  fs::remove(Path("Apple Braeburn/0_100.jpg"));  // of a part that is whole: it stays as it is
  RunOptions repair = Options();
  repair.repair = true;
  EXPECT_THAT(pomona::Run(Options()).status().message(), HasSubstr("option `repair`"));
  RunReport report = Done(repair);
  EXPECT_THAT(report.lost, ElementsAre(UriOf("Lemon/2.jpg") + ": not_found"));
  EXPECT_THAT(report.Remarks(), Contains("lost: " + UriOf("Lemon/2.jpg") + ": not_found"));
  EXPECT_EQ(report.rows, 9);
  ExpectProved();

  // Where the references are gone, too, the rows say the names.
  const PartRecord other = TheManifest().parts()[1];
  fs::remove(folder_.path() / "out" / other.references->name);
  fs::remove(Path("Lemon/0.jpg"));
  report = Done(repair);
  EXPECT_THAT(report.lost, ElementsAre(UriOf("Lemon/0.jpg") + ": not_found"));
  EXPECT_EQ(report.rows, 8);
  ExpectProved();

  // And where nothing does, they are counted.
  const PartRecord last = TheManifest().parts()[0];
  fs::remove(folder_.path() / "out" / last.references->name);
  fs::remove(folder_.path() / "out" / last.data.name);
  report = Done(repair);
  EXPECT_THAT(report.lost, ElementsAre(testing::StartsWith("1 rows of parts of which nothing")));
  EXPECT_EQ(report.rows, 7);
  ExpectProved();
}

TEST_F(RunTest, RepairGivesBackAStateThatWasLost) {
  Done(Options());
  const auto table = Table();
  fs::remove(folder_.path() / "out" / StateFileName(3));
  EXPECT_TRUE(pomona::Run(Options()).status().IsSerializationError());
  RunOptions repair = Options();
  repair.repair = true;
  Done(repair);
  EXPECT_EQ(Table(), table);
  ExpectProved();
}

TEST_F(RunTest, AnOutputThatIsTakenIsRefused) {
  const auto store = Store();
  ASSERT_TRUE(store->Prepare().ok());
  auto other = Lease::Acquire(store).ValueOrDie();
  EXPECT_THAT(pomona::Run(Options()).status().message(), HasSubstr("another run is writing to "));
  EXPECT_FALSE(Exists("out/" + StateFileName(0)));
  other.reset();
  Done(Options());
}

TEST_F(RunTest, APartThatIsMissingIsSaid) {
  Done(Options());
  fs::remove(folder_.path() / "out" / TheManifest().parts()[1].data.name);
  EXPECT_THAT(pomona::Run(Options()).status().message(),
              AllOf(HasSubstr("is damaged: part-00001"), HasSubstr("is missing")));
}

TEST_F(RunTest, StoppedItCanBeContinued) {
  arrow::StopSource stop;
  RunOptions options = Options();
  options.extract.stop = stop.token();
  stop.RequestStop();
  EXPECT_TRUE(pomona::Run(options).status().IsCancelled());
  EXPECT_FALSE(Exists("out/_SUCCESS"));
  EXPECT_THAT(Store()->List("_pomona/lease").ValueOrDie(), IsEmpty());
  Done(Options());
  ExpectProved();
}

TEST_F(RunTest, SaysHowFarItIs) {
  folder_.Write("images/Lemon/empty.jpg", "");
  RunOptions options = Options();
  RunProgress last;
  options.on_progress = [&](const RunProgress& progress) { last = progress; };
  options.progress_every = std::chrono::milliseconds(1);
  Done(options);
  EXPECT_EQ(last.images, 10);
  EXPECT_EQ(last.rejects, 1);
  EXPECT_THAT(last.rejects_by_reason, ElementsAre(Pair("empty_file", 1)));
  EXPECT_EQ(last.parts_written, 3);
  EXPECT_EQ(last.counters.images, 10);
  EXPECT_EQ(last.model, "efficientnet-lite0");
  EXPECT_EQ(last.precision, "f32");
}

TEST_F(RunTest, ThePlanSaysWhatTheRunThenDoes) {
  Plan plan = MakePlan(Options()).ValueOrDie();
  EXPECT_EQ(plan.added, 10);
  EXPECT_EQ(plan.parts.size(), 3U);
  EXPECT_FALSE(Exists("out"));
  Done(Options());
  EXPECT_TRUE(MakePlan(Options()).ValueOrDie().finished);
  Draw("Lemon/0.jpg", 52);
  EXPECT_THAT(MakePlan(Options()).ValueOrDie().refusal, HasSubstr("is changed"));
  RunOptions update = Options();
  update.update = true;
  plan = MakePlan(update).ValueOrDie();
  EXPECT_EQ(plan.changed, 1);
  EXPECT_EQ(plan.unchanged, 9);
  ASSERT_EQ(plan.parts.size(), 4U);
  EXPECT_EQ(plan.parts[0].action, "skip");
  EXPECT_EQ(plan.parts[1].action, "rewrite");
  EXPECT_EQ(plan.parts[3].action, "extract");
}

TEST_F(RunTest, VerifyFindsAFlippedBit) {
  Done(Options());
  const auto file = folder_.path() / "out" / TheManifest().parts()[1].data.name;
  std::fstream part(file, std::ios::in | std::ios::out | std::ios::binary);
  part.seekp(200);
  const char byte = static_cast<char>(part.peek());
  part.seekp(200);
  part.put(static_cast<char>(byte ^ 1));
  part.close();
  EXPECT_THAT(Verify(folder_.string() + "/out", {}).ValueOrDie().problems,
              Contains(HasSubstr("another checksum than in the manifest")));
}

}  // namespace
}  // namespace pomona
