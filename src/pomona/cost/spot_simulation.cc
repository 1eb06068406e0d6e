#include "pomona/cost/spot_simulation.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <queue>
#include <vector>

namespace pomona {
namespace {

/// The state of one run.
class Simulation {
 public:
  Simulation(const SpotJob& job, Random& random)
      : job_(job), random_(random), remaining_(job.images), machines_(job.workers) {
    for (int i = 0; i < job.workers; ++i) {
      machines_[i].works_from = job.ready_after_seconds;
      Schedule(i, 0);
    }
  }

  std::optional<SpotRun> Run() {
    while (!FinishBy(changes_.top().at)) {
      const Change change = changes_.top();
      changes_.pop();
      Advance(change.at);
      if (machines_[change.machine].up) {
        if (run_.interruptions == kMostInterruptions) return std::nullopt;
        Interrupt(change.machine);
      } else {
        Replace(change.machine);
      }
    }
    for (const Machine& machine : machines_) {
      if (machine.up) Charge(now_ - machine.rented_at);
    }
    run_.seconds = now_;
    return run_;
  }

 private:
  struct Machine {
    bool up = true;
    double rented_at = 0;
    double works_from = 0;
  };

  struct Change {
    double at = 0;
    int machine = 0;
    bool operator>(const Change& other) const { return at > other.at; }
  };

  double Rate() const {
    return std::min(up_ * job_.worker_images_per_second, job_.most_images_per_second);
  }

  /// The machine's end, if it comes up at `from`.
  void Schedule(int machine, double from) {
    const double rate_per_second = job_.interruptions_per_hour / 3600;
    const double life = rate_per_second > 0 ? -std::log1p(-random_.Share()) / rate_per_second
                                            : std::numeric_limits<double>::infinity();
    changes_.push({from + life, machine});
  }

  /// Moves to the end of the job, if it is not after `at`.
  bool FinishBy(double at) {
    if (up_ == 0) return false;
    const double end = std::max(now_, job_.ready_after_seconds) + remaining_ / Rate();
    if (end > at) return false;
    now_ = end;
    return true;
  }

  void Advance(double to) {
    const double from = std::max(now_, job_.ready_after_seconds);
    if (to > from) remaining_ -= (to - from) * Rate();
    now_ = to;
  }

  void Interrupt(int index) {
    Machine& machine = machines_[index];
    const double worked = std::max(0.0, now_ - machine.works_from);
    const double lost = std::min(random_.Share() * job_.images_at_risk, worked * Rate() / up_);
    remaining_ += lost;
    run_.lost_images += lost;
    ++run_.interruptions;
    Charge(now_ - machine.rented_at);
    machine.up = false;
    --up_;
    changes_.push({now_ + job_.replacement_seconds, index});
  }

  /// Its start-up is charged, as the first machines' is.
  void Replace(int index) {
    machines_[index] = {.up = true,
                        .rented_at = now_ - job_.replacement_seconds,
                        .works_from = std::max(now_, job_.ready_after_seconds)};
    ++up_;
    Schedule(index, now_);
  }

  void Charge(double seconds) { run_.worker_seconds += job_.billing.Billed(seconds); }

  const SpotJob& job_;
  Random& random_;
  double now_ = 0;
  double remaining_;
  std::vector<Machine> machines_;
  int up_ = job_.workers;
  std::priority_queue<Change, std::vector<Change>, std::greater<>> changes_;
  SpotRun run_;
};

}  // namespace

std::optional<SpotRun> SimulateSpotRun(const SpotJob& job, Random& random) {
  return Simulation(job, random).Run();
}

}  // namespace pomona
