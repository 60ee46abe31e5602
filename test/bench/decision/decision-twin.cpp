// The whole decision of hotpath/routing in C++: what a native router of the same design would pay. The same steps on the
// same tables: client id looked up, venues read and limited, sweep, plan, risk, accept, route and intent records copied
// into a ring (no checksum) and applied to columns, decision kept, children copied out. The venues fill at once.
//
// File, doubles, little endian: venues, levels, orders, parent rows; taker ppm of each venue; of each venue bid prices,
// bid lots, ask prices, ask lots, worst level first, a count before each side; the lots of each order. Every order buys.
// Prints {"digest", "p50", "p99"}: a sum over all children, and nanoseconds of the last three quarters of the orders.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <limits>
#include <vector>

#include "decision-twin-store.hpp"

namespace {
constexpr int VENUES_MAX = 64, KEPT = 64;
constexpr double NONE = std::numeric_limits<double>::infinity();
constexpr double PPM = 1e6;

double nowNs() {
  return double(std::chrono::duration_cast<std::chrono::nanoseconds>(
                    std::chrono::steady_clock::now().time_since_epoch()).count());
}

/** As hotpath/book/book-table: what a decision reads of a row in one cache line. */
struct alignas(64) BookBlock {
  double touch[4];
  double updatedNs, missNs;
  int32_t counts[2], state, isOpen;
};
struct alignas(64) Terms { double tickStep, lotStep, lotsMin, lotsMax, notionalMin, childCost, buyFactor, sellFactor; };

struct Market {
  int venues, levels;
  std::vector<BookBlock> block;
  std::vector<Terms> terms;
  Doubles prices, lots, balance, tokens, latencyNs;
  uint32_t ready[2] = {~0u, ~0u};
  int offset(int row, int side) const { return (row * 2 + side) * levels; }
};

struct Candidates {
  int count = 0, venue[VENUES_MAX], bookRow[VENUES_MAX];
  uint8_t dropped[VENUES_MAX];
  double feeFactor[VENUES_MAX], limitTicks[VENUES_MAX], lotsMax[VENUES_MAX], spendMax[VENUES_MAX], latencyNs[VENUES_MAX];
  double tickStep[VENUES_MAX], lotStep[VENUES_MAX], lotsMin[VENUES_MAX], notionalMin[VENUES_MAX], childCost[VENUES_MAX];
  double key[VENUES_MAX];
};

struct Plan {
  int count, nextRow, proof, row[VENUES_MAX];
  double lots[VENUES_MAX], limit[VENUES_MAX], notional[VENUES_MAX], effective[VENUES_MAX];
  double scalars[8];
  uint16_t binding[VENUES_MAX];
  double shadow[VENUES_MAX];
  bool hasBounds = false;
  void reset() {
    count = proof = 0;
    nextRow = -1;
    std::fill(scalars, scalars + 8, 0.0);
    scalars[6] = NONE;
    if (hasBounds) std::memset(binding, 0, sizeof binding), std::memset(shadow, 0, sizeof shadow);
    hasBounds = false;
  }
};

/** As hotpath/splitting/level-sweep, for buys. */
struct Sweep {
  int head[VENUES_MAX], end[VENUES_MAX], treeRow[2 * VENUES_MAX], touchedRow[VENUES_MAX], touched = 0, leaves = 0;
  int opened[VENUES_MAX], openedCount = 0;
  double treeKey[2 * VENUES_MAX], taken[VENUES_MAX] = {}, notional[VENUES_MAX] = {}, worst[VENUES_MAX];
  double factor[VENUES_MAX], limitKey[VENUES_MAX], left, cost, marginal;
  Sweep() { std::fill(head, head + VENUES_MAX, -1); }

  bool precedes(const Market &m, const Candidates &c, int one, int two) const {
    const double sooner = c.latencyNs[one] - c.latencyNs[two];
    if (sooner != 0) return sooner < 0;
    const double larger = shown(m, c, one) - shown(m, c, two);
    return larger != 0 ? larger > 0 : one < two;
  }
  double shown(const Market &m, const Candidates &c, int row) const {
    return head[row] >= 0 ? m.lots[head[row]] : m.block[c.bookRow[row]].touch[3];
  }

  void plant(const Market &m, const Candidates &c) {
    for (int i = 0; i < touched; i++) taken[touchedRow[i]] = notional[touchedRow[i]] = 0;
    for (int i = 0; i < openedCount; i++) head[opened[i]] = -1;
    touched = openedCount = 0;
    const int count = c.count;
    for (int row = 0; row < count; row++) treeKey[count + row] = c.key[row];
    if (leaves != count) {
      leaves = count;
      for (int row = 0; row < count; row++) treeRow[count + row] = row;
    }
    for (int node = count - 1; node > 0; node--) {
      const int one = node << 1;
      const double key = treeKey[one], rival = treeKey[one + 1];
      const bool loses = rival <= key && (rival != key || precedes(m, c, treeRow[one + 1], treeRow[one]));
      const int winner = loses ? one + 1 : one;
      treeKey[node] = treeKey[winner];
      treeRow[node] = treeRow[winner];
    }
  }

  void run(const Market &m, const Candidates &c, double wanted) {
    plant(m, c);
    left = wanted;
    cost = 0;
    marginal = -NONE;
    while (left > 0 && treeKey[1] != NONE) {
      const double key = treeKey[1];
      const int row = treeRow[1];
      if (head[row] < 0) {
        end[row] = m.offset(c.bookRow[row], 1);
        head[row] = end[row] + m.block[c.bookRow[row]].counts[1] - 1;
        factor[row] = c.feeFactor[row];
        limitKey[row] = c.limitTicks[row] == 0 ? NONE : c.limitTicks[row] * factor[row];
        opened[openedCount++] = row;
      }
      const int at = head[row];
      const double level = m.lots[at], take = level < left ? level : left, price = m.prices[at];
      if (taken[row] == 0) touchedRow[touched++] = row;
      taken[row] += take;
      notional[row] += take * price;
      worst[row] = price;
      cost += take * key;
      left -= take;
      marginal = key;
      double nextKey = NONE;
      if (at != end[row]) {
        nextKey = m.prices[at - 1] * factor[row];
        head[row] = at - 1;
        if (nextKey > limitKey[row]) nextKey = NONE;
      }
      int node = c.count + row, winner = row;
      double best = nextKey;
      treeKey[node] = nextKey;
      while (node > 1) {
        const double rival = treeKey[node ^ 1];
        if (rival <= best && (rival != best || (best != NONE && precedes(m, c, treeRow[node ^ 1], winner)))) {
          best = rival;
          winner = treeRow[node ^ 1];
        }
        node >>= 1;
        treeKey[node] = best;
        treeRow[node] = winner;
      }
    }
  }
};

/** A ring of records: 24 bytes of header, then the payload, rounded up to 8. */
struct Ring {
  static constexpr size_t WORDS = size_t(1) << 21;
  Doubles words = Doubles(WORDS);
  uint64_t tail = 0, sequence = 0;
  double nowUs = 0;
  uint64_t append(const uint8_t *record, int length) {
    const size_t need = 3 + (length + 7) / 8;
    size_t at = tail & (WORDS - 1);
    if (at + need > WORDS) tail += WORDS - at, at = 0;
    const int32_t size = length;
    std::memcpy(&words[at], &size, 4);
    words[at + 1] = double(++sequence);
    words[at + 2] = nowUs;
    std::memcpy(&words[at + 3], record, length);
    tail += need;
    __atomic_thread_fence(__ATOMIC_RELEASE);
    return sequence;
  }
};

struct ClientReport { int parent, account, type, venue, denied, rejected; double lastLots, lastTicks, fee, execution, timeUs; };
struct ChildOrder { int instrument, side, tif, post, epoch, sequence; double parent, lots, limit, deadlineUs; };
struct Kept { double head[12], rows[VENUES_MAX][4], slices[VENUES_MAX][4]; uint8_t dropped[VENUES_MAX]; int words[10], row[VENUES_MAX]; };

struct Router {
  Market market;
  Candidates table;
  Plan plan;
  Sweep sweep;
  Ring ring;
  Store store;
  std::vector<Kept> kept = std::vector<Kept>(KEPT);
  std::vector<ChildOrder> out;
  std::vector<int> sent;
  Ints open, openAt;
  Doubles wakeUs;
  ClientReport report;
  uint8_t record[4096];
  double touch[4], limit, nowNs_ = 0, nowUs = 0, executions = 0;
  int keptNext = 0, openOrders = 0;

  Router(Market &&books, int rows) : market(std::move(books)), store(rows), openAt(rows, NO_ROW), wakeUs(rows) {
    table.count = market.venues;
    for (int row = 0; row < market.venues; row++) {
      const Terms &t = market.terms[row];
      table.venue[row] = table.bookRow[row] = row;
      table.feeFactor[row] = t.buyFactor, table.tickStep[row] = t.tickStep, table.lotStep[row] = t.lotStep;
      table.lotsMin[row] = t.lotsMin, table.lotsMax[row] = t.lotsMax, table.notionalMin[row] = t.notionalMin;
      table.childCost[row] = t.childCost, table.latencyNs[row] = 0;
    }
  }

  int find(const uint8_t *id, int length) const {
    const int32_t wanted = hashId(0, id, length);
    const Index &index = store.byId;
    for (uint32_t slot = uint32_t(wanted) & index.mask; index.slots[slot * 2] != NO_ROW; slot = (slot + 1) & index.mask) {
      const int row = index.slots[slot * 2];
      if (index.slots[slot * 2 + 1] != wanted || store.account[row] != 0 || store.idLength[row] != length) continue;
      if (std::memcmp(&store.ids[size_t(row) * ID_BYTES], id, length) == 0) return row;
    }
    return NO_ROW;
  }

  void readVenues() {
    double bid = 0, ask = NONE;
    for (int row = 0; row < table.count; row++) {
      const BookBlock &b = market.block[table.bookRow[row]];
      const int venue = table.venue[row];
      table.dropped[row] = 0;
      if (!((market.ready[venue >> 5] >> (venue & 31)) & 1 & b.isOpen) || b.touch[2] == 0) {
        table.dropped[row] = 2;
        if (b.state != 1) continue;
      }
      if (b.touch[0] > bid) bid = b.touch[0];
      if (b.touch[2] < ask && b.touch[2] != 0) ask = b.touch[2];
    }
    touch[0] = bid, touch[1] = ask, touch[2] = touch[3] = (bid + ask) / 2;
  }

  void limitRows() {
    for (int row = 0; row < table.count; row++) {
      const int venue = table.venue[row];
      const double best = market.block[table.bookRow[row]].touch[2], free = market.balance[venue] * 1e-2;
      double key = best * table.feeFactor[row];
      uint8_t why = table.dropped[row];
      table.limitTicks[row] = limit;
      if (why == 0) {
        if (market.tokens[venue] < 1) why = 11;
        else if (limit != 0 && best > limit) why = 8;
        else {
          table.spendMax[row] = free;
          if (free <= 0) why = 9;
        }
      }
      if (why != 0) table.dropped[row] = why, key = NONE;
      table.key[row] = key;
    }
  }

  bool isWhole() const {
    for (int i = 0; i < sweep.touched; i++) {
      const int row = sweep.touchedRow[i];
      const double taken = sweep.taken[row], worth = sweep.notional[row], step = table.lotStep[row];
      if (taken > table.lotsMax[row] || worth * table.feeFactor[row] > table.spendMax[row] * PPM) return false;
      if (taken < table.lotsMin[row] || worth < table.notionalMin[row] || table.childCost[row] > 0) return false;
      if (step != 1 && std::floor(taken / step) * step != taken) return false;
    }
    return true;
  }

  bool decide(double lots) {
    plan.reset();
    readVenues();
    plan.scalars[7] = touch[2];
    limit = std::floor(touch[3] + touch[3] * 50000 / 1e6);
    limitRows();
    plan.scalars[0] = lots;
    sweep.run(market, table, lots);
    if (!isWhole()) return false;
    std::sort(sweep.touchedRow, sweep.touchedRow + sweep.touched);
    for (int i = 0; i < sweep.touched; i++) {
      const int row = sweep.touchedRow[i], at = plan.count++;
      plan.row[at] = row, plan.lots[at] = sweep.taken[row], plan.limit[at] = sweep.worst[row];
      plan.notional[at] = sweep.notional[row], plan.effective[at] = sweep.notional[row] * table.feeFactor[row];
    }
    plan.scalars[1] = lots - sweep.left, plan.scalars[2] = plan.scalars[3] = sweep.cost, plan.scalars[5] = sweep.marginal;
    plan.nextRow = sweep.treeKey[1] == NONE ? -1 : sweep.treeRow[1];
    plan.scalars[6] = sweep.treeKey[1];
    plan.proof = 1;
    return plan.count > 0;
  }

  void begin(int type, uint32_t child, double parent) {
    record[0] = uint8_t(type), record[1] = 1;
    put<uint16_t>(record, 2, 0), put<uint32_t>(record, 4, child), put(record, 8, parent), put(record, 16, nowUs);
  }

  void writeAccept(double lots, const uint8_t *id, int length) {
    begin(2, 0, store.last + 1);
    put<uint16_t>(record, 24, 0), put<uint16_t>(record, 26, 0);
    record[28] = 1, record[29] = 2, record[30] = 3, record[31] = uint8_t(length);
    put<int32_t>(record, 32, -1), put<int32_t>(record, 36, -1), put<int32_t>(record, 40, 50000), put<int32_t>(record, 44, -1);
    put(record, 48, lots), put(record, 56, 0.0), put(record, 64, 0.0), put(record, 72, 0.0);
    put(record, 80, touch[2]), put(record, 88, touch[0]), put(record, 96, touch[1]);
    std::memcpy(record + 104, id, length);
    ring.append(record, 104 + length);
  }

  void keep(double parent, int route) {
    Kept &slot = kept[keptNext];
    keptNext = (keptNext + 1) % KEPT;
    slot.head[0] = parent, slot.head[1] = nowUs, slot.head[2] = nowNs_;
    std::memcpy(slot.head + 3, plan.scalars, sizeof plan.scalars);
    const int words[] = {route, 0, table.count, plan.count, plan.proof, 0, plan.nextRow, 1, plan.hasBounds, 0};
    std::memcpy(slot.words, words, sizeof words);
    for (int row = 0; row < table.count; row++) {
      const BookBlock &b = market.block[table.bookRow[row]];
      slot.rows[row][0] = b.touch[2], slot.rows[row][1] = b.touch[3], slot.rows[row][2] = b.updatedNs;
      slot.rows[row][3] = table.latencyNs[row];
      slot.dropped[row] = table.dropped[row];
    }
    for (int at = 0; at < plan.count; at++) {
      slot.slices[at][0] = plan.lots[at], slot.slices[at][1] = plan.limit[at];
      slot.slices[at][2] = plan.notional[at], slot.slices[at][3] = plan.effective[at], slot.row[at] = plan.row[at];
    }
  }

  void writeRoute(int parent, int route) {
    begin(3, 0, store.sequence[parent]);
    put<uint16_t>(record, 24, uint16_t(route));
    record[26] = uint8_t(plan.proof), record[27] = uint8_t(plan.count);
    put<uint32_t>(record, 28, 0);
    const int order[] = {0, 1, 2, 3, 4, 5, 7};
    for (int i = 0; i < 7; i++) put(record, 32 + 8 * i, plan.scalars[order[i]]);
    ring.append(record, 88);
    store.routes[parent] = get<uint16_t>(record, 24);
  }

  void send(int parent, int at) {
    const int venue = table.venue[plan.row[at]];
    begin(4, store.childCount[parent] + 1u, store.sequence[parent]);
    record[24] = uint8_t(venue), record[25] = 3, record[26] = 0;
    put<int32_t>(record, 28, 1);
    put(record, 32, plan.lots[at]), put(record, 40, plan.limit[at]), put(record, 48, nowUs + 1e6);
    put(record, 56, plan.notional[at]), put(record, 64, plan.effective[at]);
    ring.append(record, 72);
    const int child = store.intent(record, parent);
    market.tokens[venue] -= 1;
    store.askedUs[child] = 0;
    market.balance[venue] -= store.lots[child] * store.ticks[child] * (market.terms[venue].buyFactor / PPM) * 1e2;
    store.sentNs[child] = nowNs_;
    out.push_back({store.instrument[parent], store.side[parent], store.childTif[child], store.childPost[child],
                   store.epoch[child], store.childSequence[child], store.sequence[parent], store.lots[child],
                   store.ticks[child], store.deadlineUs[child]});
    sent.push_back(child);
  }

  bool newOrder(double lots, const uint8_t *id, int length) {
    nowNs_ = nowNs();
    nowUs = ring.nowUs = std::floor(nowNs_ / 1e3);
    if (find(id, length) != NO_ROW || !decide(lots)) return false;
    if (openOrders >= 1000000000 || lots * touch[1] * 1e-6 > 1e15) return false;
    writeAccept(lots, id, length);
    const int parent = store.accept(record);
    store.session[parent] = 0;
    openAt[parent] = int(open.size());
    open.push_back(parent);
    wakeUs[parent] = 0;
    openOrders++;
    report = {parent, 0, 0, NO_ROW, 0, 0, 0, 0, 0, double(ring.sequence), nowUs};
    const int route = store.routes[parent] + 1;
    keep(store.sequence[parent], route);
    writeRoute(parent, route);
    for (int at = 0; at < plan.count; at++) send(parent, at);
    return true;
  }

  void fillAll() {
    for (const int child : sent) store.fill(child, ++executions, nowUs);
    for (const int child : sent) market.balance[store.childVenue[child]] = NONE;
    open.clear();
    sent.clear();
    out.clear();
    openOrders--;
  }
};

bool readMarket(FILE *file, int venues, int levels, Market &market) {
  market.venues = venues, market.levels = levels;
  Doubles ppm(venues);
  bool ok = std::fread(ppm.data(), 8, venues, file) == size_t(venues);
  market.block.resize(venues), market.terms.resize(venues);
  market.prices.resize(size_t(venues) * 2 * levels), market.lots.resize(size_t(venues) * 2 * levels);
  market.balance.assign(venues, NONE), market.tokens.assign(venues, 1e9), market.latencyNs.assign(venues, 0);
  for (int row = 0; row < venues; row++) {
    market.terms[row] = {1, 1, 1, 1e12, 0, 0, PPM + ppm[row], PPM - ppm[row]};
    BookBlock &b = market.block[row];
    for (int side = 0; side < 2; side++) {
      const int from = market.offset(row, side);
      double count = 0;
      ok = ok && std::fread(&count, 8, 1, file) == 1;
      ok = ok && std::fread(&market.prices[from], 8, levels, file) == size_t(levels);
      ok = ok && std::fread(&market.lots[from], 8, levels, file) == size_t(levels);
      const int best = from + int(count) - 1;
      b.touch[side * 2] = market.prices[best], b.touch[side * 2 + 1] = market.lots[best];
      b.counts[side] = int(count);
    }
    b.updatedNs = 1, b.missNs = -1, b.state = 1, b.isOpen = 1;
  }
  return ok;
}
}  // namespace

int main(int argc, char **argv) {
  FILE *file = argc > 1 ? std::fopen(argv[1], "rb") : nullptr;
  double size[4];
  if (!file || std::fread(size, 8, 4, file) != 4) return 2;
  Market market;
  Doubles orders((size_t)size[2]);
  if (!readMarket(file, int(size[0]), int(size[1]), market)) return 3;
  if (std::fread(orders.data(), 8, orders.size(), file) != orders.size()) return 3;
  std::fclose(file);
  Router router(std::move(market), int(size[3]));
  double digest = 0;
  Doubles took;
  took.reserve(orders.size());
  for (size_t i = 0; i < orders.size(); i++) {
    uint8_t id[ID_BYTES];
    int length = 0;
    for (size_t left = i + 1; left > 0; left /= 10) id[length++] = uint8_t(48 + left % 10);
    const double before = nowNs();
    if (!router.newOrder(orders[i], id, length)) return 4;
    const double after = nowNs();
    if (i >= orders.size() / 4) took.push_back(after - before);
    for (size_t at = 0; at < router.out.size(); at++) {
      const int child = router.sent[at];
      digest += (router.store.childVenue[child] + 1) * router.out[at].lots + router.out[at].limit;
      digest += router.store.planCost[child] / 1e9;
    }
    router.fillAll();
  }
  std::sort(took.begin(), took.end());
  std::printf("{\"digest\":%.17g,\"p50\":%g,\"p99\":%g}\n", digest, took[took.size() / 2], took[took.size() * 99 / 100]);
  return 0;
}
