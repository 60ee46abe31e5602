// The same sweep as hotpath/splitting/level-sweep.ts and the plan writing of order-splitter.ts, step for step, in C++:
// what a native router would pay. Reads one binary file of problems and prints one JSON array, an entry per order size,
// with a digest of the plans and the times in nanoseconds.
//
// File, doubles, little endian: problems, rows, levels, orders, repeats; COLUMNS x rows of terms; for each problem
// prices[rows * levels] and lots[rows * levels], a row's worst level first; the lots of each order. Every order buys.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <limits>
#include <vector>

namespace {
constexpr int VENUES_MAX = 64;
constexpr double NONE = std::numeric_limits<double>::infinity();
constexpr double PPM = 1e6;
enum Column { feeFactor, lotStep, lotsMin, lotsMax, spendMax, notionalMin, childCost, limitTicks, latencyNs, COLUMNS };
enum Binding : uint16_t { depth = 1, limitPrice = 64 };

struct Books {
  int levelsMax;
  std::vector<double> prices, lots;
  std::vector<int> counts;
  int offset(int bookRow) const { return bookRow * levelsMax; }
};

struct Candidates {
  int count;
  uint8_t dropped[VENUES_MAX];
  int bookRow[VENUES_MAX];
  double column[COLUMNS][VENUES_MAX];
};

struct Plan {
  int count, nextRow, proof, nodes, row[VENUES_MAX];
  double lots[VENUES_MAX], limit[VENUES_MAX], notional[VENUES_MAX], effective[VENUES_MAX], shadow[VENUES_MAX];
  uint16_t binding[VENUES_MAX];
  double target, planned, objective, dualBound, gapBps, marginal, next, mid;

  void reset() {
    count = proof = nodes = 0;
    nextRow = -1;
    target = planned = objective = dualBound = gapBps = marginal = mid = 0;
    next = NONE;
    std::fill(binding, binding + VENUES_MAX, uint16_t{0});
    std::fill(shadow, shadow + VENUES_MAX, 0.0);
  }

  void add(int atRow, double atLots, double atLimit, double atNotional, double atEffective) {
    const int at = count++;
    row[at] = atRow;
    lots[at] = atLots;
    limit[at] = atLimit;
    notional[at] = atNotional;
    effective[at] = atEffective;
  }
};

struct Sweep {
  const Books &books;
  int head[VENUES_MAX], treeRow[2 * VENUES_MAX], touchedRow[VENUES_MAX];
  int boundRow[2 * VENUES_MAX], boundAt[2 * VENUES_MAX], boundWhy[2 * VENUES_MAX];
  double treeKey[2 * VENUES_MAX], taken[VENUES_MAX] = {}, notional[VENUES_MAX] = {}, worst[VENUES_MAX];
  int touched = 0, leaves = 0, bounds = 0, nextRow = -1;
  double left, cost, marginal, next;

  explicit Sweep(const Books &all) : books(all) {}

  bool precedes(const Candidates &c, int one, int two) const {
    const double sooner = c.column[latencyNs][one] - c.column[latencyNs][two];
    if (sooner != 0) return sooner < 0;
    const double larger = books.lots[head[one]] - books.lots[head[two]];
    return larger != 0 ? larger > 0 : one < two;
  }

  void bind(int row, int at, int why) {
    boundRow[bounds] = row;
    boundAt[bounds] = at;
    boundWhy[bounds++] = why;
  }

  void openRows(const Candidates &c) {
    for (int i = 0; i < touched; i++) taken[touchedRow[i]] = notional[touchedRow[i]] = 0;
    touched = bounds = 0;
    treeKey[1] = NONE;
    const int count = c.count;
    for (int row = 0; row < count; row++) {
      double key = NONE;
      if (c.dropped[row] == 0) {
        const int levels = books.counts[c.bookRow[row]];
        if (levels > 0) {
          const int at = books.offset(c.bookRow[row]) + levels - 1;
          const double factor = c.column[feeFactor][row], limit = c.column[limitTicks][row];
          key = books.prices[at] * factor;
          head[row] = at;
          if (limit > 0 && key > limit * factor) {
            key = NONE;
            bind(row, at, limitPrice);
          }
        }
      }
      treeKey[count + row] = key;
    }
    if (leaves != count) {
      leaves = count;
      for (int row = 0; row < count; row++) treeRow[count + row] = row;
    }
    for (int node = count - 1; node > 0; node--) {
      const int one = node << 1;
      const double key = treeKey[one], rival = treeKey[one + 1];
      const bool loses = rival <= key && (rival != key || precedes(c, treeRow[one + 1], treeRow[one]));
      const int winner = loses ? one + 1 : one;
      treeKey[node] = treeKey[winner];
      treeRow[node] = treeRow[winner];
    }
  }

  double advance(const Candidates &c, int row, bool wanted) {
    const int at = head[row];
    if (at == books.offset(c.bookRow[row])) {
      if (wanted) bind(row, at, depth);
      return NONE;
    }
    const double factor = c.column[feeFactor][row], limit = c.column[limitTicks][row];
    const double key = books.prices[at - 1] * factor;
    head[row] = at - 1;
    if (limit == 0 || key <= limit * factor) return key;
    if (wanted) bind(row, at - 1, limitPrice);
    return NONE;
  }

  void replay(const Candidates &c, int row, double nextKey) {
    int node = c.count + row, winner = row;
    double key = nextKey;
    treeKey[node] = nextKey;
    while (node > 1) {
      const double rival = treeKey[node ^ 1];
      if (rival <= key && (rival != key || precedes(c, treeRow[node ^ 1], winner))) {
        key = rival;
        winner = treeRow[node ^ 1];
      }
      node >>= 1;
      treeKey[node] = key;
      treeRow[node] = winner;
    }
  }

  void run(const Candidates &c, Plan &plan, double wanted) {
    openRows(c);
    left = wanted;
    cost = 0;
    marginal = -NONE;
    while (left > 0) {
      const double key = treeKey[1];
      if (key == NONE) break;
      const int row = treeRow[1], at = head[row];
      const double level = books.lots[at], take = level < left ? level : left, price = books.prices[at];
      if (taken[row] == 0) touchedRow[touched++] = row;
      taken[row] += take;
      notional[row] += take * price;
      worst[row] = price;
      cost += take * key;
      left -= take;
      marginal = key;
      replay(c, row, advance(c, row, left > 0));
    }
    next = treeKey[1];
    nextRow = next == NONE ? -1 : treeRow[1];
    for (int i = 0; i < bounds; i++) {
      const int row = boundRow[i];
      plan.binding[row] |= boundWhy[i];
      plan.shadow[row] = std::max(0.0, marginal - books.prices[boundAt[i]] * c.column[feeFactor][row]);
    }
  }
};

struct Splitter {
  Sweep sweep;
  explicit Splitter(const Books &books) : sweep(books) {}

  bool isWhole(const Candidates &c) const {
    for (int i = 0; i < sweep.touched; i++) {
      const int row = sweep.touchedRow[i];
      const double taken = sweep.taken[row], worth = sweep.notional[row], step = c.column[lotStep][row];
      if (taken > c.column[lotsMax][row]) return false;
      if (worth * c.column[feeFactor][row] > c.column[spendMax][row] * PPM) return false;
      if (taken < c.column[lotsMin][row] || worth < c.column[notionalMin][row]) return false;
      if (c.column[childCost][row] > 0) return false;
      if (step != 1 && std::floor(taken / step) * step != taken) return false;
    }
    return true;
  }

  bool split(const Candidates &c, Plan &plan, double lots) {
    plan.target = lots;
    sweep.run(c, plan, lots);
    if (!isWhole(c)) return false;
    std::sort(sweep.touchedRow, sweep.touchedRow + sweep.touched);
    for (int i = 0; i < sweep.touched; i++) {
      const int row = sweep.touchedRow[i];
      const double notional = sweep.notional[row];
      plan.add(row, sweep.taken[row], sweep.worst[row], notional, notional * c.column[feeFactor][row]);
    }
    plan.planned = lots - sweep.left;
    plan.objective = plan.dualBound = sweep.cost;
    plan.marginal = sweep.marginal;
    plan.nextRow = sweep.nextRow;
    plan.next = sweep.next;
    plan.proof = 1;
    return true;
  }
};

double nanoseconds(std::chrono::steady_clock::duration span) {
  return double(std::chrono::duration_cast<std::chrono::nanoseconds>(span).count());
}
}  // namespace

int main(int argc, char **argv) {
  FILE *file = argc > 1 ? std::fopen(argv[1], "rb") : nullptr;
  double size[5];
  if (!file || std::fread(size, sizeof(double), 5, file) != 5) return 2;
  const int problems = int(size[0]), rows = int(size[1]), levels = int(size[2]), orders = int(size[3]);
  const int repeats = int(size[4]);
  const size_t block = size_t(rows) * levels;
  Books books{levels, std::vector<double>(problems * block), std::vector<double>(problems * block),
              std::vector<int>(size_t(problems) * rows, levels)};
  Candidates table;
  table.count = rows;
  std::fill(table.dropped, table.dropped + VENUES_MAX, uint8_t{0});
  bool ok = true;
  for (int k = 0; k < COLUMNS; k++) ok = ok && std::fread(table.column[k], sizeof(double), rows, file) == size_t(rows);
  for (int p = 0; p < problems; p++) {
    ok = ok && std::fread(&books.prices[p * block], sizeof(double), block, file) == block;
    ok = ok && std::fread(&books.lots[p * block], sizeof(double), block, file) == block;
  }
  std::vector<double> sizes(orders);
  ok = ok && std::fread(sizes.data(), sizeof(double), orders, file) == size_t(orders);
  std::fclose(file);
  if (!ok) return 3;

  Splitter splitter(books);
  Plan plan;
  const auto open = [&](int problem) {
    for (int row = 0; row < rows; row++) table.bookRow[row] = problem * rows + row;
    plan.reset();
  };
  std::printf("[");
  for (int o = 0; o < orders; o++) {
    double digest = 0;
    for (int p = 0; p < problems; p++) {
      open(p);
      if (!splitter.split(table, plan, sizes[o])) return 4;
      digest += plan.objective / sizes[o] + plan.next;
      for (int k = 0; k < plan.count; k++) digest += plan.row[k] * plan.lots[k] + plan.limit[k];
    }
    std::vector<double> times;
    times.reserve(size_t(repeats) * problems);
    for (int r = 0; r < repeats; r++) {
      for (int p = 0; p < problems; p++) {
        open(p);
        const auto start = std::chrono::steady_clock::now();
        splitter.split(table, plan, sizes[o]);
        times.push_back(nanoseconds(std::chrono::steady_clock::now() - start));
      }
    }
    std::sort(times.begin(), times.end());
    std::printf("%s{\"digest\":%.17g,\"p50\":%g,\"p99\":%g}", o ? "," : "", digest, times[times.size() / 2],
                times[times.size() * 99 / 100]);
  }
  std::printf("]\n");
  return 0;
}
