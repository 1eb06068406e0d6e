// What reading small objects costs the client: lists a source, then fetches every object
// REPEAT times with FETCHES in flight, and prints one line of JSON.
//
//   s3_get_bench s3://bucket/prefix --s3-endpoint http://127.0.0.1:9000 --repeat 4
//   s3_get_bench s3://bucket/prefix --client arrow     the same with Arrow's own S3 client
//   s3_get_bench FOLDER                                 local files, for comparison
#include <arrow/filesystem/filesystem.h>
#include <arrow/io/interfaces.h>
#include <sys/resource.h>

#include <CLI/CLI.hpp>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <mutex>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <vector>

#include "pomona/source/source.h"
#include "pomona/storage/filesystem.h"
#include "pomona/storage/uri.h"

namespace {

using Clock = std::chrono::steady_clock;

struct Settings {
  std::string source;
  std::string client = "pomona";
  int fetches = 64;
  int repeat = 1;
  pomona::StorageOptions storage;
};

struct Tally {
  std::atomic<int64_t> bytes{0};
  std::atomic<int64_t> failed{0};
  std::atomic<int64_t> retries{0};
};

double ProcessCpuSeconds() {
  rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& t) { return t.tv_sec + 1e-6 * t.tv_usec; };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

// Keeps `fetches` reads under way from one thread, as the pipeline does.
void FetchWithPomona(pomona::Source& source, const std::vector<pomona::ListedFile>& files,
                     const Settings& settings, Tally* tally) {
  std::mutex mutex;
  std::condition_variable room;
  int under_way = 0;
  std::vector<pomona::ImageRef> refs;
  for (const auto& file : files) {
    refs.push_back({.uri = pomona::Uri::Parse(file.uri).ValueOrDie(),
                    .size = file.size,
                    .mtime_us = file.mtime_us,
                    .version = file.version});
  }
  const auto wait_for = [&](int at_most) {
    std::unique_lock lock(mutex);
    room.wait(lock, [&] { return under_way <= at_most; });
  };
  for (int round = 0; round < settings.repeat; ++round) {
    for (const auto& ref : refs) {
      wait_for(settings.fetches - 1);
      {
        std::lock_guard lock(mutex);
        ++under_way;
      }
      source.Fetch(ref, [&](arrow::Result<std::shared_ptr<arrow::Buffer>> got) {
        if (got.ok()) {
          tally->bytes += (*got)->size();
        } else if (tally->failed++ == 0) {
          std::fprintf(stderr, "%s\n", got.status().ToString().c_str());
        }
        std::lock_guard lock(mutex);
        --under_way;
        room.notify_one();
      });
    }
  }
  wait_for(0);
  tally->retries = source.counters().retries;
}

// Arrow's clients block: a thread for each read under way.
void FetchWithArrow(const pomona::FileLocation& root, const std::string& root_uri,
                    const std::vector<pomona::ListedFile>& refs, const Settings& settings,
                    Tally* tally) {
  std::atomic<size_t> next{0};
  const size_t total = refs.size() * settings.repeat;
  std::vector<std::thread> threads;
  for (int i = 0; i < settings.fetches; ++i) {
    threads.emplace_back([&] {
      for (size_t n = next++; n < total; n = next++) {
        const pomona::ListedFile& ref = refs[n % refs.size()];
        arrow::fs::FileInfo info(root.path + ref.uri.substr(root_uri.size()),
                                 arrow::fs::FileType::File);
        info.set_size(ref.size);
        auto file = root.filesystem->OpenInputFile(info);
        auto got = file.ok() ? (*file)->ReadAt(0, ref.size) : file.status();
        if (got.ok()) {
          tally->bytes += (*got)->size();
        } else if (tally->failed++ == 0) {
          std::fprintf(stderr, "%s\n", got.status().ToString().c_str());
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

arrow::Status Run(const Settings& settings) {
  ARROW_RETURN_NOT_OK(settings.storage.Validate());
  ARROW_ASSIGN_OR_RAISE(const auto uri, pomona::Uri::Parse(settings.source));
  ARROW_ASSIGN_OR_RAISE(auto source, pomona::OpenSource(uri, settings.storage, settings.fetches));
  const auto listing_start = Clock::now();
  ARROW_ASSIGN_OR_RAISE(auto listing, source->List(uri, arrow::StopToken::Unstoppable()));
  std::vector<pomona::ListedFile> refs;
  while (true) {
    ARROW_ASSIGN_OR_RAISE(auto page, listing->Next());
    if (page.empty()) break;
    refs.insert(refs.end(), page.begin(), page.end());
  }
  const double listing_s = std::chrono::duration<double>(Clock::now() - listing_start).count();
  if (refs.empty()) return arrow::Status::IOError("nothing in: ", settings.source);

  Tally tally;
  pomona::FileLocation root;
  std::string root_uri;
  if (settings.client == "arrow") {
    ARROW_ASSIGN_OR_RAISE(root, pomona::OpenFileSystem(uri, settings.storage));
    root_uri = uri.ToString();
  }
  const double cpu_before = ProcessCpuSeconds();
  const auto start = Clock::now();
  if (settings.client == "arrow") {
    FetchWithArrow(root, root_uri, refs, settings, &tally);
  } else {
    FetchWithPomona(*source, refs, settings, &tally);
  }
  const double wall_s = std::chrono::duration<double>(Clock::now() - start).count();
  const double cpu_s = ProcessCpuSeconds() - cpu_before;
  const auto gets = static_cast<double>(refs.size()) * settings.repeat;
  const nlohmann::ordered_json line = {
      {"client", settings.client},
      {"objects", refs.size()},
      {"gets", gets},
      {"fetches", settings.fetches},
      {"listing_s", listing_s},
      {"wall_s", wall_s},
      {"gets_per_s", gets / wall_s},
      {"core_ms_per_get", 1e3 * cpu_s / gets},
      {"source_busy_ms_per_get", 1e-6 * static_cast<double>(source->counters().busy_ns) / gets},
      {"bytes", tally.bytes.load()},
      {"failed", tally.failed.load()},
      {"retries", tally.retries.load()},
  };
  std::printf("%s\n", line.dump().c_str());
  return tally.failed == 0 ? arrow::Status::OK() : arrow::Status::IOError("some reads failed");
}

}  // namespace

int main(int argc, char** argv) {
  Settings settings;
  CLI::App app("CPU and rate of reading small objects");
  app.add_option("source", settings.source)->required();
  app.add_option("--client", settings.client)->check(CLI::IsMember({"pomona", "arrow"}));
  app.add_option("--fetches", settings.fetches)->check(CLI::Range(1, 4096));
  app.add_option("--repeat", settings.repeat)->check(CLI::PositiveNumber);
  app.add_option("--s3-endpoint", settings.storage.s3_endpoint);
  CLI11_PARSE(app, argc, argv);
  const arrow::Status status = Run(settings);
  if (!status.ok()) std::fprintf(stderr, "error: %s\n", status.message().c_str());
  return status.ok() ? 0 : 1;
}
