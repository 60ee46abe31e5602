// The client of the gateway's benches at its leanest: one spinning thread, one connection, the order frame prepared
// before the clock starts, answers only counted.
//
//   order-client PORT PATH trips|flood COUNT WINDOW LOGON ORDER ID_AT FIRST_ID
//
// LOGON and ORDER are masked WebSocket frames in hex, LOGON '-' for none; ID_AT is where ORDER's payload has the twelve
// digits that count up from FIRST_ID. Prints {"p50","p99","p999"} in nanoseconds of round trips with one order in
// flight, or {"perSecond"} with WINDOW of them. Ends with 1 and a line on stderr when the server does not play along.
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

namespace {

constexpr int kIdDigits = 12;
constexpr size_t kHead = 6, kMaskAt = 2;
// shared/wire/report-frame.ts: one report is 192 bytes; kind at 1, execType at 8.
constexpr size_t kReportBytes = 192, kKindAt = 1, kExecTypeAt = 8;
constexpr uint8_t kExecutionReport = 1, kDenied = 2, kNew = 1;

using Bytes = std::vector<uint8_t>;

[[noreturn]] void fail(const char *why) {
  std::fprintf(stderr, "order-client: %s\n", why);
  std::exit(1);
}

int64_t nowNs() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

Bytes fromHex(const char *text) {
  Bytes bytes;
  for (size_t at = 0; text[at] != '\0' && text[at] != '-'; at += 2)
    bytes.push_back(static_cast<uint8_t>(std::strtoul(std::string(text + at, 2).c_str(), nullptr, 16)));
  return bytes;
}

class Client {
 public:
  uint64_t acknowledged = 0;

  Client(int port, const char *path) : buffer_(1 << 20) {
    socket_ = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(socket_, reinterpret_cast<sockaddr *>(&address), sizeof address) != 0) fail("cannot connect");
    const int on = 1;
    setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    fcntl(socket_, F_SETFL, O_NONBLOCK);
    upgrade(path);
  }

  void send(const uint8_t *bytes, size_t length) {
    while (length > 0) {
      const ssize_t sent = ::send(socket_, bytes, length, MSG_NOSIGNAL);
      if (sent > 0) {
        bytes += sent;
        length -= static_cast<size_t>(sent);
      } else if (errno == EAGAIN) {
        receive();
      } else {
        fail("the server closed the connection");
      }
    }
  }

  // Takes what is there, without waiting.
  void receive() {
    const ssize_t got = recv(socket_, buffer_.data() + length_, buffer_.size() - length_, 0);
    if (got == 0) fail("the server closed the connection");
    if (got < 0) return;
    length_ += static_cast<size_t>(got);
    size_t at = 0;
    while (const size_t bytes = frame(at)) at += bytes;
    std::memmove(buffer_.data(), buffer_.data() + at, length_ - at);
    length_ -= at;
  }

  void awaitText() {
    while (texts_ == 0) receive();
  }

 private:
  int socket_;
  Bytes buffer_;
  size_t length_ = 0;
  uint64_t texts_ = 0;

  void upgrade(const char *path) {
    const std::string ask = std::string("GET ") + path +
                            " HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                            "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
    send(reinterpret_cast<const uint8_t *>(ask.data()), ask.size());
    std::string head;
    while (head.find("\r\n\r\n") == std::string::npos) {
      char byte;
      const ssize_t got = recv(socket_, &byte, 1, 0);
      if (got == 0) fail("the server closed the connection");
      if (got > 0) head.push_back(byte);
    }
    if (head.rfind("HTTP/1.1 101", 0) != 0) fail("the server did not switch protocols");
  }

  // Looks at the frame at `at`; answers its length, 0 when it is not all there yet.
  size_t frame(size_t at) {
    const uint8_t *bytes = buffer_.data() + at;
    const size_t left = length_ - at;
    if (left < 4) return 0;
    size_t head = 2, payload = bytes[1] & 0x7f;
    if (payload == 126) {
      head = 4;
      payload = static_cast<size_t>(bytes[2]) << 8 | bytes[3];
    }
    if (left < head + payload) return 0;
    const int opcode = bytes[0] & 0x0f;
    if (opcode == 1) texts_++;
    if (opcode == 8) fail("the server said goodbye");
    if (opcode == 2 && payload == kReportBytes) {
      if (bytes[head + kKindAt] == kDenied) fail("an order was denied");
      if (bytes[head + kKindAt] == kExecutionReport && bytes[head + kExecTypeAt] == kNew) acknowledged++;
    }
    return head + payload;
  }
};

// The order frame many times over, each with its own id.
class Orders {
 public:
  Orders(const Bytes &order, size_t idAt, uint64_t firstId, size_t count)
      : size_(order.size()), idAt_(kHead + idAt), id_(firstId) {
    for (size_t i = 0; i < count; i++) frames_.insert(frames_.end(), order.begin(), order.end());
    for (int digit = 0; digit < kIdDigits; digit++) mask_[digit] = order[kMaskAt + ((idAt + digit) & 3)];
  }

  const uint8_t *next(size_t count) {
    for (size_t i = 0; i < count; i++) {
      uint64_t left = id_++;
      for (int digit = kIdDigits - 1; digit >= 0; digit--) {
        frames_[i * size_ + idAt_ + digit] = static_cast<uint8_t>('0' + left % 10) ^ mask_[digit];
        left /= 10;
      }
    }
    return frames_.data();
  }

  size_t bytes(size_t count) const { return count * size_; }

 private:
  size_t size_, idAt_;
  uint64_t id_;
  Bytes frames_;
  uint8_t mask_[kIdDigits];
};

void trips(Client &client, Orders &orders, size_t count) {
  std::vector<int64_t> took;
  const size_t warm = count / 5;
  for (size_t i = 0; i < warm + count; i++) {
    const uint8_t *frame = orders.next(1);
    const uint64_t before = client.acknowledged;
    const int64_t from = nowNs();
    client.send(frame, orders.bytes(1));
    while (client.acknowledged == before) client.receive();
    if (i >= warm) took.push_back(nowNs() - from);
  }
  std::sort(took.begin(), took.end());
  const auto at = [&](double share) { return static_cast<long long>(took[static_cast<size_t>(share * count)]); };
  std::printf("{\"p50\":%lld,\"p99\":%lld,\"p999\":%lld}\n", at(0.5), at(0.99), at(0.999));
}

void flood(Client &client, Orders &orders, uint64_t count, uint64_t window) {
  const uint64_t chunk = window / 4;
  uint64_t sent = 0;
  const auto run = [&](uint64_t until) {
    while (client.acknowledged < until) {
      if (sent - client.acknowledged <= window - chunk && sent < until) {
        const uint64_t frames = std::min(chunk, until - sent);
        sent += frames;
        const uint8_t *bytes = orders.next(frames);
        client.send(bytes, orders.bytes(frames));
      }
      client.receive();
    }
  };
  run(count / 5);
  const int64_t from = nowNs();
  run(count / 5 + count);
  std::printf("{\"perSecond\":%.0f}\n", count * 1e9 / static_cast<double>(nowNs() - from));
}

}  // namespace

int main(int argc, char **argv) {
  if (argc != 10) fail("PORT PATH trips|flood COUNT WINDOW LOGON ORDER ID_AT FIRST_ID");
  const size_t count = std::strtoul(argv[4], nullptr, 10), window = std::strtoul(argv[5], nullptr, 10);
  const Bytes logon = fromHex(argv[6]);
  Client client(std::atoi(argv[1]), argv[2]);
  if (!logon.empty()) {
    client.send(logon.data(), logon.size());
    client.awaitText();
  }
  Orders orders(fromHex(argv[7]), std::strtoul(argv[8], nullptr, 10), std::strtoull(argv[9], nullptr, 10), window);
  if (std::strcmp(argv[3], "trips") == 0) trips(client, orders, count);
  else flood(client, orders, count, window);
}
