// The twin's orders: rows of parents, children and fills in the columns of hotpath/orders, and their two indices.
#pragma once
#include <cstdint>
#include <cstring>
#include <vector>

constexpr int ID_BYTES = 36, NO_ROW = -1;
using Bytes = std::vector<uint8_t>;
using Ints = std::vector<int32_t>;
using Doubles = std::vector<double>;

template <class T> inline void put(uint8_t *record, int at, T value) { std::memcpy(record + at, &value, sizeof value); }
template <class T> inline T get(const uint8_t *record, int at) {
  T value;
  std::memcpy(&value, record + at, sizeof value);
  return value;
}

/** Open addressing, at most half full: key beside row. */
struct Index {
  Ints slots;
  uint32_t mask;
  explicit Index(int rows) : slots(rows * 4, NO_ROW), mask(rows * 2 - 1) {}
  void add(int32_t key, int row) {
    uint32_t slot = uint32_t(key) & mask;
    while (slots[slot * 2] != NO_ROW) slot = (slot + 1) & mask;
    slots[slot * 2] = row;
    slots[slot * 2 + 1] = key;
  }
  void remove(int32_t key, int row) {
    uint32_t hole = uint32_t(key) & mask;
    while (slots[hole * 2] != row) hole = (hole + 1) & mask;
    for (uint32_t next = (hole + 1) & mask; slots[next * 2] != NO_ROW; next = (next + 1) & mask) {
      const uint32_t home = uint32_t(slots[next * 2 + 1]) & mask;
      if (((next - home) & mask) >= ((next - hole) & mask)) {
        slots[hole * 2] = slots[next * 2];
        slots[hole * 2 + 1] = slots[next * 2 + 1];
        hole = next;
      }
    }
    slots[hole * 2] = NO_ROW;
  }
};

inline int32_t hashId(uint32_t account, const uint8_t *id, int length) {
  uint32_t h = (0x811c9dc5u ^ account) * 0x01000193u;
  for (int i = 0; i < length; i++) h = (h ^ id[i]) * 0x01000193u;
  return int32_t(h ^ (h >> 15));
}
inline int32_t spread(double sequence) { return int32_t((uint32_t(sequence) * 0x9e3779b1u) >> 8); }

/** As hotpath/orders/order-store: rows of parents, children and fills in columns. */
struct Store {
  int parents, children, fills;
  /** One buffer, columns a few lines further than a power of two, as ours, or they share cache sets. */
  Doubles arena;
  size_t used = 0;
  double *sequence, *orderLots, *quoteBudget, *priceTicks, *expireUs, *createdUs, *endedUs, *mid, *bid, *ask, *notional,
      *filled, *working, *feeQuote, *feeBase, *replaceLots, *replaceTicks;
  Bytes state, side, type, tif, flags, reason, ids, idLength;
  std::vector<uint16_t> account, instrument, childCount, openChildren, routes;
  Ints session, low, high, slippage, fee, firstChild, lastChild, idHash;
  double *lots, *ticks, *childFilled, *childNotional, *childQuote, *childBase, *sentUs, *ackUs, *childEndUs, *deadlineUs,
      *claimed, *planNotional, *planCost, *sentNs, *askedUs;
  Bytes childVenue, childState, childTif, childPost, childReason;
  Ints childParent, childNext, epoch, firstFill, lastFill, fillNext;
  std::vector<uint16_t> childSequence;
  double *fillLots, *fillTicks, *fillExecution, *fillFee, *fillUs;
  Index byId, bySequence;
  Ints freeParents, freeChildren, freeFills, age;
  uint32_t ageHead = 0, ageTail = 0;
  double last = 0;

  explicit Store(int rows) : parents(rows), children(rows * 4), fills(rows * 8), byId(rows), bySequence(rows) {
    arena.resize(size_t(parents) * 18 + size_t(children) * 16 + size_t(fills) * 5 + 40 * 48);
    for (double **column : {&sequence, &orderLots, &quoteBudget, &priceTicks, &expireUs, &createdUs, &endedUs, &mid, &bid,
                            &ask, &filled, &working, &feeQuote, &feeBase, &replaceLots, &replaceTicks})
      stagger(*column, parents);
    stagger(notional, parents * 2);
    for (Bytes *column : {&state, &side, &type, &tif, &flags, &reason, &idLength}) column->resize(parents);
    ids.resize(size_t(parents) * ID_BYTES);
    for (auto *column : {&account, &instrument, &childCount, &openChildren, &routes}) column->resize(parents);
    for (Ints *column : {&session, &low, &high, &slippage, &fee, &firstChild, &lastChild, &idHash, &age})
      column->resize(parents);
    for (double **column : {&lots, &ticks, &childFilled, &childQuote, &childBase, &sentUs, &ackUs, &childEndUs,
                            &deadlineUs, &claimed, &planNotional, &planCost, &sentNs, &askedUs})
      stagger(*column, children);
    stagger(childNotional, children * 2);
    for (Bytes *column : {&childVenue, &childState, &childTif, &childPost, &childReason}) column->resize(children);
    for (Ints *column : {&childParent, &childNext, &epoch}) column->resize(children);
    for (Ints *column : {&firstFill, &lastFill}) column->assign(children, NO_ROW);
    childSequence.resize(children);
    for (double **column : {&fillLots, &fillTicks, &fillExecution, &fillFee, &fillUs}) stagger(*column, fills);
    fillNext.resize(fills);
    for (int row = parents; row-- > 0;) freeParents.push_back(row);
    for (int row = children; row-- > 0;) freeChildren.push_back(row);
    for (int row = fills; row-- > 0;) freeFills.push_back(row);
  }
  void stagger(double *&column, int rows) {
    column = &arena[used];
    used += size_t(rows) + 40;
  }

  void forgetOldest() {
    const int row = age[ageHead++ & (parents - 1)];
    for (int child = firstChild[row]; child != NO_ROW; child = childNext[child]) {
      for (int fill = firstFill[child]; fill != NO_ROW; fill = fillNext[fill]) freeFills.push_back(fill);
      firstFill[child] = lastFill[child] = NO_ROW;
      freeChildren.push_back(child);
    }
    byId.remove(idHash[row], row);
    bySequence.remove(spread(sequence[row]), row);
    sequence[row] = 0;
    freeParents.push_back(row);
  }

  int accept(const uint8_t *record) {
    if (freeParents.empty()) forgetOldest();
    const int row = freeParents.back();
    freeParents.pop_back();
    age[ageTail++ & (parents - 1)] = row;
    last = sequence[row] = get<double>(record, 8);
    bySequence.add(spread(sequence[row]), row);
    reason[row] = 0;
    session[row] = NO_ROW;
    endedUs[row] = notional[row * 2] = notional[row * 2 + 1] = filled[row] = working[row] = feeQuote[row] = feeBase[row] = 0;
    replaceLots[row] = replaceTicks[row] = 0;
    childCount[row] = openChildren[row] = routes[row] = 0;
    firstChild[row] = lastChild[row] = NO_ROW;
    createdUs[row] = get<double>(record, 16);
    flags[row] = uint8_t(get<uint16_t>(record, 2));
    account[row] = get<uint16_t>(record, 24);
    instrument[row] = get<uint16_t>(record, 26);
    side[row] = record[28], type[row] = record[29], tif[row] = record[30];
    low[row] = get<int32_t>(record, 32), high[row] = get<int32_t>(record, 36);
    slippage[row] = get<int32_t>(record, 40), fee[row] = get<int32_t>(record, 44);
    orderLots[row] = get<double>(record, 48), quoteBudget[row] = get<double>(record, 56);
    priceTicks[row] = get<double>(record, 64), expireUs[row] = get<double>(record, 72);
    mid[row] = get<double>(record, 80), bid[row] = get<double>(record, 88), ask[row] = get<double>(record, 96);
    idLength[row] = record[31];
    std::memcpy(&ids[size_t(row) * ID_BYTES], record + 104, record[31]);
    idHash[row] = hashId(account[row], record + 104, record[31]);
    byId.add(idHash[row], row);
    state[row] = 1;
    return row;
  }

  int intent(const uint8_t *record, int parent) {
    const int row = freeChildren.back();
    freeChildren.pop_back();
    childParent[row] = parent;
    childNext[row] = NO_ROW;
    childSequence[row] = uint16_t(get<uint32_t>(record, 4));
    childReason[row] = childState[row] = 0;
    childFilled[row] = childNotional[row * 2] = childNotional[row * 2 + 1] = childQuote[row] = childBase[row] = 0;
    claimed[row] = ackUs[row] = childEndUs[row] = 0;
    (lastChild[parent] == NO_ROW ? firstChild[parent] : childNext[lastChild[parent]]) = row;
    lastChild[parent] = row;
    childCount[parent]++;
    childVenue[row] = record[24], childTif[row] = record[25], childPost[row] = record[26];
    epoch[row] = get<int32_t>(record, 28);
    lots[row] = get<double>(record, 32), ticks[row] = get<double>(record, 40), deadlineUs[row] = get<double>(record, 48);
    planNotional[row] = get<double>(record, 56), planCost[row] = get<double>(record, 64), sentUs[row] = get<double>(record, 16);
    openChildren[parent]++;
    working[parent] += lots[row];
    return row;
  }

  /** Whole at once, and the parent's end: what the next orders need to find the store as ours does. */
  void fill(int child, double execution, double nowUs) {
    const int parent = childParent[child], row = freeFills.back();
    freeFills.pop_back();
    fillNext[row] = NO_ROW;
    firstFill[child] = lastFill[child] = row;
    fillLots[row] = lots[child], fillTicks[row] = ticks[child], fillExecution[row] = execution, fillUs[row] = nowUs;
    childFilled[child] = claimed[child] = lots[child];
    childState[child] = 3;
    childEndUs[child] = nowUs;
    filled[parent] += lots[child];
    working[parent] -= lots[child];
    if (--openChildren[parent] == 0) state[parent] = 3, endedUs[parent] = nowUs;
  }
};
