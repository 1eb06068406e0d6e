#include "cli/evaluation_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "cli/terminal.h"
#include "pomona/shown_text.h"

namespace pomona::cli {
namespace {

constexpr size_t kMostLines = 20;
constexpr char kNothing[] = "-";
/// More columns than these are no matrix that a terminal shows.
constexpr size_t kMostColumns = 8;

/// Characters of UTF-8, which a terminal gives a column each (but for wide ones).
size_t Columns(const std::string& text) {
  return static_cast<size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

/// Cells under a title: each column as wide as its widest, the first on the left, others right.
class Section {
 public:
  explicit Section(std::vector<std::string> head) { lines_.push_back(std::move(head)); }

  void Add(std::vector<std::string> cells) { lines_.push_back(std::move(cells)); }
  void More(size_t left_out) {
    if (left_out > 0)
      footer_ = fmt::format("and {} more\n", Thousands(static_cast<int64_t>(left_out)));
  }
  bool empty() const { return lines_.size() == 1; }

  std::string Text() const {
    std::vector<size_t> widths(lines_.front().size(), 0);
    for (const auto& line : lines_) {
      for (size_t i = 0; i < line.size(); ++i) widths[i] = std::max(widths[i], Columns(line[i]));
    }
    std::string text;
    for (const auto& line : lines_) {
      std::string shown = line[0] + std::string(widths[0] - Columns(line[0]), ' ');
      for (size_t i = 1; i < line.size(); ++i) {
        shown += "  " + std::string(widths[i] - Columns(line[i]), ' ') + line[i];
      }
      text += shown + "\n";
    }
    return text + footer_;
  }

 private:
  std::vector<std::vector<std::string>> lines_;
  std::string footer_;
};

std::string Shown(const Estimate& estimate) {
  if (!estimate.interval) return fmt::format("{:.3f}", estimate.value);
  return fmt::format("{:.3f} ({:.3f} to {:.3f})", estimate.value, estimate.interval->low,
                     estimate.interval->high);
}
std::string Shown(const std::optional<Estimate>& estimate) {
  return estimate ? Shown(*estimate) : kNothing;
}
std::string Shown(const std::optional<double>& value) {
  return value ? fmt::format("{:.3f}", *value) : kNothing;
}

std::vector<std::string> Head(const std::string& title, std::span<const Evaluation> evaluations) {
  std::vector<std::string> head = {title};
  for (const auto& evaluation : evaluations) head.push_back(ShownText(evaluation.name));
  return head;
}

std::string Overall(std::span<const Evaluation> evaluations) {
  Section section(Head("", evaluations));
  const auto line = [&](const std::string& name, const auto& cell) {
    std::vector<std::string> cells = {name};
    for (const auto& evaluation : evaluations) cells.push_back(cell(evaluation));
    // What none of them has is no line.
    if (std::any_of(cells.begin() + 1, cells.end(), [](const auto& c) { return c != kNothing; })) {
      section.Add(std::move(cells));
    }
  };
  using E = const Evaluation&;
  line("rows", [](E e) { return Thousands(e.rows); });
  line("groups", [](E e) { return Thousands(e.groups); });
  line("accuracy", [](E e) { return Shown(e.accuracy); });
  line("macro F1", [](E e) { return Shown(e.macro_f1); });
  line("balanced accuracy", [](E e) { return Shown(e.balanced_accuracy); });
  line("calibration error (ECE, 15 bins)", [](E e) { return Shown(e.calibration_error); });
  line("log loss", [](E e) { return fmt::format("{:.3f}", e.log_loss); });
  const double level = evaluations.back().conformal_level;
  line(fmt::format("sets at {}: right label in it", level), [](E e) { return Shown(e.coverage); });
  line(fmt::format("sets at {}: labels a set", level), [](E e) { return Shown(e.mean_set_size); });
  line("unknown: rows",
       [](E e) { return e.unknown_rows > 0 ? Thousands(e.unknown_rows) : std::string(kNothing); });
  line("unknown: AUROC", [](E e) { return Shown(e.unknown_auroc); });
  line("unknown: false alarms where 95 % are found",
       [](E e) { return Shown(e.unknown_fpr_at_95); });
  return section.Text();
}

/// A class in each evaluation that has it.
using ClassCells = std::map<std::string, std::vector<const ClassScore*>>;

std::string ClassesOf(std::span<const Evaluation> evaluations, bool by_name) {
  ClassCells classes;
  for (size_t e = 0; e < evaluations.size(); ++e) {
    for (size_t i = 0; i < evaluations[e].classes.size(); ++i) {
      const ClassScore& score = evaluations[e].scores[i];
      if (score.given + score.predicted == 0) continue;
      auto& cells = classes[evaluations[e].classes[i]];
      cells.resize(evaluations.size(), nullptr);
      cells[e] = &score;
    }
  }
  std::vector<std::pair<std::string, std::vector<const ClassScore*>>> order(classes.begin(),
                                                                            classes.end());
  // By name they are already, as they are in a matrix: so are those that are equally good.
  const auto worst = [](const auto& entry) {
    const ClassScore* last = entry.second.back();
    return last == nullptr ? 2 : last->f1;
  };
  if (!by_name) {
    std::stable_sort(order.begin(), order.end(),
                     [&](const auto& a, const auto& b) { return worst(a) < worst(b); });
  }
  Section section(Head("class: precision, recall, rows", evaluations));
  for (size_t i = 0; i < std::min(order.size(), kMostLines); ++i) {
    std::vector<std::string> cells = {ShownText(order[i].first)};
    for (const ClassScore* score : order[i].second) {
      cells.push_back(score == nullptr ? kNothing
                                       : fmt::format("{:.3f}  {:.3f}  {:>6}", score->precision,
                                                     score->recall, Thousands(score->given)));
    }
    section.Add(std::move(cells));
  }
  section.More(order.size() - std::min(order.size(), kMostLines));
  return section.Text();
}

std::string ConfusionsOf(std::span<const Evaluation> evaluations) {
  std::map<std::pair<std::string, std::string>, std::vector<int64_t>> pairs;
  for (size_t e = 0; e < evaluations.size(); ++e) {
    for (const ClassPair& pair : evaluations[e].confusions) {
      const auto name = [&](int32_t i) { return evaluations[e].classes[static_cast<size_t>(i)]; };
      auto& rows = pairs[{name(pair.given), name(pair.predicted)}];
      rows.resize(evaluations.size(), 0);
      rows[e] = pair.rows;
    }
  }
  std::vector<std::pair<std::pair<std::string, std::string>, std::vector<int64_t>>> order(
      pairs.begin(), pairs.end());
  std::stable_sort(order.begin(), order.end(), [](const auto& a, const auto& b) {
    return std::lexicographical_compare(b.second.rbegin(), b.second.rend(), a.second.rbegin(),
                                        a.second.rend());
  });
  Section section(Head("given -> predicted: rows", evaluations));
  for (size_t i = 0; i < std::min(order.size(), kMostLines); ++i) {
    const auto& [names, rows] = order[i];
    std::vector<std::string> cells = {ShownText(names.first) + " -> " + ShownText(names.second)};
    for (const int64_t count : rows) cells.push_back(Thousands(count));
    section.Add(std::move(cells));
  }
  section.More(order.size() - std::min(order.size(), kMostLines));
  return section.empty() ? "no row was taken for another class\n" : section.Text();
}

}  // namespace

std::string ConfusionMatrix(const Evaluation& evaluation) {
  std::vector<size_t> classes;
  std::vector<std::string> head = {"given \\ predicted"};
  for (size_t c = 0; c < evaluation.scores.size(); ++c) {
    const ClassScore& score = evaluation.scores[c];
    if (score.given + score.predicted == 0) continue;
    classes.push_back(c);
    head.push_back(ShownText(evaluation.classes[c]));
  }
  if (classes.size() > kMostColumns || evaluation.confusions.empty()) return "";
  Section section(std::move(head));
  for (const size_t given : classes) {
    std::vector<std::string> cells = {ShownText(evaluation.classes[given])};
    for (const size_t predicted : classes) {
      int64_t rows = given == predicted ? evaluation.scores[given].right : 0;
      for (const ClassPair& pair : evaluation.confusions) {
        const bool here = pair.given == static_cast<int32_t>(given) &&
                          pair.predicted == static_cast<int32_t>(predicted);
        if (here) rows += pair.rows;
      }
      cells.push_back(rows == 0 ? "." : Thousands(rows));
    }
    section.Add(std::move(cells));
  }
  return section.Text();
}

std::string EvaluationTable(std::span<const Evaluation> evaluations) {
  // What a number must not be read without stands right under it.
  std::string text = Overall(evaluations);
  for (const auto& evaluation : evaluations) {
    for (const std::string& remark : evaluation.remarks) {
      const std::string name = evaluation.name.empty() ? "" : ShownText(evaluation.name) + ": ";
      text += "note: " + name + ShownText(remark) + "\n";
    }
  }
  const std::string matrix = ConfusionMatrix(evaluations.back());
  return text + "\n" + ClassesOf(evaluations, !matrix.empty()) + "\n" +
         (matrix.empty() ? ConfusionsOf(evaluations) : matrix);
}

}  // namespace pomona::cli
