#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "simulator/drawing.h"
#include "simulator/faults.h"
#include "simulator/search.h"
#include "simulator/simulation.h"

namespace pomona {
namespace {

constexpr char kUsage[] =
    "simulate [--seconds S] [--first-seed N] [--workers W] [--store NAME]\n"
    "    runs schedules until one shows what must never happen, and tells its story: exit code 1\n"
    "simulate --seed N | --schedule TEXT [--mutant NAME]\n"
    "    runs one schedule again, and tells its story\n"
    "simulate --faults S [--stories yes]\n"
    "    looks for each known fault for S seconds: exit code 1 if one is not found\n";

int Tell(const Schedule& schedule, const Mutation& mutation = {}) {
  std::vector<std::string> story;
  const Outcome outcome = Simulate(schedule, mutation, &story);
  std::cout << "schedule: " << ToText(schedule) << "\n";
  for (const auto& line : story) std::cout << line << "\n";
  std::cout << (outcome.violation.empty() ? "nothing was violated\n"
                                          : "violated: " + outcome.violation + "\n");
  return outcome.violation.empty() ? 0 : 1;
}

int SearchAlone(const Search::Options& options) {
  const auto begun = std::chrono::steady_clock::now();
  static Schedule running;
  const auto tell_and_die = [](int signal) {
    std::cout << "died of signal " << signal << " in: " << ToText(running) << std::endl;
    ::_exit(1);
  };
  for (const int number : {SIGABRT, SIGSEGV, SIGBUS}) std::signal(number, tell_and_die);
  Search search(
      [](const Schedule& schedule) {
        running = schedule;
        return Simulate(schedule);
      },
      options);
  const auto found = search.Find();
  const double seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
  const int64_t all = search.singles() + search.doubles() + search.drawn();
  std::printf("%lld schedules (%lld of one interruption, %lld of two, %lld drawn): %.0f a minute\n",
              static_cast<long long>(all), static_cast<long long>(search.singles()),
              static_cast<long long>(search.doubles()), static_cast<long long>(search.drawn()),
              static_cast<double>(all) / seconds * 60);
  std::fflush(stdout);
  if (!found) return 0;
  Tell(found->schedule);
  if (found->seed) std::cout << "again: simulate --seed " << *found->seed << "\n";
  std::cout << "again: simulate --schedule '" << ToText(found->schedule) << "'" << std::endl;
  return 1;
}

int SearchTogether(Search::Options options) {
  std::vector<pid_t> children;
  for (options.worker = 0; options.worker < options.workers; ++options.worker) {
    const pid_t child = ::fork();
    if (child == 0) ::_exit(SearchAlone(options));
    children.push_back(child);
  }
  int failed = 0;
  for (const pid_t child : children) {
    int status = 0;
    const bool ended = child > 0 && ::waitpid(child, &status, 0) == child;
    if (!ended || !WIFEXITED(status) || WEXITSTATUS(status) != 0) failed = 1;
  }
  return failed;
}

int Main(const std::vector<std::string>& arguments) {
  std::map<std::string, std::string> given;
  for (size_t i = 0; i + 1 < arguments.size(); i += 2) given[arguments[i]] = arguments[i + 1];
  if (arguments.size() % 2 != 0) {
    std::cerr << kUsage;
    return 2;
  }
  const auto take = [&](const char* name, uint64_t otherwise) {
    return given.contains(name) ? std::strtoull(given[name].c_str(), nullptr, 10) : otherwise;
  };
  if (given.contains("--seed")) return Tell(DrawSchedule(take("--seed", 0)));
  if (given.contains("--schedule")) {
    const auto schedule = ParseSchedule(given["--schedule"]);
    const auto mutant = given.contains("--mutant") ? MutantNamed(given["--mutant"]) : Mutation();
    if (schedule && mutant) return Tell(*schedule, *mutant);
    std::cerr << kUsage;
    return 2;
  }
  if (given.contains("--faults")) {
    const std::chrono::seconds each(take("--faults", 60));
    return FindKnownFaults(each, given["--stories"] == "yes") ? 0 : 1;
  }
  Search::Options options;
  options.deadline = std::chrono::steady_clock::now() + std::chrono::seconds(take("--seconds", 60));
  options.seed = take("--first-seed", 1);
  options.workers =
      static_cast<int>(take("--workers", std::max(1U, std::thread::hardware_concurrency())));
  if (given.contains("--store")) {
    options.wants = [store = given["--store"]](const Schedule& schedule) {
      return NameOf(schedule.store) == store;
    };
  }
  return SearchTogether(options);
}

}  // namespace
}  // namespace pomona

int main(int argc, char** argv) { return pomona::Main({argv + 1, argv + argc}); }
